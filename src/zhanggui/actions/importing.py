"""Imports: a preview first, then stored whole or not at all, and undone whole."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from zhanggui.actions.access import shops_with
from zhanggui.actions.house import House
from zhanggui.actions.intake import confirming, previewing
from zhanggui.actions.intake.confirming import Progress
from zhanggui.actions.intake.files import BatchFile, moment_of, spool_of, unspool
from zhanggui.actions.intake.looking import batch_view, doubted_view, place_of, quarantine_row
from zhanggui.actions.intake.mending import store_by_hand
from zhanggui.actions.intake.reading import not_of_the_future
from zhanggui.actions.intake.undoing import take_back
from zhanggui.actions.refused import Refused
from zhanggui.actions.views import BatchView, QuarantineRow, Refusal
from zhanggui.connectors import files as connector
from zhanggui.core.facts import FactKind, Facts, Sighting
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId, operator
from zhanggui.records import batches as records
from zhanggui.records import journal, locks, sightings
from zhanggui.records import quarantine as refused_rows
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import RowDiscarded, RowMended
from zhanggui.records.quarantine import QuarantineRecord
from zhanggui.records.says import packed

TOLD_BY_ONE_OF_THEM = say(
    "Such a line stands there already, and came with these files. If this is the same one, throw the row away. "
    "If it is another, mend it in its file and import that file alone."
)


def preview(
    house: House, by: Person, shop_id: ShopId, paths: Sequence[Path], now: datetime, *, profile: str | None = None, as_of: datetime | None = None
) -> BatchView:
    """What importing these files would do. Nothing is stored but a copy of the files and the batch itself. Raises Refused for what cannot be read at all."""
    by.need(Permission.IMPORTS_WRITE, shop_id)
    return _view(house, by, shop_id, previewing.new_batch(house, by, shop_id, paths, now, profile, as_of))


def confirm(house: House, by: Person, shop_id: ShopId, batch_id: int, now: datetime, *, progress: Progress | None = None) -> BatchView:
    """Stores a previewed batch in one transaction: all of it, or nothing. Raises Refused when it is no longer waiting to be confirmed."""
    by.need(Permission.IMPORTS_WRITE, shop_id)
    confirming.begin(house, shop_id, batch_id, now)
    confirming.store(house, shop_id, batch_id, now, progress)
    return _view(house, by, shop_id, batch_id)


def redate(house: House, by: Person, shop_id: ShopId, batch_id: int, as_of: datetime, now: datetime) -> BatchView:
    """A new preview of the same files, speaking of the moment a person told; the old one is thrown away. Raises Refused once it no longer waits."""
    by.need(Permission.IMPORTS_WRITE, shop_id)
    with house.pool.connection() as tx:
        record = records.one(tx, shop_id, batch_id)
    if record is None or record.state != "previewed":
        raise Refused(say("This import does not wait to be confirmed any more."))
    if as_of > now:
        raise Refused(say("The data cannot speak of a moment that is still to come."))
    copies = msgspec.json.decode(record.files, type=list[BatchFile])
    folder = spool_of(house.home, shop_id, batch_id)
    asked = next((file.asked for file in copies), None)
    view = preview(house, by, shop_id, [folder / file.spooled for file in copies], now, profile=asked, as_of=as_of)
    drop(house, by, shop_id, batch_id, now)
    return view


def drop(house: House, by: Person, shop_id: ShopId, batch_id: int, now: datetime) -> BatchView:
    """Throws a preview away, its copy of the files with it."""
    by.need(Permission.IMPORTS_WRITE, shop_id)
    with house.pool.connection() as tx:
        if not (
            records.move(tx, shop_id, batch_id, "previewed", "dropped", ended_at=now) or records.move(tx, shop_id, batch_id, "failed", "dropped", ended_at=now)
        ):
            raise Refused(say("Only an import that waits to be confirmed can be thrown away; a stored one can be undone."))
    unspool(house.home, shop_id, batch_id)
    return _view(house, by, shop_id, batch_id)


def undo(house: House, by: Person, shop_id: ShopId, batch_id: int, now: datetime) -> BatchView:
    """Takes a stored batch back whole: everything stands as if it had never come. Raises Refused for a batch that is not stored."""
    by.need(Permission.IMPORTS_WRITE, shop_id)
    transact(house.pool, lambda tx: take_back(house, tx, by, shop_id, batch_id, now))
    return _view(house, by, shop_id, batch_id)


def resume_interrupted(house: House, now: datetime) -> list[BatchView]:
    """Stores the batches whose import was cut off (a killed process, a lost server); nothing of them was kept, so they start afresh."""
    return [_view(house, operator(), shop_id, batch_id) for shop_id, batch_id in confirming.resume(house, now)]


def batches(house: House, by: Person, shop_ids: Sequence[ShopId] | None = None, *, limit: int = 50) -> tuple[BatchView, ...]:
    """The newest imports of these shops."""
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.IMPORTS_READ, shop_ids)
        return tuple(batch_view(record, shops[ShopId(record.shop_id)].name) for record in records.newest(tx, list(shops), limit))


def batch(house: House, by: Person, shop_id: ShopId, batch_id: int) -> BatchView | None:
    """One import, with how far it has come; None where there is no such."""
    by.need(Permission.IMPORTS_READ, shop_id)
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.IMPORTS_READ, [shop_id])
        record = records.one(tx, shop_id, batch_id)
        return doubted_view(tx, by, record, shops[shop_id].name) if record is not None and shop_id in shops else None


def quarantine(house: House, by: Person, shop_id: ShopId, batch_id: int, *, after: int = 0, limit: int = 50) -> tuple[QuarantineRow, ...]:
    """The refused rows of a batch that still wait to be mended, in the order of the file."""
    by.need(Permission.IMPORTS_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(quarantine_row(record) for record in refused_rows.waiting(tx, shop_id, batch_id, after, limit))


def mend(house: House, by: Person, shop_id: ShopId, batch_id: int, row_no: int, cells: dict[str, str], now: datetime) -> Refusal | None:
    """Reads a refused row again with other cells and stores it, to be undone with its batch; the reason when it is refused again."""
    by.need(Permission.IMPORTS_WRITE, shop_id)

    def work(tx: Tx) -> Refusal | None:
        locks.hold_shop(tx, shop_id)  # of two who mend equal rows at once the second sees what the first told
        row = _waiting(tx, shop_id, batch_id, row_no)
        told = _read_again(row, cells, _standing(tx, shop_id, row))
        if isinstance(told, connector.Refused):
            refused_rows.rewrite(tx, shop_id, batch_id, row_no, msgspec.json.encode(told.cells).decode(), packed(told.reason) or "", told.place.column)
            return Refusal(told.place, told.reason)
        as_of = _as_of(tx, shop_id, row) or now
        told = [not_of_the_future(one, now) for one in told]
        mended_as = store_by_hand(house, tx, by, shop_id, told, as_of, now, profile=row.profile, part_of=batch_id)
        refused_rows.settle(tx, shop_id, batch_id, row_no, "fixed")
        journal.write(tx, shop_id, RowMended(batch_id, row_no, mended_as), at=now, by=by.person_id, batch_id=batch_id)
        return None

    return transact(house.pool, work)


def discard(house: House, by: Person, shop_id: ShopId, batch_id: int, row_no: int, now: datetime) -> None:
    """Throws a refused row away."""
    by.need(Permission.IMPORTS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        _waiting(tx, shop_id, batch_id, row_no)
        refused_rows.settle(tx, shop_id, batch_id, row_no, "dropped")
        journal.write(tx, shop_id, RowDiscarded(batch_id, row_no), at=now, by=by.person_id, batch_id=batch_id)

    transact(house.pool, work)


def _waiting(tx: Tx, shop_id: ShopId, batch_id: int, row_no: int) -> QuarantineRecord:
    row = refused_rows.lock_one(tx, shop_id, batch_id, row_no)
    if row is None:
        raise NotAllowed(Permission.IMPORTS_WRITE.value)
    if row.state != "waiting":
        raise Refused(say("This row was mended or thrown away already."))
    return row


def _standing(tx: Tx, shop_id: ShopId, row: QuarantineRecord) -> Callable[[str], bool]:
    """Tells what the row's table told already. Raises Refused where several tables came together and one of them told it: nobody knows which."""
    record = records.one(tx, shop_id, row.batch_id)
    files = [] if record is None else msgspec.json.decode(record.files, type=list[BatchFile])
    tables = [table for file in files if not file.repeated for table in file.survey.tables if table.kind == row.kind and not table.refused]
    told_by = (row.batch_id, *records.parts(tx, shop_id, row.batch_id))

    def stands(key: str) -> bool:
        is_there = any(sightings.told_by_batch(tx, shop_id, batch_id, row.kind, [key]) for batch_id in told_by)
        if is_there and len(tables) > 1:
            raise Refused(TOLD_BY_ONE_OF_THEM)
        return is_there

    return stands


def _read_again(row: QuarantineRecord, cells: dict[str, str], stands: Callable[[str], bool]) -> list[Sighting[Facts]] | connector.Refused:
    try:
        return connector.reread(row.profile, FactKind(row.kind), cells, place_of(row), stands=stands)
    except connector.Unreadable as problem:
        reason = say(
            "The profile {name}, by which this row was read, is gone or cannot be used. Mend the row in its file and import the file again with the profile.",
            name=Path(row.profile).name,
        )
        raise Refused(reason) from problem


def _as_of(tx: Tx, shop_id: ShopId, row: QuarantineRecord) -> datetime | None:
    """The moment of which the row's own table spoke; that of its import where the files tell none."""
    record = records.one(tx, shop_id, row.batch_id)
    if record is None:
        return None
    return moment_of(msgspec.json.decode(record.files, type=list[BatchFile]), place_of(row)) or record.as_of


def _view(house: House, by: Person, shop_id: ShopId, batch_id: int) -> BatchView:
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.IMPORTS_READ, [shop_id])
        record = records.one(tx, shop_id, batch_id)
        if record is None or shop_id not in shops:
            raise NotAllowed(Permission.IMPORTS_READ.value)
        return doubted_view(tx, by, record, shops[shop_id].name)
