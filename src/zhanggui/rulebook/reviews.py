"""Reads until when buyers may review, on which grounds a review may be reported, and where."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.core.reviews.grounds import GroundTerms, ReportGround
from zhanggui.core.reviews.periods import ReviewPeriod
from zhanggui.core.rules import Basis, Grade
from zhanggui.rulebook.blocks import RuleRefused, decoded

NAME = "reviews.toml"


class ReportTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where reviews are answered and reported in the back office, and how long the platform takes over expert reviews."""

    page: str
    path_zh: str
    path_en: str
    expert_page: str
    expert_path_zh: str
    expert_path_en: str
    expert_working_days: int
    longest_reply: int
    source: str
    checked: date
    basis: Basis
    grade: Grade


class ReviewBook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is known of reviews beside how they are counted."""

    period: tuple[ReviewPeriod, ...]
    ground: tuple[GroundTerms, ...]
    report: ReportTerms


@cache
def review_book() -> ReviewBook:
    """What comes along. Raises RuleRefused, naming the file."""
    book = decoded((files("zhanggui.rulebook") / NAME).read_text("utf-8"), ReviewBook, NAME)
    if {block.ground for block in book.ground} != set(ReportGround):
        raise RuleRefused(f"{NAME}: every ground has its block")
    _once(block.cite for block in book.period)
    _once(f"{block.ground}@{block.effective_from}" for block in book.ground)
    for block in book.ground:
        if not (block.sure and block.source.strip() and all(block.patterns) and all(block.taken_back)):  # all are compiled here
            raise RuleRefused(f"{NAME}: {block.ground}: words and a source are needed")
    return book


def _once(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise RuleRefused(f"{NAME}: {name} stands there twice")
        seen.add(name)
