"""What deadlines and facts tell other programs of, said in the transaction that stores them."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.actions.intake.folding import Change
from zhanggui.core.deadlines import Band, SubjectKind
from zhanggui.core.facts import Facts, OrderFacts, ReviewFacts
from zhanggui.core.hooks.kinds import EventKind
from zhanggui.core.news import News
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.hook_notes import Ears

_IN_BAND = {Band.HOUR: EventKind.DEADLINE_SOON, Band.OVERDUE: EventKind.DEADLINE_OVERDUE}
_FACTS = tuple(kind for kind in EventKind if kind.value.startswith(("order.", "review.")))


def tell_deadline(ears: Ears, before: StoredDeadline | None, after: StoredDeadline) -> None:
    """A deadline runs, is due at another moment, comes near, passes, or ends. One that ended before it was ever known is not told of."""
    was_running, runs = before is not None and before.band is not None, after.band is not None
    if runs and not was_running:
        _tell(ears, EventKind.DEADLINE_OPENED, after)
    elif runs and before is not None and before.due_at != after.due_at:
        _tell(ears, EventKind.DEADLINE_MOVED, after, due_before=before.due_at)
    elif was_running and not runs:
        _tell(ears, EventKind.DEADLINE_CLOSED, after, closed_at=after.closed_at)
    if runs:
        _tell_band(ears, before, after)


def tell_gone(ears: Ears, gone: StoredDeadline) -> None:
    """A running deadline holds no more: what it hung on is gone, or no rule makes it."""
    if gone.band is not None:
        _tell(ears, EventKind.DEADLINE_CLOSED, gone, outcome="gone", closed_at=None)


def tell_bands(tx: Tx, shop_id: int, before: Sequence[StoredDeadline], after: Sequence[StoredDeadline], now: datetime) -> None:
    """Time moved these deadlines; the rows stand in the same order."""
    ears = Ears(tx, shop_id, now)
    for one, other in zip(before, after, strict=True):
        _tell_band(ears, one, other)
    ears.flush()


def tell_changes(ears: Ears, changes: Sequence[Change[Facts]]) -> None:
    """Orders and reviews were told of, or are told differently."""
    if not ears.want(*_FACTS):
        return
    for change in changes:
        after = change.after.facts
        if change.news not in (News.NEW, News.CHANGED):
            continue
        before = change.before.facts if change.before is not None else None
        if isinstance(after, OrderFacts):
            _tell_order(ears, before if isinstance(before, OrderFacts) else None, after, change.fields)
        elif isinstance(after, ReviewFacts):
            kind = EventKind.REVIEW_SEEN if before is None else EventKind.REVIEW_CHANGED
            no = f"{after.review_no}/{after.order_no}"
            ears.tell(kind, SubjectKind.REVIEW.value, no, after.order_no, stars=after.score, at=after.created_at, fields=sorted(change.fields))


def _tell_order(ears: Ears, before: OrderFacts | None, after: OrderFacts, fields: tuple[str, ...]) -> None:
    order = (SubjectKind.ORDER.value, after.order_no, after.order_no)
    if before is None:
        ears.tell(EventKind.ORDER_SEEN, *order, stage=after.stage, refund=after.refund, pay_amount_fen=after.pay_amount)
        return
    if before.stage != after.stage:
        ears.tell(EventKind.ORDER_MOVED, *order, before=before.stage, after=after.stage)
    if before.refund != after.refund:
        ears.tell(EventKind.ORDER_REFUND_MOVED, *order, before=before.refund, after=after.refund)
    others = sorted(name for name in fields if name not in ("stage", "refund", "status_text", "refund_text"))
    if others:
        ears.tell(EventKind.ORDER_CHANGED, *order, fields=others)


def _tell_band(ears: Ears, before: StoredDeadline | None, after: StoredDeadline) -> None:
    kind = None if after.band is None else _IN_BAND.get(Band(after.band))
    if kind is not None and (before is None or before.band != after.band):
        _tell(ears, kind, after)


def _tell(ears: Ears, kind: EventKind, row: StoredDeadline, *, outcome: str | None = None, **more: datetime | None) -> None:
    ears.tell(
        kind,
        row.subject_kind,
        row.subject_no,
        row.order_no,
        deadline=row.kind,
        outcome=outcome or row.state,
        due_at=row.due_at,
        at_risk_fen=row.at_risk,
        rule=row.rule,
        **more,
    )
