"""Chunks of an import are read while the one before is still being stored: in their order, and no further than one ahead."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from zhanggui.actions.intake.reading import Chunk, ahead
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_chunks_come_in_their_order() -> None:
    chunks = [_chunk() for _ in range(5)]

    read = list(ahead(iter(chunks)))

    assert [id(chunk) for chunk in read] == [id(chunk) for chunk in chunks]


def test_what_cannot_be_read_is_told_after_what_could() -> None:
    first = _chunk()

    def broken() -> Iterator[Chunk]:
        yield first
        raise Refused(say("The file is cut off."))

    reading = ahead(broken())
    read = next(reading)

    assert read == first
    with pytest.raises(Refused, match="cut off"):
        next(reading)


def test_it_reads_no_further_than_one_ahead() -> None:
    made: list[int] = []

    def counted() -> Iterator[Chunk]:
        for number in range(10):
            made.append(number)
            yield _chunk()

    reading = ahead(counted())
    next(reading)
    reading.close()  # type: ignore[attr-defined]  # a generator

    assert len(made) == 2


def _chunk() -> Chunk:
    nothing: Any = None
    return Chunk(nothing, NOW, [], [])
