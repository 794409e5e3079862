"""A shop whose orders leave the house, told of by the platform whenever the test says so."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tests.cast import Cast
from zhanggui.actions.dispatching import may_print, printed
from zhanggui.actions.house import House
from zhanggui.actions.intake.standing import Standing
from zhanggui.core.dispatch import Dispatch, DispatchState, PrintedPaper, StepOutcome
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, OrderFacts, OrderStage, Place, RefundState, Sighting
from zhanggui.core.money import Fen
from zhanggui.records import dispatches, locks
from zhanggui.records.db import transact

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PAID = Fen(3000)
YTO = "圆通快递"


class Warehouse:
    """One shop: 老周 packs, and the platform tells of orders and refunds. Time goes on by a second with whatever is told."""

    def __init__(self, house: House, people: Cast) -> None:
        self.house = house
        self.people = people
        self.by = people.zhou
        self.shop_id = people.shop_id
        self.now = START
        self.facts: dict[str, OrderFacts] = {}
        self.cases: dict[str, AftersaleFacts] = {}

    def comes(self, *order_nos: str, **fields: Any) -> None:
        """New orders, paid and ready to be shipped."""
        for no in order_nos:
            self.facts[no] = OrderFacts(
                order_no=no, stage=OrderStage.TO_SHIP, refund=RefundState.NONE, group_formed_at=START - timedelta(hours=1), pay_amount=PAID, **fields
            )
        self._tell([self.facts[no] for no in order_nos])

    def changes(self, order_no: str, **fields: Any) -> None:
        """Something else becomes known of an order."""
        self.facts[order_no] = msgspec.structs.replace(self.facts[order_no], **fields)
        self._tell([self.facts[order_no]])

    def asks_back(self, order_no: str, state: AftersaleState = AftersaleState.SELLER_TO_ANSWER, **fields: Any) -> str:
        """The buyer asks for the money, or the case comes to another state."""
        case_no = f"9{order_no.replace('-', '')[-9:]}"
        refund = {
            AftersaleState.SELLER_TO_ANSWER: RefundState.OPEN,
            AftersaleState.REFUNDED: RefundState.REFUNDED,
        }.get(state, RefundState.NONE)
        self.facts[order_no] = msgspec.structs.replace(self.facts[order_no], refund=refund)
        told: dict[str, Any] = {"kind": AftersaleKind.REFUND_ONLY, "refund_amount": PAID, "applied_at": self.now} | fields
        self.cases[case_no] = AftersaleFacts(case_no=case_no, order_no=order_no, state=state, **told)
        self._tell([self.facts[order_no], self.cases[case_no]])
        return case_no

    def gives_up(self, order_no: str) -> None:
        """The buyer wants the goods after all."""
        self.asks_back(order_no, AftersaleState.CLOSED)

    def prints(self, *order_nos: str) -> tuple[StepOutcome, ...]:
        """老周 is let print these orders, and the labels come out."""
        allowed = [one.order_no for one in may_print(self.house, self.by, self.shop_id, order_nos, self.now) if one.done]
        return printed(self.house, self.by, self.shop_id, [PrintedPaper(no, YTO, number_of(no)) for no in allowed], self.now)

    def dispatch(self, order_no: str) -> Dispatch | None:
        """How far the order is."""
        with self.house.pool.connection() as tx:
            return dispatches.of_orders(tx, self.shop_id, [order_no]).get(order_no)

    def state(self, order_no: str) -> DispatchState | None:
        """In which state it is."""
        found = self.dispatch(order_no)
        return None if found is None else found.state

    def journal(self, order_no: str) -> list[tuple[str, int | None]]:
        """The events of the order on its way out, and who made them, the oldest first."""
        query = "select data->>'event', by_person from journal where shop_id = %s and kind = 'dispatch_moved' and subject_no = %s order by entry_no"
        with self.house.pool.connection() as tx:
            return tx.execute(query, (self.shop_id, order_no)).fetchall()

    def _tell(self, facts: Sequence[OrderFacts | AftersaleFacts]) -> None:
        self.now += timedelta(seconds=1)
        tell(self.house, self.shop_id, facts, self.now)


def tell(house: House, shop_id: int, facts: Sequence[OrderFacts | AftersaleFacts], now: datetime) -> None:
    """Stores what the platform tells, in the one transaction that such facts are stored in."""
    told: list[Sighting[Any]] = [Sighting(one, frozenset(one.__struct_fields__), Place("test"), now) for one in facts]

    def work(tx: Any) -> None:
        locks.hold_shop(tx, shop_id)
        Standing(tx, shop_id, house.rulebook, now).store(told, now)

    transact(house.pool, work)


def number_of(order_no: str) -> str:
    """The tracking number of the order's first label."""
    return f"YT{int(order_no.replace('-', '')[-13:]):013d}"
