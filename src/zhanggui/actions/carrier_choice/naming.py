"""A carrier by the platform's code, whatever word a source uses for it."""

from zhanggui.connectors.pdd.carriers import Carrier, Carriers
from zhanggui.core.numbers.shapes import carrier_of


def carrier_code(word: str, carriers: Carriers) -> str:
    """The code of the carrier that this word means; the word itself where nobody knows it."""
    bare = word.strip()
    known = carriers.named(bare)
    if known is not None:
        return known.code
    shaped = carrier_of(bare)
    return bare if shaped is None else shaped.code


def carrier_meant(word: str, carriers: Carriers) -> Carrier | None:
    """The platform's carrier that this word means."""
    return carriers.named(carrier_code(word, carriers))


def carrier_name(code: str, carriers: Carriers) -> str:
    """The carrier as the platform writes it; the code itself where it has no name."""
    known = carriers.named(code)
    return code if known is None else known.name


def is_known_carrier(code: str, carriers: Carriers) -> bool:
    """Whether the platform knows a carrier of this code."""
    return code.upper() in carriers.by_code


def is_ceased(code: str, carriers: Carriers) -> bool:
    """Whether the platform knows the carrier and takes no parcels of it any more."""
    return is_known_carrier(code, carriers) and not carriers.offers(code)
