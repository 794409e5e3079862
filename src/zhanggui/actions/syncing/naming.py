"""The carriers of orders off the wire, by the names of the platform's own list: read by their ids, they were named by the carriers we come with."""

from collections.abc import Sequence
from typing import Any

import msgspec

from zhanggui.actions.platform_carriers import carriers_in
from zhanggui.connectors.pdd.carriers import Carriers, renamed, usual_carriers
from zhanggui.core.facts import OrderFacts, Sighting
from zhanggui.records.db import Tx


def with_carriers_named(tx: Tx, told: Sequence[Sighting[Any]]) -> tuple[Sighting[Any], ...]:
    """What the platform told, the carriers of its orders by the names of the moment. To be asked once of each telling."""
    if not any(isinstance(one.facts, OrderFacts) and (one.facts.carrier or one.facts.further_parcels) for one in told):
        return tuple(told)
    carriers = carriers_in(tx)
    return tuple(told) if carriers is usual_carriers() else tuple(_named(one, carriers) for one in told)


def _named(told: Sighting[Any], carriers: Carriers) -> Sighting[Any]:
    order = told.facts
    if not isinstance(order, OrderFacts) or not (order.carrier or order.further_parcels):
        return told
    further = order.further_parcels and tuple(msgspec.structs.replace(each, carrier=renamed(each.carrier, carriers)) for each in order.further_parcels)
    facts = msgspec.structs.replace(order, carrier=renamed(order.carrier, carriers), further_parcels=further)
    return Sighting(facts, told.given, told.place, told.as_of)
