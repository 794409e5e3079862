"""The facts a verdict is given on, and the questions every verdict asks of them."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from zhanggui.core.advice.seat import Seat
from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.clocks.shipping import GOODS_AGAIN, is_ended, is_over, ship_due
from zhanggui.core.clocks.way_out import comes_back, deliveries_of
from zhanggui.core.deadlines import Deadline, DeadlineKind
from zhanggui.core.facts import RUNNING_CASES, AftersaleFacts, AftersaleState, MessageFacts, OrderFacts, OrderStage, RefundState, ReviewFacts, ScanFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.moments import next_sure_hour
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import Say, say
from zhanggui.core.scripts import Both, Scripts, type_of_fill
from zhanggui.core.verdicts import Act, Draft, Verdict

_LONGEST_TITLE = 24


class Situation(NamedTuple):
    """One deadline with everything that is known around it."""

    deadline: Deadline
    known: OrderKnowledge | None
    case: AftersaleFacts | None
    messages: tuple[MessageFacts, ...]
    review: ReviewFacts | None
    now: datetime
    rulebook: Rulebook
    scripts: Scripts
    is_read: bool = False
    """Whether such facts are read from the platform, so that nobody need export them."""
    seat: Seat | None = None
    """What advice rests on beside the facts; None for the defaults."""

    @property
    def order(self) -> OrderFacts | None:
        """The order's facts, where the order is known."""
        return None if self.known is None else self.known.order

    @property
    def is_overdue(self) -> bool:
        """Whether the due moment has passed."""
        return self.now > self.deadline.due_at

    @property
    def ship_by(self) -> datetime:
        """The moment the goods have to leave by, which is not the deadline's own where that is of something later."""
        due = None if self.known is None else ship_due(self.known, self.rulebook)
        return self.deadline.due_at if due is None or self.deadline.kind is DeadlineKind.SHIP_BY else due.due_at

    @property
    def ended(self) -> Say | None:
        """Why nothing is owed on the order any more, if that is so; goods on their way to the buyer are, where only a part of the money went back."""
        if self.known is None:
            return None
        return is_over(self.known) if self.has_left and not comes_back(self.scans) else is_ended(self.known)

    @property
    def refund_case(self) -> AftersaleFacts | None:
        """A case in which the buyer asks for the money and waits for our answer; those that ask for goods are none."""
        return self._case_in(AftersaleState.SELLER_TO_ANSWER)

    @property
    def disputed_case(self) -> AftersaleFacts | None:
        """A case about the money that the platform decides at the moment."""
        return self._case_in(AftersaleState.PLATFORM_HANDLES)

    @property
    def refund_is_open(self) -> bool:
        """Whether the buyer has asked for the money back and nobody has answered. The order's own word is vague, so a case that runs explains it."""
        if self.refund_case is not None:
            return True
        cases = () if self.known is None else self.known.cases
        return self.order is not None and self.order.refund is RefundState.OPEN and not any(case.state in RUNNING_CASES for case in cases)

    @property
    def scans(self) -> tuple[ScanFacts, ...]:
        """The tracking events of the parcel, oldest first."""
        return () if self.known is None else tuple(scans_of_parcel(self.known))

    @property
    def is_delivered(self) -> bool:
        """Whether the goods have reached the buyer, as far as anything shows."""
        order = self.order
        if order is not None and (order.received_at is not None or order.stage is OrderStage.RECEIVED):
            return True
        return bool(deliveries_of(self.scans))

    @property
    def comes_back(self) -> bool:
        """Whether the parcel was refused or sent back, so that it does not reach the buyer any more."""
        return comes_back(self.scans)

    @property
    def has_left(self) -> bool:
        """Whether the goods have left, by the order or by the case."""
        order = self.order
        if order is not None and (order.shipped_at is not None or order.stage in (OrderStage.SHIPPED, OrderStage.RECEIVED)):
            return True
        return self.case is not None and bool(self.case.shipped)

    def _case_in(self, state: AftersaleState) -> AftersaleFacts | None:
        cases = () if self.known is None else self.known.cases
        return next((case for case in cases if case.state is state and case.kind not in GOODS_AGAIN), None)

    @property
    def promise(self) -> datetime:
        """A full hour by which an answer can be promised: this evening or tomorrow noon, or earlier where the deadline is nearer."""
        sure, hour = next_sure_hour(self.now), full_hour(self.deadline.due_at)
        return hour if timedelta(hours=1) <= hour - self.now < sure - self.now else sure

    @property
    def money(self) -> tuple[Say, ...]:
        """What missing the deadline costs, in one sentence, where a rule names a sum."""
        if self.deadline.at_risk <= 0:
            return ()
        return (say("{amount_fen} is at risk.", amount_fen=self.deadline.at_risk),)

    @property
    def time_left(self) -> Say:
        """By when, or since when."""
        if self.is_overdue:
            return say("It was due at {due_at} and is overdue.", due_at=self.deadline.due_at)
        return say("It is due at {due_at}.", due_at=self.deadline.due_at)

    def cites(self, *more: str | None) -> tuple[str, ...]:
        """The rules of the deadline and any others, each once."""
        return tuple(dict.fromkeys(cite for cite in (self.deadline.rule, self.deadline.risk_rule, *more) if cite is not None))

    def cite(self, question: str, **facts: str) -> str | None:
        """The rule in force now for a question, by name."""
        rule = self.rulebook.in_force(question, at=self.now, **facts)
        return None if rule is None else rule.cite

    def draft(self, script: str, **fills: type_of_fill) -> Draft | None:
        """The message of a script, its usual slots filled from the facts; None where a slot cannot be filled."""
        return self.scripts.draft(script, **(self.usual_fills() | fills))

    def verdict(self, act: Act, headline: Say, *because: Say, **more: Any) -> Verdict:
        """A verdict that holds until the deadline, with the time left and the money as its last reasons."""
        more.setdefault("cites", self.cites())
        more.setdefault("until", None if self.is_overdue else self.deadline.due_at)
        return Verdict(act=act, headline=headline, because=(*because, self.time_left, *self.money), **more)

    def usual_fills(self) -> dict[str, type_of_fill]:
        """What every message may be filled with."""
        order, case = self.order, self.case or self.refund_case
        refund = case.refund_amount if case is not None else None
        if refund is None and order is not None:
            refund = order.pay_amount
        return {
            "title": short_title(order.title if order is not None else None),
            "carrier": (order.carrier if order is not None else None) or Both("快递公司", "the carrier"),
            "tracking_no": (order.tracking_no if order is not None else None) or Both("见订单详情", "shown in the order"),
            "promise": self.promise,
            "due": self.deadline.due_at,
            "refund_fen": Both("", "the money") if refund is None else refund,
        }


def ship_promise(due_at: datetime, now: datetime) -> datetime:
    """When it can be promised to leave: the last full hour before it is due, the due moment itself within the last hour, and the next sure hour after it."""
    if due_at <= now:
        return next_sure_hour(now)
    return full_hour(due_at) if full_hour(due_at) - now >= timedelta(hours=1) else due_at


def full_hour(moment: datetime) -> datetime:
    """The last full hour up to this moment; Shanghai's hours begin with those of UTC."""
    return moment.replace(minute=0, second=0, microsecond=0)


def short_title(title: str | None) -> type_of_fill:
    """The title as one would say it in a message."""
    if not title:
        return Both("商品", "what you ordered")
    return title if len(title) <= _LONGEST_TITLE else title[:_LONGEST_TITLE] + "…"
