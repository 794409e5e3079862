"""What the shop says of its own work."""

import re
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.planning.hours import OpenHours
from zhanggui.core.planning.terms import PlanTerms
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, planning
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.planning import PlanTermsSet

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
BOUNDS: dict[str, tuple[int, int]] = {
    "people": (1, 200),
    "pack_seconds": (1, 3_600),
    "print_seconds": (0, 600),
    "setup_minutes": (0, 240),
    "round_fen": (0, 1_000_000),
    "day_fen": (0, 1_000_000),
    "safe_percent": (50, 99),
    "most_a_day": (1, 12),
    "slot_minutes": (10, 120),
    "weight_g": (1, 100_000),
    "stall_fen": (0, 1_000_000),
}
"""What each figure may be."""


def plan_terms(house: House, by: Person, shop_id: ShopId) -> PlanTerms:
    """The shop's own figures, the house's where it said nothing."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        return planning.terms(tx, shop_id) or PlanTerms()


def set_plan_terms(house: House, by: Person, shop_id: ShopId, terms: PlanTerms, now: datetime) -> None:
    """Keeps the shop's own figures. Raises Refused for what no shop can mean."""
    by.need(Permission.PLANNING_WRITE, shop_id)
    told = msgspec.structs.asdict(terms)
    for name, (least, most) in BOUNDS.items():
        if not least <= told[name] <= most:
            raise Refused(say("{fields}: give a number from {least} to {most}.", fields=name, least=least, most=most))
    _check(terms.hours)

    def work(tx: Tx) -> None:
        planning.keep_terms(tx, shop_id, terms, by.person_id, now)
        journal.write(tx, shop_id, PlanTermsSet(), at=now, by=by.person_id)

    transact(house.pool, work)


def _check(hours: OpenHours) -> None:
    if not all(_CLOCK.fullmatch(each) for each in (hours.opens, hours.closes)) or hours.opens >= hours.closes:
        raise Refused(say("Write the hours you pack like 09:00 and 18:00, the later one last."))
    if not hours.weekdays or not set(hours.weekdays) <= set(range(1, 8)):
        raise Refused(say("Choose at least one day of the week on which you pack."))
