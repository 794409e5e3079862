"""Columns of text that stand straight also where Chinese characters take two places."""

import unicodedata
from collections.abc import Sequence
from itertools import zip_longest


def width_of(text: str) -> int:
    """How many places of a terminal the text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 0 if unicodedata.combining(character) else 1 for character in text)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines, each column as wide as its widest cell."""
    widths = [max(width_of(cell) for cell in column) for column in zip_longest(*rows, fillvalue="")]
    return [_line(row, widths) for row in rows]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (wide - width_of(cell)) for cell, wide in zip(row, widths, strict=False))
    return "  ".join(padded).rstrip()
