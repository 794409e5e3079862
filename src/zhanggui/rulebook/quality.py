"""Reads what is wrong with an answer: the faults with their clauses, indicators, weights and words."""

import re
import tomllib
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from zhanggui.core.grading.book import FaultKind, QualityBook
from zhanggui.core.grading.models import ModelAnswer
from zhanggui.core.intents.kinds import WANTS, Intent
from zhanggui.core.moments import start_of_day
from zhanggui.rulebook.blocks import RuleRefused, decoded

NAME = "quality.toml"
CLAIMS = ("shipped", "refunded", "delivered", "not_shipped")


@cache
def quality_book() -> QualityBook:
    """The faults that come along. Raises RuleRefused."""
    return quality_book_of((files("zhanggui.rulebook") / NAME).read_text("utf-8"))


def quality_book_of(text: str) -> QualityBook:
    """The faults told by a text of the shape of the one that comes along. Raises RuleRefused."""
    try:
        data = tomllib.loads(text)
        for fault in data.get("fault", ()):
            fault["grounds"] = [
                {name: _moment(value) if name.startswith("effective_") else value for name, value in ground.items()} for ground in fault["grounds"]
            ]
        book = msgspec.convert(data, QualityBook)
        _check(book)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, re.error, KeyError) as problem:
        raise RuleRefused(f"{NAME}: {problem}") from None
    return book


def _moment(value: Any) -> Any:
    return start_of_day(value) if isinstance(value, date) and not isinstance(value, datetime) else value


def _check(book: QualityBook) -> None:
    """Every kind of fault has one rule that rests on something, every claim its words, and every want words that touch it."""
    if sorted(rule.kind for rule in book.fault) != sorted(FaultKind) or not all(rule.grounds and 0 < rule.points <= 100 for rule in book.fault):
        raise RuleRefused(f"{NAME}: every kind of fault needs one rule, with grounds and points from 1 to 100")
    if set(book.claims) != set(CLAIMS):
        raise RuleRefused(f"{NAME}: claims: {', '.join(CLAIMS)}")
    if set(book.touches) != {"any", "yes", *(want.value for want in WANTS if want is not Intent.THANKS)}:
        raise RuleRefused(f"{NAME}: touches: every want but thanks, any, and yes")
    _ = (book.passing, book.coldness, book.claimed, book.touching)  # words that are no regular expressions are refused here


class _Models(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    model: tuple[ModelAnswer, ...]


@cache
def model_answers() -> tuple[ModelAnswer, ...]:
    """The good answers that come along. Raises RuleRefused."""
    return decoded((files("zhanggui.rulebook") / "practice.toml").read_text("utf-8"), _Models, "practice.toml").model
