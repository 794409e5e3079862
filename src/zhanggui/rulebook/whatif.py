"""Reads what is assumed of how decisions work out."""

from datetime import date
from functools import cache
from importlib.resources import files

from zhanggui.core.rules import Basis, Grade
from zhanggui.core.whatif.terms import WhatIfTerms
from zhanggui.rulebook.blocks import decoded


class _File(WhatIfTerms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    checked: date
    basis: Basis
    grade: Grade
    source: str


@cache
def whatif_terms() -> WhatIfTerms:
    """The terms of what-if. Raises RuleRefused, naming file and line."""
    return decoded((files("zhanggui.rulebook") / "whatif.toml").read_text("utf-8"), _File, "whatif.toml")
