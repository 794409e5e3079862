"""What imports show of their rows is taken away: cells of refused rows with what was said of them, and examples in what an import brought."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from zhanggui.core.say import say
from zhanggui.records.db import Tx
from zhanggui.records.says import packed

GONE = say("What this row said is no longer kept.")
"""In the place of a reason, which repeats the cell it speaks of."""

# a cell may hold an order number among other words; of anything else the number alone, which may be short
ROWS_OF = """
    update quarantine set cells = '{}', reason = %(gone)s::json
    where shop_id = %(shop_id)s and cells::text <> '{}' and (
        exists (select 1 from unnest(%(nos)s::text[]) as no where strpos(quarantine.cells::text, no) > 0)
        or exists (select 1 from unnest(%(keys)s::text[]) as key where strpos(quarantine.cells::text, key) > 0))
    returning batch_id, file, sheet, line
"""
OLD_ROWS = """
    update quarantine set cells = '{}', reason = %(gone)s::json, state = case when state = 'waiting' then 'dropped' else state end
    where shop_id = %(shop_id)s and made_at < %(before)s and cells::text <> '{}'
    returning batch_id, file, sheet, line
"""
# examples of what an import changed name the thing first: the order, or its case, review or message
OUTCOMES = """
    select batch_id, outcome::text from batches
    where shop_id = %(shop_id)s and outcome is not null
        and (batch_id = any(%(batches)s) or exists (select 1 from unnest(%(keys)s::text[]) as key where strpos(batches.outcome::text, key) > 0))
"""
SET_OUTCOME = "update batches set outcome = %(outcome)s::json where shop_id = %(shop_id)s and batch_id = %(batch_id)s"

Where = tuple[int, str, str | None, int | None]
"""Where a refused row stood: import, file, sheet, line."""


def forget(tx: Tx, shop_id: int, order_nos: Sequence[str], keys: Collection[str]) -> dict[str, int]:
    """How many refused rows and reports of imports lost what they showed of these orders, and of the things of theirs that have these keys."""
    bare = {key.removesuffix(f"/{no}") for key in keys for no in order_nos}
    slots = {"shop_id": shop_id, "nos": list(order_nos), "keys": _quoted(bare), "gone": packed(GONE)}
    rows = _wheres(tx.execute(ROWS_OF, slots))
    return {"quarantine": len(rows), "batches": _forget_examples(tx, shop_id, frozenset(keys), rows)}


def forget_rows(tx: Tx, shop_id: int, before: datetime) -> int:
    """How many refused rows from before this moment lost their cells."""
    rows = _wheres(tx.execute(OLD_ROWS, {"shop_id": shop_id, "before": before, "gone": packed(GONE)}))
    if rows:
        _forget_examples(tx, shop_id, frozenset(), rows)
    return len(rows)


def forget_events(tx: Tx, shop_id: int, plain: Mapping[str, str], batches: Collection[int]) -> None:
    """Takes what these imports show of tracking events away; by a plain key in the place of theirs, which repeats their words."""
    for batch_id, text in tx.execute(OUTCOMES, {"shop_id": shop_id, "keys": [], "batches": sorted(batches)}).fetchall():
        outcome = msgspec.json.decode(text)
        anew = _renamed(outcome, plain)
        if anew != outcome:
            tx.execute(SET_OUTCOME, {"shop_id": shop_id, "batch_id": batch_id, "outcome": msgspec.json.encode(anew).decode()})


def _renamed(value: Any, plain: Mapping[str, str]) -> Any:
    match value:
        case str():
            return plain.get(value, value)
        case {"key": str() as key, "fields": _} if key in plain:
            return {**value, "key": plain[key], "fields": []}
        case dict():
            return {name: _renamed(one, plain) for name, one in value.items()}
        case list():
            return [_renamed(one, plain) for one in value]
    return value


def _wheres(rows: Iterable[tuple[Any, ...]]) -> list[Where]:
    return [(int(batch_id), file, sheet, line) for batch_id, file, sheet, line in rows]


def _forget_examples(tx: Tx, shop_id: int, keys: frozenset[str], rows: Collection[Where]) -> int:
    """How many imports showed something of them, and do no more."""
    changed = 0
    told = tx.execute(OUTCOMES, {"shop_id": shop_id, "keys": _quoted(keys), "batches": sorted({row[0] for row in rows})}).fetchall()
    for batch_id, text in told:
        outcome = msgspec.json.decode(text)
        anew = _without(outcome, keys, frozenset(row[1:] for row in rows if row[0] == batch_id))
        if anew != outcome:
            tx.execute(SET_OUTCOME, {"shop_id": shop_id, "batch_id": batch_id, "outcome": msgspec.json.encode(anew).decode()})
            changed += 1
    return changed


def _without(value: Any, keys: frozenset[str], rows: frozenset[tuple[object, ...]]) -> Any:
    match value:
        case {"key": str() as key, "fields": _} if key in keys:
            return {**value, "fields": []}
        case {"place": {"file": file, "sheet": sheet, "row": row}, "reason": _} if (file, sheet, row) in rows:
            return {**value, "reason": msgspec.to_builtins(GONE)}
        case dict():
            return {name: _without(one, keys, rows) for name, one in value.items()}
        case list():
            return [_without(one, keys, rows) for one in value]
    return value


def _quoted(keys: Collection[str]) -> list[str]:
    """The keys as JSON writes them, so that a short one is not found within another."""
    return [msgspec.json.encode(key).decode() for key in keys]
