"""A batch as it stands: its orders with their parcels, their numbers, every number checked, and the labels that wait to be printed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.access import ShopInfo, shops_with
from zhanggui.actions.house import House
from zhanggui.actions.papers.composing import PartLabel
from zhanggui.actions.shipping_slips import SlipRow, check_slips
from zhanggui.connectors.files.slips import Slip
from zhanggui.core.batches import Step
from zhanggui.core.facts import OrderFacts, Place
from zhanggui.core.numbers import Verdict, as_number
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, connections, dispatches, ship_batches, ship_parts, shipdesk
from zhanggui.records.ship_batches import Batch, BatchRow
from zhanggui.records.ship_parts import PartRow
from zhanggui.records.shipdesk import ShipRow

SPLITTABLE = frozenset({Step.BATCH.value, Step.PACK.value})
"""Steps at which an order may be parted into several parcels: before it is packed."""


class Further(msgspec.Struct, frozen=True):
    """A further parcel of an order of the batch, and whether its number may be used."""

    row: PartRow
    check: SlipRow | None


class BatchLine(msgspec.Struct, frozen=True, kw_only=True):
    """An order of a batch: where it stands, its parcel, its number and whether that may be uploaded."""

    batch_row: BatchRow
    row: ShipRow | None
    """None where it has left the desk."""
    order: OrderFacts | None
    check: SlipRow | None
    further: tuple[Further, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether it still has to be printed."""
        return self.row is not None and self.row.step == Step.BATCH.value and self.row.kept is None

    @property
    def may_split(self) -> bool:
        """Whether another parcel may be made of it: before it is packed."""
        return self.row is not None and self.row.step in SPLITTABLE and self.row.kept is None

    @property
    def waiting(self) -> tuple[PartRow, ...]:
        """Its further parcels that have no label yet."""
        return tuple(each.row for each in self.further if each.row.printed_at is None) if self.may_split else ()

    @property
    def labels(self) -> tuple[PartLabel, ...]:
        """The labels of it that wait to be printed and have a number. One of its own parcel alone where it goes in one."""
        of = len(self.further) + 1
        own = self.batch_row.tracking_no if self.waits else None
        first = (PartLabel(1, of, self.batch_row.carrier or "", own),) if own else ()
        return first + tuple(PartLabel(row.part, of, row.carrier or self.batch_row.carrier or "", row.tracking_no) for row in self.waiting if row.tracking_no)


class BatchView(msgspec.Struct, frozen=True, kw_only=True):
    """A batch with its orders, parcel by parcel."""

    shop: ShopInfo
    batch: Batch
    made_by: str | None
    lines: tuple[BatchLine, ...]
    is_connected: bool

    @property
    def waiting(self) -> tuple[BatchLine, ...]:
        """What still has to be printed."""
        return tuple(line for line in self.lines if line.waits)

    @property
    def is_advised(self) -> bool:
        """Whether its parcels go with the carriers that were advised, each with its own."""
        return any(line.batch_row.because for line in self.lines)

    @property
    def parcels(self) -> int:
        """How many parcels it makes."""
        return len({line.batch_row.parcel for line in self.lines}) + sum(len(line.further) for line in self.lines)

    @property
    def ready(self) -> tuple[BatchLine, ...]:
        """The orders of which some label can be printed."""
        return tuple(line for line in self.lines if line.labels)

    @property
    def unnumbered(self) -> int:
        """How many parcels that wait have no number yet."""
        own = {line.batch_row.parcel for line in self.waiting if line.batch_row.tracking_no is None}
        return len(own) + sum(1 for line in self.lines for row in line.waiting if row.tracking_no is None)


def batch_view(house: House, by: Person, shop_id: ShopId, batch_no: int, now: datetime) -> BatchView | None:
    """The batch as it stands, every number checked; None where there is no such."""
    with house.pool.connection() as tx:
        shop = shops_with(tx, by, Permission.SHIPPING_WRITE, [shop_id])[shop_id]
        batch = ship_batches.one(tx, shop_id, batch_no)
        if batch is None:
            return None
        listed = ship_batches.rows(tx, shop_id, batch_no)
        nos = [row.order_no for row in listed]
        rows = shipdesk.of_orders(tx, shop_id, nos)
        parts = ship_parts.of_orders(tx, shop_id, nos)
        orders = around.orders(tx, shop_id, nos)
        names = dispatches.names(tx, [batch.made_by])
        is_connected = bool(connections.connected(tx, [shop_id]))
    slips = [Slip(row.order_no, row.carrier or batch.carrier, row.tracking_no, Place("", None, None)) for row in listed if row.tracking_no]
    checks = {row.slip.order_no: row for row in check_slips(house, by, shop_id, slips, now).rows} if slips else {}
    further = _further(house, by, shop_id, parts, rows, slips, now)
    lines = tuple(
        BatchLine(
            batch_row=row,
            row=rows.get(row.order_no),
            order=orders[row.order_no].facts if row.order_no in orders else None,
            check=checks.get(row.order_no),
            further=further.get(row.order_no, ()),
        )
        for row in listed
    )
    return BatchView(shop=shop, batch=batch, made_by=names.get(batch.made_by or 0), lines=lines, is_connected=is_connected)


def _further(
    house: House, by: Person, shop_id: ShopId, parts: Mapping[str, Sequence[PartRow]], rows: Mapping[str, ShipRow], slips: Sequence[Slip], now: datetime
) -> dict[str, tuple[Further, ...]]:
    """The further parcels of each order, each number held against all others: those of the batch and of its own order too."""
    wanted = [row for listed in parts.values() for row in listed if row.part > 1]
    if not wanted:
        return {}
    taken = Counter(as_number(slip.tracking_no) for slip in {slip.tracking_no: slip for slip in slips}.values())
    taken += Counter(as_number(row.tracking_no) for row in wanted if row.tracking_no)
    checks: dict[tuple[str, int], SlipRow] = {}
    for part in sorted({row.part for row in wanted}):  # an order is asked about with one number at a time
        of_part = [row for row in wanted if row.part == part and row.tracking_no and row.printed_at is None and row.order_no in rows]
        asked = [Slip(row.order_no, row.carrier, row.tracking_no or "", Place("", None, None)) for row in of_part]
        told = {row.slip.order_no: row for row in check_slips(house, by, shop_id, asked, now).rows} if asked else {}
        checks |= {(no, part): _twice(row, taken[as_number(row.slip.tracking_no)]) for no, row in told.items()}
    found: dict[str, list[Further]] = {}
    for row in wanted:
        found.setdefault(row.order_no, []).append(Further(row, checks.get((row.order_no, row.part))))
    return {no: tuple(listed) for no, listed in found.items()}


def _twice(row: SlipRow, times: int) -> SlipRow:
    if times < 2:
        return row
    why = say("The number is written down for {parcels} parcels of this batch.", parcels=times)
    return msgspec.structs.replace(row, verdict=Verdict.BLOCK, reasons=(why, *row.reasons))
