"""The chronicle: an append-only file of everything that was done to the platform from outside, so that its state outlives the process.

The world itself needs no saving: the same seed, scenario and beginning play the same events. What a caller or a person did is written down
with the place in that play at which it came, and done again at the same place after a restart.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from zhanggui.emulator.ledger import Entry
from zhanggui.emulator.scenario import Scenario

if sys.platform != "win32":
    import fcntl

Place = tuple[int, int]


class ChronicleError(ValueError):
    """The file cannot be used: another world's, another emulator's, or not ours at all."""


class Beginning(msgspec.Struct, frozen=True):
    """The first line: the world that was made, and the moment at which it began."""

    scenario: Scenario
    start: int


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was done: where each shop's world stood (its moment, and how many events it had played), what it was, and what the ledger says of it."""

    kind: str
    at: tuple[Place, ...]
    told: msgspec.Raw = msgspec.Raw(b"null")
    entry: Entry | None = None


class Chronicle:
    """One file, held by one emulator at a time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file: BinaryIO = path.open("a+b", buffering=0)
        self._hold()

    def begin(self, beginning: Beginning) -> None:
        """Write the first line."""
        self._write(beginning)

    def beginning(self) -> Beginning | None:
        """The first line; nothing yet in a new file."""
        return self.read()[0]

    def append(self, line: Line) -> None:
        """Write one line: handed to the system before the caller hears an answer, so that a kill loses nothing that was answered."""
        self._write(line)

    def read(self) -> tuple[Beginning | None, Iterator[Line]]:
        """What the file holds; nothing yet in a new one. A last line that was cut off, as by a lost disk, is dropped."""
        self._file.seek(0)
        *whole, cut = self._file.read().split(b"\n")
        beginning = self._beginning(whole[0]) if whole else None
        if cut and beginning is None and not cut.startswith(b'{"scenario"'):
            raise ChronicleError(f"{self.path} is no file of an emulator's deeds")
        if cut:
            os.truncate(self.path, sum(len(line) + 1 for line in whole))
        return beginning, self._lines(whole[1:])

    def _beginning(self, text: bytes) -> Beginning:
        try:
            return msgspec.json.decode(text, type=Beginning)
        except msgspec.DecodeError as failed:
            raise ChronicleError(f"{self.path} is no file of an emulator's deeds: {failed}") from failed

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _lines(self, texts: list[bytes]) -> Iterator[Line]:
        for number, text in enumerate(texts, start=2):
            try:
                yield msgspec.json.decode(text, type=Line)
            except msgspec.DecodeError as failed:
                raise ChronicleError(f"{self.path}, line {number}: {failed}") from failed

    def _write(self, told: Beginning | Line) -> None:
        self._file.write(msgspec.json.encode(told) + b"\n")

    def _hold(self) -> None:
        """Keep a second emulator off the same file; the system lets go of the lock when the process ends, however it ends."""
        if sys.platform != "win32":
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as failed:
                self._file.close()
                raise ChronicleError(f"{self.path} is in use by another emulator") from failed
