"""Orders are taken into a batch, get their numbers, and are printed: papers in a shop without keys, the platform's waybills in a connected one."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.access import ShopInfo, shops_with
from zhanggui.actions.dispatching import may_print, not_printed, printed
from zhanggui.actions.house import House
from zhanggui.actions.papers.making import Made, Wanted, make_papers
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.desk import MOST, Filter, chosen
from zhanggui.actions.shipdesk.following import follow_orders
from zhanggui.actions.shipping_slips import SlipRow, check_slips
from zhanggui.connectors.files.slips import Slip
from zhanggui.core.batches import Step, parcels_of
from zhanggui.core.dispatch import PrintedPaper, StepOutcome
from zhanggui.core.facts import OrderFacts, Place
from zhanggui.core.numbers import as_number
from zhanggui.core.say import Say, say
from zhanggui.papers.shapes import Paper
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, connections, dispatches, journal, locks, ship_batches, shipdesk
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.shipdesk import BatchMade, TakenFromBatch
from zhanggui.records.ship_batches import Batch, BatchRow
from zhanggui.records.shipdesk import ShipRow

LONGEST_TEXT = 100
"""Characters of a carrier or a number that are written down: longer than any there is, short enough for the index."""


class BatchLine(msgspec.Struct, frozen=True, kw_only=True):
    """An order of a batch: where it stands, its parcel, its number and whether that may be uploaded."""

    batch_row: BatchRow
    row: ShipRow | None
    """None where it has left the desk."""
    order: OrderFacts | None
    check: SlipRow | None

    @property
    def waits(self) -> bool:
        """Whether it still has to be printed."""
        return self.row is not None and self.row.step == Step.BATCH.value and self.row.kept is None


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
    def parcels(self) -> int:
        """How many parcels it makes."""
        return len({line.batch_row.parcel for line in self.lines})


class PrintedBatch(msgspec.Struct, frozen=True, kw_only=True):
    """What came out of the printer, and what did not, with the reason."""

    made: Made | None
    refused: tuple[StepOutcome, ...]


def make_batch(
    house: House,
    by: Person,
    shop_id: ShopId,
    now: datetime,
    *,
    order_nos: Sequence[str] = (),
    wanted: Filter | None = None,
    combine: bool = True,
    carrier: str | None = None,
) -> int:
    """The number of a new batch: of the orders named, else of all that the filter names. Where parcels are combined, what goes to the same doors comes along.

    Raises Refused where none of them can be taken.
    """
    by.need(Permission.SHIPPING_WRITE, shop_id)
    if len(order_nos) > MOST:
        raise Refused(say("At most {most} orders are taken in one go.", most=MOST))
    if len(carrier or "") > LONGEST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=LONGEST_TEXT))

    def work(tx: Tx) -> int:
        named = list(order_nos) or (chosen(tx, shop_id, wanted, now) if wanted is not None else [])
        named += [no for no in (shipdesk.mates(tx, shop_id, named) if combine and named else []) if no not in set(named)]
        rows = _held(tx, shop_id, named)
        taken = [no for no in named if no in rows and rows[no].step in (Step.PRINT, Step.BATCH) and rows[no].kept is None]
        if not taken:
            raise Refused(say("None of these orders waits to be printed any more. Look at the list again."))
        parcels = parcels_of(taken, {no: rows[no].door for no in taken}, combine=combine)
        batch_no = ship_batches.make(tx, shop_id, parcels, carrier=carrier or None, by=by.person_id, now=now)
        journal.write(tx, shop_id, BatchMade(batch_no, len(taken), len(parcels)), at=now, by=by.person_id)
        follow_orders(tx, shop_id, taken)
        return batch_no

    return transact(house.pool, work)


def put_back(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> int:
    """How many orders went back to the list of what is to be printed; what is printed already stays."""
    by.need(Permission.SHIPPING_WRITE, shop_id)

    def work(tx: Tx) -> int:
        rows = _held(tx, shop_id, order_nos)
        taken = [no for no, row in rows.items() if row.step == Step.BATCH]
        batch_nos = {row.batch_no for row in rows.values() if row.step == Step.BATCH and row.batch_no is not None}
        ship_batches.take_out(tx, shop_id, taken)
        for batch_no in sorted(batch_nos):
            out = sum(1 for no in taken if rows[no].batch_no == batch_no)
            journal.write(tx, shop_id, TakenFromBatch(batch_no, out), at=now, by=by.person_id)
        follow_orders(tx, shop_id, taken)
        return len(taken)

    return transact(house.pool, work)


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
        orders = around.orders(tx, shop_id, nos)
        names = dispatches.names(tx, [batch.made_by])
        is_connected = bool(connections.connected(tx, [shop_id]))
    slips = [Slip(row.order_no, row.carrier or batch.carrier, row.tracking_no, Place("", None, None)) for row in listed if row.tracking_no]
    checks = {row.slip.order_no: row for row in check_slips(house, by, shop_id, slips, now).rows} if slips else {}
    lines = tuple(
        BatchLine(
            batch_row=row,
            row=rows.get(row.order_no),
            order=orders[row.order_no].facts if row.order_no in orders else None,
            check=checks.get(row.order_no),
        )
        for row in listed
    )
    return BatchView(shop=shop, batch=batch, made_by=names.get(batch.made_by or 0), lines=lines, is_connected=is_connected)


def write_numbers(house: House, by: Person, shop_id: ShopId, batch_no: int, carrier: str | None, numbers: Mapping[str, str], now: datetime) -> int:
    """Writes down the carrier and each order's number; what is printed already keeps its own. Says how many were written."""
    by.need(Permission.SHIPPING_WRITE, shop_id)
    if max(len(text) for text in (carrier or "", *map(as_number, numbers.values()))) > LONGEST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=LONGEST_TEXT))

    def work(tx: Tx) -> int:
        batch = ship_batches.one(tx, shop_id, batch_no)
        if batch is None:
            raise Refused(say("There is no such batch."))
        listed = {row.order_no: row for row in ship_batches.rows(tx, shop_id, batch_no)}
        rows = _held(tx, shop_id, list(listed))
        named = carrier or batch.carrier
        if named and named != batch.carrier:
            ship_batches.set_carrier(tx, shop_id, batch_no, named)
        told = {no: as_number(text) for no, text in numbers.items() if no in listed and rows.get(no) is not None and rows[no].step == Step.BATCH}
        told |= _shared(listed, told)
        ship_batches.write(tx, shop_id, batch_no, [(no, named, number or None) for no, number in told.items()], by=by.person_id, now=now)
        follow_orders(tx, shop_id, list(told))
        return len(told)

    return transact(house.pool, work)


