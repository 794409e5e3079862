"""The catalogs: every sentence of the code has its Chinese, every word of ours both languages, and no translation loses a slot."""

import io
import string
from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import zhanggui
from zhanggui.core import deadlines, facts, rules, verdicts
from zhanggui.core.acts import moves, requests, terms
from zhanggui.core.intents.kinds import Intent
from zhanggui.core.rules import Question
from zhanggui.people.entries import EntryKind
from zhanggui.people.permissions import MAY, Permission, Role
from zhanggui.words import Language, load

SOURCE = Path(zhanggui.__file__).parent
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
KEYWORDS = {"say": None, "_": None, "gettext": None, "ngettext": (1, 2)}
NAMES_NOT_SHOWN = {deadlines.DeadlineState.OPEN, *Question, *moves.ActEvent, *moves.Mover, *terms.Asks}
"""Words that no page shows as such; questions are shown by entries of their own, `question.…`."""


@cache
def sentences() -> dict[str, str]:
    """Every sentence the code says, and where."""
    found: dict[str, str] = {}
    options = {"**.html": {"silent": "false"}}
    for file, line, message, _, _ in extract_from_dir(SOURCE, METHODS, options, KEYWORDS):
        first = message if isinstance(message, str) else next(text for text in message if text)
        found.setdefault(first, f"{file}:{line}")
    return found


def words_of_ours() -> Iterator[str]:
    for module in (deadlines, facts, rules, verdicts, moves, requests, terms):
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, Enum) and thing.__module__ == module.__name__:
                yield from (str(each.value) for each in thing if each not in NAMES_NOT_SHOWN and isinstance(each.value, str))
    yield from (band.name.lower() for band in deadlines.Band)
    yield from (role.value for role in Role)
    yield from (f"may.{permission.value}" for permission in Permission)
    yield from (f"question.{question.value}" for question in Question)
    yield from (f"intent.{intent.value}" for intent in Intent)
    yield from (kind.value for kind in EntryKind)


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_it_has_every_sentence_of_the_code_in_chinese() -> None:
    chinese = load(Language.ZH_HANS)

    missing = [f"{place}: {text}" for text, place in sentences().items() if text not in chinese.sentences]

    assert missing == []


@pytest.mark.parametrize("language", Language)
def test_it_words_a_sentence_in_one_way(language: Language) -> None:
    told: dict[tuple[str | None, str], set[str]] = defaultdict(set)
    for file in (SOURCE / "words" / language.value).glob("*.po"):
        for message in read_po(io.BytesIO(file.read_bytes())):
            if message.id:
                told[message.context, str(message.id)].add(str(message.string))

    assert {sentence: ways for sentence, ways in told.items() if len(ways) > 1} == {}, "the file read last would decide"


@pytest.mark.parametrize("language", Language)
def test_it_keeps_every_slot_in_translation(language: Language) -> None:
    lost = [text for text, forms in load(language).sentences.items() if any(slots(form) != slots(text) for form in forms)]

    assert lost == []


@pytest.mark.parametrize("language", Language)
def test_it_has_a_word_for_everything_we_name(language: Language) -> None:
    words = load(language).words

    # The grade and the rounding of a rule are shown as they stand.
    bare = {grade.value for grade in rules.Grade} | {rounding.value for rounding in rules.Rounding}
    missing = sorted({word for word in words_of_ours() if word not in words and word not in bare})

    assert missing == []


@pytest.mark.parametrize("language", Language)
def test_it_has_a_heading_for_every_field_of_the_facts(language: Language) -> None:
    words = load(language).words

    fields = {field for kind in facts.KIND_OF for field in kind.__struct_fields__}
    missing = sorted(field for field in fields if f"field.{field}" not in words and field not in words)

    assert missing == []


def test_it_grants_no_right_that_it_does_not_name() -> None:
    assert set(Permission) == set().union(*MAY.values())
