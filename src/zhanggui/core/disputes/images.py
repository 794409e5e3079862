"""Which pictures to hand in: the few that together show most of what this sort of dispute needs."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations

import msgspec

from zhanggui.core.disputes.needs import Entry, Need, NeedsOf, Shows, covered
from zhanggui.core.disputes.pictures import Doubt, PictureFacts, doubts_of

SCREENS = frozenset({Shows.CHAT, Shows.TRACE, Shows.DESCRIPTION})
"""What is usually shown by a picture of a screen, which no camera made."""
_MOST_SORTS = 24


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the vault as it might be handed in."""

    seq: int
    name: str
    size: int
    shows: tuple[Shows, ...]
    picture: PictureFacts | None
    taken_at: datetime | None = None


class Chosen(msgspec.Struct, frozen=True):
    """A picture that is proposed: what of the needs it shows, and what speaks against it."""

    seq: int
    name: str
    shows: tuple[Shows, ...]
    doubts: tuple[Doubt, ...]


class Proposal(msgspec.Struct, frozen=True):
    """The pictures, in the order of what they show; what nothing kept shows; and which usable pieces were left out."""

    images: tuple[Chosen, ...]
    missing: tuple[Need, ...]
    left_out: tuple[int, ...]
    covered: int
    """How much of the weight of all needs the pictures show, in percent."""


def propose_images(needs: NeedsOf, pieces: Sequence[Piece], entry: Entry) -> Proposal:
    """The pictures that show most of what is needed, the better ones where two show the same; places left over go to whatever else shows something of ours."""
    judged = {piece.seq: _judged(piece, entry) for piece in pieces}
    usable = [piece for piece in pieces if piece.shows and Doubt.NO_PICTURE not in judged[piece.seq].doubts and Doubt.TOO_LARGE not in judged[piece.seq].doubts]
    chosen = _best(needs.needs, _few(usable, judged), judged, entry.most_images)
    chosen = _filled(chosen, needs.needs, usable, judged, entry.most_images)
    shown = {shows for piece in chosen for shows in piece.shows}
    missing = tuple(need for need in needs.needs if not shown.intersection(need.shows))
    seqs = {piece.seq for piece in chosen}
    return Proposal(
        images=tuple(judged[piece.seq] for piece in sorted(chosen, key=lambda piece: _place(needs.needs, piece))),
        missing=missing,
        left_out=tuple(piece.seq for piece in usable if piece.seq not in seqs),
        covered=covered(needs.needs, shown),
    )


def judged_images(needs: NeedsOf, pieces: Sequence[Piece], entry: Entry) -> Proposal:
    """What is to be said of pictures that a person has chosen."""
    images = tuple(_judged(piece, entry) for piece in pieces)
    shown = {shows for piece in pieces for shows in piece.shows}
    missing = tuple(need for need in needs.needs if not shown.intersection(need.shows))
    return Proposal(images, missing, (), covered(needs.needs, shown))


def _judged(piece: Piece, entry: Entry) -> Chosen:
    doubts = doubts_of(
        piece.picture,
        piece.size,
        is_screen=bool(SCREENS.intersection(piece.shows)),
        has_moment=piece.taken_at is not None,
        most_bytes=entry.most_bytes,
        least_side=entry.least_side,
    )
    return Chosen(piece.seq, piece.name, piece.shows, doubts)


def _few(pieces: Iterable[Piece], judged: dict[int, Chosen]) -> list[Piece]:
    """The best of each sort of picture: a second of the same sort would show nothing more. So few are left that every choice among them can be tried."""
    sorts: dict[frozenset[Shows], list[Piece]] = {}
    for piece in pieces:
        sorts.setdefault(frozenset(piece.shows), []).append(piece)
    largest = sorted(sorts.items(), key=lambda sort: (-len(sort[0]), sorted(sort[0])))[:_MOST_SORTS]
    return [min(listed, key=lambda piece: _merit(piece, judged)) for _, listed in largest]


def _best(needs: Sequence[Need], pieces: Sequence[Piece], judged: dict[int, Chosen], most: int) -> tuple[Piece, ...]:
    tried = (each for count in range(most + 1) for each in combinations(pieces, count))
    return max(tried, key=lambda each: (_worth(needs, each), -len(each), *(-part for part in _faults(each, judged))), default=())


def _filled(chosen: tuple[Piece, ...], needs: Sequence[Need], usable: Iterable[Piece], judged: dict[int, Chosen], most: int) -> tuple[Piece, ...]:
    """The choice with its empty places filled: a place that is left empty convinces nobody."""
    found = list(chosen)
    for piece in sorted(usable, key=lambda piece: (_place(needs, piece)[0], *_merit(piece, judged))):
        shown = {shows for each in found for shows in each.shows} | {Shows.BUYERS}
        if len(found) < most and not shown.issuperset(piece.shows):
            found.append(piece)
    return tuple(found)


def _worth(needs: Sequence[Need], pieces: Iterable[Piece]) -> int:
    shown = {shows for piece in pieces for shows in piece.shows}
    return sum(need.weight for need in needs if shown.intersection(need.shows))


def _faults(pieces: Iterable[Piece], judged: dict[int, Chosen]) -> tuple[int, int]:
    """How many doubts there are; and among equals the newer pieces first."""
    listed = list(pieces)
    return sum(len(judged[piece.seq].doubts) for piece in listed), -sum(piece.seq for piece in listed)


def _merit(piece: Piece, judged: dict[int, Chosen]) -> tuple[int, int]:
    return len(judged[piece.seq].doubts), -piece.seq


def _place(needs: Sequence[Need], piece: Piece) -> tuple[int, int]:
    """Where the first need stands that it shows."""
    return next((at for at, need in enumerate(needs) if set(need.shows) & set(piece.shows)), len(needs)), piece.seq
