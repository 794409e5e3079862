"""Reads what must not be said to buyers: rules with their clauses, the words, and what sounds and looks alike."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import msgspec

from zhanggui.core.moments import start_of_day
from zhanggui.core.speech.alike import Alike, Pairs
from zhanggui.core.speech.book import SpeechBook, SpeechRule
from zhanggui.core.speech.promises import PROMISES_NEED
from zhanggui.core.speech.wordings import NO_WORDS, Wording
from zhanggui.rulebook.blocks import RuleRefused, decoded

Shape = TypeVar("Shape", bound=msgspec.Struct)


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    looks: Mapping[str, str]
    pictures: Mapping[str, str]
    digits: Mapping[str, str]
    never_stand_in: str
    words: Mapping[str, Wording]


class _Sounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sounds: Mapping[str, str]
    simplified: Pairs


class _Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rule: tuple[dict[str, Any], ...]


@cache
def speech_book() -> SpeechBook:
    """The rules of forbidden speech that come along. Raises RuleRefused."""
    return speech_book_from(files("zhanggui.rulebook") / "forbidden")


def speech_book_from(folder: Traversable) -> SpeechBook:
    """The rules of forbidden speech in a folder of the shape of the one that comes along. Raises RuleRefused."""
    words, sounds = _read(folder, "words.toml", _Words), _read(folder, "sounds.toml", _Sounds)
    alike = Alike(
        sounds=sounds.sounds,
        simplified=sounds.simplified,
        looks=words.looks,
        pictures=words.pictures,
        digits=words.digits,
        never_stand_in=words.never_stand_in,
    )
    rules = tuple(_rule(data) for data in _read(folder, "rules.toml", _Rules).rule)
    _check(rules, words.words)
    return SpeechBook(rules=rules, wordings=words.words, alike=alike)


def _read(folder: Traversable, name: str, shape: type[Shape]) -> Shape:
    return decoded((folder / name).read_text("utf-8"), shape, f"forbidden/{name}")


def _rule(data: dict[str, Any]) -> SpeechRule:
    grounds = [{name: _moment(value) if name.startswith("effective_") else value for name, value in ground.items()} for ground in data.get("grounds", ())]
    try:
        return msgspec.convert(data | {"grounds": grounds}, SpeechRule)
    except msgspec.ValidationError as problem:
        raise RuleRefused(f"forbidden/rules.toml: {data.get('id')}: {problem}") from None


def _moment(value: Any) -> Any:
    return start_of_day(value) if isinstance(value, date) and not isinstance(value, datetime) else value


def _check(rules: tuple[SpeechRule, ...], words: Mapping[str, Wording]) -> None:
    """Every notion a rule names must be written down, every rule must rest on something, and no name may stand twice."""
    known = {*words, *NO_WORDS}
    if PROMISES_NEED - known:
        raise RuleRefused(f"forbidden/words.toml: promises to ship need the words {', '.join(sorted(PROMISES_NEED - known))}")
    for rule in rules:
        named = {
            name
            for pattern in rule.patterns
            for name in (*pattern.all, *pattern.unless_before, *pattern.unless_behind, *pattern.unless_denied, *pattern.unless_near)
        }
        if named - known:
            raise RuleRefused(f"forbidden/rules.toml: {rule.id}: no such words: {', '.join(sorted(named - known))}")
        if not rule.grounds:
            raise RuleRefused(f"forbidden/rules.toml: {rule.id}: no ground")
    if len({rule.id for rule in rules}) != len(rules):
        raise RuleRefused("forbidden/rules.toml: a name stands twice")
