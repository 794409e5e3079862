"""The facts that a condition may ask: one table that the form, the checker of files, the docs and the tests read."""

from collections.abc import Mapping
from enum import StrEnum

from zhanggui.core.automation.fact import TRIGGERS, About, Fact
from zhanggui.core.automation.facts_of_cases import OF_CASES
from zhanggui.core.automation.facts_of_orders import NOBODY, OF_ALL
from zhanggui.core.automation.facts_of_reviews import OF_REVIEWS
from zhanggui.core.automation.seen import Seen
from zhanggui.core.automation.values import Value

__all__ = ["FACTS", "NOBODY", "TRIGGERS", "About", "Fact", "facts_about", "facts_of", "moving_facts_of"]

FACTS: Mapping[str, Fact] = {fact.name: fact for fact in (*OF_ALL, *OF_CASES, *OF_REVIEWS)}
"""Every fact, by name."""


def facts_about(about: About) -> tuple[Fact, ...]:
    """The facts that such a thing has."""
    return tuple(fact for fact in FACTS.values() if about in fact.about)


def facts_of(seen: Seen) -> dict[str, Value | None]:
    """Every fact of a thing, by name; None where nobody knows."""
    return {fact.name: _plain(fact.read(seen)) for fact in facts_about(TRIGGERS[seen.todo])}


def moving_facts_of(seen: Seen) -> dict[str, Value | None]:
    """Those of the facts that time alone changes."""
    return {fact.name: _plain(fact.read(seen)) for fact in facts_about(TRIGGERS[seen.todo]) if fact.moves}


def _plain(value: Value | None) -> Value | None:
    return value.value if isinstance(value, StrEnum) else value
