"""What rules see of things with an open to-do, read for many of them at once, and the acts that their verdicts leave open."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.advice.buyers import buyers_of
from zhanggui.actions.advice.seats import seat_for
from zhanggui.actions.buyer_digests import buyer_digest
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.acts.proposing import Proposal, proposals
from zhanggui.core.advice.case import Buyer
from zhanggui.core.advice.reading import complaint_of
from zhanggui.core.advice.seat import Seat, case_to_advise
from zhanggui.core.automation.facts import TRIGGERS, About, facts_of
from zhanggui.core.automation.seen import Seen
from zhanggui.core.automation.values import Value
from zhanggui.core.deadlines import Deadline, SubjectKind
from zhanggui.core.decide import verdict
from zhanggui.core.facts import AftersaleFacts, OrderFacts, ReviewFacts, key_of
from zhanggui.core.intents.kinds import Intent
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Rulebook
from zhanggui.people import members
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, automation, costs, guided_steps, outbox
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.rulebook import scripts
from zhanggui.rulebook.acts import act_terms

READ_BACK_IN = timedelta(hours=1)
"""A note that was written and does not stand in the order so long after is not waited for: the platform keeps it in other words, or somebody wrote over it."""


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """A thing as rules see it: its to-do, everything known, every fact by name, and the acts that are open."""

    row: StoredDeadline
    seen: Seen
    facts: Mapping[str, Value | None]
    open_acts: tuple[Proposal, ...]
    note_under_way: int | None = None
    """The act by which another note is written on the order, until it is read back: one decided meanwhile would write over it, or be withdrawn."""

    @property
    def standing(self) -> str:
        """The state of the thing, with what makes it another decision."""
        return standing_of(self.seen)


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What many things rest on."""

    book: Rulebook
    orders: Mapping[str, OrderKnowledge]
    cases: Mapping[str, AftersaleFacts]
    reviews: Mapping[str, ReviewFacts]
    seat: Seat
    buyers: Mapping[str, Buyer]
    wants: Mapping[str, Intent]
    """What the buyer of an order wants most, by its number."""


def standing_of(seen: Seen) -> str:
    """The state of the thing: a rule fires once in each."""
    told: tuple[object, ...] = (None, None, None)
    if seen.case is not None:
        told = (seen.case.state, seen.case.refund_amount, seen.case.return_tracking_no)
    elif seen.review is not None:
        told = (seen.review.score, bool(seen.review.follow_up), None)
    elif seen.order is not None:
        told = (seen.order.stage, seen.order.refund, seen.order.tracking_no)
    return "/".join("" if each is None else str(each) for each in told)


def things_of(tx: Tx, house: House, shop_id: ShopId, rows: Sequence[StoredDeadline], now: datetime) -> tuple[Thing, ...]:
    """The things of these to-dos, in their order; those whose case, order or review nobody knows are left out."""
    rows = [row for row in rows if row.deadline().kind in TRIGGERS]
    if not rows:
        return ()
    around_them = around_of(tx, house, shop_id, rows, now)
    logins = {member.person_id: member.login for member in members.of_shop(tx, shop_id)} if any(row.assignee for row in rows) else {}
    subjects = [(row.subject_kind, row.subject_no) for row in rows]
    noted = automation.noted(tx, shop_id, [*subjects, *((SubjectKind.ORDER.value, row.order_no) for row in rows if row.order_no)])
    stepped = {case_no for _, _, case_no, _ in guided_steps.open_of_cases(tx, shop_id, sorted(around_them.cases))} if around_them.cases else set()
    writing = _notes_under_way(tx, shop_id, around_them.orders, now)
    found = []
    for row in rows:
        seen = _seen(row, around_them, now)
        if seen is None:
            continue
        seen = msgspec.structs.replace(
            seen,
            assignee=logins.get(row.assignee, "") if row.assignee else "",  # type: ignore[call-overload]  # the number of a person
            has_remark=(row.subject_kind, row.subject_no) in noted or (SubjectKind.ORDER.value, row.order_no or "") in noted,
            has_step=row.subject_no in stepped,
        )
        acts = () if seen.verdict is None else proposals(seen.verdict, seen.known, seen.case, act_terms())
        note = None if seen.order is None else writing.get(seen.order.order_no)
        found.append(Thing(row=row, seen=seen, facts=facts_of(seen), open_acts=acts, note_under_way=note))
    return tuple(found)


def _notes_under_way(tx: Tx, shop_id: ShopId, orders: Mapping[str, OrderKnowledge], now: datetime) -> dict[str, int]:
    found = {}
    for note in outbox.notes_lately(tx, shop_id, sorted(orders), now - READ_BACK_IN) if orders else ():
        if note.ended_at is None or note.text != orders[note.order_no].order.seller_note:
            found[note.order_no] = note.act_no
        else:
            found.pop(note.order_no, None)
    return found


