"""The list of the inbox: whom to answer first, and by other questions whom one looks for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.access import ShopInfo, shops_with
from zhanggui.actions.house import House
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.deadlines import Band
from zhanggui.core.inbox.urgency import PATIENCE, Urgency, place, urgency
from zhanggui.core.intents.kinds import Intent
from zhanggui.core.money import Fen
from zhanggui.core.rules import Rulebook
from zhanggui.people import members
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import inbox as records
from zhanggui.records import order_lists
from zhanggui.records.db import Tx
from zhanggui.records.inbox import ListedThread

MOST_SHOWN = 80
MOST_WAITING = 500
"""Waiting threads of a shop that are weighed against each other, the longest and the latest."""
MOST_FOUND = 50
LONGEST_SEARCH = 60
_SHORTEST_NUMBER = 6
_DUE = (Band.OVERDUE, Band.HOUR, Band.TODAY, Band.LATER)


class InboxView(StrEnum):
    """Which threads are listed."""

    WAITING = "waiting"
    MINE = "mine"
    LATER = "put_off"
    ALL = "all"


class InboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """One buyer on the list."""

    shop_id: ShopId
    shop_name: str
    thread_no: int
    shown: str
    order_no: str | None
    text: str
    """What waits for an answer, or what was said last."""
    waiting: Urgency | None
    is_put_off: bool
    is_on_its_way: bool
    """Whether an answer waits for the tool that sends it."""
    last_at: datetime
    last_who: str
    owner: int | None
    owner_name: str
    wants: tuple[Intent, ...]
    at_risk: Fen


class Inbox(msgspec.Struct, frozen=True, kw_only=True):
    """The list, and how many wait, also where they are not on this list."""

    rows: tuple[InboxRow, ...]
    waiting: int
    """Buyers who wait and were not put off, of the shops looked at; MOST_WAITING of a shop at most are counted."""
    left_over: int
    """Waiting buyers that this list is too short for."""
    next_cursor: str | None = None


class InboxAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is asked for."""

    view: InboxView = InboxView.WAITING
    shop_id: ShopId | None = None
    words: str = ""
    after: str = ""


def inbox(house: House, by: Person, asked: InboxAsked, now: datetime) -> Inbox:
    """The threads asked for, of the shops whose conversations the person may read. Raises NotAllowed, and Refused for a cursor that is none."""
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.CONVERSATIONS_READ, None if asked.shop_id is None else [asked.shop_id])
        waiting = {shop_id: _waiting(tx, shop_id) for shop_id in shops}
        many = sum(not _is_put_off(thread, now) for found in waiting.values() for thread in found)
        listing = _Listing(tx, house, shops, now)
        if asked.words.strip():
            rows = listing.latest_first(_found(tx, by, shops, asked.words.strip()[:LONGEST_SEARCH]))
            return Inbox(rows=tuple(rows), waiting=many, left_over=0)
        match asked.view:
            case InboxView.MINE:
                rows = listing.pressing_first([] if by.person_id is None else [each for shop_id in shops for each in _owned(tx, shop_id, by.person_id)])
                below = sum(row.waiting is not None and not row.is_put_off for row in rows[MOST_SHOWN:])
                return Inbox(rows=tuple(rows[:MOST_SHOWN]), waiting=many, left_over=below)
            case InboxView.LATER:
                put_off = [each for found in waiting.values() for each in found if _is_put_off(each, now)]
                return Inbox(rows=tuple(listing.latest_first(put_off)[:MOST_SHOWN]), waiting=many, left_over=0)
            case InboxView.ALL:
                return _every(tx, listing, shops, asked.after, many, now)
            case _:
                rows = listing.pressing_first([each for found in waiting.values() for each in found if not _is_put_off(each, now)])
                return Inbox(rows=tuple(rows[:MOST_SHOWN]), waiting=many, left_over=max(0, len(rows) - MOST_SHOWN))


