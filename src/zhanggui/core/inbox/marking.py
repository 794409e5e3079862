"""A text cut where something in it is to be shown as what decided."""

from collections.abc import Iterable

import msgspec


class Piece(msgspec.Struct, frozen=True):
    """A run of characters, and whether it decided."""

    text: str
    decided: bool = False


def marked(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """The text in pieces, whole again when put together; spans may overlap, lie in any order, or reach beyond the text."""
    decided = bytearray(len(text))
    for start, end in spans:
        for place in range(max(start, 0), min(end, len(text))):
            decided[place] = 1
    pieces: list[Piece] = []
    begin = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or decided[place] != decided[begin]:
            pieces.append(Piece(text[begin:place], bool(decided[begin])))
            begin = place
    return tuple(pieces)
