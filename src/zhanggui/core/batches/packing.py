"""Whether what goes into a parcel is what was ordered: every piece that is scanned is held against the lines, the weight against what it should be."""

import re
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from zhanggui.core.say import Say, say

MOST_AT_ONCE = 200
HEAVIEST_G = 1_000_000
_TIMES = re.compile(r"(\d{1,3})\s*[*×]\s*(\S.*)")  # no letter x: sellers' codes begin with 2XL
_LINE = re.compile(r"\d{1,2}")
_WEIGHT = re.compile(r"(\d{1,7}(?:\.\d{1,6})?)\s*(kg|g|公斤|千克|克)", re.IGNORECASE)
_GRAMS = {"kg": 1000, "公斤": 1000, "千克": 1000, "g": 1, "克": 1}


class Tone(StrEnum):
    """How loudly something is said: calm, done, look, stop."""

    CALM = "calm"
    GOOD = "good"
    WARN = "warn"
    STOP = "stop"


class Ordered(msgspec.Struct, frozen=True):
    """One line of the parcel: by what it may be scanned, and how many pieces belong in."""

    codes: tuple[str, ...]
    quantity: int


class Answer(msgspec.Struct, frozen=True):
    """What a scan did: the pieces counted of each line now, and what is said of it."""

    counts: tuple[int, ...]
    tone: Tone
    said: Say

    def is_complete(self, lines: Sequence[Ordered]) -> bool:
        """Whether every line has all its pieces, and nothing more."""
        return self.counts == tuple(line.quantity for line in lines)


def weight_in(text: str) -> int | None:
    """The grams a text tells, as a scale types them (`0.53kg`, `530 g`); None where it is no weight that a parcel can have."""
    found = _WEIGHT.fullmatch(text.strip())
    grams = 0 if found is None else round(float(found.group(1)) * _GRAMS[found.group(2).lower()])
    return grams if 0 < grams <= HEAVIEST_G else None


def is_code(lines: Sequence[Ordered], text: str) -> bool:
    """Whether this, as it stands, is a code of goods that belong in, whatever else it may look like."""
    return bool(_coded(lines, text.strip()))


def put_in(lines: Sequence[Ordered], counts: Sequence[int], text: str) -> Answer:
    """What is counted after this scan. A code counts one piece, `3*code` three; one or two digits count a piece of the line with that number, by eye."""
    pieces, code, fits = _meant(lines, text.strip())
    if not fits:
        return Answer(tuple(counts), Tone.STOP, say("Wrong goods: {code} does not belong into this parcel. Take it out.", code=code))
    at = next((place for place in fits if counts[place] + pieces <= lines[place].quantity), None)
    if at is None:
        wanted = sum(lines[place].quantity for place in fits)
        return Answer(tuple(counts), Tone.STOP, say("Too many: only {wanted} of {code} belong into this parcel. Take the rest out.", wanted=wanted, code=code))
    after = tuple(count + pieces if place == at else count for place, count in enumerate(counts))
    left = sum(line.quantity for line in lines) - sum(after)
    if left == 0:
        return Answer(after, Tone.GOOD, say("All in."))
    return Answer(after, Tone.CALM, say("{left} to go", left=left))


def _meant(lines: Sequence[Ordered], told: str) -> tuple[int, str, list[int]]:
    """How many pieces of what are meant, and the lines they may be of: the whole text is a code before it is anything else."""
    fits = _coded(lines, told)
    found = None if fits else _TIMES.fullmatch(told)
    if found is not None and 0 < int(found.group(1)) <= MOST_AT_ONCE:
        code = found.group(2).strip()
        return int(found.group(1)), code, _coded(lines, code)
    return 1, told, fits or _numbered(lines, told)


def _coded(lines: Sequence[Ordered], code: str) -> list[int]:
    plain = code.casefold()
    return [place for place, line in enumerate(lines) if any(plain == known.casefold() for known in line.codes)]


def _numbered(lines: Sequence[Ordered], text: str) -> list[int]:
    return [int(text) - 1] if _LINE.fullmatch(text) and 1 <= int(text) <= len(lines) else []