def write_in_order(house: House, by: Person, shop_id: ShopId, batch_no: int, carrier: str | None, numbers: Sequence[str], now: datetime) -> int:
    """Gives the numbers to the parcels that have none, in the order of the batch. Raises Refused where there are more numbers than parcels."""
    view = batch_view(house, by, shop_id, batch_no, now)
    if view is None:
        raise Refused(say("There is no such batch."))
    firsts: dict[int, str] = {}
    for line in view.waiting:
        if line.batch_row.tracking_no is None:
            firsts.setdefault(line.batch_row.parcel, line.batch_row.order_no)
    if len(numbers) > len(firsts):
        raise Refused(say("{numbers} numbers were given, but only {parcels} parcels have none yet.", numbers=len(numbers), parcels=len(firsts)))
    return write_numbers(house, by, shop_id, batch_no, carrier, dict(zip(firsts.values(), numbers, strict=False)), now)


def print_batch(house: House, by: Person, shop_id: ShopId, batch_no: int, papers: Wanted, now: datetime, wall: datetime) -> PrintedBatch:
    """The labels of all parcels of the batch that have a number and may be printed. From here on each counts as printed: a paper of it is about.

    Raises Refused where not one can be printed.
    """
    by.need(Permission.PAPERS_PRINT, shop_id)
    view = batch_view(house, by, shop_id, batch_no, now)
    if view is None:
        raise Refused(say("There is no such batch."))
    ready = {line.batch_row.order_no: line.batch_row for line in view.waiting if line.batch_row.tracking_no}
    if not ready:
        raise Refused(say("No order of this batch has a number yet. Write the numbers down first."))
    asked = may_print(house, by, shop_id, list(ready), now, wall)
    let = [outcome.order_no for outcome in asked if outcome.done]
    refused = [outcome for outcome in asked if not outcome.done]
    if not let:
        return PrintedBatch(made=None, refused=tuple(refused))
    firsts = {_label_of(ready[no]): no for no in reversed(let)}
    made = _papers(house, by, shop_id, papers, {no: ready[no] for no in firsts.values()}, let, now)
    done = {_label_of(ready[each.order_no]) for each in made.orders}
    refused += [StepOutcome(each.order_no, done=False, why=each.because) for each in made.not_made]
    not_printed(house, by, shop_id, [no for no in let if _label_of(ready[no]) not in done], now)
    outcomes = printed(house, by, shop_id, [_paper(ready[no], view.batch) for no in let if _label_of(ready[no]) in done], now, batch_no=batch_no)
    refused += [outcome for outcome in outcomes if not outcome.done]
    return PrintedBatch(made=made, refused=tuple(refused))


