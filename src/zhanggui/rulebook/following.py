"""Reads the carriers' hotlines, and the terms by which a recall pays."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.core.recalls.advice import RecallTerms
from zhanggui.core.rules import Grade
from zhanggui.rulebook.blocks import RuleRefused, decoded


class Hotline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a carrier is reached, how surely, and where that is from."""

    phone: str
    site: str
    grade: Grade
    source: str
    code: str = ""


class Hotlines(msgspec.Struct, frozen=True):
    """The carriers' hotlines by their code, and the postal authority's."""

    checked: date
    by_code: Mapping[str, Hotline]
    authority: Hotline


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    checked: date
    hotline: tuple[Hotline, ...]
    authority: Hotline


@cache
def hotlines() -> Hotlines:
    """The hotlines that come along. Raises RuleRefused, naming file and line."""
    told = decoded((files("zhanggui.rulebook") / "hotlines.toml").read_text("utf-8"), _File, "hotlines.toml")
    return Hotlines(told.checked, {hotline.code: hotline for hotline in told.hotline}, told.authority)


@cache
def recall_terms() -> RecallTerms:
    """The assumptions by which a recall pays. Raises RuleRefused, naming file and line."""
    terms = decoded((files("zhanggui.rulebook") / "recalls.toml").read_text("utf-8"), RecallTerms, "recalls.toml")
    bounds = [band.below_hours for band in terms.bands]
    if not bounds or bounds[-1] is not None or bounds[:-1] != sorted({bound for bound in bounds[:-1] if bound is not None}):
        raise RuleRefused("recalls.toml: bands: they rise, and the last, and only the last, has no upper bound")
    if terms.prior_weight <= 0 or not all(0 <= band.chance <= 1 for band in terms.bands):
        raise RuleRefused("recalls.toml: chances lie between 0 and 1, and the prior weighs something")
    return terms
