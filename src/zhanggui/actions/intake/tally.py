"""Counts what an import brings, by kind, with a few examples of each sort. The same counts for the preview and for what was stored."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.intake.doubting import Doubts
from zhanggui.actions.intake.folding import Change
from zhanggui.actions.views import Examples, Refusal, RowChange
from zhanggui.core.facts import FactKind, Facts, OrderFacts, RefundState
from zhanggui.core.news import News
from zhanggui.records.facts.sealed import SEALED_FIELDS

MOST_KEYS = 5
MOST_CHANGES = 10
MOST_REFUSALS = 20


class Outcome(msgspec.Struct, frozen=True):
    """What an import brings: by kind, the status moves of orders, how old each kind is, and the span of its journal entries."""

    results: tuple[Examples, ...] = ()
    state_changes: tuple[tuple[str, str, int], ...] = ()
    ages: dict[str, datetime] = msgspec.field(default_factory=dict)
    journal: tuple[int, int] | None = None
    doubts: Doubts = Doubts()
    """Only while it is a preview."""


class Tally:
    """Counts each thing once, however often an import repeats it."""

    def __init__(self) -> None:
        self._counts: dict[FactKind, dict[str, int]] = {}
        self._new_keys: dict[FactKind, list[str]] = {}
        self._changes: dict[FactKind, list[RowChange]] = {}
        self._refusals: dict[FactKind, list[Refusal]] = {}
        self._moves: dict[tuple[str, str], int] = {}
        self._ages: dict[str, datetime] = {}
        self._seen: set[int] = set()

    def has_seen(self, kind: FactKind, key: str) -> bool:
        """Whether the thing came up in an earlier chunk (once in very many millions, whether one that looks like it did)."""
        return hash((kind, key)) in self._seen

    def take(self, kind: FactKind, changes: Sequence[Change[Facts]], *, stored: bool = True) -> None:
        """Counts a chunk; one that is not stored, since its very bytes were before, makes no data younger."""
        counts = self._counts.setdefault(kind, dict.fromkeys((*News, "refused"), 0))
        for change in changes:
            if stored:
                self._age(kind, change.told[-1].as_of)
            seen = hash((kind, change.key))
            if seen in self._seen:
                continue
            self._seen.add(seen)
            counts[change.news] += 1
            if change.news is News.NEW:
                keys = self._new_keys.setdefault(kind, [])
                if len(keys) < MOST_KEYS:
                    keys.append(change.key)
            elif change.news is News.CHANGED and change.before is not None:
                self._changed(kind, change, change.before.facts)

    def refuse(self, kind: FactKind, refusal: Refusal) -> None:
        """Counts a row that was not taken."""
        self._counts.setdefault(kind, dict.fromkeys((*News, "refused"), 0))["refused"] += 1
        refusals = self._refusals.setdefault(kind, [])
        if len(refusals) < MOST_REFUSALS:
            refusals.append(refusal)

    def outcome(self, journal: tuple[int, int] | None = None) -> Outcome:
        """Everything counted so far."""
        return Outcome(
            tuple(self._examples(kind) for kind in FactKind if kind in self._counts),
            tuple((before, after, orders) for (before, after), orders in sorted(self._moves.items())),
            self._ages,
            journal,
        )

    def total(self, sort: str) -> int:
        """How many things of this sort, of every kind."""
        return sum(counts[sort] for counts in self._counts.values())

    def _changed(self, kind: FactKind, change: Change[Facts], before: Facts) -> None:
        after = change.after.facts
        changes = self._changes.setdefault(kind, [])
        if len(changes) < MOST_CHANGES:
            sealed = SEALED_FIELDS.get(kind, ())
            told = ((name, "…", "…") if name in sealed else (name, _text(before, name), _text(after, name)) for name in change.fields)
            changes.append(RowChange(change.key, tuple(told)))
        if isinstance(before, OrderFacts) and isinstance(after, OrderFacts):
            for move in moves_of(before, after):
                self._moves[move] = self._moves.get(move, 0) + 1

    def _age(self, kind: FactKind, as_of: datetime) -> None:
        known = self._ages.get(kind.value)
        if known is None or known < as_of:
            self._ages[kind.value] = as_of

    def _examples(self, kind: FactKind) -> Examples:
        counts = self._counts[kind]
        return Examples(
            kind=kind,
            new=counts[News.NEW],
            changed=counts[News.CHANGED],
            unchanged=counts[News.UNCHANGED],
            older=counts[News.OLDER],
            refused=counts["refused"],
            new_keys=tuple(self._new_keys.get(kind, ())),
            changes=tuple(self._changes.get(kind, ())),
            refusals=tuple(self._refusals.get(kind, ())),
        )


def moves_of(before: OrderFacts, after: OrderFacts) -> list[tuple[str, str]]:
    """The status moves of one order: its stage, and its refund state (written refund_none, refund_open …, to tell them from stages)."""
    moves = []
    if before.stage != after.stage:
        moves.append((before.stage.value if before.stage else "unknown", after.stage.value if after.stage else "unknown"))
    if (before.refund or RefundState.NONE) != (after.refund or RefundState.NONE):
        moves.append((f"refund_{(before.refund or RefundState.NONE).value}", f"refund_{(after.refund or RefundState.NONE).value}"))
    return moves


def _text(facts: Facts, name: str) -> str | None:
    value = getattr(facts, name)
    if value is None or isinstance(value, str):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)
