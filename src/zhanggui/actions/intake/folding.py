"""Holds what a chunk of rows tells against what is known: the one judgment that the preview shows and the import stores."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Generic

import msgspec

from zhanggui.actions.intake.defaults import told_by_words
from zhanggui.core.facts import F, Sighting, key_of
from zhanggui.core.news import News, fold, merge
from zhanggui.records import sightings
from zhanggui.records.db import Tx
from zhanggui.records.facts.sealed import decoder
from zhanggui.records.facts.table import Known, Table, fetch
from zhanggui.records.sightings import SightingRecord


class Told(msgspec.Struct, Generic[F], frozen=True, gc=False):
    """What one batch tells of one thing as of one moment; rows that repeat it are folded into one."""

    facts: F
    given: frozenset[str]
    as_of: datetime


class Change(msgspec.Struct, Generic[F], frozen=True, gc=False):
    """One thing before and after a chunk, and what was told of it."""

    key: str
    before: Known[F] | None
    after: Known[F]
    news: News
    fields: tuple[str, ...]
    told: tuple[Told[F], ...]


def fold_chunk(
    tx: Tx, table: Table[F], shop_id: int, batch_id: int, chunk: Sequence[Sighting[F]], as_of: datetime, earlier: Mapping[str, Sequence[Told[F]]]
) -> list[Change[F]]:
    """What every thing in the chunk is after it. `earlier` is what the same batch told of these things in chunks before."""
    by_key = _by_key(told_by_words(table.kind, chunk), as_of)
    known = fetch(tx, table, shop_id, [told[0].facts for told in by_key.values()])
    late = [key for key, told in by_key.items() if key in known and told[0].as_of < known[key].as_of]
    others = sightings.of_keys(tx, shop_id, table.kind.value, late, except_batch=batch_id) if late else {}
    decode = decoder(tx, shop_id, table.facts)
    return [
        _change(decode, key, known.get(key), told, _own(earlier.get(key), told), others.get(key, ()) if key in late else None) for key, told in by_key.items()
    ]


def folded(tx: Tx, table: Table[F], shop_id: int, records: Sequence[SightingRecord]) -> Known[F]:
    """What stored sightings add up to."""
    decode = decoder(tx, shop_id, table.facts)
    facts, as_of = fold((decode(record.facts), record.given, record.as_of) for record in records)
    return Known(facts, as_of)


def _by_key(chunk: Sequence[Sighting[F]], as_of: datetime) -> dict[str, list[Told[F]]]:
    """What the chunk tells of each thing, oldest first, told once per moment."""
    by_key: dict[str, list[Told[F]]] = {}
    for sighting in chunk:
        key = key_of(sighting.facts)
        told = Told(sighting.facts, sighting.given, sighting.as_of or as_of)
        before = by_key.get(key)
        by_key[key] = [told] if before is None else merged(before, told)
    return by_key


def merged(before: Sequence[Told[F]], told: Told[F]) -> list[Told[F]]:
    """The list with one more telling in its place; of two of the same moment the later row goes over the earlier."""
    listed = [one for one in before if one.as_of != told.as_of]
    same = next((one for one in before if one.as_of == told.as_of), None)
    if same is not None:
        told = Told(merge(same.facts, same.as_of, told.facts, told.given, told.as_of).facts, same.given | told.given, told.as_of)
    return sorted([*listed, told], key=lambda one: one.as_of)


def _own(earlier: Sequence[Told[F]] | None, told: Sequence[Told[F]]) -> Sequence[Told[F]]:
    """All that this batch tells of one thing."""
    own = list(earlier or ())
    for one in told if own else ():
        own = merged(own, one)
    return own or told


def _change(
    decode: Callable[[str], F], key: str, known: Known[F] | None, told: Sequence[Told[F]], own: Sequence[Told[F]], others: Sequence[SightingRecord] | None
) -> Change[F]:
    first = told[0]
    if known is None and len(told) == 1:
        return Change(key, None, Known(first.facts, first.as_of), News.NEW, (), (first,))
    if others is not None:
        after = _refolded(decode, own, others)
    else:
        facts, as_of = (first.facts, first.as_of) if known is None else (known.facts, known.as_of)
        for one in told if known is not None else told[1:]:
            facts, as_of = merge(facts, as_of, one.facts, one.given, one.as_of).facts, max(as_of, one.as_of)
        after = Known(facts, as_of)
    if known is None:
        return Change(key, None, after, News.NEW, (), tuple(own))
    fields = _differing(known.facts, after.facts)
    older = told[-1].as_of < known.as_of
    return Change(key, known, after, News.CHANGED if fields else News.OLDER if older else News.UNCHANGED, fields, tuple(own))


def _refolded(decode: Callable[[str], F], own: Sequence[Told[F]], others: Sequence[SightingRecord]) -> Known[F]:
    """The fold of everything ever told, for news that comes late: it takes its place in the order of moments."""
    earlier = [(decode(record.facts), record.given, record.as_of) for record in others]
    facts, as_of = fold([*earlier, *((one.facts, one.given, one.as_of) for one in own)])
    return Known(facts, as_of)


def _differing(before: F, after: F) -> tuple[str, ...]:
    if before == after:
        return ()
    return tuple(name for name in before.__struct_fields__ if getattr(before, name) != getattr(after, name))
