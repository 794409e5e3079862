"""Whether an export is whole: every file there, every line readable, every digest as it was written; else which file and line is not."""

import hashlib
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from zhanggui.actions.exporting.packing import CHUNK, Box, FolderBox, ZipBox
from zhanggui.actions.exporting.shapes import FORMAT, MANIFEST, MARK_EVERY, VERSION, Manifest, OtherFile, TableFile, digest_of
from zhanggui.actions.exporting.unsealing import holds_sealed
from zhanggui.actions.refused import Refused
from zhanggui.core.say import Say, say

LARGEST_MANIFEST = 256 << 20
"""A million pieces of evidence and ten million rows are told in less."""
LONGEST_LINE = 64 << 20
LARGEST_CONTENT = 64 << 20
"""What an export tells of its sizes is believed only so far: whatever is read at once is held in memory."""
_UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError)
"""What reading raises; RuntimeError where a member of a zip is encrypted, or packed in a way that is not known."""
_LINE = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Damaged(Refused):
    """The export is not what was written."""


@contextmanager
def opened_box(source: Path) -> Iterator[Box]:
    """The export in this folder or zip. Raises Refused where there is none."""
    if source.is_dir():
        yield FolderBox(source)
        return
    try:
        with zipfile.ZipFile(source) as archive:
            yield ZipBox(archive)
    except (zipfile.BadZipFile, OSError) as problem:
        raise Refused(say("There is no export at {source}: {problem}.", source=str(source), problem=str(problem)[:200])) from None


def checked(box: Box) -> Manifest:
    """What the export says of itself, after looking at every byte of it. Raises Damaged, naming the file and where it can be told the line."""
    manifest = manifest_of(box)
    for table in manifest.tables:
        _check_table(box, table, is_open=manifest.is_open)
    for file in manifest.files:
        _check_file(box, file)
    return manifest


def blocks_of(box: Box, file: TableFile | OtherFile) -> Iterator[bytes]:
    """The bytes of a file that was checked, piece by piece and no more than it had; Damaged at its end where it has changed since."""
    digest, left = hashlib.sha256(), file.bytes
    with _opened(box, file.path) as stream:
        while block := stream.read(min(CHUNK, left + 1)):
            left -= len(block)
            if left < 0:
                break
            digest.update(block)
            yield block
    if left < 0 or digest.hexdigest() != file.sha256:
        raise Damaged(_not_as_written(file.path))


def lines_of(box: Box, file: TableFile) -> Iterator[bytes]:
    """The lines of a table that was checked, one by one."""
    digest = hashlib.sha256()
    with _opened(box, file.path) as stream:
        while line := stream.readline(LONGEST_LINE + 1):
            digest.update(line)
            yield line
    if digest.hexdigest() != file.sha256:
        raise Damaged(_not_as_written(file.path))


def whole_of(box: Box, path: str, size: int) -> bytes:
    """The bytes of a small file. Raises Damaged where there are more than it had, or more than such a file ever has."""
    if not 0 <= size <= LARGEST_CONTENT:
        raise Damaged(say("The file {file} is larger than such a file ever is: more than {most} MB.", file=path, most=LARGEST_CONTENT >> 20))
    with _opened(box, path) as stream:
        content = stream.read(size + 1)
    if len(content) != size:
        raise Damaged(_not_as_written(path))
    return content


def manifest_of(box: Box) -> Manifest:
    """What the export says of itself, before anything else of it was looked at. Raises Refused, Damaged."""
    try:
        with closing(box.open(MANIFEST)) as stream:
            text = stream.read(LARGEST_MANIFEST + 1)
        if len(text) > LARGEST_MANIFEST:
            raise Damaged(say("The file {file} is larger than such a file ever is: more than {most} MB.", file=MANIFEST, most=LARGEST_MANIFEST >> 20))
        manifest = msgspec.json.decode(text, type=Manifest)
    except FileNotFoundError:
        raise Refused(say("There is no export here: the file {file} is missing.", file=MANIFEST)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, *_UNREADABLE) as problem:
        raise Damaged(say("The file {file} cannot be read: {problem}.", file=MANIFEST, problem=str(problem)[:200])) from None
    if manifest.format != FORMAT or manifest.version != VERSION:
        raise Refused(say("This export is of another version ({version}) than this program reads. Use the program that made it.", version=manifest.version))
    if manifest.digest != digest_of(manifest):
        raise Damaged(_not_as_written(MANIFEST))
    return manifest


def _check_table(box: Box, table: TableFile, *, is_open: bool) -> None:
    digest, crc, rows, size = hashlib.sha256(), 0, 0, 0
    columns = set(table.columns)
    with _opened(box, table.path) as stream:
        while line := stream.readline(min(table.bytes - size, LONGEST_LINE) + 1):
            rows, size = rows + 1, size + len(line)
            if size > table.bytes or not _is_row(line, columns):
                raise Damaged(say("The file {file} is damaged in line {line}: it is not what was written.", file=table.path, line=rows))
            if is_open and holds_sealed(line):
                raise Damaged(_left_sealed(table.path, rows))
            digest.update(line)
            crc = zlib.crc32(line, crc)
            if rows % MARK_EVERY == 0:
                _check_mark(table, rows, crc)
                crc = 0
    if rows % MARK_EVERY:
        _check_mark(table, rows, crc)
    if rows != table.rows:
        raise Damaged(say("The file {file} ends after line {line} of {rows}.", file=table.path, line=rows, rows=table.rows))
    if digest.hexdigest() != table.sha256:
        raise Damaged(_not_as_written(table.path))


def _is_row(line: bytes, columns: set[str]) -> bool:
    try:
        return line.endswith(b"\n") and _LINE.decode(line).keys() == columns
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def _check_mark(table: TableFile, rows: int, crc: int) -> None:
    place = (rows - 1) // MARK_EVERY
    if place < len(table.marks) and table.marks[place] == f"{crc:08x}":
        return
    if rows < table.rows and rows % MARK_EVERY:
        raise Damaged(say("The file {file} ends after line {line} of {rows}.", file=table.path, line=rows, rows=table.rows))
    first = place * MARK_EVERY + 1
    raise Damaged(say("The file {file} is damaged between line {first} and line {last}: it is not what was written.", file=table.path, first=first, last=rows))


def _check_file(box: Box, file: OtherFile) -> None:
    if sum(len(block) for block in blocks_of(box, file)) != file.bytes:
        raise Damaged(_not_as_written(file.path))


@contextmanager
def _opened(box: Box, path: str) -> Iterator[BinaryIO]:
    """The file, whose trouble is named with it."""
    try:
        with closing(box.open(path)) as stream:
            yield stream
    except FileNotFoundError:
        raise Damaged(say("The file {file} is missing from the export.", file=path)) from None
    except _UNREADABLE:
        raise Damaged(_not_as_written(path)) from None


def _left_sealed(path: str, line: int) -> Say:
    return say(
        "The file {file} holds in line {line} a text that was left sealed: it opens nowhere but there. Export that house anew, with its old keys at hand.",
        file=path,
        line=line,
    )


def _not_as_written(path: str) -> Say:
    return say("The file {file} is damaged: it is not what was written.", file=path)
