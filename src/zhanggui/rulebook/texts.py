"""Reads what is known of texts to telephones: how they are counted, and what the provider's answers mean."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from zhanggui.core.rules import Basis, Grade
from zhanggui.core.texts.terms import TextRules
from zhanggui.rulebook.blocks import decoded


class _Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    does: Literal["sent", "busy", "number", "person", "unsure"]
    minutes: int = 1


class _Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    of: str
    source: str
    basis: Basis
    grade: Grade


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    checked: date
    rules: TextRules
    source: tuple[_Source, ...]
    aliyun: tuple[_Code, ...]


def text_rules() -> TextRules:
    """How texts are counted, and what must stand in them."""
    return _read().rules


def aliyun_verdicts() -> Mapping[str, tuple[str, timedelta]]:
    """By the provider's code what it means, and how long to wait."""
    return {each.code: (each.does, timedelta(minutes=each.minutes)) for each in _read().aliyun}


@cache
def _read() -> _File:
    """The file. Raises RuleRefused, naming file and line."""
    return decoded((files("zhanggui.rulebook") / "texts.toml").read_text("utf-8"), _File, "texts.toml")
