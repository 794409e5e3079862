"""Facts and their words as people read and type them: by their titles in the reader's language, or by the names that files use."""

from collections import Counter
from collections.abc import Mapping
from functools import cache

import msgspec

from zhanggui.core.automation.facts import FACTS
from zhanggui.core.automation.values import ValueKind
from zhanggui.core.money import Fen, yuan
from zhanggui.core.say import Say
from zhanggui.words import Catalog, load


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """How facts and words are shown, and back."""

    titles: Mapping[str, str]
    """The title of a fact, by its name."""
    names: Mapping[str, str]
    """The name of a fact, by its title."""
    shown: Mapping[tuple[str, str], str]
    """A word of a fact as it is shown."""
    meant: Mapping[tuple[str, str], str]
    """The word of a fact that was meant by what is shown."""
    yes: str
    no: str

    def title(self, name: str) -> str:
        """The fact as it is shown."""
        return self.titles.get(name, name)

    def name(self, typed: str) -> str:
        """The name of the fact that was typed by name or title."""
        return typed if typed in FACTS else self.names.get(typed, typed)

    def word(self, name: str, word: str) -> str:
        """A word of the fact as it is shown."""
        return self.shown.get((name, word), word)

    def meaning(self, name: str, typed: str) -> str:
        """The word of the fact that was typed."""
        return self.meant.get((name, typed), typed)


PLAIN = Wording(titles={}, names={}, shown={}, meant={}, yes="yes", no="no")
"""As files have it."""


def wording_of(words: Catalog) -> Wording:
    """The wording in this language."""
    return _wording(words.language.value)


@cache
def _wording(language: str) -> Wording:
    words = load(language)
    titles = _told_apart({fact.name: words.render(fact.title).replace("=", " ") for fact in FACTS.values()})
    shown: dict[tuple[str, str], str] = {}
    for fact in FACTS.values():
        told = _told_apart({each: words.word(fact.prefix + each) for each in fact.listed})
        shown |= {(fact.name, each): text for each, text in told.items() if text not in fact.listed or text == each}
    meant = {(name, text): each for (name, each), text in shown.items()}
    return Wording(titles=titles, names={title: name for name, title in titles.items()}, shown=shown, meant=meant, yes=words.word("yes"), no=words.word("no"))


def plainly(said: Say, wording: Wording, rules: Mapping[str, str]) -> Say:
    """What speaks against a rule, as somebody reads it who never sees a file: facts by their titles, rules by `rules`, their titles by id."""
    told = {name: _plain_slot(name, value, wording, rules) if isinstance(value, str) else value for name, value in said.slots.items()}
    return Say(said.text, told)


def _plain_slot(slot: str, value: str, wording: Wording, rules: Mapping[str, str]) -> str:
    match slot:
        case "name":
            return wording.title(value)
        case "one" | "other" | "rule":
            return rules.get(value, value)
        case "rules":
            return " → ".join(rules.get(each, each) for each in value.split(" → "))
        case "example":
            return "; ".join(_plain_fact(each, wording) for each in value.split(", "))
        case _:
            return value


def _plain_fact(told: str, wording: Wording) -> str:
    name, _, value = told.partition(" = ")
    fact = FACTS.get(name)
    if fact is not None and fact.kind is ValueKind.MONEY and value.isdecimal():
        return f"{wording.title(name)} {yuan(Fen(int(value)))}"
    if fact is not None and fact.kind is ValueKind.FLAG:
        return f"{wording.title(name)}: {wording.yes if value == 'true' else wording.no}"
    return f"{wording.title(name)}: {wording.word(name, value)}" if value else told


def _told_apart(told: dict[str, str]) -> dict[str, str]:
    """Those whose text no other bears; a bar would part words."""
    many = Counter(told.values())
    return {name: text for name, text in told.items() if many[text] == 1 and "|" not in text}
