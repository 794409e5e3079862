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
    return decoded(bill_text(), _File, _FILE).classes


@cache
def bill_text() -> str:
    """The very text, by which it is told whether what was made by it still holds."""
    return (files("zhanggui.rulebook") / _FILE).read_text("utf-8")
