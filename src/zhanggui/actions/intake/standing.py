"""What comes through the platform's doors: one batch a shop that stands for good, in which every thing is told once, as it was told last.

It takes the same road as files: folded by age with whatever files told, into rows, deadlines, totals and journal. Of one thing it keeps a single
sighting, so that storage stays bounded however often the platform is asked.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.intake.folding import Told
from zhanggui.actions.intake.storing import Storing
from zhanggui.actions.intake.tally import Outcome
from zhanggui.core.facts import FactKind, Facts, Sighting, key_of
from zhanggui.core.news import merge
from zhanggui.core.rules import Rulebook
from zhanggui.records import batches, sightings
from zhanggui.records.db import Tx
from zhanggui.records.facts import TABLES
from zhanggui.records.facts.sealed import decoder
from zhanggui.records.facts.table import Table

PROFILE = "pdd_api"
TRACKED = "tracked"
"""What a tracking service told stands in a batch of its own."""


class Standing:
    """What one transaction stores of what the platform told. The shop's lock is held by the caller."""

    def __init__(self, tx: Tx, shop_id: int, rulebook: Rulebook, now: datetime, profile: str = PROFILE) -> None:
        self._tx = tx
        self._shop_id = shop_id
        self.batch_id, shapes = batches.standing(tx, shop_id, profile, now)
        self._storing = Storing(tx, shop_id, self.batch_id, rulebook, now, None, by_platform=profile == PROFILE, by_tracker=profile == TRACKED)
        self._known_shapes = [frozenset(given) for given in msgspec.json.decode(shapes, type=list[list[str]])]
        self._storing.shapes.update((given, number) for number, given in enumerate(self._known_shapes))

    def store(self, told: Sequence[Sighting[Facts]], as_of: datetime) -> Outcome:
        """Stores what was told, each thing once, and tells what it brought. Sightings without an age of their own speak of `as_of`. To be called once."""
        fresh = [sighting for kind, some in _by_kind(told).items() for sighting in self._fresh(TABLES[kind], some, as_of)]
        self._storing.take(fresh, as_of)
        outcome = self._storing.finish()
        if len(self._storing.shapes) > len(self._known_shapes):
            batches.set_shapes(self._tx, self._shop_id, self.batch_id, self._storing.shapes_encoded())
        return outcome

    def _fresh(self, table: Table[Facts], told: Sequence[Sighting[Facts]], as_of: datetime) -> list[Sighting[Facts]]:
        """What the standing batch tells anew: its earlier sightings of these things are taken out, those that bring nothing stay."""
        place = told[0].place
        before = self._told_before(table, sorted({key_of(sighting.facts) for sighting in told}))
        after: dict[str, Told[Facts]] = {}
        for sighting in sorted(told, key=lambda one: one.as_of or as_of):
            key = key_of(sighting.facts)
            known = after.get(key) or before.get(key)
            after[key] = folded_in(known, Told(sighting.facts, sighting.given, sighting.as_of or as_of))
        news = {key: one for key, one in after.items() if before.get(key) != one}
        sightings.remove_keys(self._tx, self._shop_id, self.batch_id, table.kind.value, [key for key in news if key in before])
        return [Sighting(one.facts, one.given, place, one.as_of) for one in news.values()]

    def _told_before(self, table: Table[Facts], keys: Sequence[str]) -> dict[str, Told[Facts]]:
        decode = decoder(self._tx, self._shop_id, table.facts)
        rows = sightings.told_by_batch(self._tx, self._shop_id, self.batch_id, table.kind.value, keys)
        return {key: Told(decode(facts), self._known_shapes[shape], as_of) for key, (as_of, shape, facts) in rows.items()}


def folded_in(known: Told[Facts] | None, told: Told[Facts]) -> Told[Facts]:
    """What the platform says of a thing after one more telling. A list and a detail give different fields, so that neither wipes out the other.

    Of equal ages the later telling holds. An older one only adds fields that the platform never gave before.
    """
    if known is None:
        return told
    if told.as_of >= known.as_of:
        after = merge(known.facts, known.as_of, told.facts, told.given, told.as_of).facts
        return Told(after, known.given | told.given, told.as_of)
    never_given = told.given - known.given
    if not never_given:
        return known
    filled = merge(known.facts, known.as_of, told.facts, never_given, told.as_of).facts
    return Told(filled, known.given | never_given, known.as_of)


def _by_kind(told: Iterable[Sighting[Facts]]) -> dict[FactKind, list[Sighting[Facts]]]:
    by_kind: dict[FactKind, list[Sighting[Facts]]] = {}
    kinds = {table.facts: kind for kind, table in TABLES.items()}
    for sighting in told:
        by_kind.setdefault(kinds[type(sighting.facts)], []).append(sighting)
    return by_kind
