"""The preview: reads everything and judges it exactly as the import would, and stores none of it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.intake.doubting import Doubting
from zhanggui.actions.intake.files import BatchFile, dated, digest_of, look_into, private_spool, recognised, spool_of, spooled, unspool
from zhanggui.actions.intake.folding import Change, fold_chunk
from zhanggui.actions.intake.reading import Chunk, chunks
from zhanggui.actions.intake.tally import Tally
from zhanggui.actions.refused import Refused
from zhanggui.actions.views import Refusal
from zhanggui.core.say import say
from zhanggui.people.permissions import Person, ShopId
from zhanggui.records import batches
from zhanggui.records.db import Tx
from zhanggui.records.facts import TABLES


def new_batch(house: House, by: Person, shop_id: ShopId, paths: Sequence[Path], now: datetime, profile: str | None, as_of: datetime | None) -> int:
    """The number of a new import in state `previewed`. Raises Refused, leaving nothing behind, for files that cannot be read."""
    if not paths:
        raise Refused(say("No file was given."))
    if as_of is not None and as_of > now:
        # Taken, it would make everything exported until then look older, and nothing newer would ever be believed.
        raise Refused(say("The data cannot speak of a moment that is still to come."))
    with house.pool.connection() as tx:
        batch_id = batches.insert(tx, shop_id, profile or "", by.person_id, now, state="looking")
    try:
        _look(house, by, shop_id, batch_id, paths, now, profile, as_of)
    except BaseException:
        unspool(house.home, shop_id, batch_id)
        with house.pool.connection() as tx:
            batches.forget(tx, shop_id, batch_id)
        raise
    return batch_id


def _look(house: House, by: Person, shop_id: ShopId, batch_id: int, paths: Sequence[Path], now: datetime, profile: str | None, as_of: datetime | None) -> None:
    private_spool(house.home)
    folder = spool_of(house.home, shop_id, batch_id)
    files = dated(_files(paths, folder, profile, as_of, now))
    _refuse_the_unreadable(files)
    with house.pool.connection() as tx:
        known = batches.known_files(tx, shop_id, [bytes.fromhex(file.digest) for file in files])
        files = [msgspec.structs.replace(file, repeated=bytes.fromhex(file.digest) in known) for file in files]
        doubting = Doubting()
        tally = judged(tx, shop_id, batch_id, files, folder, doubting)
        outcome = msgspec.structs.replace(tally.outcome(), doubts=doubting.doubts(tx, by, shop_id))
        # a file that is known and left aside tells nothing, of no moment
        newest = max([file for file in files if file.rows] or files, key=lambda file: file.as_of)
        batches.describe(
            tx,
            shop_id,
            batch_id,
            profile=recognised(files),
            files=msgspec.json.encode(files),
            as_of=newest.as_of,
            as_of_source=newest.as_of_source,
            of_rows=sum(file.rows for file in files),
            outcome=msgspec.json.encode(outcome),
        )
        batches.move(tx, shop_id, batch_id, "looking", "previewed")


def judged(tx: Tx, shop_id: int, batch_id: int, files: Sequence[BatchFile], folder: Path, doubting: Doubting) -> Tally:
    """What importing the files would bring, held against what is known now."""
    tally = Tally()
    for chunk in chunks(files, folder):
        doubting.hear(chunk, judge(tx, shop_id, batch_id, chunk, tally))
        for row in chunk.refused:
            tally.refuse(row.kind, Refusal(row.place, row.reason))
    return tally


def judge(tx: Tx, shop_id: int, batch_id: int, chunk: Chunk, tally: Tally) -> list[Change[Any]]:
    """What a chunk would bring, counted."""
    brought: list[Change[Any]] = []
    for kind, table in TABLES.items():
        told = [sighting for sighting in chunk.sightings if type(sighting.facts) is table.facts]
        if told:
            changes = fold_chunk(tx, table, shop_id, batch_id, told, chunk.as_of, {})
            tally.take(kind, changes, stored=not chunk.file.repeated)
            brought += changes
    return brought


def _files(paths: Sequence[Path], folder: Path, profile: str | None, as_of: datetime | None, now: datetime) -> list[BatchFile]:
    """The files, each once: the same bytes given twice count once."""
    files: dict[bytes, BatchFile] = {}
    for name, path in spooled(paths, folder):
        digest = digest_of(path)
        if digest not in files:
            files[digest] = look_into(name, path, folder, profile, as_of, now)
    return list(files.values())


def _refuse_the_unreadable(files: Sequence[BatchFile]) -> None:
    """Refuses when there is nothing to take, with the reason of the first table that should have been read."""
    tables = [table for file in files for table in file.survey.tables]
    if any(table.kind is not None and not table.refused for table in tables):
        return
    broken = next((table for table in tables if table.refused and table.note is not None), None)
    if broken is not None and broken.note is not None:
        raise Refused(broken.note)
