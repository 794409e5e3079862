"""Reads the terms of outward acts."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.core.acts import ActKind, ActTerms
from zhanggui.rulebook.blocks import decoded


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    act: tuple[ActTerms, ...]


@cache
def act_terms() -> Mapping[ActKind, ActTerms]:
    """What is known of each kind of outward act. Raises RuleRefused, naming file and line."""
    text = (files("zhanggui.rulebook") / "acts.toml").read_text("utf-8")
    return {terms.kind: terms for terms in decoded(text, _File, "acts.toml").act}
