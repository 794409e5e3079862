"""The table of methods: name, access, and the function that answers."""

from collections.abc import Callable

import msgspec

from zhanggui.emulator.platform import Platform
from zhanggui.emulator.tokens import Grant
from zhanggui.emulator.wire import errors
from zhanggui.emulator.wire.arguments import Arguments
from zhanggui.emulator.world.cases import Case
from zhanggui.emulator.world.world import World

ORDER, REFUND, GOODS, WAYBILL, SHOP, MESSAGE, PRIVACY, SMS, OPEN = "order", "refund", "goods", "waybill", "shop", "message", "privacy", "sms", ""


class Call:
    """One call that was let in: its parameters, in whose name it came, and what it has changed."""

    def __init__(self, platform: Platform, args: Arguments, grant: Grant | None, base_url: str = "") -> None:
        self.platform, self.args, self.grant, self.base_url = platform, args, grant, base_url
        self.file_digest = ""
        self.effects: list[str] = []

    @property
    def world(self) -> World:
        """The world of the shop in whose name the call came."""
        if self.grant is None:
            raise errors.Refused(20032)
        return self.platform.worlds[self.grant.mall_id]

    @property
    def lag(self) -> int:
        """How many seconds the read side is behind at this moment."""
        return self.platform.scenario.reading.lag_seconds + self.platform.temper.mood.late_read_seconds

    def did(self, effect: str, about: object = "") -> None:
        """Note for the ledger that something was changed."""
        self.effects.append(f"{effect}:{about}" if about != "" else effect)

    def row(self, order_sn: str) -> int:
        """The row of an order of this shop, as far as the read side knows it."""
        row = self.world.row_of(order_sn)
        if row is None:
            raise errors.foreign_order(order_sn)
        return row

    def case(self, after_sales_id: int, order_sn: str = "") -> Case:
        """A case of this shop, and of this order where one is named."""
        case = self.world.cases.get(after_sales_id)
        if case is None or (order_sn and self.world.order_sn(case.row) != order_sn):
            raise errors.business("AFTER_SALES_NOT_FOUND", f"售后单不存在:{after_sales_id}")
        return case


Answer = Callable[[Call], object]


class Method(msgspec.Struct, frozen=True):
    """One method: whether it needs a token, which permission package it belongs to, and who answers."""

    name: str
    package: str
    needs_token: bool
    answer: Answer


METHODS: dict[str, Method] = {}


def method(name: str, package: str, *, needs_token: bool = True) -> Callable[[Answer], Answer]:
    """Say that a function answers the method of this name."""

    def keep(answer: Answer) -> Answer:
        METHODS[name] = Method(name, package, needs_token, answer)
        return answer

    return keep


class Success(msgspec.Struct, frozen=True):
    """Nothing but: it worked."""

    is_success: bool = True
