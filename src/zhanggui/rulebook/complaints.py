"""Reads what is known of complaints, and what each sort of dispute needs shown."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from zhanggui.core.complaints.states import ComplaintKind
from zhanggui.core.complaints.terms import ComplaintTerms, MaliceTerms, terms_at
from zhanggui.core.disputes.needs import ClaimType, Entry, NeedsOf, Shows, Words
from zhanggui.core.moments import shanghai_day
from zhanggui.rulebook.blocks import RuleRefused, decoded

T = TypeVar("T")
D = TypeVar("D", NeedsOf, Entry)


class _Complaints(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    malice: MaliceTerms
    complaint: tuple[ComplaintTerms, ...]


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    claims: Mapping[ClaimType, tuple[str, ...]]
    shows: Mapping[Shows, tuple[str, ...]]


class _Needs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    entry: tuple[Entry, ...]
    words: _Words
    needs: tuple[NeedsOf, ...]


def complaint_terms(kind: ComplaintKind, at: datetime) -> ComplaintTerms:
    """What is known of this kind at that moment."""
    return terms_at(_complaints().complaint, kind, at)


def malice_terms() -> MaliceTerms:
    """By what an order looks malicious."""
    return _complaints().malice


def needs_at(claim: ClaimType, at: datetime) -> NeedsOf:
    """What this sort of dispute needs shown at that moment."""
    return _newest([needs for needs in _needs().needs if needs.claim is claim], at, claim.value)


def entry_at(at: datetime) -> Entry:
    """What the platform's entry for evidence takes at that moment."""
    return _newest(list(_needs().entry), at, "entry")


@cache
def dispute_words() -> Words:
    """By which words a sort of dispute, and what a picture shows, is recognised."""
    return Words(_needs().words.claims, _needs().words.shows)


def _newest(blocks: list[D], at: datetime, what: str) -> D:
    day: date = shanghai_day(at)
    begun = [block for block in blocks if block.effective_from <= day]
    if not begun:
        raise LookupError(f"evidence_needs.toml: nothing for {what} on {day}")
    return max(begun, key=lambda block: block.effective_from)


@cache
def _complaints() -> _Complaints:
    """Every block. Raises RuleRefused, naming the file."""
    told = _read("complaints.toml", _Complaints)
    if {block.kind for block in told.complaint} != set(ComplaintKind) or not all(0 < block.chance < 1 < 1 + block.chance_weight for block in told.complaint):
        raise RuleRefused("complaints.toml: every kind has its block; chances lie between 0 and 1 and weigh something")
    return told


@cache
def _needs() -> _Needs:
    """The whole file. Raises RuleRefused, naming the file."""
    told = _read("evidence_needs.toml", _Needs)
    if {block.claim for block in told.needs} != set(ClaimType) or not all(block.needs for block in told.needs):
        raise RuleRefused("evidence_needs.toml: every sort of dispute has its needs")
    return told


def _read(file: str, shape: type[T]) -> T:
    return decoded((files("zhanggui.rulebook") / file).read_text("utf-8"), shape, file)
