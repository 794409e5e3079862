"""Which parcels stand still and wait to be asked about, by carrier and branch, each group with its message."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.asking_first import BY_PARCEL
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.chasing.gathering import Gathered, Stuck, branch_of, carrier_key, chase_message, gathered
from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.deadlines import Band
from zhanggui.core.decide import verdict
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.parcels import AnomalyKind
from zhanggui.core.verdicts import Act, Draft
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import chases, claims, deadlines
from zhanggui.records.claims import SilentBeside
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.rulebook import scripts
from zhanggui.rulebook.following import Hotline, hotlines

AT_ONCE = 300
"""So many parcels of each kind are gathered; further ones come up once these were asked about."""
BESIDE_SHOWN = 50
BESIDE_LOOKED_AT = timedelta(days=60)
"""Parcels beside an order's own that have stood still for longer are looked for no more."""
_CHASED = frozenset({Act.CHASE_PICKUP, Act.CHASE_CARRIER})
_STANDS_STILL = tuple(kind.value for kind in (AnomalyKind.FIRST_HOP, AnomalyKind.STALLED, AnomalyKind.LATE_DELIVERY))


class ChaseGroup(msgspec.Struct, frozen=True):
    """The parcels for one message, the message, and whom to call if nobody answers."""

    group: Gathered
    message: Draft | None
    hotline: Hotline | None


class ToChase(msgspec.Struct, frozen=True):
    """Everything that waits to be asked about, dearest first; whether there is more than was gathered."""

    groups: tuple[ChaseGroup, ...]
    is_more: bool
    beside: tuple[SilentBeside, ...] = ()
    """Parcels beside an order's own that stand still, longest first. No to-do is theirs, so each is asked about by itself."""

    @property
    def parcels(self) -> int:
        """How many parcels these groups hold."""
        return sum(len(each.group.parcels) for each in self.groups)


class Waiting(msgspec.Struct, frozen=True):
    """A parcel that stands still, with the to-do that says so."""

    stuck: Stuck
    row: StoredDeadline


def to_chase(house: House, by: Person, shop_id: ShopId, now: datetime) -> ToChase:
    """What waits to be asked about in this shop."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        found = chases.overdue(tx, shop_id, sorted(BY_PARCEL), int(Band.OVERDUE), AT_ONCE)
        waiting = waiting_among(tx, house, shop_id, sorted({each.order_no for each in found}), now)
        beside = still_beside(tx, shop_id, now, now, BESIDE_SHOWN)
    groups = gathered(each.stuck for each in waiting)
    is_more = len(found) >= AT_ONCE
    return ToChase(tuple(ChaseGroup(group, chase_message(group, now, scripts()), hotline_of(group.carrier)) for group in groups), is_more, tuple(beside))


def still_beside(tx: Tx, shop_id: ShopId, before: datetime, now: datetime, limit: int) -> list[SilentBeside]:
    """The parcels beside their orders' own that stand still and of which nothing was heard since before a moment, longest first; those claimed for left out."""
    return claims.silent_beside(tx, shop_id, before, _STANDS_STILL, now - BESIDE_LOOKED_AT, now, limit)


def waiting_among(tx: Tx, house: House, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> list[Waiting]:
    """Those of these orders whose parcel stands still by the facts of now, and whose next step is to ask the carrier."""
    if not order_nos:
        return []
    known = orders_known(tx, shop_id, list(order_nos))
    rulebook = rulebook_in(tx, house, shop_id)
    best: dict[str, StoredDeadline] = {}
    for row in deadlines.of_orders(tx, shop_id, list(known)):
        if row.kind not in BY_PARCEL or row.band != Band.OVERDUE or row.order_no not in known:
            continue
        judged = verdict(row.deadline(), order=known[row.order_no], case=None, messages=(), review=None, now=now, rulebook=rulebook, scripts=scripts())
        before = best.get(row.order_no)
        if judged.act in _CHASED and (before is None or (row.at_risk, row.kind) > (before.at_risk, before.kind)):
            best[row.order_no] = row
    return [Waiting(stuck, row) for no, row in best.items() if (stuck := _stuck(known[no], row)) is not None]


def hotline_of(carrier: str | None) -> Hotline | None:
    """The hotline of a carrier, by whichever of its names."""
    return hotlines().by_code.get(carrier_key(carrier))


def _stuck(known: OrderKnowledge, row: StoredDeadline) -> Stuck | None:
    order = known.order
    if not order.tracking_no:
        return None
    scans = scans_of_parcel(known)
    return Stuck(
        order_no=order.order_no,
        tracking_no=order.tracking_no,
        carrier=order.carrier,
        branch=branch_of(scans),
        kind=row.deadline().kind,
        stage=scans[-1].stage if scans else None,
        last_at=scans[-1].at if scans else None,
        due_at=row.due_at,
        at_risk=Fen(row.at_risk),
    )
