"""Reads the terms of the signs of abnormal orders."""

from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.core.abnormal import SignTerms
from zhanggui.rulebook.blocks import decoded


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sign: tuple[SignTerms, ...]


@cache
def sign_terms() -> tuple[SignTerms, ...]:
    """When a sign is one. Raises RuleRefused, naming file and line."""
    return decoded((files("zhanggui.rulebook") / "abnormal.toml").read_text("utf-8"), _File, "abnormal.toml").sign
