"""Chance that can be repeated: the same seed and the same names give the same draw, whatever was drawn before."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
MASK = (1 << 64) - 1
WHOLE = float(1 << 64)


def mixed(*parts: int) -> int:
    """A number of 64 bits that looks random and depends on these parts alone (splitmix64, folded)."""
    z = 0
    for part in parts:
        z = (z + part + 0x9E3779B97F4A7C15) & MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        z ^= z >> 31
    return z


def share(*parts: int) -> float:
    """A draw in [0, 1)."""
    return mixed(*parts) / WHOLE


def between(low: int, high: int, *parts: int) -> int:
    """A whole number from low to high, both included."""
    return low + mixed(*parts) % (high - low + 1)


def one_of(choices: Sequence[T], *parts: int) -> T:
    """One of the choices, each as likely."""
    return choices[mixed(*parts) % len(choices)]


def salt(name: str) -> int:
    """A number that stands for a name among the parts of a draw."""
    number = 0
    for byte in name.encode():
        number = (number * 131 + byte) & MASK
    return number
