"""The carriers that a person may name: by the name each goes by."""

from zhanggui.connectors.pdd.carriers import Carriers
from zhanggui.core.numbers.shapes import every_carrier


def carrier_names(carriers: Carriers) -> tuple[str, ...]:
    """The first name of every carrier whose numbers we know, as merchants write it, but for those that the platform takes no parcels of any more."""
    known = (carrier for carrier in every_carrier() if carriers.offers(carrier.code))
    return tuple(next((name for name in carrier.names if not name.isascii()), carrier.code) for carrier in known)
