"""How old each kind of fact is, from the imports that stand and from what was read from the platform, and the reminder to freshen it."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from zhanggui.actions.intake.tally import Outcome
from zhanggui.actions.reckoning import Computed, Reckoning
from zhanggui.core.clocks import freshness_deadline
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import FactKind
from zhanggui.core.rules import NoSuchRule, Rulebook
from zhanggui.records import ages, batches, sync_sources
from zhanggui.records.db import Tx


def set_ages(tx: Tx, shop_id: int, rulebook: Rulebook, now: datetime) -> None:
    """Makes the ages of the shop's data what its stored imports and its sources say, and the reminders follow."""
    newest = newest_by_kind(tx, shop_id)
    ages.set_all(tx, shop_id, newest, now)
    _remind(tx, shop_id, newest, {kind.value for kind in FactKind}, rulebook, now)


def raise_age(tx: Tx, shop_id: int, kind: str, as_of: datetime, rulebook: Rulebook, now: datetime) -> None:
    """Notes that everything of this kind is known as of this moment, and the reminder follows."""
    if ages.raise_to(tx, shop_id, kind, as_of, now):
        _remind(tx, shop_id, {kind: as_of}, {kind}, rulebook, now)


def _remind(tx: Tx, shop_id: int, newest: Mapping[str, datetime], kinds: set[str], rulebook: Rulebook, now: datetime) -> None:
    """Makes the reminders of these kinds follow their ages."""
    computed: Computed = []
    for kind, as_of in newest.items():
        try:
            computed.append((freshness_deadline(FactKind(kind), as_of, rulebook), as_of))
        except NoSuchRule:
            continue  # of this kind nobody needs reminding
    reckoning = Reckoning(tx, shop_id, rulebook, now)
    reckoning.store(computed, {SubjectKind.SOURCE.value: kinds})
    reckoning.finish()


def newest_by_kind(tx: Tx, shop_id: int) -> dict[str, datetime]:
    """The newest moment that any stored import speaks of, or up to which a source was read without a hole, by kind."""
    newest: dict[str, datetime] = {}
    for outcome in batches.outcomes_of_done(tx, shop_id):
        for kind, as_of in msgspec.json.decode(outcome, type=Outcome).ages.items():
            newest[kind] = max(as_of, newest.get(kind, as_of))
    for source in sync_sources.horizons(tx, [shop_id]):
        if source.horizon is not None:
            newest[source.kind] = max(source.horizon, newest.get(source.kind, source.horizon))
    return newest
