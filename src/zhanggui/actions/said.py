"""What a person said of a to-do, held against newer data."""

from datetime import datetime
from typing import Literal

import msgspec

from zhanggui.actions.placing import Standing, moved_to
from zhanggui.core.deadlines import Band
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.marks import MarkRecord

Outcome = Literal["confirmed", "contradicted"]


def under_mark(row: StoredDeadline, mark: MarkRecord, now: datetime) -> tuple[StoredDeadline, Outcome | None]:
    """The freshly computed row where the last mark puts it, and whether the data bear the mark out (only ever said once)."""
    match mark.mark:
        case "done":
            return _said_done(row, mark)
        case "snoozed" if row.band is not None and mark.until is not None and mark.until > now:
            return moved_to(row, Standing(Band.SNOOZED, mark.until, row.score), row.assignee), None
        case "not_ours" if row.band is not None:
            return moved_to(row, Standing(Band.NOT_OURS, None, row.score), row.assignee), None
        case "handed" if mark.assignee is not None:
            return msgspec.structs.replace(row, assignee=mark.assignee), None
        case _:
            return row, None


def _said_done(row: StoredDeadline, mark: MarkRecord) -> tuple[StoredDeadline, Outcome | None]:
    """A closed deadline confirms it; one still open in data newer than the mark contradicts it; older data say nothing."""
    if row.band is None:
        return row, "confirmed" if mark.outcome is None else None
    if row.data_as_of > mark.made_at:
        return row, "contradicted" if mark.outcome is None else None
    return moved_to(row, Standing(Band.SAID_DONE, None, row.score), row.assignee), None
