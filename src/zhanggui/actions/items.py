"""To-dos for the eye: each deadline shown with its verdict, the goods, the age of its data, what was last said of it, and the link to the platform's page."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.advice.seats import seat_for
from zhanggui.actions.conversations.needing import needing_none
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.links import link_to
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.scripts.library import scripts_of
from zhanggui.actions.shops import settings_of
from zhanggui.actions.views import Mark, TodoItem
from zhanggui.core.advice.seat import Seat
from zhanggui.core.clocks import freshness_deadline
from zhanggui.core.deadlines import Band, DeadlineKind, SubjectKind
from zhanggui.core.decide import verdict
from zhanggui.core.decide.attention import without_talk
from zhanggui.core.facts import AftersaleFacts, FactKind, MessageFacts, ReviewFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.ranking import expected_loss
from zhanggui.core.rules import NoSuchRule, Rulebook
from zhanggui.core.scripts import Scripts
from zhanggui.people.permissions import Permission, Person, PersonId, ShopId
from zhanggui.records import around, connections, marks, sync_sources
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.facts.table import Known
from zhanggui.records.marks import MarkRecord
from zhanggui.records.settings import Value

KIND_OF_SUBJECT = {
    SubjectKind.ORDER: FactKind.ORDER,
    SubjectKind.AFTERSALE: FactKind.AFTERSALE,
    SubjectKind.REVIEW: FactKind.REVIEW,
    SubjectKind.CONVERSATION: FactKind.MESSAGE,
}


class Around(msgspec.Struct, frozen=True):
    """What the shown deadlines of one shop rest on."""

    rulebook: Rulebook
    scripts: Scripts
    """The words of the shop, in which messages are drafted."""
    seat: Seat | None
    """What advice on the cases rests on; None where there are none."""
    settings: Mapping[str, Value]
    orders: dict[str, OrderKnowledge]
    cases: dict[str, Known[AftersaleFacts]]
    reviews: dict[str, ReviewFacts]
    messages: dict[str, list[MessageFacts]]
    """What was said about the orders, without what needs no answer."""
    marks: dict[tuple[str, str, str], MarkRecord]
    horizons: dict[str, datetime]
    """Up to when each kind of fact was read from the platform without a hole."""
    read: frozenset[str]
    """The kinds of fact that are read from the platform now."""
    reads_talks: bool
    """Whether whoever looks may read what buyers write to the shop."""


def items(tx: Tx, house: House, by: Person, shops: Mapping[ShopId, ShopInfo], rows: Sequence[StoredDeadline], now: datetime) -> tuple[TodoItem, ...]:
    """The deadlines as to-dos for whoever looks, in the order given. Only what is shown is read and judged."""
    by_shop: dict[int, list[StoredDeadline]] = {}
    for row in rows:
        by_shop.setdefault(row.shop_id, []).append(row)
    known = {shop_id: _around(tx, house, by, ShopId(shop_id), listed, now) for shop_id, listed in by_shop.items()}
    return tuple(_item(row, shops[ShopId(row.shop_id)], known[row.shop_id], now) for row in rows)


def is_stale(kind: FactKind, as_of: datetime, rulebook: Rulebook, now: datetime) -> bool:
    """Whether data of this age are to be exported again by now."""
    try:
        return freshness_deadline(kind, as_of, rulebook).due_at < now
    except NoSuchRule:
        return False


def _around(tx: Tx, house: House, by: Person, shop_id: ShopId, rows: Sequence[StoredDeadline], now: datetime) -> Around:
    order_nos = sorted({row.order_no for row in rows if row.order_no})
    reviewed = sorted({row.order_no for row in rows if row.order_no and row.subject_kind == SubjectKind.REVIEW})
    case_nos = sorted({row.subject_no for row in rows if row.subject_kind == SubjectKind.AFTERSALE})
    sources = sync_sources.horizons(tx, [shop_id])
    reviews = (known.facts for listed in around.reviews(tx, shop_id, reviewed).values() for known in listed)
    rulebook, orders = rulebook_in(tx, house, shop_id), orders_known(tx, shop_id, order_nos)
    cases = around.cases_by_no(tx, shop_id, case_nos) if case_nos else {}
    messages = {no: [known.facts for known in told] for no, told in around.messages(tx, shop_id, order_nos).items()}
    needless = needing_none(tx, shop_id, messages.values())
    return Around(
        rulebook,
        scripts_of(tx, shop_id, now),
        seat_for(tx, shop_id, [case.facts for case in cases.values()], orders, rulebook, now) if cases else None,
        settings_of(tx, shop_id),
        orders,
        cases,
        {f"{review.review_no}/{review.order_no}": review for review in reviews},
        {no: [message for message in told if message.message_no not in needless] for no, told in messages.items()},
        marks.latest(tx, shop_id, [(row.subject_kind, row.subject_no, row.kind) for row in rows]),
        {source.kind: source.horizon for source in sources if source.horizon is not None},
        frozenset(source.kind for source in sources) if sources and connections.connected(tx, [shop_id]) else frozenset(),
        by.may(Permission.CONVERSATIONS_READ, shop_id),
    )


def _item(row: StoredDeadline, shop: ShopInfo, known: Around, now: datetime) -> TodoItem:
    deadline = row.deadline()
    order = known.orders.get(row.order_no or "")
    case = known.cases.get(row.subject_no) if row.subject_kind == SubjectKind.AFTERSALE else None
    review = known.reviews.get(row.subject_no)
    judged = verdict(
        deadline,
        order=order,
        case=case.facts if case else None,
        messages=known.messages.get(row.order_no or "", ()),
        review=review,
        now=now,
        rulebook=known.rulebook,
        scripts=known.scripts,
        is_read=row.subject_kind == SubjectKind.SOURCE and row.subject_no in known.read,
        seat=known.seat,
    )
    kind = deadline.subject.kind
    fact = FactKind(row.subject_no) if kind is SubjectKind.SOURCE else KIND_OF_SUBJECT.get(kind)
    # nothing newer came for it up to the horizon, so its facts are as good as read then
    as_of = max(row.data_as_of, known.horizons.get(fact or "", row.data_as_of))
    mark = known.marks.get((row.subject_kind, row.subject_no, row.kind))
    return TodoItem(
        shop_id=shop.shop_id,
        shop_name=shop.name,
        deadline=deadline,
        band=Band(row.band if row.band is not None else Band.LATER),
        # as of the full minute: a fen more each second would make every row another one
        expected_loss=expected_loss(deadline, now.replace(second=0, microsecond=0), known.rulebook.weights),
        verdict=judged if known.reads_talks or deadline.kind is not DeadlineKind.REPLY_BUYER else without_talk(judged),
        title=order.order.title if order else review.title if review else None,
        buyer_masked=(order.order.receiver_masked if order else None) or (case.facts.buyer_masked if case else None),
        pay_amount=order.order.pay_amount if order else None,
        data_as_of=as_of,
        data_is_stale=fact is not None and is_stale(fact, as_of, known.rulebook, now),
        mark=_mark(mark) if mark else None,
        link=link_to(known.settings, kind, order_no=row.order_no, case_no=case.facts.case_no if case else None),
    )


def _mark(record: MarkRecord) -> Mark:
    return Mark(
        mark_id=record.mark_id,
        mark=record.mark,
        reason=record.reason,
        until=record.until,
        assignee=PersonId(record.assignee) if record.assignee is not None else None,
        assignee_name=record.assignee_name,
        made_by_name=record.made_by_name,
        made_at=record.made_at,
        outcome=record.outcome,
    )
