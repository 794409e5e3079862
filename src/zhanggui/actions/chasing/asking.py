"""A message to a carrier was sent: its parcels wait for the answer, and their to-dos with them, until it is looked at again."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from psycopg import errors

from zhanggui.actions.chasing.gathering import Waiting, waiting_among
from zhanggui.actions.house import House
from zhanggui.actions.keeping_up import MOST_TEXT, kept_up
from zhanggui.actions.marks import put_off, take_up
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.chasing.clock import chase_rule
from zhanggui.core.chasing.gathering import MOST_IN_A_MESSAGE, carrier_key
from zhanggui.core.deadlines import Band, SubjectKind
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import chases, deadlines, journal, locks
from zhanggui.records.chases import ChasedParcel, ChaseRecord
from zhanggui.records.db import Tx, transact
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.journal_entries.chasing import ChaseSettled, ParcelChased

T = TypeVar("T")
MOST_MESSAGE = 10_000
LONGEST_WAIT = timedelta(days=14)
_DAY = timedelta(days=1)


def mark_sent(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], message: str, now: datetime, *, check_at: datetime | None = None) -> int:
    """The number of the chase: the message about these parcels went out. Their to-dos wait until it is looked at again.

    Raises Refused where none of them stands still any more, or where they are not of one carrier.
    """
    by.need(Permission.CHASING_WRITE, shop_id)
    _check(order_nos, message, check_at, now)

    def work(tx: Tx) -> int:
        waiting = _still_waiting(tx, house, shop_id, order_nos, now)
        until = check_at or now + _wait(tx, house, shop_id, now)
        first = waiting[0].stuck
        chase_no = chases.insert(
            tx,
            shop_id,
            carrier=first.carrier or "",
            branch=first.branch or "",
            message=message.strip(),
            sent_at=now,
            sent_by=by.person_id,
            check_at=check_at,
            parcels=[_parcel(each) for each in waiting],
        )
        _told(tx, by, shop_id, chases.one(tx, shop_id, chase_no), [each.stuck.order_no for each in waiting], now)
        _wait_for(tx, by, shop_id, [each.row for each in waiting], chase_no, until, now)
        kept_up(tx, house, shop_id, now, lambda followed: followed.by_number({SubjectKind.CHASE.value: [chase_no]}))
        return chase_no

    return _patiently(house, work)


def ask_again(house: House, by: Person, shop_id: ShopId, chase_no: int, now: datetime, *, check_at: datetime | None = None) -> None:
    """The carrier was asked once more about what still stands; it is looked at again later."""
    by.need(Permission.CHASING_WRITE, shop_id)
    _check_moment(check_at, now)

    def work(tx: Tx) -> None:
        chase = _held(tx, shop_id, chase_no)
        waiting = [parcel for parcel in chases.parcels_of(tx, shop_id, [chase_no]) if parcel.moved_at is None]
        if not waiting:
            raise Refused(say("Every parcel of it has moved or is settled."))
        again = msgspec.structs.replace(chase, sent_at=now, sent_by=by.person_id, times=chase.times + 1, check_at=check_at)
        _save(tx, again)
        _told(tx, by, shop_id, again, [parcel.order_no for parcel in waiting], now)
        _wait_for(tx, by, shop_id, _asked_about(tx, shop_id, waiting), chase_no, check_at or now + _wait(tx, house, shop_id, now), now)
        kept_up(tx, house, shop_id, now, lambda followed: followed.by_number({SubjectKind.CHASE.value: [chase_no]}))

    _patiently(house, work)


def note_answer(house: House, by: Person, shop_id: ShopId, chase_no: int, answer: str, now: datetime, *, is_settled: bool) -> None:
    """Keeps what the carrier said; a settled chase is not looked at again, and what still stands comes up anew by itself."""
    by.need(Permission.CHASING_WRITE, shop_id)
    if len(answer) > MOST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=MOST_TEXT))

    def work(tx: Tx) -> None:
        chase = _held(tx, shop_id, chase_no)
        closing = {"closed_at": now, "closed_by": by.person_id} if is_settled else {}
        _save(tx, msgspec.structs.replace(chase, answer=answer.strip() or chase.answer, **closing))
        entry = ChaseSettled(chase_no, chase.carrier, is_settled)
        parcels = chases.parcels_of(tx, shop_id, [chase_no])
        if is_settled:
            take_up(tx, house, by, shop_id, _asked_about(tx, shop_id, parcels), reason=f"#{chase_no}", now=now)
        for parcel in parcels:
            journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=parcel.order_no)
        kept_up(tx, house, shop_id, now, lambda followed: followed.by_number({SubjectKind.CHASE.value: [chase_no]}))

    _patiently(house, work)


def _asked_about(tx: Tx, shop_id: ShopId, parcels: Sequence[ChasedParcel]) -> list[StoredDeadline]:
    """The open to-dos of these parcels that the chase is about."""
    kinds = {parcel.order_no: parcel.kind for parcel in parcels}
    return [row for row in deadlines.of_orders(tx, shop_id, list(kinds)) if row.kind == kinds.get(row.order_no or "") and row.band is not None]


def _check(order_nos: Sequence[str], message: str, check_at: datetime | None, now: datetime) -> None:
    if not order_nos or len(order_nos) > MOST_IN_A_MESSAGE:
        raise Refused(say("A message speaks of 1 to {most} parcels.", most=MOST_IN_A_MESSAGE))
    if not message.strip() or len(message) > MOST_MESSAGE:
        raise Refused(say("A message has between 1 and {most} characters.", most=MOST_MESSAGE))
    _check_moment(check_at, now)


def _check_moment(check_at: datetime | None, now: datetime) -> None:
    if check_at is not None and not now < check_at <= now + LONGEST_WAIT:
        raise Refused(say("It is looked at again within {days} days, and not in the past.", days=LONGEST_WAIT.days))


def _still_waiting(tx: Tx, house: House, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> list[Waiting]:
    """Those of them that still stand, one carrier's; held, so that two people never ask about the same parcel at once."""
    deadlines.held(tx, shop_id, SubjectKind.ORDER.value, list(order_nos))
    waiting = sorted(waiting_among(tx, house, shop_id, order_nos, now), key=lambda each: (-each.stuck.at_risk, each.stuck.order_no))
    asked = {parcel.order_no for parcel in chases.of_orders(tx, shop_id, order_nos) if parcel.moved_at is None and not _is_closed(tx, shop_id, parcel)}
    fresh = [each for each in waiting if each.stuck.order_no not in asked]
    if not fresh:
        raise Refused(say("None of these parcels waits to be asked about any more. Look at the list again."))
    if len({carrier_key(each.stuck.carrier) for each in fresh}) > 1:
        raise Refused(say("One message goes to one carrier."))
    return fresh