def around_of(tx: Tx, house: House, shop_id: ShopId, rows: Sequence[StoredDeadline], now: datetime) -> Around:
    """Everything these to-dos rest on."""
    case_nos = [row.subject_no for row in rows if row.subject_kind == SubjectKind.AFTERSALE]
    cases = {no: known.facts for no, known in around.cases_by_no(tx, shop_id, case_nos).items()} if case_nos else {}
    order_nos = sorted({no for row in rows if (no := row.order_no or _order_of(cases.get(row.subject_no)))})
    orders = orders_known(tx, shop_id, order_nos)
    reviewed = sorted({row.order_no for row in rows if row.subject_kind == SubjectKind.REVIEW and row.order_no})
    told = around.reviews(tx, shop_id, reviewed) if reviewed else {}
    reviews = {key_of(known.facts): known.facts for listed in told.values() for known in listed}
    return around_with(tx, house, shop_id, orders, cases, reviews, now)


def around_with(
    tx: Tx,
    house: House,
    shop_id: ShopId,
    orders: Mapping[str, OrderKnowledge],
    cases: Mapping[str, AftersaleFacts],
    reviews: Mapping[str, ReviewFacts],
    now: datetime,
) -> Around:
    """The same where the orders, cases and reviews are at hand."""
    book = rulebook_in(tx, house, shop_id)
    seat = seat_for(tx, shop_id, list(cases.values()), orders, book, now)
    buyers = known_buyers(tx, shop_id, {no: known.order for no, known in orders.items()})
    nos = {*orders, *(case.order_no for case in cases.values() if case.order_no)}
    return Around(book=book, orders=orders, cases=cases, reviews=reviews, seat=seat, buyers=buyers, wants=automation.wanted(tx, shop_id, sorted(nos)))


def known_buyers(tx: Tx, shop_id: ShopId, orders: Mapping[str, OrderFacts]) -> dict[str, Buyer]:
    """What is known of each order's buyer: who is told and not remembered bought this once and asked for nothing."""
    key = costs.known_buyer_key(tx, shop_id)
    if key is None:
        return {}
    known = buyers_of(tx, shop_id, orders)
    return {no: known.get(no, Buyer(orders=1)) for no, order in orders.items() if buyer_digest(key, order) is not None}


def seen_case(case: AftersaleFacts, known: OrderKnowledge | None, deadline: Deadline, held: Around, now: datetime) -> Seen:
    """A case as rules see it."""
    told = case_to_advise(case, known, held.seat, deadline.due_at, now, held.book)
    judged = verdict(deadline, order=known, case=case, messages=(), review=None, now=now, rulebook=held.book, scripts=scripts(), seat=held.seat)
    return Seen(
        todo=deadline.kind,
        now=now,
        due_at=deadline.due_at,
        at_risk=deadline.at_risk,
        known=known,
        case=case,
        advised=told,
        verdict=judged,
        complaint=complaint_of(told, held.book.advice).kind,
        buyer=held.buyers.get(case.order_no or ""),
        wants=held.wants.get(case.order_no or ""),
    )


def _seen(row: StoredDeadline, held: Around, now: datetime) -> Seen | None:
    deadline = row.deadline()
    match TRIGGERS[deadline.kind]:
        case About.CASE:
            case = held.cases.get(row.subject_no)
            return None if case is None else seen_case(case, held.orders.get(case.order_no or ""), deadline, held, now)
        case About.REVIEW:
            review = held.reviews.get(row.subject_no)
            return None if review is None else seen_review(review, held.orders.get(row.order_no or ""), deadline, held, now)
        case About.ORDER:
            known = held.orders.get(row.order_no or "")
            return None if known is None else seen_order(known, deadline, held, now)


def seen_order(known: OrderKnowledge, deadline: Deadline, held: Around, now: datetime) -> Seen:
    """An order as rules see it."""
    judged = verdict(deadline, order=known, case=None, messages=(), review=None, now=now, rulebook=held.book, scripts=scripts(), seat=held.seat)
    return msgspec.structs.replace(_bare(known, deadline, held, now), verdict=judged)


def seen_review(review: ReviewFacts, known: OrderKnowledge | None, deadline: Deadline, held: Around, now: datetime) -> Seen:
    """A review as rules see it."""
    return msgspec.structs.replace(_bare(known, deadline, held, now), review=review, buyer=held.buyers.get(review.order_no))


def _bare(known: OrderKnowledge | None, deadline: Deadline, held: Around, now: datetime) -> Seen:
    no = "" if known is None else known.order.order_no
    return Seen(todo=deadline.kind, now=now, due_at=deadline.due_at, at_risk=deadline.at_risk, known=known, buyer=held.buyers.get(no), wants=held.wants.get(no))


def _order_of(case: AftersaleFacts | None) -> str | None:
    return None if case is None else case.order_no
