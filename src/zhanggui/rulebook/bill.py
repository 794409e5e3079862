"""Reads what the lines of a bill are known by."""

from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.core.bill import BillClassRule
from zhanggui.rulebook.blocks import decoded

_FILE = "bill.toml"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"classes": "class"}):
    classes: tuple[BillClassRule, ...]


@cache
def bill_classes() -> tuple[BillClassRule, ...]:
    """The classes in their order. Raises RuleRefused, naming file and line."""
    text = (files("zhanggui.rulebook") / _FILE).read_text("utf-8")
    return decoded(text, _File, _FILE).classes
