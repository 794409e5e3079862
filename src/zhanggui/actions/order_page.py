"""Everything known of one order."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from zhanggui.actions.access import shops_with
from zhanggui.actions.conversations.needing import needing_none
from zhanggui.actions.house import House
from zhanggui.actions.items import items
from zhanggui.actions.journal import kinds_hidden
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.views import JournalEntry, Note, OrderView
from zhanggui.core.deadlines import Explanation, SubjectKind
from zhanggui.core.explain import explain_case, explain_conversation, explain_followed, explain_order, explain_review
from zhanggui.core.facts import F, MessageFacts, ReviewFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Rulebook
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, chases, deadlines, journal, notes
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.facts.table import Known
from zhanggui.records.journal_entries import worded

JOURNAL_SHOWN = 100
_EXPLAINED_BY_FACTS = frozenset({SubjectKind.ORDER, SubjectKind.AFTERSALE, SubjectKind.REVIEW, SubjectKind.CONVERSATION})


def order(house: House, by: Person, shop_id: ShopId, order_no: str, now: datetime) -> OrderView | None:
    """One order with its lines, parcels, cases, deadlines and their explanations, to-dos, notes and journal; None where there is no such."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        known = orders_known(tx, shop_id, [order_no]).get(order_no)
        if known is None:
            return None
        shops = shops_with(tx, by, Permission.ORDERS_READ, [shop_id])
        reviews = [one.facts for one in around.reviews(tx, shop_id, [order_no]).get(order_no, ())]
        messages = [one.facts for one in around.messages(tx, shop_id, [order_no]).get(order_no, ())]
        running = sorted((row for row in deadlines.of_orders(tx, shop_id, [order_no]) if row.band is not None), key=lambda row: (row.state, row.due_at))
        rulebook = rulebook_in(tx, house, shop_id)
        return OrderView(
            shop_id=shop_id,
            shop_name=shops[shop_id].name,
            order=known.order,
            as_of=known.data_as_of,
            lines=_facts(around.lines(tx, shop_id, [order_no]).get(order_no, ())),
            payments=_facts(around.payments(tx, shop_id, [order_no]).get(order_no, ())),
            cases=known.cases,
            scans=known.scans,
            reviews=tuple(reviews),
            messages=tuple(messages) if by.may(Permission.CONVERSATIONS_READ, shop_id) else (),
            bill=_facts(around.bill(tx, shop_id, [order_no]).get(order_no, ())) if by.may(Permission.MONEY_READ, shop_id) else (),
            todos=items(tx, house, by, shops, running, now),
            explanations=_explanations(known, reviews, messages, rulebook, now, needing_none(tx, shop_id, [messages]))
            + _followed_up(tx, shop_id, order_no, running, rulebook, now),
            notes=_notes(tx, shop_id, order_no),
            journal=_journal(tx, by, shop_id, order_no),
        )


def _explanations(
    known: OrderKnowledge, reviews: list[ReviewFacts], messages: list[MessageFacts], rulebook: Rulebook, now: datetime, needless: frozenset[str]
) -> tuple[Explanation, ...]:
    """How every deadline of the order, its cases, its reviews and its conversation came about."""
    found = [*explain_order(known, rulebook, now)]
    for case in known.cases:
        found += explain_case(case, known, rulebook, now)
    for review in reviews:
        found += explain_review(review, rulebook, now)
    if messages:
        found += explain_conversation(known.order.order_no, messages, rulebook, now, needless)
    return tuple(found)


def _followed_up(tx: Tx, shop_id: ShopId, order_no: str, running: Sequence[StoredDeadline], rulebook: Rulebook, now: datetime) -> tuple[Explanation, ...]:
    """How the deadlines of what was begun about the order came about: recalls, claims, changes of number, and the chases that its parcel is in."""
    asked = sorted({str(parcel.chase_no) for parcel in chases.of_orders(tx, shop_id, [order_no])})
    in_chases = [row for row in deadlines.of_subjects(tx, shop_id, SubjectKind.CHASE.value, asked) if row.band is not None] if asked else []
    begun = [row for row in running if row.subject_kind not in _EXPLAINED_BY_FACTS]
    rows = {(row.subject_kind, row.subject_no, row.kind): row for row in (*begun, *in_chases)}
    return tuple(explain_followed(row.deadline(), row.data_as_of, rulebook, now) for row in rows.values())


def _facts(known: Iterable[Known[F]]) -> tuple[F, ...]:
    return tuple(one.facts for one in known)


def _notes(tx: Tx, shop_id: ShopId, order_no: str) -> tuple[Note, ...]:
    return tuple(Note(row.note_id, row.text, row.made_by_name, row.made_at) for row in notes.of_subject(tx, shop_id, SubjectKind.ORDER.value, order_no))


def _journal(tx: Tx, by: Person, shop_id: ShopId, order_no: str) -> tuple[JournalEntry, ...]:
    rows, hidden = journal.of_subject(tx, shop_id, SubjectKind.ORDER.value, order_no, JOURNAL_SHOWN), kinds_hidden(by, shop_id)
    return tuple(JournalEntry(row.at, row.kind, row.by_name, worded(row.kind, row.data)) for row in rows if row.kind not in hidden)
