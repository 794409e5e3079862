"""Where an export is written to and read from: a folder or a zip, one file at a time, whatever its size."""

import hashlib
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from zhanggui.actions.exporting.shapes import MARK_EVERY, OtherFile, TableFile
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say

_ALWAYS = (1980, 1, 1, 0, 0, 0)
"""The moment of every file in a zip: equal data make equal bytes."""
_LEVEL = 3
_FOR_OWNER_ALONE = 0o600
CHUNK = 1 << 20


class Pack(Protocol):
    """What an export is written into."""

    def open(self, path: str) -> BinaryIO:
        """A new file of this path, to be closed before the next is opened."""


class Box(Protocol):
    """What an export is read from."""

    def open(self, path: str) -> BinaryIO:
        """The file of this path. Raises FileNotFoundError."""


class Counted:
    """A file being written, counted along: its bytes, its digest, and a mark after every thousand lines."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self._crc = 0
        self._marks: list[str] = []
        self.bytes = 0
        self.lines = 0

    def line(self, line: bytes) -> None:
        """Writes one line."""
        self.write(line)
        self.lines += 1
        self._crc = zlib.crc32(line, self._crc)
        if self.lines % MARK_EVERY == 0:
            self._mark()

    def write(self, block: bytes) -> None:
        """Writes a block."""
        self._stream.write(block)
        self._digest.update(block)
        self.bytes += len(block)

    def as_table(self, table: str, path: str, columns: tuple[str, ...]) -> TableFile:
        """What the manifest says of it."""
        if self.lines % MARK_EVERY:
            self._mark()
        return TableFile(table=table, path=path, rows=self.lines, bytes=self.bytes, sha256=self._digest.hexdigest(), columns=columns, marks=tuple(self._marks))

    def as_file(self, path: str) -> OtherFile:
        """What the manifest says of it."""
        return OtherFile(path=path, bytes=self.bytes, sha256=self._digest.hexdigest())

    def _mark(self) -> None:
        self._marks.append(f"{self._crc:08x}")
        self._crc = 0


class FolderPack:
    """A folder that is being filled."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, path: str) -> BinaryIO:
        """A new file, for the owner alone."""
        file = self._folder / path
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FOR_OWNER_ALONE), "wb")


class ZipPack:
    """A zip that is being filled."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def open(self, path: str) -> BinaryIO:
        """A new file in the zip."""
        told = zipfile.ZipInfo(path, date_time=_ALWAYS)
        told.compress_type = zipfile.ZIP_DEFLATED
        told.external_attr = _FOR_OWNER_ALONE << 16
        return self._archive.open(told, "w", force_zip64=True)  # type: ignore[return-value]  # what is written to, is one


class FolderBox:
    """An export in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, path: str) -> BinaryIO:
        """The file of this path; nothing outside the folder, whatever the path says."""
        file = (self._folder / _inside(path)).resolve()
        if not file.is_relative_to(self._folder.resolve()):
            raise FileNotFoundError(path)
        return file.open("rb")


class ZipBox:
    """An export in a zip."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def open(self, path: str) -> BinaryIO:
        """The file of this path in the zip."""
        try:
            return self._archive.open(_inside(path))  # type: ignore[return-value]  # what is read from, is one
        except KeyError:
            raise FileNotFoundError(path) from None


@contextmanager
def packed(to: Path) -> Iterator[Pack]:
    """What is written here stands at `to` once it is whole, and nothing does before; a name that ends in .zip makes a zip.

    Raises Refused where something stands there already.
    """
    is_zip = to.suffix.lower() == ".zip"
    if (is_zip and to.exists()) or (to.exists() and (not to.is_dir() or any(to.iterdir()))):
        raise Refused(say("There is something at {to} already. Name a new folder or zip for the export.", to=str(to)))
    to.parent.mkdir(parents=True, exist_ok=True)
    making = to.with_name(f".{to.name}.making-{os.getpid()}")
    try:
        if is_zip:
            with os.fdopen(os.open(making, os.O_RDWR | os.O_CREAT | os.O_TRUNC, _FOR_OWNER_ALONE), "w+b") as stream:
                with zipfile.ZipFile(stream, "w", compresslevel=_LEVEL) as archive:
                    yield ZipPack(archive)
                stream.flush()
                os.fsync(stream.fileno())
        else:
            making.mkdir(mode=0o700)
            yield FolderPack(making)
            if to.exists():
                to.rmdir()
        making.rename(to)
    finally:
        if making.is_dir():
            shutil.rmtree(making, ignore_errors=True)
        else:
            making.unlink(missing_ok=True)


def _inside(path: str) -> str:
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path:
        raise FileNotFoundError(path)
    return str(parts)
