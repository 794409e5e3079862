"""How far a picture that a case names has come on its way into the vault, and which of those it names now is which of those it named before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

MOST_ATTEMPTS = 6
MOST_OF_A_CASE = 60
"""So many pictures of one case are fetched: a source whose addresses change with every reading must not fill the table."""
_FIRST_WAIT = timedelta(minutes=2)


class PictureState(StrEnum):
    """How far it has come."""

    WANTED = "picture_wanted"
    KEPT = "picture_kept"
    REFUSED = "picture_refused"
    """It cannot be had, or is none; nobody tries again."""


def look_again_at(attempts: int, wall: datetime) -> datetime | None:
    """When it is tried again after so many attempts; None once they are enough."""
    return None if attempts >= MOST_ATTEMPTS else wall + _FIRST_WAIT * 4 ** (attempts - 1)


class Named(msgspec.Struct, frozen=True):
    """A picture that a case named before: its place, its address, and whether it is not here yet."""

    place: int
    address: str
    is_wanted: bool


def places_of(before: Sequence[Named], told: Sequence[str]) -> Mapping[int, str]:
    """The place of each picture told of now, and its address.

    A picture is the same by its address without the query, which holds the passing right to see it; so one that is put first later is a new one, and moves
    none of the others. It takes the place of one that is told of no more only where that one is not here yet: its address may simply have been renewed.
    """
    bare = Counter(map(_bare, told))
    keys = {address: _bare(address) if bare[_bare(address)] == 1 else address for address in told}
    known = {key: each.place for each in reversed(before) for key in (_bare(each.address), each.address)}
    same = {address: known[key] for address, key in keys.items() if key in known}
    stays = {each.place for each in before if not each.is_wanted} | set(same.values())
    used = {each.place for each in before}
    placed = {place: address for address, place in same.items()}
    for index, address in enumerate(dict.fromkeys(told)):
        if address in same:
            continue
        is_free = index not in placed and (index not in used or index not in stays)
        place = index if is_free else max(used | set(placed)) + 1
        if place < MOST_OF_A_CASE:
            placed[place] = address
    return placed


def _bare(address: str) -> str:
    return address.split("?", 1)[0]
