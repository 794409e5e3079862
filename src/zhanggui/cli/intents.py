"""`zhanggui intents`: what buyers want by their messages; read from stdin, answered line by line, nothing stored."""

import codecs
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import msgspec

from zhanggui.actions.refused import Refused
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.core.intents.kinds import Said, Wanted
from zhanggui.core.say import say
from zhanggui.estimates.intents import intents_of
from zhanggui.estimates.intents_examples import Examples, NoExample, own_examples

_LONGEST_LINE = 100_000
_MOST_EXAMPLES = 5_000_000


class MessageGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message as it comes in, and what was said before it, the oldest first; a bare string there is the buyer's."""

    text: str
    before: tuple[Said | str, ...] = ()


class WantRead(msgspec.Struct, frozen=True):
    """One want of a message."""

    intent: str
    confidence: float
    sure: bool
    by: str
    words: tuple[str, ...]
    """The characters of the message that decided."""
    spans: tuple[tuple[int, int], ...]
    """Where they stand in it: from, and up to without."""


class MessageRead(msgspec.Struct, frozen=True):
    """What is wanted by one message."""

    sure: bool
    """Whether the first want is sure enough to act on."""
    intents: tuple[WantRead, ...]


class LineRefused(msgspec.Struct, frozen=True):
    """A line that could not be read, by its number, and why."""

    line: int
    refused: tuple[str, ...]


@click.command("intents")
@click.option(
    "--examples",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Hear the examples of this file first: sections such as [refund], a message a line.",
)
@click.option("--no-vectors", is_flag=True, help="Leave sentence vectors out, also where they are installed.")
@with_desk
def intents(desk: Desk, file: Path | None, no_vectors: bool) -> int:
    """Read a buyer's messages from stdin, one a line, and say what is wanted by each, how surely and by which words."""
    own = None if file is None else _examples(file)
    refused = False
    for number, line in lines_of(sys.stdin.buffer):
        try:
            text, before = _message(line)
        except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as problem:
            refused = True
            _refuse(desk, number, str(problem))
            continue
        read = intents_of(text, before, own=own, vectors=False if no_vectors else None)
        desk.document(_shape(read))
        _show(desk, text, read)
    return REFUSED if refused else DONE


def lines_of(stream: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Every line by its number. An empty one is a message too: each line has its answer."""
    return ((number, line.rstrip(b"\r\n")[:_LONGEST_LINE]) for number, line in enumerate(_unmarked(stream), start=1))


def _unmarked(stream: Iterable[bytes]) -> Iterator[bytes]:
    """The lines without the mark that some systems put at the head of a file."""
    lines = iter(stream)
    first = next(lines, None)
    if first is not None:
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from lines


def _message(line: bytes) -> tuple[str, tuple[Said, ...]]:
    """The message of a line, and what went before: a JSON object that has `text`, or else the line as it is."""
    if not (line.lstrip().startswith(b"{") and b'"text"' in line):
        return line.decode("utf-8", "replace"), ()
    given = msgspec.json.decode(line, type=MessageGiven)
    return given.text, tuple(each if isinstance(each, Said) else Said(each) for each in given.before)


def _examples(file: Path) -> Examples:
    """The examples of a shop's own file. Raises Refused."""
    try:
        with file.open("rb") as stream:
            content = stream.read(_MOST_EXAMPLES + 1)
        if len(content) > _MOST_EXAMPLES:
            raise Refused(say("{file} is too large for a file of examples: at most 5 MB.", file=str(file)))
        return own_examples(content.decode("utf-8"))
    except NoExample as problem:
        raise Refused(
            say(
                "Line {line} of {file} is no example: {text}. Write the want in brackets, such as [refund], and below it a message a line.",
                line=problem.line,
                file=str(file),
                text=problem.text[:60],
            )
        ) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise Refused(say("{file} cannot be read: {problem}.", file=str(file), problem=str(problem)[:200])) from None


def _refuse(desk: Desk, number: int, problem: str) -> None:
    reason = say(
        "Line {number} is no message: {problem}. Each line is a message, or a JSON object with text and, if known, before.", number=number, problem=problem
    )
    desk.document(LineRefused(number, (desk.said(reason),)))
    click.echo(desk.said(reason), err=True)


def _shape(read: list[Wanted]) -> MessageRead:
    return MessageRead(read[0].sure, tuple(map(_want, read)))


def _want(one: Wanted) -> WantRead:
    spans = tuple((span.start, span.end) for span in one.words)
    return WantRead(one.intent.value, one.confidence, one.sure, one.by.value, tuple(span.text for span in one.words), spans)


def _show(desk: Desk, text: str, read: list[Wanted]) -> None:
    desk.lines([text])
    for one in read:
        told = " … ".join(span.text for span in one.words)
        name = desk.catalog.word(f"intent.{one.intent.value}")
        desk.lines([f"  {one.confidence:.2f}{' ' if one.sure else '?'} {name}  {told}".rstrip()])
    if not read[0].sure:
        desk.line("  Not sure: look at it yourself.")