def mark_printed(house: House, by: Person, shop_id: ShopId, batch_no: int, now: datetime, wall: datetime) -> tuple[StepOutcome, ...]:
    """The labels were printed elsewhere, by a printing tool: what may leave counts as printed, and what may not is named with its reason."""
    view = batch_view(house, by, shop_id, batch_no, now)
    if view is None:
        raise Refused(say("There is no such batch."))
    ready = {line.batch_row.order_no: line.batch_row for line in view.waiting if line.batch_row.tracking_no}
    if not ready:
        raise Refused(say("No order of this batch has a number yet. Write the numbers down first."))
    asked = may_print(house, by, shop_id, list(ready), now, wall)
    # a label that lies there lies there: what may not leave goes on the destroy list with it
    outcomes = printed(house, by, shop_id, [_paper(row, view.batch) for row in ready.values()], now, batch_no=batch_no)
    why = {outcome.order_no: outcome.why for outcome in asked if not outcome.done}
    return tuple(msgspec.structs.replace(each, done=each.done and each.order_no not in why, why=each.why or why.get(each.order_no)) for each in outcomes)


def sheets(house: House, by: Person, shop_id: ShopId, batch_no: int, papers: Wanted, now: datetime) -> Made:
    """The pick list or the packing slips of a batch. Raises Refused where nothing can be made."""
    view = batch_view(house, by, shop_id, batch_no, now)
    if view is None:
        raise Refused(say("There is no such batch."))
    if papers.paper is Paper.LABEL:
        raise Refused(say("Labels are printed with their numbers."))
    nos = tuple(line.batch_row.order_no for line in view.lines if line.row is not None and line.row.kept is None and line.row.step in _TO_PICK)
    return make_papers(house, by, shop_id, msgspec.structs.replace(papers, order_nos=nos), now)


_TO_PICK = frozenset({Step.BATCH.value, Step.PACK.value})


def _held(tx: Tx, shop_id: ShopId, order_nos: Sequence[str]) -> dict[str, ShipRow]:
    """The rows of these orders, which stay as they are until the transaction ends."""
    locks.do_not_wait_long(tx)
    locks.share_shop(tx, shop_id)
    dispatches.hold(tx, shop_id, order_nos)
    return shipdesk.of_orders(tx, shop_id, order_nos)


def _shared(listed: Mapping[str, BatchRow], told: Mapping[str, str]) -> dict[str, str]:
    """One parcel has one number: what was told for one of its orders holds for the others that nothing was told of."""
    by_parcel = {listed[no].parcel: number for no, number in told.items()}
    return {no: by_parcel[row.parcel] for no, row in listed.items() if row.parcel in by_parcel and no not in told}


def _papers(house: House, by: Person, shop_id: ShopId, papers: Wanted, firsts: Mapping[str, BatchRow], let: Sequence[str], now: datetime) -> Made:
    """One label a parcel, on the first of its orders. Where nothing comes out, nothing counts as let out to the printer."""
    numbers = {no: (row.carrier or "", row.tracking_no or "") for no, row in firsts.items()}
    told = msgspec.structs.replace(papers.told, numbers=numbers)
    try:
        return make_papers(house, by, shop_id, msgspec.structs.replace(papers, paper=Paper.LABEL, order_nos=tuple(firsts), told=told), now)
    except Refused:
        not_printed(house, by, shop_id, let, now)
        raise


def _label_of(row: BatchRow) -> tuple[int, str | None]:
    """What one label is for: a parcel under a number. An order that came back to its parcel after the others had their number has one of its own."""
    return row.parcel, row.tracking_no


def _paper(row: BatchRow, batch: Batch) -> PrintedPaper:
    return PrintedPaper(row.order_no, row.carrier or batch.carrier, row.tracking_no)


def reasons(refused: Sequence[StepOutcome]) -> tuple[tuple[str, Say], ...]:
    """Order and reason of everything that was not done."""
    return tuple((each.order_no, each.why or say("It could not be done; look at it again.")) for each in refused)
