"""Things of the last month as they stood when their to-dos began, as far as their own moments tell, and how they went on."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.advice.trying import as_asked
from zhanggui.actions.automation.seeing import Around, around_with, seen_case, seen_order, seen_review
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.core.automation.rewinding import as_returned, rewound
from zhanggui.core.automation.seen import Seen
from zhanggui.core.clocks import case_deadlines, order_deadlines, review_deadlines
from zhanggui.core.deadlines import Deadline, DeadlineKind
from zhanggui.core.facts import AftersaleFacts, AftersaleState, ReviewFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.people.permissions import ShopId
from zhanggui.records import advice, around, rule_notices
from zhanggui.records.db import Tx
from zhanggui.rulebook.automation import automation_terms

TRIED_ON = frozenset({DeadlineKind.ANSWER_REFUND, DeadlineKind.INSPECT_RETURN, DeadlineKind.SHIP_BY, DeadlineKind.PICKUP_BY, DeadlineKind.ANSWER_REVIEW})
"""The to-dos of which facts tell when they began and ended; the others are not tried."""
SETTLED = frozenset({AftersaleState.REFUNDED, AftersaleState.CLOSED, AftersaleState.DONE, AftersaleState.REJECTED})
_AT_ONCE = 200
_STEP = timedelta(hours=1)
_MOST_STEPS = 24 * 14


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """A thing as it stood when its to-do began, and how it went on."""

    seen: Seen
    no: str
    order_no: str | None
    end: datetime
    ended: str
    ended_at: datetime | None
    amount: Fen


class Pasts:
    """The last month of a shop, as far as rules look on these to-dos."""

    def __init__(self, tx: Tx, house: House, shop_id: ShopId, on: Collection[DeadlineKind], now: datetime) -> None:
        self._tx, self._house, self._shop_id, self._on, self._now = tx, house, shop_id, frozenset(on), now
        self._terms = automation_terms()
        self.since = now - timedelta(days=self._terms.tried_days)
        self.cases = self.orders = self.reviews = 0
        self.left_off = False

    def all(self) -> Iterator[Past]:
        """Every case, order and review of the month."""
        for past in (*self._past_cases(), *self._past_orders(), *self._past_reviews()):
            if past.seen.todo in self._on:
                yield past

    def of_number(self, no: str) -> Iterator[Past]:
        """The case or the order of this number, however old, with the cases and the reviews of the order."""
        cases = {case_no: known.facts for case_no, known in around.cases_by_no(self._tx, self._shop_id, [no]).items()}
        nos = sorted({no, *(case.order_no for case in cases.values() if case.order_no)})
        known = orders_known(self._tx, self._shop_id, nos)
        cases |= {case.case_no: case for case in (known[no].cases if no in known else ())}
        held = around_with(self._tx, self._house, self._shop_id, known, cases, {}, self._now)
        for case in cases.values():
            yield from (past for past in _of_case(case, held, self._now) if past.seen.todo in self._on)
        if no in known:
            yield from (past for past in _of_order(known[no], held, self._now) if past.seen.todo in self._on)
        told = around.reviews(self._tx, self._shop_id, [no]) if DeadlineKind.ANSWER_REVIEW in self._on else {}
        for review in (each.facts for listed in told.values() for each in listed):
            yield from _of_review(review, held, self._now)

    def _past_cases(self) -> Iterator[Past]:
        if not self._on & {DeadlineKind.ANSWER_REFUND, DeadlineKind.INSPECT_RETURN}:
            return
        rows = advice.cases_since(self._tx, self._shop_id, self.since, self._terms.most_tried + 1)
        self.left_off |= len(rows) > self._terms.most_tried
        rows = rows[: self._terms.most_tried]
        self.cases = len(rows)
        for start in range(0, len(rows), _AT_ONCE):
            told = [row.case for row in rows[start : start + _AT_ONCE]]
            held = self._held(sorted({case.order_no for case in told if case.order_no}), {case.case_no: case for case in told}, {})
            for case in told:
                yield from _of_case(case, held, self._now)

    def _past_orders(self) -> Iterator[Past]:
        if not self._on & {DeadlineKind.SHIP_BY, DeadlineKind.PICKUP_BY}:
            return
        nos = self._orders()
        self.orders = len(nos)
        for start in range(0, len(nos), _AT_ONCE):
            held = self._held(nos[start : start + _AT_ONCE], {}, {})
            for known in held.orders.values():
                yield from _of_order(known, held, self._now)

    def _past_reviews(self) -> Iterator[Past]:
        if DeadlineKind.ANSWER_REVIEW not in self._on:
            return
        nos = self._orders()
        told = [known.facts for listed in around.reviews(self._tx, self._shop_id, nos).values() for known in listed]
        told = [review for review in told if review.created_at is not None and self.since <= review.created_at <= self._now]
        self.reviews = len(told)
        held = self._held(sorted({review.order_no for review in told}), {}, {})
        for review in told:
            yield from _of_review(review, held, self._now)

    def _orders(self) -> list[str]:
        nos = rule_notices.orders_between(self._tx, self._shop_id, self.since, self._now, self._terms.most_tried + 1)
        self.left_off |= len(nos) > self._terms.most_tried
        return nos[: self._terms.most_tried]

    def _held(self, order_nos: Sequence[str], cases: Mapping[str, AftersaleFacts], reviews: Mapping[str, ReviewFacts]) -> Around:
        orders = orders_known(self._tx, self._shop_id, order_nos) if order_nos else {}
        return around_with(self._tx, self._house, self._shop_id, orders, cases, reviews, self._now)


def as_time_goes(past: Past, *, moves: bool) -> Iterator[Seen]:
    """The thing at its beginning, and where time makes a difference from hour to hour until it ended."""
    yield past.seen
    at = past.seen.now
    for _ in range(_MOST_STEPS if moves else 0):
        at += _STEP
        if at > past.end:
            return
        yield msgspec.structs.replace(past.seen, now=at)


def _of_case(case: AftersaleFacts, held: Around, now: datetime) -> Iterator[Past]:
    ended_at = case.agreed_at or (case.updated_at if case.state in SETTLED else None)
    for told, kind, start in (
        (as_asked(case), DeadlineKind.ANSWER_REFUND, case.applied_at),
        (as_returned(case), DeadlineKind.INSPECT_RETURN, case.return_delivered_at),
    ):
        if told is None or start is None or start > now:
            continue
        known = held.orders.get(case.order_no or "")
        then = None if known is None else _with_case(rewound(known, start), told)
        deadline = next((each for each in case_deadlines(told, then, held.book) if each.kind is kind), None)
        if deadline is None:
            continue
        end = ended_at if kind is DeadlineKind.ANSWER_REFUND else (case.updated_at if case.state in SETTLED else None)
        yield Past(
            seen=seen_case(told, then, deadline, held, start),
            no=case.case_no,
            order_no=case.order_no,
            end=_end(end, deadline, now),
            ended="" if case.state is None else case.state.value,
            ended_at=end,
            amount=case.refund_amount or Fen(0),
        )


def _of_order(known: OrderKnowledge, held: Around, now: datetime) -> Iterator[Past]:
    order = known.order
    spans = ((DeadlineKind.SHIP_BY, order.group_formed_at, order.shipped_at), (DeadlineKind.PICKUP_BY, order.shipped_at, order.picked_up_at))
    for kind, start, ended_at in spans:
        if start is None or start > now:
            continue
        then = rewound(known, start)
        deadline = next((each for each in order_deadlines(then, held.book) if each.kind is kind), None)
        if deadline is None:
            continue
        yield Past(
            seen=seen_order(then, deadline, held, start),
            no=order.order_no,
            order_no=order.order_no,
            end=_end(ended_at, deadline, now),
            ended="" if order.stage is None else order.stage.value,
            ended_at=ended_at,
            amount=Fen(0),
        )


def _of_review(review: ReviewFacts, held: Around, now: datetime) -> Iterator[Past]:
    then = msgspec.structs.replace(review, answered_at=None, reply=None)
    for deadline in review_deadlines(then, held.book):
        known = held.orders.get(review.order_no)
        yield Past(
            seen=seen_review(then, known, deadline, held, review.created_at or now),
            no=deadline.subject.no,
            order_no=review.order_no,
            end=_end(review.answered_at, deadline, now),
            ended="" if review.reply is None and review.answered_at is None else "answered",
            ended_at=review.answered_at,
            amount=Fen(0),
        )


def _with_case(known: OrderKnowledge, case: AftersaleFacts) -> OrderKnowledge:
    return msgspec.structs.replace(known, cases=(*(each for each in known.cases if each.case_no != case.case_no), case))


def _end(ended_at: datetime | None, deadline: Deadline, now: datetime) -> datetime:
    return min(each for each in (ended_at, deadline.due_at, now) if each is not None)
