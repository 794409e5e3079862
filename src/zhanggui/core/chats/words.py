"""The words of the table beside this file, decoded once."""

import re
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import msgspec


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The whole table."""

    checked: date
    names: dict[str, tuple[str, ...]]
    fields: dict[str, tuple[str, ...]]
    cards: dict[str, tuple[str, ...]]
    page: dict[str, tuple[str, ...]]
    system: dict[str, tuple[str, ...]]
    recalled: dict[str, tuple[str, ...]]
    marks: dict[str, tuple[str, ...]]
    bot_says: dict[str, tuple[str, ...]]
    manner: dict[str, tuple[str, ...]]
    headings: dict[str, tuple[str, ...]]

    @cached_property
    def is_field(self) -> frozenset[str]:
        """What stands before a colon and is no name, without regard to case."""
        return frozenset(field.casefold() for field in self.fields["all"])

    @cached_property
    def field_part(self) -> re.Pattern[str]:
        """What a field's name holds, however it is called."""
        return re.compile("|".join(self.fields["parts"]))

    @cached_property
    def is_page(self) -> re.Pattern[str]:
        """A whole line of the page around."""
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.page["all"]))

    @cached_property
    def is_system(self) -> re.Pattern[str]:
        """A sentence of the platform."""
        return re.compile("|".join(self.system["all"]))

    @cached_property
    def is_recalled(self) -> re.Pattern[str]:
        """The trace of a message that was taken back."""
        return re.compile("|".join(self.recalled["all"]))

    @cached_property
    def card_lines(self) -> dict[str, re.Pattern[str]]:
        """Whole lines of cards, by the kind of card."""
        return {kind: re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) for kind, patterns in self.cards.items()}

    @cached_property
    def placeholder(self) -> re.Pattern[str]:
        """What stands for a picture and the like, in brackets."""
        every = sorted((word for words in self.marks.values() for word in words), key=len, reverse=True)
        return re.compile(rf"[\[【<(（]\s?({'|'.join(map(re.escape, every))})\s?[^\]】>)）\n]{{0,12}}[\]】>)）]")

    @cached_property
    def bot_wrote(self) -> re.Pattern[str]:
        """A message that says itself that a machine wrote it."""
        return re.compile("|".join(self.bot_says["all"]))

    @cached_property
    def bot_below(self) -> re.Pattern[str]:
        """A line below a message that says so."""
        return re.compile("|".join(self.bot_says["below"]))


@cache
def words() -> Words:
    """The table."""
    return msgspec.toml.decode(Path(__file__).with_name("words.toml").read_bytes(), type=Words)
