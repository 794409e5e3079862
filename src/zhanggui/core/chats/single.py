"""One message that a service tool brings: masked like a line of a paste, with what it holds beside words and what it names."""

import re

import msgspec

from zhanggui.core.chats.folding import half, lines_of
from zhanggui.core.chats.masking import hidden_pieces
from zhanggui.core.chats.names import is_label, label_of
from zhanggui.core.chats.orders import order_numbers, tracking_numbers
from zhanggui.core.chats.shapes import Mark
from zhanggui.core.chats.words import words
from zhanggui.core.masking import masked_name, storable

LONGEST_MESSAGE = 4_000
_HIDDEN = re.compile(r"[^*]{0,2}\*+[^*]{0,2}|[0-9A-Za-z_]{1,4}\*+[0-9A-Za-z_]{0,4}")
"""As platforms hide a name, and we a number. Anybody may put a star into a name of their own."""
_NUMBER = re.compile(r"\d{5}")


class Single(msgspec.Struct, frozen=True, kw_only=True):
    """A message alone."""

    text: str
    marks: tuple[Mark, ...]
    order_nos: tuple[str, ...]
    tracking_nos: tuple[str, ...]
    masked: frozenset[str]
    is_starred: bool
    """Whether the text is not the one that was written, since personal data in it were starred out."""


def read_single(text: str) -> Single:
    """The message as it may be kept."""
    lines = lines_of(text)
    kept = [line.text for line in lines]
    hidden = hidden_pieces(kept)
    said = "\n".join(hidden).strip("\n")
    table = words()
    found = {Mark(kind) for placeholder in table.placeholder.finditer(half(said)) for kind, names in table.marks.items() if placeholder[1] in names} | (
        {Mark.LINK} if "http://" in said or "https://" in said else set()
    )
    return Single(
        text=said,
        marks=tuple(mark for mark in Mark if mark in found),
        order_nos=order_numbers(said),
        tracking_nos=tracking_numbers(said),
        masked=frozenset(kind for line in lines for kind in line.masked),
        is_starred=hidden != kept or any(line.masked for line in lines),
    )


def whole_name(name: str) -> str | None:
    """The buyer's name where it tells one buyer from others: neither hidden by the platform nor a word for a side."""
    bare = storable(name).strip()
    return None if not bare or "*" in bare or is_label(bare) or label_of(bare) is not None else bare


def shown_name(name: str) -> str:
    """The buyer's name as far as it may be shown."""
    bare = storable(name).strip()
    if is_label(bare) or _HIDDEN.fullmatch(bare):
        return bare
    left = bare.replace("*", "")
    # a number behind a name: masked as a number the name would stand there whole
    return f"{left[0]}******{left[-1]}" if _NUMBER.search(left) and not left.isdecimal() else masked_name(left)
