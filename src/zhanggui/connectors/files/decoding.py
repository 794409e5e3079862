"""Which encoding a text is in, told from the text itself, and whether all of it is sound. A text that is sound in no encoding is refused whole."""

import codecs
import io
import re
from collections.abc import Iterator
from typing import IO

from zhanggui.connectors.files.containers import Member
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.core.say import say

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HEAD = 256 * 1024
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CHINESE = re.compile(rb"[\xe4-\xe9][\x80-\xbf]{2}")


def encoding_of(member: Member) -> str:
    """The encoding in which the whole text is sound. Raises Unreadable naming the first line that is not."""
    with member.open() as stream:
        head = stream.read(_HEAD)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return _sound(member, encoding)
    if len(_CONTROLS.findall(head[:4000])) > 40:
        raise Unreadable(say("{file} is neither a table nor text. Drop in the CSV, XLSX or ZIP that the back office exports.", file=member.name))
    if _looks_like_utf8(head):
        return _sound(member, "utf-8")
    _refuse_mixture(member)
    return _sound(member, "gb18030")


def _refuse_mixture(member: Member) -> None:
    """Raises Unreadable where lines of a GB18030 text are UTF-8: they would decode without complaint, into gibberish."""
    with member.open() as stream:
        for number, line in enumerate(_lines(stream), start=1):
            if not line.isascii() and len(_CHINESE.findall(line)) >= 4 and _decodes(line, "utf-8"):
                raise _mixed(member.name, number)


def _mixed(file: str, line: int) -> Unreadable:
    reason = say("{file} is written in GB18030, but line {line} in UTF-8: two files were joined. Nothing was read; export it again.", file=file, line=line)
    return Unreadable(reason)


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream of bytes, none longer than a megabyte."""
    while line := stream.readline(1024 * 1024):
        yield line


def _looks_like_utf8(head: bytes) -> bool:
    """Whether most lines that are not plain ASCII are sound UTF-8. One damaged line must not turn a whole file into gibberish."""
    whole = head.split(b"\n") if len(head) < _HEAD else head.split(b"\n")[:-1]  # the last line of a cut head may end inside a character
    lines = [line for line in whole[:400] if not line.isascii()][:200]
    sound = sum(1 for line in lines if _decodes(line, "utf-8"))
    return sound * 2 > len(lines) or not lines


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _sound(member: Member, encoding: str) -> str:
    line = 1
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with member.open() as stream:
        while piece := stream.read(1024 * 1024):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as problem:
                line += piece[: problem.start].count(b"\n")
                raise _unsound(member.name, line, encoding) from None
            line += piece.count(b"\n")
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise _unsound(member.name, line, encoding) from None
    return encoding


def _unsound(file: str, line: int, encoding: str) -> Unreadable:
    shown = "GB18030" if encoding == "gb18030" else encoding.upper().removesuffix("-SIG")
    return Unreadable(
        say(
            "{file} is damaged in line {line}: what stands there is no {encoding}, in which the rest is written. Nothing of it was read; export it again.",
            file=file,
            line=line,
            encoding=shown,
        )
    )


def lines_of(member: Member, encoding: str) -> Iterator[str]:
    """The lines of the text with their ends, as the csv module wants them."""
    with member.open() as stream, io.TextIOWrapper(stream, encoding=encoding, errors="strict", newline="") as text:
        yield from text
