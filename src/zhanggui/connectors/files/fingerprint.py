"""Recognises a table by its header row: which family of which profile its columns are, or between which two it cannot be told."""

import re
from collections.abc import Sequence

import msgspec

from zhanggui.connectors.files.profile import Family, Profile, folded


class Match(msgspec.Struct, frozen=True):
    """A family that a header row fits, and how well: how many of its columns stand there."""

    profile: Profile
    family: Family
    header_at: int
    score: int


class Recognised(msgspec.Struct, frozen=True):
    """The family of a table; or two that fit equally well; or a header that stands twice; or nothing at all."""

    match: Match | None = None
    rival: Match | None = None
    twice: str | None = None


LOOK_AT_ROWS = 30
MOST_COLUMNS = 2000
"""No export has a tenth of it. Without an end, one line of commas would keep the machine busy for minutes."""


def recognise(head: Sequence[Sequence[str]], profiles: Sequence[Profile]) -> Recognised:
    """The family whose header stands in one of these first rows. Rows above it are titles."""
    best: list[Match] = []
    for at, row in enumerate(head[:LOOK_AT_ROWS]):
        found = _matches(at, row, profiles)
        if found and (not best or found[0].score > best[0].score):
            best = found
    if not best:
        return Recognised()
    match = best[0]
    rivals = [one for one in best[1:] if one.score == match.score]
    if rivals:
        fitting = [one for one in (match, *rivals) if _values_fit(one, head)]
        if len(fitting) != 1:
            return Recognised(match=match, rival=(fitting or [match, *rivals])[1])
        match = fitting[0]
    return Recognised(match=match, twice=_twice(match, head[match.header_at]))


def _matches(at: int, row: Sequence[str], profiles: Sequence[Profile]) -> list[Match]:
    headers = {folded(cell) for cell in row if cell} - {""} if len(row) <= MOST_COLUMNS else set()
    if len(headers) < 2:
        return []
    found = [Match(profile, family, at, score) for profile in profiles for family in profile.family if (score := _score(family, headers))]
    return sorted(found, key=lambda match: -match.score)


def _score(family: Family, headers: set[str]) -> int:
    if family.gives is None:
        wanted = {folded(header) for header in family.key}
        return 2 * len(wanted) if wanted <= headers else 0
    fields = {field for field, column in family.columns.items() if any(folded(header) in headers for header in column.headers)}
    lines = {field for field, column in family.line_columns.items() if any(folded(header) in headers for header in column.headers)}
    if not fields.issuperset(family.key) or len(fields) < family.least:
        return 0
    left = sum(1 for header in family.leave.headers if folded(header) in headers)
    return 2 * len(fields | lines) + left


def _values_fit(match: Match, head: Sequence[Sequence[str]]) -> bool:
    """Whether the first rows say what this family says: ids of its shape, words it knows."""
    header = [folded(cell) for cell in head[match.header_at]]
    rows = head[match.header_at + 1 :]
    for field, column in match.family.columns.items():
        places = [header.index(name) for name in map(folded, column.headers) if name in header]
        cells = [row[at].strip() for row in rows for at in places if at < len(row) and row[at].strip()]
        if column.shape and cells and not all(_fits(column.shape, cell) for cell in cells):
            return False
        words = match.family.words.get(field)
        if words and cells and not any(cell in words for cell in cells):
            return False
    return True


def _fits(shape: str, cell: str) -> bool:
    return re.fullmatch(shape, cell) is not None


def _twice(match: Match, row: Sequence[str]) -> str | None:
    """A used header that stands twice, so that nobody can say which column is meant."""
    names = [folded(cell) for cell in row]
    used = {folded(header) for column in match.family.columns.values() for header in column.headers}
    return next((cell for cell, name in zip(row, names, strict=True) if name in used and names.count(name) > 1), None)
