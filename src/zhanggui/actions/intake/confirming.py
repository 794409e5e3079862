"""Stores a previewed import in one transaction, and starts afresh those that were cut off."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from zhanggui.actions.house import House
from zhanggui.actions.intake.ageing import set_ages
from zhanggui.actions.intake.files import BatchFile, spool_of, unspool
from zhanggui.actions.intake.previewing import judge
from zhanggui.actions.intake.reading import Chunk, ahead, chunks, profile_of
from zhanggui.actions.intake.storing import Storing
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.views import Refusal
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId
from zhanggui.records import batches, journal, locks, quarantine
from zhanggui.records.batches import Unfinished
from zhanggui.records.db import Tx, connect, transact
from zhanggui.records.journal_entries import BatchConfirmed, BatchFailed
from zhanggui.records.says import packed

Progress = Callable[[int, int | None], None]
ABANDONED_AFTER = timedelta(days=1)


def begin(house: House, shop_id: ShopId, batch_id: int, now: datetime) -> None:
    """Claims a previewed import for storing. Raises Refused when it no longer waits."""
    with house.pool.connection() as tx:
        if not batches.move(tx, shop_id, batch_id, "previewed", "running", confirmed_at=now):
            raise Refused(say("This import does not wait to be confirmed any more."))


def store(house: House, shop_id: ShopId, batch_id: int, now: datetime, progress: Progress | None) -> None:
    """Stores a claimed import whole, or notes why it could not be stored. Does nothing when another process has stored it meanwhile."""
    try:
        transact(house.pool, lambda tx: _store(house, tx, shop_id, batch_id, now, progress))
    except psycopg.OperationalError:
        raise  # the server is gone or refuses: the import stays claimed and starts afresh later
    except Exception as problem:
        with house.pool.connection() as tx:
            batches.fail(tx, shop_id, batch_id, packed(_said(problem)), now)
            journal.write(tx, shop_id, BatchFailed(batch_id), at=now, by=None, batch_id=batch_id)
        raise
    unspool(house.home, shop_id, batch_id)


def _said(problem: Exception) -> Say:
    """The problem as a sentence: its own where it was made for a person, else one for whoever looks after the house.

    What an error says may hold a buyer's data; its kind and where it happened say enough.
    """
    if isinstance(problem, Refused):
        return problem.say
    place = traceback.extract_tb(problem.__traceback__)[-1]
    told = f"{type(problem).__name__} ({Path(place.filename).name}:{place.lineno})"
    return say("Nothing was stored, because of a fault of the program: {problem}", problem=told)


def _store(house: House, tx: Tx, shop_id: ShopId, batch_id: int, now: datetime, progress: Progress | None) -> None:
    locks.hold_shop(tx, shop_id)
    record = batches.one(tx, shop_id, batch_id)
    if record is None or record.state != "running":
        return
    files = _known_again(tx, shop_id, msgspec.json.decode(record.files, type=list[BatchFile]))
    storing = Storing(tx, shop_id, batch_id, rulebook_in(tx, house, shop_id), now, record.made_by)
    folder = spool_of(house.home, shop_id, batch_id)
    conninfo = house.pool.conninfo
    assert isinstance(conninfo, str)
    with connect(conninfo, autocommit=True) as beside:
        report = _reporting(beside, shop_id, batch_id, record.of_rows, progress)
        _take_all(tx, storing, files, folder, report)
    _finish(house, tx, shop_id, storing, files, record.made_by, now)


def _take_all(tx: Tx, storing: Storing, files: list[BatchFile], folder: Path, report: Callable[[int], None]) -> None:
    refused_before = 0
    done = 0
    for chunk in ahead(chunks(files, folder)):
        if chunk.file.repeated:
            judge(tx, storing.shop_id, storing.batch_id, chunk, storing.tally)
        else:
            storing.take(chunk.sightings, chunk.as_of)
            quarantine.copy_new(tx, _quarantined(storing, chunk, refused_before))
            refused_before += len(chunk.refused)
        for row in chunk.refused:
            storing.tally.refuse(row.kind, Refusal(row.place, row.reason))
        done += len(chunk.sightings) + len(chunk.refused)
        report(done)


def _quarantined(storing: Storing, chunk: Chunk, before: int) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(chunk.refused, start=before + 1):
        place = row.place
        yield (
            storing.shop_id,
            storing.batch_id,
            number,
            place.file,
            place.sheet,
            place.row,
            place.column,
            profile_of(chunk.file, row),
            packed(row.reason),
            msgspec.json.encode(row.cells).decode(),
            row.kind.value,
            storing.now,
        )


def _finish(house: House, tx: Tx, shop_id: ShopId, storing: Storing, files: list[BatchFile], by: int | None, now: datetime) -> None:
    batches.remember_files(tx, shop_id, storing.batch_id, [bytes.fromhex(file.digest) for file in files if not file.repeated])
    finish(tx, shop_id, storing, files, now)
    tally = storing.tally
    entry = BatchConfirmed(storing.batch_id, tally.total("new"), tally.total("changed"), tally.total("refused"))
    journal.write(tx, shop_id, entry, at=now, by=by, batch_id=storing.batch_id)
    set_ages(tx, shop_id, rulebook_in(tx, house, shop_id), now)


def finish(tx: Tx, shop_id: int, storing: Storing, files: list[BatchFile], now: datetime) -> None:
    """Stores what was added up along the way, and notes that the import is stored and what it brought."""
    outcome = storing.finish()
    batches.finish(
        tx,
        shop_id,
        storing.batch_id,
        files=msgspec.json.encode(files),
        outcome=msgspec.json.encode(outcome),
        shapes=storing.shapes_encoded(),
        as_of=max(outcome.ages.values(), default=None),
        ended_at=now,
    )


def _known_again(tx: Tx, shop_id: int, files: list[BatchFile]) -> list[BatchFile]:
    """The files, those marked as repeated whose very bytes were stored since the preview."""
    known = batches.known_files(tx, shop_id, [bytes.fromhex(file.digest) for file in files])
    return [msgspec.structs.replace(file, repeated=bytes.fromhex(file.digest) in known) for file in files]


def _reporting(beside: Tx, shop_id: int, batch_id: int, of_rows: int | None, progress: Progress | None) -> Callable[[int], None]:
    """Tells how far it has come: on a connection of its own, since the transaction shows nothing before it ends."""

    def report(done: int) -> None:
        batches.progress(beside, shop_id, batch_id, done)
        if progress is not None:
            progress(done, of_rows)

    return report


def resume(house: House, now: datetime) -> list[tuple[ShopId, int]]:
    """Stores every import that is marked as running and that nobody runs (the lock on its shop tells), and forgets previews that were never finished."""
    with house.pool.connection() as tx:
        unfinished = batches.unfinished(tx)
    resumed = []
    for one in unfinished:
        if one.state == "looking":
            _forget(house, one, now)
        elif _may_be_finished_here(house, one, now) and _nobody_runs(house, one):
            with suppress(Exception):  # what went wrong is noted on the import, and must not keep the others waiting
                store(house, ShopId(one.shop_id), one.batch_id, now, None)
            resumed.append((ShopId(one.shop_id), one.batch_id))
    return resumed


def _may_be_finished_here(house: House, one: Unfinished, now: datetime) -> bool:
    """Whether its files are here: those of another machine's home are left to that one, until nobody has come for so long."""
    return spool_of(house.home, one.shop_id, one.batch_id).exists() or one.made_at < now - ABANDONED_AFTER


def _nobody_runs(house: House, one: Unfinished) -> bool:
    with house.pool.connection() as tx:
        return locks.try_shop(tx, one.shop_id)


def _forget(house: House, one: Unfinished, now: datetime) -> None:
    """Forgets a preview that was begun long ago: whoever looked at it has gone."""
    if one.made_at < now - ABANDONED_AFTER:
        with house.pool.connection() as tx:
            batches.forget(tx, one.shop_id, one.batch_id)
        unspool(house.home, one.shop_id, one.batch_id)
