"""A catalog words what the house says: sentences by their English text, words of ours by their code name, money and moments by the reader's habit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from babel.messages.catalog import Catalog as PoCatalog
from babel.messages.pofile import read_po

from zhanggui.core.say import Say, type_of_slot
from zhanggui.words.shapes import shaped

_WORD = "word"
"""The msgctxt of the words of our own enumerations: a page shows 待发货 or `to ship` for `to_ship`."""


class Language(StrEnum):
    """The languages there are. The first is the default."""

    ZH_HANS = "zh_Hans"
    EN = "en"

    @property
    def html(self) -> str:
        """The language as HTML writes it in its lang attribute."""
        return self.value.replace("_", "-")


@dataclass(frozen=True)
class Catalog:
    """The sentences and words of one language."""

    language: Language
    sentences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def gettext(self, text: str) -> str:
        """The text in this language, or the English itself where the catalog has none."""
        return self.sentences.get(text, (text,))[0]

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The text that fits the count. Chinese has one form, English two."""
        forms = self.sentences.get(one)
        if forms is None:
            return one if count == 1 else many
        return forms[0] if len(forms) == 1 or count == 1 else forms[1]

    def word(self, code: str) -> str:
        """The word people read for a code name of ours, such as `to_ship`; a name without an entry is shown with blanks for its underscores."""
        return self.words.get(str(code)) or str(code).replace("_", " ")

    def heading(self, name: str) -> str:
        """A field of facts as a heading. Some names are also words of another kind, so those have an entry of their own."""
        return self.words.get(f"field.{name}") or self.word(name)

    def render(self, sentence: Say) -> str:
        """The sentence worded: its slots filled with money, moments and words as this language writes them."""
        return self.fill(self.gettext(sentence.text), sentence.slots)

    def fill(self, text: str, slots: Mapping[str, type_of_slot]) -> str:
        """The text with its {slots} filled. A slot the caller did not give stays as it is, so that a slip in a translation never breaks a page."""
        return text.format_map(_Kept({name: self._slot(name, value) for name, value in slots.items()}))

    def _slot(self, name: str, value: type_of_slot) -> str:
        if isinstance(value, Enum):
            return self.word(value.value)
        if name == "fields" and isinstance(value, str):
            return self.gettext(", ").join(self.heading(field.strip()) for field in value.split(","))
        if isinstance(value, str) and value in self.words:
            # An enumeration's word that went through JSON comes back as plain text.
            return self.words[value]
        return shaped(name, value)


class _Kept(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


@cache
def load(code: str) -> Catalog:
    """The catalog of a language by its code; an unknown code gives the default language."""
    language = Language(code) if code in set(Language) else Language.ZH_HANS
    sentences: dict[str, tuple[str, ...]] = {}
    words: dict[str, str] = {}
    for catalog in map(_read, _catalog_files(language)):
        _take(catalog, sentences, words)
    return Catalog(language, sentences, words)


def _catalog_files(language: Language) -> list[Traversable]:
    folder = files("zhanggui.words") / language.value
    return sorted((entry for entry in folder.iterdir() if entry.name.endswith(".po")), key=lambda entry: entry.name)


def _read(file: Traversable) -> PoCatalog:
    with file.open("rb") as stream:
        return read_po(stream, abort_invalid=True)


def _take(catalog: PoCatalog, sentences: dict[str, tuple[str, ...]], words: dict[str, str]) -> None:
    for message in catalog:
        if not message.id or not message.string or message.fuzzy:
            continue
        key = message.id[0] if isinstance(message.id, tuple | list) else message.id
        forms = tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)
        if message.context == _WORD:
            words[key] = forms[0]
        elif message.context is None and all(forms):
            sentences[key] = forms
