"""Buyers who come back: how many, after what, and whom to thank. From the shop's own orders; nobody is named."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.refused import Refused
from zhanggui.actions.scripts.library import scripts_of
from zhanggui.actions.scripts.using import used
from zhanggui.core.activities.book import RegularTerms
from zhanggui.core.activities.regulars import Comeback, Ended, Regular, is_to_thank
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.decide.situation import short_title
from zhanggui.core.facts import AftersaleState, OrderFacts
from zhanggui.core.money import Fen
from zhanggui.core.notices.steps import is_quiet
from zhanggui.core.say import say
from zhanggui.core.scripts import Scripts
from zhanggui.core.verdicts import Draft
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, locks, regulars
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.activities import BuyerThanked
from zhanggui.records.regulars import RegularRecord
from zhanggui.rulebook.activities import activity_book

SCRIPT = "thank_regular"
_LOOKED_AT = 200
_THANKED_SHOWN = 20
_FIRST = (2**31, datetime(9999, 1, 1, tzinfo=UTC), "ff" * 32)
_OVER = frozenset({AftersaleState.REFUNDED, AftersaleState.CLOSED, AftersaleState.DONE})


class RegularSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One buyer who came back, by the last order."""

    orders: int
    paid: Fen
    first_at: datetime
    last_at: datetime
    last_order: str
    last_ended: Ended
    thanked_at: datetime | None
    receiver: str
    """Masked, as every order page shows it."""
    place: str
    title: str


class ToThank(msgspec.Struct, frozen=True):
    """Somebody to thank now, with the words."""

    buyer: RegularSeen
    draft: Draft


class Regulars(msgspec.Struct, frozen=True, kw_only=True):
    """Who comes back, after what, and whom to thank."""

    terms: RegularTerms
    purchases: int
    told_apart: int
    """Of these, how many bear enough of the receiver to tell buyers apart."""
    buyers: int
    came_back: int
    comebacks: tuple[Comeback, ...]
    """By how the order went; of orders old enough to judge."""
    to_thank: tuple[ToThank, ...]
    rows: tuple[RegularSeen, ...]
    next_cursor: str | None
    thanked: tuple[tuple[datetime, str], ...]
    is_read: bool
    """Whether the orders were looked through at all."""


def regulars_of(house: House, by: Person, shop_id: ShopId, now: datetime, *, cursor: str | None = None, limit: int = 30) -> Regulars:
    """The buyers who came back, those with the most orders first."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    terms = activity_book().regulars
    orders, last_at, buyer = cursors.read(cursor, tuple[int, datetime, str]) if cursor else _FIRST
    place = _digest_in(buyer)
    with house.pool.connection() as tx:
        found = regulars.page(tx, shop_id, (orders, last_at, place), limit + 1)
        purchases, told_apart, buyers, came_back = regulars.totals(tx, shop_id, now - timedelta(days=terms.keep_days))
        seen = _seen(tx, shop_id, found[:limit])
        last = found[limit - 1] if len(found) > limit else None
        return Regulars(
            terms=terms,
            purchases=purchases,
            told_apart=told_apart,
            buyers=buyers,
            came_back=came_back,
            comebacks=_comebacks(tx, shop_id, terms, now),
            to_thank=_to_thank(tx, shop_id, terms, now),
            rows=seen,
            next_cursor=None if last is None else cursors.write((last.orders, last.last_at, last.buyer.hex())),
            thanked=tuple(regulars.thanked(tx, shop_id, _THANKED_SHOWN)),
            is_read=regulars.has_reading(tx, shop_id),
        )


def thank(house: House, by: Person, shop_id: ShopId, order_no: str, now: datetime) -> None:
    """Keeps that the buyer of this order was thanked. Raises Refused at night, and where it is not the moment (any more)."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    if is_quiet(now):
        raise Refused(say("It is night: messages between ten and eight count as harassment. Send it in the morning."))

    def work(tx: Tx) -> None:
        locks.hold_shop(tx, shop_id)
        row = regulars.of_order(tx, shop_id, order_no)
        if row is None or row.last_order != order_no or not _moment(tx, shop_id, [row], activity_book().regulars, now):
            raise Refused(say("This buyer was thanked before, or it is not the moment any more."))
        regulars.thank(tx, shop_id, row.buyer, order_no, now, by.person_id)
        used(tx, by, shop_id, SCRIPT, order_no=order_no, now=now)
        journal.write(tx, shop_id, BuyerThanked(), at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)

    transact(house.pool, work)


def _digest_in(written: str) -> bytes:
    try:
        return bytes.fromhex(written)
    except ValueError:
        raise Refused(say("This page of the list no longer exists. Start from the top.")) from None


def _to_thank(tx: Tx, shop_id: ShopId, terms: RegularTerms, now: datetime) -> tuple[ToThank, ...]:
    found = regulars.arrived_lately(tx, shop_id, terms.least_orders, now - timedelta(days=terms.fresh_days), now, _LOOKED_AT)
    written = scripts_of(tx, shop_id, now)
    drafted = [(each, _draft(each, written)) for each in _seen(tx, shop_id, _moment(tx, shop_id, found, terms, now))]
    return tuple(ToThank(each, draft) for each, draft in drafted if draft is not None)


def _moment(tx: Tx, shop_id: ShopId, rows: Sequence[RegularRecord], terms: RegularTerms, now: datetime) -> list[RegularRecord]:
    """Those of these buyers for whom it is the moment, by fresh facts of their last orders."""
    known = orders_known(tx, shop_id, [row.last_order for row in rows])
    with_case = {no for no, each in known.items() if any(case.state not in _OVER for case in each.cases)}
    return [row for row in rows if row.last_order in known and is_to_thank(_regular(row, row.last_order in with_case), terms, now)]


def _regular(row: RegularRecord, has_open_case: bool) -> Regular:
    return Regular(
        orders=row.orders,
        last_order=row.last_order,
        last_at=row.last_at,
        last_ended=Ended(row.last_ended),
        received_at=row.received_at,
        thanked_at=row.thanked_at,
        has_open_case=has_open_case,
    )


def _comebacks(tx: Tx, shop_id: ShopId, terms: RegularTerms, now: datetime) -> tuple[Comeback, ...]:
    """By orders that are old enough: their buyers have had the days to come back."""
    since, until = now - timedelta(days=terms.keep_days), now - timedelta(days=terms.back_within_days)
    counted = {ended: (back, of) for ended, back, of in regulars.comebacks(tx, shop_id, since, until, terms.back_within_days)}
    return tuple(Comeback(each, *counted[each.value]) for each in Ended if each.value in counted)


def _seen(tx: Tx, shop_id: ShopId, rows: Sequence[RegularRecord]) -> tuple[RegularSeen, ...]:
    orders = regulars.orders(tx, shop_id, [row.last_order for row in rows])
    return tuple(_one(row, orders.get(row.last_order)) for row in rows)


def _one(row: RegularRecord, order: OrderFacts | None) -> RegularSeen:
    place = "" if order is None else "".join(part for part in (order.province, order.city) if part)
    return RegularSeen(
        orders=row.orders,
        paid=Fen(row.paid),
        first_at=row.first_at,
        last_at=row.last_at,
        last_order=row.last_order,
        last_ended=Ended(row.last_ended),
        thanked_at=row.thanked_at,
        receiver="" if order is None else order.receiver_masked or "",
        place=place,
        title="" if order is None else order.title or "",
    )


def _draft(buyer: RegularSeen, written: Scripts) -> Draft | None:
    return written.draft(SCRIPT, title=short_title(buyer.title)) if buyer.title else None
