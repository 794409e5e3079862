"""A connected shop with buyers who ask for their money back, its door, and what the platform says happened."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from tests.actions.dispatching.warehouse import tell
from tests.actions.syncing.seat import Seat
from zhanggui.actions.outbox import send_due, set_limits
from zhanggui.actions.outbox.kinds import act_terms
from zhanggui.actions.outbox.seeing import send_proposed
from zhanggui.actions.outbox.watch import Watch
from zhanggui.actions.syncing import read_again
from zhanggui.core.acts import ActKind, ActLevel, Limits
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.people.permissions import Person
from zhanggui.records import around, outbox
from zhanggui.records.outbox import StoredAct

EFFECT = {
    ActKind.REFUND_AGREE: "refund.agreed",
    ActKind.RETURN_AGREE: "return.agreed",
    ActKind.SENDING_CANCEL: "sending.cancelled",
    ActKind.SENDING_GOES_ON: "sending.not_cancelled",
    ActKind.SHIP_UPLOAD: "order.shipped",
    ActKind.ORDER_NOTE: "order.noted",
    ActKind.PRINT_REPORT: "order.printed",
    ActKind.SHIP_CHANGE: "order.reshipped",
    ActKind.PARCELS_EXTRA: "order.extra_parcels",
}
METHODS = {kind: terms.method for kind, terms in act_terms().items()}
MINUTE = timedelta(minutes=1)


class Door(Seat):
    """One shop, its door, and both clocks: the house lives by the platform's stopped one, the wall is moved by hand."""

    ahead = timedelta(0)

    @property
    def wall(self) -> datetime:
        """The wall clock, moved on by as much as the test says."""
        return super().wall + self.ahead

    def later(self, by: timedelta) -> None:
        """Lets so much time pass, for the platform, the house and the wall."""
        self.ahead += by
        self.platform.step(by.total_seconds())

    def wait(self, by: timedelta) -> None:
        """Lets only the wall's time pass."""
        self.ahead += by

    def put(self, kind: ActKind, level: ActLevel, **changes: Any) -> None:
        """Sets a level, and bounds."""
        roomy = {"wait_minutes": 5, "most_money": 1_000_000, "daily_money": 10_000_000} if act_terms()[kind].moves_money else {"wait_minutes": 5}
        limits: Limits = msgspec.structs.replace(act_terms()[kind].limits, level=level, **(roomy | changes))
        set_limits(self.house, self.by, self.shop_id, kind, limits, self.now)

    def orders(self, many: int = 1) -> list[str]:
        """New orders, known to us."""
        numbers = self.platform.new_orders(many)
        for number in numbers:
            assert read_again(self.house, self.shop_id, "order", number, self.now, self.wall)
        return numbers

    def asks(self, order_no: str, kind: int = 1) -> str:
        """A buyer asks for the money; the case is known to us."""
        case_no = str(self.platform.do("buyer.asks", order_sn=order_no, kind=kind)["after_sales_id"])
        assert self.reads(case_no, order_no)
        return case_no

    def reads(self, case_no: str, order_no: str) -> bool:
        """The case and its order, read again."""
        return read_again(self.house, self.shop_id, "case", case_no, self.now, self.wall, order_no=order_no)

    def refund_asked(self) -> tuple[str, str]:
        """An order whose buyer asks for the money before it was shipped, but too late for the platform to pay it back at once."""
        order_no = self.orders()[0]
        self.later(timedelta(hours=3))
        return order_no, self.asks(order_no)

    def sends(self, case_no: str, act: ActKind = ActKind.REFUND_AGREE, *, after: int = 0, by: Person | None = None, saw: str | None = None) -> int:
        """A person presses the button on the to-do of a case."""
        subject = Subject(SubjectKind.AFTERSALE, case_no)
        return send_proposed(self.house, by or self.by, self.shop_id, subject, DeadlineKind.ANSWER_REFUND, self.now, act=act, after=after, saw=saw)

    def asks_for(self, case_no: str, amount: Fen) -> None:
        """The buyer asks for another sum, and the house has heard of it."""
        with self.house.pool.connection() as tx:
            case = around.cases_by_no(tx, self.shop_id, [case_no])[case_no].facts
        self.later(timedelta(seconds=1))
        tell(self.house, self.shop_id, [msgspec.structs.replace(case, refund_amount=amount)], self.now)

    def watch(self) -> Watch:
        """Both clocks as they stand."""
        return Watch(self.now, self.wall)

    def keeper(self) -> Person:
        """林, who also keeps the house."""
        return msgspec.structs.replace(self.by, is_keeper=True)

    def works(self, limit: int = 10) -> int:
        """The worker looks at the door once."""
        return send_due(self.house, self.shop_id, self.now, self.wall, "worker", limit)

    def act(self, act_no: int) -> StoredAct:
        """The act as it stands."""
        with self.house.pool.connection() as tx:
            found = outbox.one(tx, self.shop_id, act_no)
        assert found is not None
        return found

    def acts(self) -> list[StoredAct]:
        """Every act, the oldest first."""
        with self.house.pool.connection() as tx:
            numbers = [no for (no,) in tx.execute("select act_no from acts where shop_id = %s order by act_no", (self.shop_id,))]
        return [self.act(no) for no in numbers]

    def happened(self, kind: ActKind, **about: str) -> int:
        """How often the platform really did it."""
        return len(self.platform.ledger(effect=EFFECT[kind], **about))

    def told(self, kind: ActKind) -> int:
        """How often the platform was told to, heard or not."""
        return len(self.platform.ledger(method=METHODS[kind]))

    def journal(self) -> list[str]:
        """The kinds of step the journal tells, the oldest first."""
        with self.house.pool.connection() as tx:
            told = tx.execute("select kind, data->>'state' from journal where shop_id = %s and kind like 'act_%%' order by entry_no", (self.shop_id,))
            return [state or kind for kind, state in told]
