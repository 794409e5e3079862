"""What a dispute is about, what a picture can show, and what each sort of dispute needs shown."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum

import msgspec

from zhanggui.core.facts import AftersaleFacts
from zhanggui.core.rules import Basis, Grade


class ClaimType(StrEnum):
    """What the buyer says, in so far as it decides what has to be shown."""

    NOT_RECEIVED = "claim_not_received"
    NOT_AS_DESCRIBED = "claim_not_as_described"
    QUALITY = "claim_quality"
    DAMAGED = "claim_damaged"
    WRONG_ITEM = "claim_wrong_item"
    MISSING_ITEMS = "claim_missing_items"
    BAD_RETURN = "claim_bad_return"
    """What came back is empty, short, wrong or worn: here the shop is the one that says so."""
    NOT_WANTED = "claim_not_wanted"
    OTHER = "claim_other"


class Shows(StrEnum):
    """What a picture shows."""

    GOODS = "shows_goods"
    """The goods themselves, before they left or from the same lot."""
    PACKING = "shows_packing"
    """What was put into the parcel."""
    WEIGHT = "shows_weight"
    """The parcel on the scales."""
    WAYBILL = "shows_waybill"
    TRACE = "shows_trace"
    """The tracking events."""
    DELIVERY = "shows_delivery"
    """Who took it where: signature, locker, pickup point."""
    CHAT = "shows_chat"
    """The talk with the buyer, from its beginning, with its times."""
    DESCRIPTION = "shows_description"
    """What the product page promises."""
    REPORT = "shows_report"
    """An inspection, a licence, a proof of origin."""
    RETURN_PARCEL = "shows_return_parcel"
    """The return before it was opened: label, box, scales."""
    RETURN_OPENED = "shows_return_opened"
    """What was in it."""
    BUYERS = "shows_buyers"
    """What the buyer showed: nothing of ours to hand in, and looked for in other orders."""


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that has to be shown: any of these pictures does."""

    shows: tuple[Shows, ...]
    weight: int
    """How much it counts beside the others."""
    why_zh: str
    why_en: str


class NeedsOf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one sort of dispute needs shown, from a day on."""

    claim: ClaimType
    effective_from: date
    needs: tuple[Need, ...]
    basis: Basis
    grade: Grade
    source: str
    checked: date


def covered(needs: Sequence[Need], shown: Collection[Shows]) -> int:
    """How much of the weight of all needs these things cover, in percent."""
    whole = sum(need.weight for need in needs) or 1
    return round(100 * sum(need.weight for need in needs if any(each in shown for each in need.shows)) / whole)


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the platform's entry for evidence takes, from a day on, and by what a picture looks doubtful."""

    effective_from: date
    most_images: int
    most_bytes: int
    """Of one picture; larger ones are refused."""
    least_side: int
    """Pixels of the shorter side below which a picture counts as hard to read."""
    basis: Basis
    grade: Grade
    source: str
    checked: date


class Words(msgspec.Struct, frozen=True):
    """Words by which something is recognised."""

    claims: Mapping[ClaimType, Sequence[str]]
    shows: Mapping[Shows, Sequence[str]]


def claim_of(case: AftersaleFacts | None, words: Words, *, return_is_bad: bool = False) -> ClaimType:
    """What the dispute is about, by the reason of the case; a return that was found bad goes before it. A person may know better."""
    if return_is_bad:
        return ClaimType.BAD_RETURN
    reason = (case.reason or "") if case is not None else ""
    return next((claim for claim, listed in words.claims.items() if any(word in reason for word in listed)), ClaimType.OTHER)


def shown_by(text: str, words: Words) -> tuple[Shows, ...]:
    """What a picture of that name and note shows, as far as its words tell."""
    return tuple(shows for shows, listed in words.shows.items() if any(word in text for word in listed))
