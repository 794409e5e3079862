"""`zhanggui aspects`: what reviews judge; read from stdin, answered line by line, nothing stored."""

import sys

import click
import msgspec

from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.intents import lines_of
from zhanggui.core.aspects.kinds import Aspect
from zhanggui.core.aspects.reading import aspects_of


class AspectRead(msgspec.Struct, frozen=True):
    """One thing a review judges."""

    name: str
    polarity: str
    mark: str
    """Both in a few characters."""
    certainty: float
    words: tuple[str, ...]
    """The characters of the review that decided."""
    spans: tuple[tuple[int, int], ...]
    """Where they stand in it: from, and up to without."""


class ReviewRead(msgspec.Struct, frozen=True):
    """What one review judges; nothing where it judges nothing."""

    aspects: tuple[AspectRead, ...]


@click.command("aspects")
@with_desk
def aspects(desk: Desk) -> int:
    """Read reviews from stdin, one a line, and say what each judges, which way and by which words."""
    for _, line in lines_of(sys.stdin.buffer):
        text = line.decode("utf-8", "replace")
        read = aspects_of(text)
        desk.document(ReviewRead(tuple(map(_shape, read))))
        _show(desk, text, read)
    return DONE


def _shape(one: Aspect) -> AspectRead:
    spans = tuple((span.start, span.end) for span in one.words)
    return AspectRead(one.name.value, one.polarity.value, one.mark, one.certainty, tuple(span.text for span in one.words), spans)


def _show(desk: Desk, text: str, read: tuple[Aspect, ...]) -> None:
    desk.lines([text])
    for one in read:
        told = " … ".join(span.text for span in one.words)
        desk.lines([f"  {one.certainty:.2f} {desk.catalog.word(f'aspect.{one.name}')}: {desk.catalog.word(f'polarity.{one.polarity}')}  {told}"])
    if not read:
        desk.line("  Nothing is judged.")
