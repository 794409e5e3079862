"""The carriers of a batch for which nobody names one: those advised, parcel by parcel, where the shop wants that."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.carrier_choice.advising import Chooser, carriers_advised
from zhanggui.actions.carrier_choice.naming import carrier_name
from zhanggui.actions.house import House
from zhanggui.core.carriers.choosing import CarrierAdvice
from zhanggui.core.planning.terms import PlanTerms
from zhanggui.core.say import Say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, planning
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.shipdesk import CarriersApplied

Chosen = tuple[str, str, Say]


def advised_carriers(tx: Tx, shop_id: ShopId, parcels: Sequence[Sequence[str]], now: datetime) -> list[Chosen]:
    """By order the carrier it goes with and why; none where the shop only wants to be told. Orders of one parcel go with the carrier that most of them
    had best travel with, the most urgent one's where they are even.
    """
    terms = planning.terms(tx, shop_id) or PlanTerms()
    if not terms.applies_carrier:
        return []
    nos = [no for together in parcels for no in together]
    chooser = Chooser(tx, shop_id, now)
    advice = carriers_advised(tx, shop_id, planning.waiting_among(tx, shop_id, nos), chooser)
    told = ((together, chosen) for together in parcels if (chosen := _of_parcel(together, advice)))
    return [(no, carrier_name(chosen.carrier or "", chooser.known), chosen.because) for together, chosen in told for no in together]


def _of_parcel(together: Sequence[str], advice: dict[str, CarrierAdvice]) -> CarrierAdvice | None:
    told = [found for no in together if (found := advice.get(no)) is not None and found.carrier]
    if not told:
        return None
    most = Counter(each.carrier for each in told).most_common(1)[0][0]
    return next(each for each in told if each.carrier == most)


def apply_carriers(house: House, by: Person, shop_id: ShopId, now: datetime, *, applies: bool) -> None:
    """Keeps whether batches go with the advised carriers by themselves."""
    by.need(Permission.CARRIERS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        terms = planning.terms(tx, shop_id) or PlanTerms()
        planning.keep_terms(tx, shop_id, _with(terms, applies=applies), by.person_id, now)
        journal.write(tx, shop_id, CarriersApplied(applies), at=now, by=by.person_id)

    transact(house.pool, work)


def _with(terms: PlanTerms, *, applies: bool) -> PlanTerms:
    return msgspec.structs.replace(terms, applies_carrier=applies)
