"""The Today list: what to do next, ranked by what it costs not to."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.access import shops_with
from zhanggui.actions.asking_first import asked_first
from zhanggui.actions.data_ages import ages_in
from zhanggui.actions.hooks.telling import tell_bands
from zhanggui.actions.house import House
from zhanggui.actions.items import items
from zhanggui.actions.placing import by_loss, by_time
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.views import BandSum, TodayList, TodoItem
from zhanggui.core.deadlines import Band, DeadlineKind, Subject
from zhanggui.core.money import Fen
from zhanggui.people.permissions import Permission, Person, PersonId, ShopId
from zhanggui.records import deadline_totals, deadlines, today_lists, wakes
from zhanggui.records.db import Tx, may_be_lost, transact
from zhanggui.records.deadline_totals import BandTotal
from zhanggui.records.today_lists import After, HandTotal, Wanted, place_of

SHOWN_BANDS = (Band.OVERDUE, Band.HOUR, Band.TODAY, Band.LATER)
AT_ONCE = 1000
MOST_BATCHES = 5
"""How many batches one call of `settle` moves at most, so that no page waits long; the worker calls again."""


def settle(house: House, shop_ids: Sequence[ShopId], now: datetime, *, wall: datetime | None = None, most_batches: int = MOST_BATCHES) -> int:
    """Moves deadlines whose band has changed by now, in bounded batches of one transaction each; answers how many moved.

    Told the wall clock's moment too, it has the platform asked about a connected shop's to-do before that is called overdue.
    """
    with house.pool.connection() as tx:
        due = deadlines.shops_due_a_look(tx, shop_ids, now)
    moved = 0
    for shop_id in due:
        for _ in range(most_batches):
            some = transact(house.pool, lambda tx, shop_id=shop_id: _settle_some(house, tx, ShopId(shop_id), now, wall))  # type: ignore[misc]  # bound now, not later
            moved += some
            if some < AT_ONCE:
                break
    return moved


def today(
    house: House,
    by: Person,
    now: datetime,
    *,
    shop_ids: Sequence[ShopId] | None = None,
    kinds: Sequence[DeadlineKind] = (),
    assignee: PersonId | None = None,
    bands: Sequence[Band] = SHOWN_BANDS,
    limit: int = 50,
    after: str | None = None,
) -> TodayList:
    """The sums of every band and the first `limit` items of each band asked for. `after` continues one band (ask for that band alone)."""
    start = cursors.read(after, After) if after else None  # type: ignore[arg-type]  # a tuple type is a type
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.TODO_READ, shop_ids)
        totals = _totals(tx, list(shops), kinds, assignee)
        wanted = Wanted(shop_ids=list(shops), band=0, kinds=[kind.value for kind in kinds], assignee=assignee, after=start, limit=limit + 1)
        pages = {band: today_lists.page(tx, msgspec.structs.replace(wanted, band=int(band))) for band in bands}
        shown = iter(items(tx, house, by, shops, [row for page in pages.values() for row in page[:limit]], now))
        return TodayList(
            now=now,
            sums=_sums(totals),
            lost_in_an_hour=Fen(sum(total.worth for total in totals if total.band == Band.HOUR)),
            groups=tuple((band, tuple(islice(shown, min(len(page), limit)))) for band, page in pages.items()),
            more=tuple((band, cursors.write(place_of(page[limit - 1]))) for band, page in pages.items() if len(page) > limit),
            ages=ages_in(tx, house, shops, now),
        )


def todo(house: House, by: Person, shop_id: ShopId, now: datetime, limit: int) -> tuple[TodoItem, ...]:
    """The shop's running to-dos across the bands of time, the greatest expected loss first."""
    by.need(Permission.TODO_READ, shop_id)
    return ranked(house, by, now, shop_ids=[shop_id], limit=limit)


def ranked(
    house: House,
    by: Person,
    now: datetime,
    *,
    shop_ids: Sequence[ShopId] | None = None,
    kinds: Sequence[DeadlineKind] = (),
    assignee: PersonId | None = None,
    limit: int = 50,
) -> tuple[TodoItem, ...]:
    """The running to-dos of several shops as one list across the bands of time, the greatest expected loss first."""
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.TODO_READ, shop_ids)
        # inside a band the stored score orders like the expected loss, so the first of each band are all that can come first
        wanted = Wanted(shop_ids=list(shops), band=0, kinds=[kind.value for kind in kinds], assignee=assignee, after=None, limit=limit)
        rows = [row for band in SHOWN_BANDS for row in today_lists.page(tx, msgspec.structs.replace(wanted, band=int(band)))]
        weights = {shop_id: rulebook_in(tx, house, shop_id).weights for shop_id in shops}
        rows.sort(key=lambda row: by_loss(row, now, weights[ShopId(row.shop_id)]))
        return items(tx, house, by, shops, rows[:limit], now)


def todo_item(house: House, by: Person, shop_id: ShopId, subject: Subject, kind: DeadlineKind, now: datetime) -> TodoItem | None:
    """One to-do as the list shows it, whatever band it stands in; None once it is closed or where there is no such."""
    by.need(Permission.TODO_READ, shop_id)
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.TODO_READ, [shop_id])
        row = deadlines.one(tx, shop_id, subject, kind)
        if row is None or row.band is None:
            return None
        return items(tx, house, by, shops, [row], now)[0]


def _settle_some(house: House, tx: Tx, shop_id: ShopId, now: datetime, wall: datetime | None) -> int:
    may_be_lost(tx)
    rows = deadlines.due_a_look(tx, shop_id, now, AT_ONCE)
    if rows:
        weights = rulebook_in(tx, house, shop_id).weights
        moves = [(row, by_time(row, now, weights)) for row in rows]
        placed = [after for _, after in moves] if wall is None else asked_first(tx, shop_id, moves, now, wall)
        deadline_totals.add(tx, shop_id, deadlines.move(tx, shop_id, placed))
        tell_bands(tx, shop_id, rows, placed, now)
        wakes.wake(tx, shop_id, sorted({row.order_no for row in rows if row.order_no}))
    return len(rows)


def _totals(tx: Tx, shop_ids: Sequence[ShopId], kinds: Sequence[DeadlineKind], assignee: PersonId | None) -> list[BandTotal | HandTotal]:
    totals: Iterable[BandTotal | HandTotal]
    totals = deadline_totals.of_shops(tx, shop_ids) if assignee is None else today_lists.totals_of_person(tx, shop_ids, assignee)
    return [total for total in totals if not kinds or total.kind in kinds]


def _sums(totals: Sequence[BandTotal | HandTotal]) -> tuple[BandSum, ...]:
    """The sums of every band. What nobody can verify is counted, and puts nothing at risk."""
    sums = []
    for band in Band:
        inside = [total for total in totals if total.band == band]
        at_risk = 0 if band is Band.UNVERIFIED else sum(total.at_risk for total in inside)
        sums.append(BandSum(band, sum(total.deadlines for total in inside), Fen(at_risk)))
    return tuple(sums)
