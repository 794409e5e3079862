"""The carriers that a person may name: by the name each goes by."""

from functools import cache

from zhanggui.core.numbers.shapes import every_carrier


@cache
def carrier_names() -> tuple[str, ...]:
    """The first name of every carrier we know, as merchants write it."""
    return tuple(next((name for name in carrier.names if not name.isascii()), carrier.code) for carrier in every_carrier())
