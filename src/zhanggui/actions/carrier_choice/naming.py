"""A carrier by the platform's code, whatever word a source uses for it."""

from functools import lru_cache

from zhanggui.connectors.pdd.carriers import usual_carriers
from zhanggui.core.numbers.shapes import carrier_of


@lru_cache(maxsize=1024)
def carrier_code(word: str) -> str:
    """The code of the carrier that this word means; the word itself where nobody knows it."""
    bare = word.strip()
    known = usual_carriers().named(bare)
    if known is not None:
        return known.code
    shaped = carrier_of(bare)
    return bare if shaped is None else shaped.code


@lru_cache(maxsize=1024)
def carrier_name(code: str) -> str:
    """The carrier as the platform writes it; the code itself where it has no name."""
    known = usual_carriers().named(code)
    return code if known is None else known.name


def is_known_carrier(code: str) -> bool:
    """Whether the platform knows a carrier of this code."""
    return code.upper() in usual_carriers().by_code
