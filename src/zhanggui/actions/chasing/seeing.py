"""The chases whose answer is awaited, with what to send if there is none."""

from collections import defaultdict
from datetime import UTC, datetime

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.asking_first import BY_PARCEL
from zhanggui.actions.chasing.gathering import hotline_of
from zhanggui.actions.house import House
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.chasing.clock import chase_rule
from zhanggui.core.chasing.gathering import Gathered, Stuck, chase_message
from zhanggui.core.claims.states import LIVE_CLAIMS
from zhanggui.core.deadlines import Band, DeadlineKind
from zhanggui.core.money import Fen
from zhanggui.core.recalls.states import LIVE_RECALLS
from zhanggui.core.rules import Rulebook
from zhanggui.core.verdicts import Draft
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import chases
from zhanggui.records.chases import ChasedParcel, ChaseRecord
from zhanggui.rulebook import scripts
from zhanggui.rulebook.following import Hotline

MOST_COUNTED = 1000
FIRST = datetime(1970, 1, 1, tzinfo=UTC)


class OpenChase(msgspec.Struct, frozen=True):
    """A chase of which something waits: its parcels, when to look again, and the message about those that still stand."""

    chase: ChaseRecord
    parcels: tuple[ChasedParcel, ...]
    check_at: datetime
    again: Draft | None
    hotline: Hotline | None

    @property
    def waiting(self) -> tuple[ChasedParcel, ...]:
        """The parcels that have not moved since."""
        return tuple(parcel for parcel in self.parcels if parcel.moved_at is None)


class Counts(msgspec.Struct, frozen=True):
    """How much is on each list of the page; up to MOST_COUNTED."""

    chase: int
    waiting: int
    recalls: int
    claims: int
    numbers: int


class ChasesPage(msgspec.Struct, frozen=True):
    """A page of open chases, longest asked first."""

    rows: tuple[OpenChase, ...]
    next_cursor: str | None


def counts(house: House, by: Person, shop_id: ShopId) -> Counts:
    """How much is on each list of the shop."""
    by.need(Permission.ORDERS_READ, shop_id)
    live = sorted(state.value for state in LIVE_RECALLS)
    running = sorted(state.value for state in LIVE_CLAIMS)
    with house.pool.connection() as tx:
        return Counts(*chases.counts(tx, shop_id, sorted(BY_PARCEL), int(Band.OVERDUE), live, running, MOST_COUNTED))


def open_chases(house: House, by: Person, shop_id: ShopId, now: datetime, *, cursor: str | None = None, limit: int = 20) -> ChasesPage:
    """The chases whose answer is awaited."""
    by.need(Permission.ORDERS_READ, shop_id)
    after = cursors.read(cursor, tuple[datetime, int]) if cursor else (FIRST, 0)
    with house.pool.connection() as tx:
        found = chases.open_ones(tx, shop_id, after, limit + 1)
        shown = found[:limit]
        parcels = defaultdict(list)
        for parcel in chases.parcels_of(tx, shop_id, [chase.chase_no for chase in shown]):
            parcels[parcel.chase_no].append(parcel)
        rulebook = rulebook_in(tx, house, shop_id)
    rows = tuple(_seen(chase, tuple(parcels[chase.chase_no]), rulebook, now) for chase in shown)
    following = cursors.write((shown[-1].sent_at, shown[-1].chase_no)) if len(found) > limit else None
    return ChasesPage(rows, following)


def _seen(chase: ChaseRecord, parcels: tuple[ChasedParcel, ...], rulebook: Rulebook, now: datetime) -> OpenChase:
    rule = chase_rule(chase.sent_at, rulebook)
    due = chase.sent_at if rule is None or rule.term is None else chase.sent_at + rule.term.length
    standing = tuple(_stuck(chase, parcel) for parcel in parcels if parcel.moved_at is None)
    again = chase_message(Gathered(chase.carrier or None, chase.branch or None, standing), now, scripts()) if standing else None
    return OpenChase(chase, parcels, chase.check_at or due, again, hotline_of(chase.carrier))


def _stuck(chase: ChaseRecord, parcel: ChasedParcel) -> Stuck:
    return Stuck(
        order_no=parcel.order_no,
        tracking_no=parcel.tracking_no,
        carrier=chase.carrier or None,
        branch=chase.branch or None,
        kind=DeadlineKind(parcel.kind),
        stage=None,
        last_at=parcel.last_at,
        due_at=chase.sent_at,
        at_risk=Fen(parcel.at_risk),
    )
