"""Reads the files of an import in chunks; refused rows go to the side."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from zhanggui.actions.intake.files import BatchFile, in_order
from zhanggui.actions.refused import Refused
from zhanggui.connectors import files as connector
from zhanggui.connectors.files import Refused as RefusedRow
from zhanggui.connectors.files import Unreadable
from zhanggui.core.facts import Sighting

CHUNK = 5000


class Chunk(msgspec.Struct, frozen=True):
    """Some rows of one file: what was told, what was refused, and how old the file is."""

    file: BatchFile
    as_of: datetime
    sightings: list[Sighting[Any]]
    refused: list[RefusedRow]


def chunks(files: Sequence[BatchFile], folder: Path) -> Iterator[Chunk]:
    """Every row of every file, in chunks. Raises Refused where a file cannot be read after all."""
    for file in in_order(files):
        try:
            rows = connector.read(folder / file.spooled, file.survey, dates_tables=file.as_of_source != "told")
            while some := list(islice(rows, CHUNK)):
                told = [not_of_the_future(row, file.looked_at) for row in some if not isinstance(row, RefusedRow)]
                yield Chunk(file, file.as_of, told, [row for row in some if isinstance(row, RefusedRow)])
        except Unreadable as problem:
            raise Refused(problem.say) from problem


def ahead(some: Iterator[Chunk]) -> Iterator[Chunk]:
    """The same chunks, each read while whoever asks is still busy with the one before: it waits for the database half of the time."""
    with ThreadPoolExecutor(1, "reading") as beside:
        coming = beside.submit(next, some, None)
        while (chunk := coming.result()) is not None:
            coming = beside.submit(next, some, None)
            yield chunk


def not_of_the_future(row: Sighting[Any], looked_at: datetime | None) -> Sighting[Any]:
    """The row; one that claims to speak of a moment to come would otherwise outrank everything that comes until then."""
    return row if row.as_of is None or looked_at is None or row.as_of <= looked_at else msgspec.structs.replace(row, as_of=looked_at)


def profile_of(file: BatchFile, row: RefusedRow) -> str:
    """The profile a refused row was read with, so that it can be read again."""
    if file.asked is not None:
        return file.asked
    return next((table.profile for table in file.survey.tables if table.profile and (table.file, table.sheet) == (row.place.file, row.place.sheet)), "")
