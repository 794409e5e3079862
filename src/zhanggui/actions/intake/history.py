"""The journal entries that a change of facts is worth."""

from collections.abc import Iterator

from zhanggui.actions.intake.folding import Change
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import Facts, OrderFacts
from zhanggui.records.journal_entries import Entry, OrderCorrected, OrderMoved, OrderSeen, RefundMoved


def entries_of(change: Change[Facts]) -> Iterator[tuple[Entry, str, str]]:
    """The entries, each with the order it is about. Cases tell their steps by themselves (actions/cases/following.py); other kinds speak through these."""
    after = change.after.facts
    before = change.before.facts if change.before is not None else None
    if isinstance(after, OrderFacts):
        for entry in _of_order(before if isinstance(before, OrderFacts) else None, after, change.fields):
            yield entry, SubjectKind.ORDER.value, after.order_no


def _of_order(before: OrderFacts | None, after: OrderFacts, fields: tuple[str, ...]) -> Iterator[Entry]:
    if before is None:
        yield OrderSeen(after.stage)
        return
    if before.stage != after.stage:
        yield OrderMoved(before.stage, after.stage)
    if before.refund != after.refund:
        yield RefundMoved(before.refund, after.refund)
    others = [name for name in fields if name not in ("stage", "refund", "status_text", "refund_text")]
    if others:
        yield OrderCorrected(", ".join(others))
