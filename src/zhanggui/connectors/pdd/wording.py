"""The platform's code numbers read through words.toml; a number that is not there stays visible and becomes `unknown`."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.core.facts import AftersaleKind, AftersaleState, ClaimedReceipt, InstantRefund, OrderStage, RefundState, ScanStage


class StageWord(msgspec.Struct, frozen=True):
    """A status of an order."""

    text: str
    stage: OrderStage


class RefundWord(msgspec.Struct, frozen=True):
    """Whether money goes back."""

    text: str
    refund: RefundState


class KindWord(msgspec.Struct, frozen=True):
    """A kind of case."""

    text: str
    kind: AftersaleKind


class StateWord(msgspec.Struct, frozen=True):
    """A state of a case, and what it is once the goods are on their way back."""

    text: str
    state: AftersaleState
    sent_back: AftersaleState | None = None
    grade: str = "published"


class Words(msgspec.Struct, frozen=True):
    """All tables of words.toml."""

    order_status: dict[int, StageWord]
    refunded_status: dict[int, StageWord]
    confirm_status: dict[int, StageWord]
    group_status: dict[int, StageWord]
    refund_status: dict[int, RefundWord]
    kind_in_list: dict[int, KindWord]
    kind_in_detail: dict[int, KindWord]
    after_sales_status: dict[int, StateWord]
    user_shipping_status: dict[int, ClaimedReceipt]
    speed_refund_status: dict[int, InstantRefund]
    node: dict[str, ScanStage]


@cache
def words() -> Words:
    """The tables."""
    text = (files("zhanggui.connectors.pdd") / "words.toml").read_text("utf-8")
    return msgspec.convert({name: table for name, table in tomllib.loads(text).items() if name != "checked"}, Words, strict=False)


def stage_word(order: int, refund: int | None, confirm: int | None, group: int | None) -> StageWord:
    """How far an order has come: a group that has not formed, or never will, goes before what order_status says."""
    tables = words()
    for code, table in ((confirm, tables.confirm_status), (group, tables.group_status)):
        if code is not None and code in table:
            return table[code]
    table = tables.refunded_status if refund is not None and _is_refunded(refund) else tables.order_status
    return table.get(order) or StageWord(f"order_status {order}", OrderStage.UNKNOWN)


def refund_word(code: int) -> RefundWord:
    """Whether money goes back on an order."""
    return words().refund_status.get(code) or RefundWord(f"refund_status {code}", RefundState.UNKNOWN)


def kind_word(code: int, *, in_list: bool) -> KindWord:
    """The kind of a case, by the numbering of where it was read."""
    table = words().kind_in_list if in_list else words().kind_in_detail
    return table.get(code) or KindWord(f"after_sales_type {code}", AftersaleKind.UNKNOWN)


def receipt_word(code: int) -> ClaimedReceipt | None:
    """What the buyer ticked; None for a number nobody knows."""
    return words().user_shipping_status.get(code)


def instant_word(code: int) -> InstantRefund | None:
    """How far an instant refund has come; None for 0, which such fields hold where there is none."""
    return words().speed_refund_status.get(code, InstantRefund.UNKNOWN) if code else None


def state_word(code: int, *, sent_back: bool) -> StateWord:
    """The state of a case: whose turn it is."""
    word = words().after_sales_status.get(code) or StateWord(f"after_sales_status {code}", AftersaleState.UNKNOWN)
    if not sent_back or word.sent_back is None:
        return word
    return msgspec.structs.replace(word, state=word.sent_back)


def _is_refunded(code: int) -> bool:
    word = words().refund_status.get(code)
    return word is not None and word.refund is RefundState.REFUNDED
