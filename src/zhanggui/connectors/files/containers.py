"""Opens whatever was dropped in: a bare file, gzip, zip, and one of these inside another. What it is, is told from its bytes, never from its name."""

import gzip
import io
import lzma
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from zhanggui.connectors.files.masking import storable
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.core.moments import SHANGHAI
from zhanggui.core.say import Say, say

LARGEST = 2 * 1024**3
LARGEST_IN_MEMORY = 400 * 1024**2
MOST_MEMBERS = 500
MOST_BLOWN_UP = 250
"""A table packs to a fifth or a fiftieth. Whatever grows more than this is no table but a trap."""

_OTHER_ARCHIVES = (b"Rar!", b"7z\xbc\xaf")

BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError)


class Member:
    """One file inside whatever was dropped in. `open` may be called as often as needed; `problem` tells why it cannot be."""

    def __init__(self, name: str, opener: Callable[[], IO[bytes]], *, dated: datetime | None = None, problem: Say | None = None) -> None:
        self.name = name
        self.open = opener
        self.dated = dated
        self.problem = problem


def members(path: Path) -> Iterator[Member]:
    """Every file in there, in the order of the archive. Raises Unreadable where the outermost one is broken, locked or a trap."""
    try:
        size = path.stat().st_size
        yield from _inside(storable(path.name), lambda: path.open("rb"), size, depth=0, dated=None)
    except FileNotFoundError:
        raise Unreadable(say("There is no file {file}.", file=storable(path.name))) from None
    except BROKEN as problem:
        raise Unreadable(broken(storable(path.name), problem)) from problem


def broken(file: str, problem: BaseException) -> Say:
    """The sentence for an archive that does not open."""
    return say("{file} is damaged and was not read ({problem}). Download or export it again.", file=file, problem=str(problem)[:120] or type(problem).__name__)


def _inside(name: str, opener: Callable[[], IO[bytes]], size: int, *, depth: int, dated: datetime | None) -> Iterator[Member]:
    with opener() as stream:
        head = stream.read(8)
    if not head:
        yield Member(name, opener, problem=say("{file} is empty.", file=name))
    elif head[:4] in _OTHER_ARCHIVES:
        foreign = say("{file} is an archive of a kind that is not opened here, RAR or 7z. Unpack it and drop in what is inside.", file=name)
        yield Member(name, opener, problem=foreign)
    elif head[:2] == b"\x1f\x8b":
        yield from _unzipped(name, opener, size, depth, dated)
    elif head[:4] in (b"PK\x03\x04", b"PK\x05\x06") and not _is_workbook(opener):
        yield from _archived(name, opener, depth)
    else:
        yield Member(name, opener, dated=dated)


def _is_workbook(opener: Callable[[], IO[bytes]]) -> bool:
    with opener() as stream, zipfile.ZipFile(stream) as archive:
        names = set(archive.namelist())
    return "[Content_Types].xml" in names or "mimetype" in names


def _unzipped(name: str, opener: Callable[[], IO[bytes]], size: int, depth: int, dated: datetime | None) -> Iterator[Member]:
    if depth > 1:
        yield Member(name, opener, problem=_too_deep(name))
        return

    def streamed() -> IO[bytes]:
        packed = opener()
        return io.BufferedReader(_Bounded(gzip.open(packed), packed, name, size))

    with streamed() as stream:
        is_archive = stream.read(4)[:2] == b"PK"
    inner = name[:-3] if name.lower().endswith(".gz") else name
    yield from _inside(inner, _spooling(streamed) if is_archive else streamed, size * 10, depth=depth + 1, dated=dated)


def _spooling(opener: Callable[[], IO[bytes]]) -> Callable[[], IO[bytes]]:
    """Opens a copy that can be jumped about in, as archives and workbooks need; kept on disk when large."""

    def spooled() -> IO[bytes]:
        with opener() as source:
            return _copied(source)

    return spooled


