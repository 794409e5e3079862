"""What the standard asks to be hidden on a waybill, read from a dated block with its source."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec


class Standard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One wording of the standard, how well we know it, and since when it holds."""

    name: str
    since: date
    checked: date
    grade: str
    source: str
    whose: tuple[str, ...]
    name_hidden: int
    """So many characters of a name at least."""
    phone_hidden: int
    """So many digits of a telephone number at least."""
    address_hidden: tuple[str, ...]
    """The words whose numbers are hidden in an address."""


@cache
def standard() -> Standard:
    """The wording we print by: the newest one."""
    told = tomllib.loads(files("zhanggui.papers").joinpath("standard.toml").read_text("utf-8"))
    return max(msgspec.convert(told["standard"], list[Standard]), key=lambda block: block.since)
