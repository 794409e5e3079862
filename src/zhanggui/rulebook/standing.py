"""Reads how the platform judges a shop: figures, navigator, stars, restrictions, signals."""

from functools import cache
from importlib.resources import files
from itertools import pairwise

from zhanggui.core.standing.book import Figure, NavigatorRule, StandingBook
from zhanggui.rulebook.blocks import RuleRefused, decoded

NAME = "standing.toml"


@cache
def standing_book() -> StandingBook:
    """What comes along. Raises RuleRefused."""
    return standing_book_of((files("zhanggui.rulebook") / NAME).read_text("utf-8"))


def standing_book_of(text: str) -> StandingBook:
    """What a text of the shape of the one that comes along tells. Raises RuleRefused."""
    book = decoded(text, StandingBook, NAME)
    if len(book.figures) < len(book.figure):
        raise RuleRefused(f"{NAME}: two figures of one name")
    for figure in book.figure:
        _check_figure(figure)
    for navigator in book.navigator:
        _check_navigator(navigator, book)
    for rule in book.restriction:
        if rule.figure not in book.figures or (rule.limit is not None and rule.limit < 0):
            raise RuleRefused(f"{NAME}: {rule.cite}: {rule.figure} is no figure, or the limit is below nought")
    for signal in book.signal:
        if not set(signal.figures) <= set(book.figures):
            raise RuleRefused(f"{NAME}: signal {signal.id}: {sorted(set(signal.figures) - set(book.figures))} are no figures")
    _check_ends(book)
    return book


def _check_figure(figure: Figure) -> None:
    if not figure.label or not figure.source.strip() or (figure.title is None) == (not figure.ours):
        raise RuleRefused(f"{NAME}: figure {figure.id}: a label and a source are needed, and a title where the house does not count it")


def _check_navigator(rule: NavigatorRule, book: StandingBook) -> None:
    dimensions = {dimension.id for dimension in book.dimension}
    for each in rule.indicators:
        named = {each.figure} | ({each.beside} if each.beside else set())
        if not named <= set(book.figures) or each.dimension not in dimensions:
            raise RuleRefused(f"{NAME}: {rule.cite}: indicator {each.place} names a figure or a dimension that is not here")
    if len({each.place for each in rule.indicators}) < len(rule.indicators):
        raise RuleRefused(f"{NAME}: {rule.cite}: two indicators at one place")


def _check_ends(book: StandingBook) -> None:
    """No version ends before it began, and no two of one thing hold at once."""
    told = [(rule.id, rule.effective_from, rule.effective_until) for rule in book.navigator]
    told += [(rule.id, rule.effective_from, rule.effective_until) for rule in book.restriction]
    told += [(f"star {rule.level}", rule.effective_from, rule.effective_until) for rule in book.star]
    for (name, _, until), (next_name, since, _) in pairwise(sorted(told, key=lambda one: one[:2])):
        if name == next_name and (until is None or since < until):
            raise RuleRefused(f"{NAME}: {name}: two versions at once")
    if any(until is not None and until <= since for _, since, until in told):
        raise RuleRefused(f"{NAME}: a version ends before it began")