def _is_closed(tx: Tx, shop_id: ShopId, parcel: ChasedParcel) -> bool:
    chase = chases.one(tx, shop_id, parcel.chase_no)
    return chase is None or chase.closed_at is not None


def _wait(tx: Tx, house: House, shop_id: ShopId, now: datetime) -> timedelta:
    rule = chase_rule(now, rulebook_in(tx, house, shop_id))
    return rule.term.length if rule is not None and rule.term is not None else _DAY


def _parcel(waiting: Waiting) -> ChasedParcel:
    stuck = waiting.stuck
    return ChasedParcel(chase_no=0, order_no=stuck.order_no, tracking_no=stuck.tracking_no, kind=stuck.kind.value, last_at=stuck.last_at, at_risk=stuck.at_risk)


def _told(tx: Tx, by: Person, shop_id: ShopId, chase: ChaseRecord | None, order_nos: Sequence[str], now: datetime) -> None:
    """One entry for each order."""
    assert chase is not None
    entry = ParcelChased(chase.chase_no, chase.carrier, chase.branch, len(order_nos), chase.times)
    journal.copy_many(tx, (journal.row(shop_id, entry, now, by.person_id, SubjectKind.ORDER.value, no, None) for no in order_nos))


def _wait_for(tx: Tx, by: Person, shop_id: ShopId, rows: Sequence[StoredDeadline], chase_no: int, until: datetime, now: datetime) -> None:
    """The parcels' own to-dos stand aside until the chase is looked at again."""
    put_off(tx, by, shop_id, [row for row in rows if row.band != Band.WATCHED], until=until, reason=f"#{chase_no}", now=now)


def _held(tx: Tx, shop_id: ShopId, chase_no: int) -> ChaseRecord:
    found = chases.locked(tx, shop_id, [chase_no])
    if not found:
        raise NotAllowed(Permission.CHASING_WRITE.value)
    if found[0].closed_at is not None:
        raise Refused(say("This chase is settled already."))
    return found[0]


def _save(tx: Tx, chase: ChaseRecord) -> None:
    if not chases.save(tx, chase):
        raise Refused(say("Somebody changed this meanwhile. Look at it again."))


def _patiently(house: House, work: Callable[[Tx], T]) -> T:
    def without_hanging(tx: Tx) -> T:
        locks.do_not_wait_long(tx)
        return work(tx)

    try:
        return transact(house.pool, without_hanging)
    except errors.LockNotAvailable:
        raise Refused(say("An import is just being stored. Try again in a moment.")) from None
