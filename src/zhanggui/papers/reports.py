"""The report of a time as PDF on A4: figures, a drawing of the days, bars and tables. Every text comes worded; nothing of a buyer is on it."""

from datetime import datetime
from pathlib import Path

import msgspec

from zhanggui.papers.engine import typeset_pdf
from zhanggui.papers.tidy import breakable, shortened, tidy

LONGEST_CELL = 90
_WHOLE = 1000


class Figure(msgspec.Struct, frozen=True):
    """One of the figures at the head: its name, the figure, and what it is of."""

    label: str
    figure: str
    of: str = ""
    tone: str = ""
    """Whether it is "good" or "bad"; empty where it is neither."""


class Bar(msgspec.Struct, frozen=True):
    """One bar, its length in thousandths of the longest."""

    label: str
    length: int
    shown: str
    tone: str = ""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the report: bars, or a table whose first column is the widest."""

    title: str
    bars: tuple[Bar, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    bad: tuple[tuple[int, int], ...] = ()
    """The cells that say something bad: row and column."""
    note: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole report, worded."""

    language: str
    title: str
    shop: str
    span: str
    figures: tuple[Figure, ...]
    days_title: str
    days: tuple[Bar, ...]
    parts: tuple[tuple[Section, ...], ...]
    """From top to bottom; where a part has two sections, they stand side by side."""
    made: str
    page: str
    """How pages are told, with {page} and {of}."""


def lengths(values: tuple[int, ...]) -> tuple[int, ...]:
    """The values in thousandths of the greatest."""
    most = max((abs(value) for value in values), default=0) or 1
    return tuple(abs(value) * _WHOLE // most for value in values)


def report_pdf(report: Report, *, made_at: datetime, fonts: Path | None = None) -> bytes:
    """The report as PDF; the same report of the same moment is the same bytes. Raises PaperTrouble."""
    tidied = msgspec.structs.replace(report, shop=_cell(report.shop), parts=tuple(tuple(map(_tidied, part)) for part in report.parts))
    return typeset_pdf("report", tidied, made_at=made_at, folder=fonts)


def _tidied(section: Section) -> Section:
    rows = tuple(tuple(map(_cell, row)) for row in section.rows)
    bars = tuple(msgspec.structs.replace(bar, label=_cell(bar.label)) for bar in section.bars)
    return msgspec.structs.replace(section, rows=rows, bars=bars)


def _cell(text: str) -> str:
    return breakable(shortened(tidy(text), LONGEST_CELL))
