"""Which characters stand in for which: by their sound, by their look, as emoji, as digits."""

from collections.abc import Mapping
from functools import cached_property

import msgspec


class Pairs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Traditional characters and, in the same places, the simplified ones."""

    traditional: str
    simplified: str


class Alike(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """The tables of likeness."""

    sounds: Mapping[str, str]
    """Syllable without tone to the characters that are read so."""
    simplified: Pairs
    looks: Mapping[str, str]
    """Character to those that look like it."""
    pictures: Mapping[str, str]
    """Emoji and signs to the words they stand for."""
    digits: Mapping[str, str]
    """Characters to the digit they stand for."""
    never_stand_in: str
    """Characters so common that nobody writes them for another one."""

    @cached_property
    def in_simple(self) -> Mapping[str, str]:
        """Traditional character to the simplified one."""
        return dict(zip(self.simplified.traditional, self.simplified.simplified, strict=True))

    @cached_property
    def sound_of(self) -> Mapping[str, str]:
        """Character to its syllable."""
        return {character: syllable for syllable, characters in self.sounds.items() for character in characters}

    def stand_ins(self, character: str) -> str:
        """The character and all that can stand in its place."""
        same_sound = self.sounds.get(self.sound_of.get(character, ""), "")
        return character + "".join(each for each in same_sound + self.looks.get(character, "") if each not in self.never_stand_in and each != character)
