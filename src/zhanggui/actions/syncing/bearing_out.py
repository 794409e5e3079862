"""Holds what people said to be done against a platform that was read without a hole since: what still runs there was not done."""

from datetime import datetime, timedelta

from zhanggui.actions.intake.standing import PROFILE
from zhanggui.actions.reckoning import Reckoning, Touched
from zhanggui.core.deadlines import Band, DeadlineKind, SubjectKind
from zhanggui.core.rules import Rulebook
from zhanggui.people.permissions import ShopId
from zhanggui.records import batches, marks, sync_windows
from zhanggui.records.db import Tx

GRACE = timedelta(minutes=30)
"""So long somebody may take to do what they said is done: many mark first and then work the pile off."""
AT_ONCE = 500
SHOWN: dict[str, tuple[SubjectKind, tuple[DeadlineKind, ...]]] = {
    "orders": (SubjectKind.ORDER, (DeadlineKind.SHIP_BY,)),
    "refunds": (SubjectKind.AFTERSALE, (DeadlineKind.ANSWER_REFUND, DeadlineKind.INSPECT_RETURN, DeadlineKind.ANSWER_PLATFORM)),
}
"""The deadlines whose end each source would have shown. Scans come from elsewhere, so what waits for one is not judged by it."""


def bear_out(tx: Tx, shop_id: ShopId, source: str, horizon: datetime, rulebook: Rulebook, now: datetime) -> None:
    """Computes again what was said to be done so long before the horizon that its end would have been seen: the mark is confirmed or contradicted."""
    if source not in SHOWN or not marks.any_in_shop(tx, shop_id) or not _is_past_read(tx, shop_id):
        return
    subject, kinds = SHOWN[source]
    told = marks.said_done(tx, shop_id, Band.SAID_DONE, subject.value, [kind.value for kind in kinds], horizon - GRACE, AT_ONCE)
    if not told:
        return
    batch_id, _ = batches.standing(tx, shop_id, PROFILE, now)
    reckoning = Reckoning(tx, shop_id, rulebook, now, batch_id, by_platform=True, seen_to=dict.fromkeys(kinds, horizon))
    reckoning.recompute(Touched(orders=dict.fromkeys(told)) if subject is SubjectKind.ORDER else Touched(cases=set(told)))
    reckoning.finish()


def _is_past_read(tx: Tx, shop_id: ShopId) -> bool:
    """Whether the days have been read too: an end that came before the shop was connected, or while it was away for months, is shown by them alone."""
    return not sync_windows.pending(tx, shop_id, "recheck")
