"""How flaws and places of a page are called, and a text in pieces, those marked that decided."""

from collections.abc import Mapping, Sequence

import msgspec

from zhanggui.core.aspects.kinds import Aspect
from zhanggui.core.products.consistency import Flaw, Place
from zhanggui.core.say import Say, say

FLAWS: Mapping[Flaw, Say] = {
    Flaw.AMOUNT_DIFFERS: say("Told in two ways"),
    Flaw.UNIT_DIFFERS: say("Same number, other unit"),
    Flaw.LIGHTER_THAN_SAID: say("Lighter than said"),
    Flaw.WEIGHTS_DIFFER: say("Two weights"),
    Flaw.MATERIAL_DIFFERS: say("Two materials"),
    Flaw.NET_OR_GROSS: say("Net or gross?"),
    Flaw.SAME_PICTURE: say("One picture for two"),
}
PLACES: Mapping[Place, Say] = {
    Place.TITLE: say("Title"),
    Place.SPEC: say("Variant"),
    Place.DETAIL: say("Detail text"),
    Place.WEIGHT: say("Weight"),
}


class Piece(msgspec.Struct, frozen=True):
    """Some characters of a text; `mark` is what they tell, empty where nothing."""

    text: str
    mark: str = ""


def pieces_of(text: str, aspects: Sequence[Aspect]) -> tuple[Piece, ...]:
    """The text with the words marked by which each aspect was told; where two lie over one another, the first alone."""
    spans = sorted((span.start, span.end, aspect.mark) for aspect in aspects for span in aspect.words)
    found, at = [], 0
    for start, end, mark in spans:
        if start < at:
            continue
        if start > at:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start:end], mark))
        at = end
    return (*found, Piece(text[at:])) if at < len(text) else tuple(found)


def aspect_words(aspect: str) -> str:
    """The word of an aspect in the catalogs."""
    return f"aspect.{aspect}"
