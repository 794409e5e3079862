"""Where a deadline stands on the Today list: its band, when to look again, and its place inside the band."""

from datetime import datetime

import msgspec

from zhanggui.core.deadlines import Band, Deadline, DeadlineState
from zhanggui.core.ranking import expected_loss, score, standing_band, standing_look, worth
from zhanggui.core.weights import Weights
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.says import packed

BY_HAND = (Band.SNOOZED, Band.SAID_DONE, Band.NOT_OURS)
"""Bands a person put a to-do into; time alone does not move it out of the last two."""


class Standing(msgspec.Struct, frozen=True):
    """A band, the moment it changes next, and the place inside it."""

    band: Band | None
    look_at: datetime | None
    score: float


def standing(deadline: Deadline, now: datetime, weights: Weights) -> Standing:
    """Where time alone puts the deadline; nowhere once it is closed."""
    match deadline.state:
        case DeadlineState.OPEN:
            band = standing_band(deadline, now, weights)
            return Standing(band, standing_look(deadline, now, weights), score(deadline, band, weights))
        case DeadlineState.UNVERIFIED:
            return Standing(Band.UNVERIFIED, None, score(deadline, Band.UNVERIFIED, weights))
        case _:
            return Standing(None, None, 0.0)


def placed(shop_id: int, deadline: Deadline, now: datetime, weights: Weights, data_as_of: datetime) -> StoredDeadline:
    """The deadline as a row, where time alone puts it, in nobody's hands."""
    at = standing(deadline, now, weights)
    return StoredDeadline(
        shop_id,
        deadline.subject.kind.value,
        deadline.subject.no,
        deadline.kind.value,
        deadline.state.value,
        deadline.counts_from,
        deadline.started_at,
        deadline.due_at,
        deadline.due_source.value,
        at.look_at,
        at.band if at.band is None else int(at.band),
        at.score,
        deadline.rule,
        deadline.basis.value,
        deadline.at_risk,
        0 if at.band is None else round(worth(deadline, weights)),
        deadline.risk_rule,
        deadline.closed_at,
        packed(deadline.because),
        deadline.order_no,
        None,
        data_as_of,
        now,
    )


def by_loss(row: StoredDeadline, now: datetime, weights: Weights) -> tuple[int, datetime, str, str, str, int]:
    """What one list across the bands is sorted by: the greatest expected loss first, equal ones in one order everywhere."""
    return -expected_loss(row.deadline(), now, weights), row.due_at, row.subject_kind, row.subject_no, row.kind, row.shop_id


def moved_to(row: StoredDeadline, at: Standing, assignee: int | None) -> StoredDeadline:
    """The row in another standing and hand."""
    return msgspec.structs.replace(row, band=None if at.band is None else int(at.band), look_at=at.look_at, score=at.score, assignee=assignee)


def by_time(row: StoredDeadline, now: datetime, weights: Weights) -> StoredDeadline:
    """The row where time alone puts it, in the same hand."""
    return moved_to(row, standing(row.deadline(), now, weights), row.assignee)
