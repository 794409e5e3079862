"""What was chosen when orders were printed: beside what had been advised, so that experiments and overrides can be judged later."""

from collections.abc import Mapping
from datetime import datetime

from zhanggui.actions.carrier_choice.naming import carrier_code, carrier_name
from zhanggui.core.carriers.choosing import CarrierAdvice
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Person, ShopId
from zhanggui.records import carriers
from zhanggui.records.carriers import ChoiceRecord
from zhanggui.records.db import Tx


def note_choices(tx: Tx, by: Person, shop_id: ShopId, chosen: Mapping[str, str], advice: Mapping[str, CarrierAdvice], now: datetime) -> None:
    """Keeps with which carrier (code or name) each order is printed. Called in the transaction that prints; saying it again replaces it."""
    for order_no, word in sorted(chosen.items()):
        carrier, advised = carrier_code(word), advice.get(order_no)
        because = advised.because if advised is not None and advised.carrier == carrier else _by_hand(carrier, advised)
        drawn = advised.experiment_no if advised is not None and advised.carrier == carrier else None
        record = ChoiceRecord(order_no, carrier, None if advised is None else advised.carrier, drawn, because, now)
        carriers.choose(tx, shop_id, record, by.person_id)


def _by_hand(carrier: str, advised: CarrierAdvice | None) -> Say:
    if advised is None or advised.carrier is None:
        return say("{carrier} was chosen by hand.", carrier=carrier_name(carrier))
    return say("{carrier} was chosen by hand; {advised} had been advised.", carrier=carrier_name(carrier), advised=carrier_name(advised.carrier))