class _Listing:
    """Makes lines of threads: each with its clock, what is at risk, and who has it."""

    def __init__(self, tx: Tx, house: House, shops: Mapping[ShopId, ShopInfo], now: datetime) -> None:
        self._tx, self._house, self._shops, self._now = tx, house, shops, now
        self._rulebooks: dict[ShopId, Rulebook] = {}
        self._names: dict[ShopId, dict[int, str]] = {}

    def latest_first(self, threads: Iterable[ListedThread]) -> list[InboxRow]:
        """Those first in which something was said last."""
        return self._rows(sorted(threads, key=lambda thread: (thread.last_at, thread.thread_no), reverse=True))

    def pressing_first(self, threads: Iterable[ListedThread]) -> list[InboxRow]:
        """Those first that should be answered first; then those who do not wait, were put off, or have an answer on its way, the latest first."""
        rows = self.latest_first(threads)
        due = [row for row in rows if self._is_due(row)]
        return sorted(due, key=self._place) + [row for row in rows if not self._is_due(row)]

    def _is_due(self, row: InboxRow) -> bool:
        """Whether the buyer waits for us: also where an answer has been on its way for so long that no tool may be sending it."""
        if row.waiting is None or row.is_put_off:
            return False
        return not row.is_on_its_way or self._now - row.waiting.waiting_since > PATIENCE

    def _place(self, row: InboxRow) -> tuple[int, int, int, datetime, int]:
        assert row.waiting is not None
        return *place(row.waiting, row.at_risk, self._now), row.thread_no

    def _rows(self, threads: Sequence[ListedThread]) -> list[InboxRow]:
        at_risk, said = self._at_risk(threads), self._said(threads)
        return [self._row(thread, at_risk, said) for thread in threads]

    def _row(self, thread: ListedThread, at_risk: Mapping[tuple[int, str], int], said: Mapping[tuple[int, int], str]) -> InboxRow:
        shop_id = ShopId(thread.shop_id)
        since = thread.waiting_since
        return InboxRow(
            shop_id=shop_id,
            shop_name=self._shops[shop_id].name,
            thread_no=thread.thread_no,
            shown=thread.shown,
            order_no=thread.order_no,
            text=thread.waiting_text or said.get((thread.shop_id, thread.thread_no), ""),
            waiting=None if since is None else urgency(since, thread.waiting_known, self._rulebook(shop_id), self._now),
            is_put_off=_is_put_off(thread, self._now),
            is_on_its_way=thread.on_its_way > 0,
            last_at=thread.last_at,
            last_who=thread.last_who,
            owner=thread.owner,
            owner_name="" if thread.owner is None else self._name(shop_id, thread.owner),
            wants=thread.intents,
            at_risk=Fen(at_risk.get((thread.shop_id, thread.order_no or ""), 0)),
        )

    def _at_risk(self, threads: Sequence[ListedThread]) -> dict[tuple[int, str], int]:
        orders: dict[int, set[str]] = defaultdict(set)
        for thread in threads:
            if thread.order_no is not None:
                orders[thread.shop_id].add(thread.order_no)
        bands = [band.value for band in _DUE]
        return {(shop_id, no): fen for shop_id, nos in orders.items() for no, fen in records.at_risk(self._tx, shop_id, sorted(nos), bands).items()}

    def _said(self, threads: Sequence[ListedThread]) -> dict[tuple[int, int], str]:
        quiet: dict[int, list[int]] = defaultdict(list)
        for thread in threads[:MOST_SHOWN]:
            if not thread.waiting_text:
                quiet[thread.shop_id].append(thread.thread_no)
        return {(shop_id, no): text for shop_id, nos in quiet.items() for no, text in records.last_said(self._tx, shop_id, nos).items()}

    def _rulebook(self, shop_id: ShopId) -> Rulebook:
        if shop_id not in self._rulebooks:
            self._rulebooks[shop_id] = rulebook_in(self._tx, self._house, shop_id)
        return self._rulebooks[shop_id]

    def _name(self, shop_id: ShopId, person_id: int) -> str:
        if shop_id not in self._names:
            self._names[shop_id] = {member.person_id: member.display_name for member in members.of_shop(self._tx, shop_id)}
        return self._names[shop_id].get(person_id, "")


def _waiting(tx: Tx, shop_id: ShopId) -> list[ListedThread]:
    longest = records.waiting_longest(tx, shop_id, MOST_WAITING)
    if len(longest) < MOST_WAITING:
        return longest
    known = {thread.thread_no for thread in longest}
    return longest + [thread for thread in records.waiting_latest(tx, shop_id, MOST_WAITING) if thread.thread_no not in known]


def _owned(tx: Tx, shop_id: ShopId, owner: int) -> list[ListedThread]:
    """The threads this person took: whoever waits in them, however long ago the last word fell, and the latest."""
    waiting = records.waiting_of_owner(tx, shop_id, owner, MOST_WAITING)
    known = {thread.thread_no for thread in waiting}
    return waiting + [thread for thread in records.of_owner(tx, shop_id, owner, MOST_SHOWN) if thread.thread_no not in known]


def _is_put_off(thread: ListedThread, now: datetime) -> bool:
    return thread.snoozed_until is not None and thread.snoozed_until > now


def _found(tx: Tx, by: Person, shops: Mapping[ShopId, ShopInfo], words: str) -> list[ListedThread]:
    """Threads about the order that bears this number, or whose parcel or case does; for other words those whose buyer or message holds them."""
    if sum(character.isdigit() for character in words) >= _SHORTEST_NUMBER:
        readable = [shop_id for shop_id in shops if by.may(Permission.ORDERS_READ, shop_id)]
        orders: dict[int, list[str]] = defaultdict(list)
        for row in order_lists.by_number(tx, readable, words, MOST_FOUND):
            orders[row.shop_id].append(row.order_no)
        return [thread for shop_id, nos in orders.items() for thread in records.of_orders(tx, shop_id, nos, MOST_FOUND)]
    return [thread for shop_id in shops for thread in records.by_words(tx, shop_id, words, MOST_FOUND)]


def _every(tx: Tx, listing: _Listing, shops: Mapping[ShopId, ShopInfo], after: str, many: int, now: datetime) -> Inbox:
    before, before_no = cursors.read(after, tuple[datetime, int]) if after else (now.replace(year=now.year + 100), 0)
    found = sorted(
        (thread for shop_id in shops for thread in records.latest(tx, shop_id, before, before_no, MOST_SHOWN + 1)),
        key=lambda thread: (thread.last_at, thread.thread_no),
        reverse=True,
    )
    shown = found[:MOST_SHOWN]
    cursor = cursors.write((shown[-1].last_at, shown[-1].thread_no)) if len(found) > MOST_SHOWN else None
    return Inbox(rows=tuple(listing.latest_first(shown)), waiting=many, left_over=0, next_cursor=cursor)
