"""Reads where in the back office a step is done by hand."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.core.cases.guided import StepKind
from zhanggui.core.rules import Basis, Grade
from zhanggui.rulebook.blocks import RuleRefused, decoded


class BackOfficePage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One page of the back office, how surely it is there, and the shop's setting that goes before it."""

    steps: tuple[StepKind, ...]
    url: str
    grade: Grade
    source: str
    setting: str | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    checked: date
    basis: Basis
    page: tuple[BackOfficePage, ...]


@cache
def back_office() -> Mapping[StepKind, BackOfficePage]:
    """The page of every kind of step. Raises RuleRefused."""
    told = decoded((files("zhanggui.rulebook") / "back_office.toml").read_text("utf-8"), _File, "back_office.toml")
    pages = {kind: page for page in told.page for kind in page.steps}
    missing = [kind.value for kind in StepKind if kind not in pages]
    if missing:
        raise RuleRefused(f"back_office.toml: no page for {', '.join(missing)}")
    return pages