def _copied(source: IO[bytes]) -> IO[bytes]:
    """All of the stream in a place of its own; the caller closes it."""
    with ExitStack() as stack:
        spool = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=8 * 1024**2))
        while piece := source.read(1024**2):
            spool.write(piece)
        spool.seek(0)
        stack.pop_all()  # it stays open now that nothing has gone wrong
        return spool


class _Bounded(io.RawIOBase):
    """A stream that refuses to grow beyond all measure."""

    def __init__(self, stream: gzip.GzipFile, packed_stream: IO[bytes], name: str, packed: int) -> None:
        self._stream = stream
        self._packed_stream = packed_stream
        self._name = name
        self._most = _most(packed)
        self._seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # the base takes any writable buffer; these two occur
        data = self._stream.read(len(buffer))
        self._seen += len(data)
        if self._seen > self._most:
            raise Unreadable(_trap(self._name))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        self._packed_stream.close()
        super().close()


def _archived(name: str, opener: Callable[[], IO[bytes]], depth: int) -> Iterator[Member]:
    if depth > 1:
        yield Member(name, opener, problem=_too_deep(name))
        return
    with opener() as stream, zipfile.ZipFile(stream) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_clutter(entry.filename)]
    opened = [entry for entry in entries if not _is_trap(entry)]
    if len(entries) > MOST_MEMBERS or sum(entry.file_size for entry in opened) > _most(sum(entry.compress_size for entry in opened)):
        raise Unreadable(_trap(name))
    if not entries:
        yield Member(name, opener, problem=say("{file} is an archive with nothing in it.", file=name))
    for entry in entries:
        yield from _entry(name, opener, entry, depth)


def _entry(name: str, opener: Callable[[], IO[bytes]], entry: zipfile.ZipInfo, depth: int) -> Iterator[Member]:
    shown = f"{name}/{storable(_readable_name(entry))}"
    unpacked = _entry_opener(opener, entry)
    if entry.flag_bits & 1:
        locked = say("{file} is locked with a password. Unpack it with the password yourself, then drop in the files that were inside.", file=shown)
        yield Member(shown, unpacked, problem=locked)
    elif _is_trap(entry):
        yield Member(shown, unpacked, problem=_trap(shown))
    else:
        try:
            yield from _inside(shown, unpacked, entry.file_size, depth=depth + 1, dated=_dated(entry))
        except BROKEN as problem:
            yield Member(shown, unpacked, problem=broken(shown, problem))


def _entry_opener(opener: Callable[[], IO[bytes]], entry: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    """Opens one entry afresh, as a copy: archives are read by jumping about, and entries may be archives."""

    def entry_stream() -> IO[bytes]:
        with opener() as stream, zipfile.ZipFile(stream) as archive, archive.open(entry) as source:
            return _copied(source)

    return entry_stream


def _readable_name(entry: zipfile.ZipInfo) -> str:
    """The name as its maker wrote it: archives made on Chinese Windows hold GBK bytes without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _is_clutter(name: str) -> bool:
    return name.startswith("__MACOSX/") or re.search(r"(^|/)(\.DS_Store|Thumbs\.db|desktop\.ini)$", name) is not None


def _dated(entry: zipfile.ZipInfo) -> datetime | None:
    """When the entry was written, read as a Shanghai wall clock; archives carry no zone. The format's zero hour means nothing."""
    if entry.date_time[0] <= 1980:
        return None
    try:
        return datetime(*entry.date_time, tzinfo=SHANGHAI).astimezone(UTC)
    except ValueError:
        return None


def _is_trap(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > 1024**2 and entry.file_size > MOST_BLOWN_UP * max(entry.compress_size, 1)


def _most(packed: int) -> int:
    """The most that so many packed bytes may grow to."""
    return min(LARGEST, max(packed * MOST_BLOWN_UP, 16 * 1024**2))


def _too_deep(name: str) -> Say:
    return say("{file} lies inside an archive inside an archive. Unpack the outer one and drop in what is inside.", file=name)


def _trap(name: str) -> Say:
    return say("{file} would grow beyond all measure when unpacked, as no export does. It was not opened; export it again.", file=name)
