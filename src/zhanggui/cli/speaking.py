"""`zhanggui check-text`: what must not be said to a buyer; read from stdin, a message a line, answered line by line, nothing stored."""

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import click
import msgspec

from zhanggui import clock
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import MOMENT
from zhanggui.core.speech import Bilingual, Finding, check
from zhanggui.rulebook.speech import speech_book

_LONGEST_LINE = 100_000
_SHIP_HOURS = 48
_MOST_HOURS = 8760
"""Nothing that is sold takes longer than a year to leave."""


class FindingShape(msgspec.Struct, frozen=True):
    """One thing that must not be said. `span` counts characters from 0, its end excluded; `safe` is Chinese, for the buyer."""

    rule: str
    span: tuple[int, int]
    safe: str
    words: str
    title: str
    because: str
    clauses: tuple[str, ...]
    safe_gloss: str


class TextChecked(msgspec.Struct, frozen=True):
    """One message checked; without findings it may go out."""

    findings: tuple[FindingShape, ...]


@click.command("check-text")
@click.option("--at", type=MOMENT, metavar="MOMENT", help="Judge by the clauses in force at this moment instead of now.")
@click.option(
    "--ship-within",
    type=click.IntRange(0, _MOST_HOURS),
    default=_SHIP_HOURS,
    metavar="HOURS",
    help="How long the order may still take to leave; 0 for no limit.",
)
@with_desk
def check_text(desk: Desk, at: datetime | None, ship_within: int) -> int:
    """Read messages from stdin, one a line, and say of each what must not be said to a buyer, why, and what to say instead."""
    book, moment = speech_book(), at or clock.now()
    limit = timedelta(hours=ship_within) if ship_within else None
    for message in _lines(sys.stdin.buffer):
        findings = check(message, book, moment, ship_within=limit)
        desk.document(TextChecked(tuple(_shape(desk, finding) for finding in findings)))
        _show(desk, message, findings)
    return DONE


def _lines(stream: Iterable[bytes]) -> Iterator[str]:
    return (line[:_LONGEST_LINE].decode("utf-8", errors="replace").rstrip("\r\n") for line in stream)


def _shape(desk: Desk, finding: Finding) -> FindingShape:
    rule = finding.rule
    return FindingShape(
        rule=rule.id,
        span=(finding.start, finding.end),
        safe=finding.safe,
        words=finding.words,
        title=_in(desk, rule.title),
        because=_in(desk, rule.why),
        clauses=tuple(_in(desk, ground.clause) for ground in finding.grounds),
        safe_gloss=rule.safe.en,
    )


def _show(desk: Desk, message: str, findings: tuple[Finding, ...]) -> None:
    if not findings:
        desk.line("May be said: {message}", message=message)
    for finding in findings:
        desk.lines([f"! {finding.words}  {_in(desk, finding.rule.title)}: {_in(desk, finding.rule.why)}"])
        desk.lines(f"    {_in(desk, ground.clause)}" for ground in finding.grounds)
        desk.line("    Say instead: {sentence}", sentence=finding.safe)


def _in(desk: Desk, told: Bilingual) -> str:
    return told.zh if desk.catalog.language.startswith("zh") else told.en
