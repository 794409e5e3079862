"""The shop's own terms of advice: versions with a beginning, each holding only what differs from the house's defaults."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.advice.book import Aim, ShopTerms
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import advice, journal
from zhanggui.records.advice import TermsRow
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.advice import AdviceTermsSet

MOST_VERSIONS = 20
SUMS = ("small_sum", "give_away_up_to", "alone_up_to", "picture_above", "freight_out", "freight_back", "handling", "contact", "negotiation", "dispute_work")
"""The terms in fen that a shop sets on its page."""
COUNTS = ("most_partial_percent", "trusted_orders", "repeat_refunds", "cost_percent", "ask_hours")
BOUNDS: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(SUMS, (0, 10_000_000)),
    "most_partial_percent": (0, 100),
    "trusted_orders": (1, 1000),
    "repeat_refunds": (1, 1000),
    "cost_percent": (0, 100),
    "ask_hours": (1, 72),
}
"""What each term in numbers may be."""
AIM = "aim"
"""The term that names what the shop wants the least of."""
Own = Mapping[str, int | str]
"""The shop's own terms, by name: sums in fen, counts, and the word of the aim."""


def shop_terms(house: House, by: Person, shop_id: ShopId, now: datetime) -> ShopTerms:
    """The terms that hold now."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    with house.pool.connection() as tx:
        return terms_in(tx, shop_id, rulebook_in(tx, house, shop_id), now)


def terms_in(tx: Tx, shop_id: ShopId, rulebook: Rulebook, now: datetime) -> ShopTerms:
    """The same inside a transaction: the defaults with the shop's own laid over them."""
    text = advice.terms(tx, shop_id, now)
    return rulebook.advice.terms if text is None else laid_over(rulebook.advice.terms, read(text))


def versions(house: House, by: Person, shop_id: ShopId) -> tuple[TermsRow, ...]:
    """The versions, the newest first."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(advice.versions(tx, shop_id, MOST_VERSIONS))


def read(text: str) -> dict[str, int | str]:
    """The terms of a version as they were kept."""
    return msgspec.json.decode(text, type=dict[str, int | str])


def laid_over(defaults: ShopTerms, own: Own) -> ShopTerms:
    """The defaults with the shop's own over them; what is no term any more is left out."""
    told: dict[str, Any] = {name: value for name, value in own.items() if name in BOUNDS}
    if own.get(AIM) in set(Aim):
        told[AIM] = Aim(str(own[AIM]))
    return msgspec.structs.replace(defaults, **told)


def checked(own: Own) -> dict[str, int | str]:
    """The terms as they may be kept. Raises Refused for what no shop can mean."""
    for name, value in own.items():
        if name == AIM and value in set(Aim):
            continue
        if name not in BOUNDS or not isinstance(value, int):
            raise Refused(say("{name} is no term of advice.", name=name))
        least, most = BOUNDS[name]
        if not least <= value <= most:
            raise Refused(say("{fields}: give a number from {least} to {most}.", fields=name, least=least, most=most))
    return dict(own)


def set_terms(house: House, by: Person, shop_id: ShopId, own: Own, now: datetime) -> None:
    """Keeps one more version, in force from now on; what equals the default is not kept. Raises Refused."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    told = checked(own)

    def work(tx: Tx) -> None:
        defaults = rulebook_in(tx, house, shop_id).advice.terms
        differing = {name: value for name, value in told.items() if getattr(defaults, name) != value}
        advice.keep_terms(tx, shop_id, msgspec.json.encode(differing).decode(), now, now, by.person_id)
        journal.write(tx, shop_id, AdviceTermsSet(tuple(sorted(differing))), at=now, by=by.person_id)

    transact(house.pool, work)
