"""Reads from when on each kind of to-do rings."""

from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.core.alerts.matters import Known, MatterTerms
from zhanggui.rulebook.blocks import decoded


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    matter: tuple[MatterTerms, ...]


@cache
def alert_matters() -> Known:
    """The house's own terms for each kind of to-do. Raises RuleRefused, naming file and line."""
    text = (files("zhanggui.rulebook") / "alerts.toml").read_text("utf-8")
    return {terms.kind: terms for terms in decoded(text, _File, "alerts.toml").matter}
