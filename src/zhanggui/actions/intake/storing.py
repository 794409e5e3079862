"""Stores chunks of told rows: the sightings, what they add up to, the totals, the deadlines, the journal. All inside one transaction."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from itertools import chain

import msgspec

from zhanggui.actions.hooks.telling import tell_changes
from zhanggui.actions.intake.folding import Change, Told, fold_chunk
from zhanggui.actions.intake.history import entries_of
from zhanggui.actions.intake.learning import learn_hours
from zhanggui.actions.intake.tally import Outcome, Tally
from zhanggui.actions.intake.touching import touch
from zhanggui.actions.knowing import nothing_hangs
from zhanggui.actions.reckoning import Reckoning, Touched
from zhanggui.core.facts import FactKind, Facts, OrderFacts, Sighting, key_of
from zhanggui.core.news import News
from zhanggui.core.rules import Rulebook
from zhanggui.records import journal, sightings
from zhanggui.records.db import Tx
from zhanggui.records.facts import TABLES
from zhanggui.records.facts.orders import teaches_hours
from zhanggui.records.facts.sealed import decoder, encoder
from zhanggui.records.facts.table import Table, refresh, remove, store
from zhanggui.records.order_totals import Totals
from zhanggui.records.streams import copying_behind

CHUNK = 5000
MANY = 500
"""From so many rows on it pays to go on computing while the server still writes, and to ask first whether anything hangs on orders at all."""

_encode = msgspec.json.Encoder().encode


class Storing:
    """One import on its way into the database."""

    def __init__(
        self,
        tx: Tx,
        shop_id: int,
        batch_id: int,
        rulebook: Rulebook,
        now: datetime,
        by: int | None,
        *,
        by_platform: bool = False,
        by_tracker: bool = False,
        many: int = MANY,
    ) -> None:
        self.tx = tx
        self.shop_id = shop_id
        self.batch_id = batch_id
        self.now = now
        self.by = by
        self._many = many
        self.tally = Tally()
        self.shapes: dict[frozenset[str], int] = {}
        self._totals = Totals()
        self._reckoning = Reckoning(tx, shop_id, rulebook, now, batch_id, by_platform=by_platform, by_tracker=by_tracker)
        self._goods: set[str] = set()
        self._first_entry = journal.last_no(tx, shop_id) + 1

    def take(self, chunk: Sequence[Sighting[Facts]], as_of: datetime) -> None:
        """Stores a chunk, kind by kind, and computes the deadlines of what it touched."""
        with copying_behind(self.tx) if len(chunk) >= self._many else nullcontext():
            touched = Touched()
            for kind, told in _by_kind(chunk):
                # asked before the orders are written: what is asked later waits for that
                touched.nothing_hangs = kind is FactKind.ORDER and len(told) >= self._many and nothing_hangs(self.tx, self.shop_id)
                self._take_kind(TABLES[kind], told, as_of, touched)
            self._reckoning.recompute(touched)

    def finish(self) -> Outcome:
        """Stores what was added up along the way, and tells what the import brought."""
        learn_hours(self.tx, self.shop_id, self._goods, self._reckoning, self.now)
        self._totals.store(self.tx, self.shop_id)
        self._reckoning.finish()
        return self.tally.outcome((self._first_entry, journal.last_no(self.tx, self.shop_id)))

    def _take_kind(self, table: Table[Facts], told: Sequence[Sighting[Facts]], as_of: datetime, touched: Touched) -> None:
        earlier = self._taken_back(table, told)
        changes = fold_chunk(self.tx, table, self.shop_id, self.batch_id, told, as_of, earlier)
        self.tally.take(table.kind, changes)
        encode = encoder(self.tx, self.shop_id, table.kind)
        encoded = {change.key: encode(change.after.facts) for change in changes if change.news in (News.NEW, News.CHANGED)}
        sightings.copy_new(self.tx, chain.from_iterable(self._sighting_rows(table, change, encoded, encode) for change in changes))
        self._store_facts(table, changes, encoded)
        journal.copy_many(self.tx, self._entries(changes))
        tell_changes(self._reckoning.ears, changes)
        if table.kind is FactKind.ORDER:
            self._follow_orders(changes)
        touch(self.tx, self.shop_id, table.kind, changes, touched)

    def _taken_back(self, table: Table[Facts], told: Sequence[Sighting[Facts]]) -> dict[str, list[Told[Facts]]]:
        """What earlier chunks of this batch told of the same things; taken out, to be stored again as one with this chunk's."""
        repeated = [key for sighting in told if self.tally.has_seen(table.kind, key := key_of(sighting.facts))]
        if not repeated:
            return {}
        shapes = list(self.shapes)
        rows = sightings.take_from_batch(self.tx, self.shop_id, self.batch_id, table.kind.value, repeated)
        decode = decoder(self.tx, self.shop_id, table.facts)
        return {key: [Told(decode(facts), shapes[shape], as_of) for as_of, shape, facts in listed] for key, listed in rows.items()}

    def _sighting_rows(self, table: Table[Facts], change: Change[Facts], encoded: dict[str, str], encode: Callable[[Facts], str]) -> Iterator[sightings.Row]:
        for one in change.told:
            text = encoded[change.key] if one.facts is change.after.facts and change.key in encoded else encode(one.facts)
            yield self.shop_id, self.batch_id, table.kind.value, change.key, one.as_of, self._shape(one.given), text

    def _store_facts(self, table: Table[Facts], changes: Sequence[Change[Facts]], encoded: dict[str, str]) -> None:
        remove(self.tx, table, self.shop_id, [change.after.facts for change in changes if change.news is News.CHANGED])
        rows = ((change.after.facts, change.after.as_of, encoded[change.key]) for change in changes if change.key in encoded)
        store(self.tx, table, self.shop_id, rows)
        newer: dict[datetime, list[Facts]] = {}
        for change in changes:
            if change.news is News.UNCHANGED and change.before is not None and change.before.as_of < change.after.as_of:
                newer.setdefault(change.after.as_of, []).append(change.after.facts)
        for as_of, same in newer.items():
            refresh(self.tx, table, self.shop_id, same, as_of)

    def _entries(self, changes: Sequence[Change[Facts]]) -> Iterator[journal.Row]:
        for change in changes:
            if change.news is News.NEW or change.news is News.CHANGED:
                for entry, kind, no in entries_of(change):
                    yield journal.row(self.shop_id, entry, self.now, self.by, kind, no, self.batch_id)

    def _follow_orders(self, changes: Sequence[Change[Facts]]) -> None:
        """Keeps the totals, and the products whose promised hours may have to be learnt anew."""
        for change in changes:
            after = change.after.facts
            if change.news not in (News.NEW, News.CHANGED) or not isinstance(after, OrderFacts):
                continue
            before = change.before.facts if change.before is not None and isinstance(change.before.facts, OrderFacts) else None
            if before is not None:
                self._totals.go(before)
            self._totals.come(after)
            taught, teaches = _lesson(before), _lesson(after)
            if taught != teaches:  # what only moved on (shipped, received) teaches what it taught before
                self._goods.update(lesson[0] for lesson in (taught, teaches) if lesson is not None)

    def _shape(self, given: frozenset[str]) -> int:
        return self.shapes.setdefault(given, len(self.shapes))

    def shapes_encoded(self) -> bytes:
        """The sets of given fields that the sightings refer to, as JSON."""
        return _encode([sorted(shape) for shape in self.shapes])


def _lesson(order: OrderFacts | None) -> tuple[str, datetime | None, datetime | None] | None:
    """What an order teaches of its product: from when to when it has to be shipped; None where it teaches nothing."""
    if order is None or order.goods_id is None or not teaches_hours(order):
        return None
    return order.goods_id, order.group_formed_at, order.ship_by


def _by_kind(chunk: Sequence[Sighting[Facts]]) -> Iterator[tuple[FactKind, list[Sighting[Facts]]]]:
    """The chunk sorted by kind, orders last."""
    by_kind: dict[type, list[Sighting[Facts]]] = {}
    for sighting in chunk:
        by_kind.setdefault(type(sighting.facts), []).append(sighting)
    for kind, table in TABLES.items():
        if table.facts in by_kind:
            yield kind, by_kind[table.facts]
