"""How old each kind of fact is, from the imports that stand, and the reminder to export again."""

from datetime import datetime

import msgspec

from zhanggui.actions.intake.tally import Outcome
from zhanggui.actions.reckoning import Computed, Reckoning
from zhanggui.core.clocks import freshness_deadline
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import FactKind
from zhanggui.core.rules import NoSuchRule, Rulebook
from zhanggui.records import ages, batches
from zhanggui.records.db import Tx


def set_ages(tx: Tx, shop_id: int, rulebook: Rulebook, now: datetime) -> None:
    """Makes the ages of the shop's data what its stored imports say, and the reminders follow."""
    newest = newest_by_kind(tx, shop_id)
    ages.set_all(tx, shop_id, newest, now)
    computed: Computed = []
    for kind, as_of in newest.items():
        try:
            computed.append((freshness_deadline(FactKind(kind), as_of, rulebook), as_of))
        except NoSuchRule:
            continue  # of this kind nobody needs reminding
    reckoning = Reckoning(tx, shop_id, rulebook, now)
    reckoning.store(computed, {SubjectKind.SOURCE.value: {kind.value for kind in FactKind}})
    reckoning.finish()


def newest_by_kind(tx: Tx, shop_id: int) -> dict[str, datetime]:
    """The newest moment that any stored import speaks of, by kind."""
    newest: dict[str, datetime] = {}
    for outcome in batches.outcomes_of_done(tx, shop_id):
        for kind, as_of in msgspec.json.decode(outcome, type=Outcome).ages.items():
            newest[kind] = max(as_of, newest.get(kind, as_of))
    return newest
