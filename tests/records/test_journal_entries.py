"""The kinds of journal entry: every room's are found, and no two share a word."""

import importlib
import pkgutil

from zhanggui.records import journal_entries
from zhanggui.records.journal_entries import ENTRIES, Entry, worded


def every_kind() -> list[type[Entry]]:
    rooms = [importlib.import_module(room.name) for room in pkgutil.iter_modules(journal_entries.__path__, f"{journal_entries.__name__}.")]
    return [kind for room in rooms for kind in vars(room).values() if isinstance(kind, type) and issubclass(kind, Entry) and kind is not Entry]


def test_it_finds_the_kinds_of_every_room() -> None:
    kinds = every_kind()

    assert set(ENTRIES.values()) == set(kinds)


def test_it_gives_no_word_to_two_kinds() -> None:
    words = sorted(kind.kind for kind in every_kind())

    assert sorted(set(words)) == words


def test_it_words_an_entry_that_was_stored() -> None:
    sentence = worded("row_discarded", '{"batch_id":7,"row_no":3}')

    assert sentence.text == "Refused row {row_no} of import {batch_id} was thrown away."
    assert sentence.slots == {"batch_id": 7, "row_no": 3}
