"""What is complained about, how far a complaint has come, and which step may follow which: one table, read by the pages, the docs and the tests."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from zhanggui.core.steps import events_from, step_from


class ComplaintKind(StrEnum):
    """What is filed. Claims on carriers have a list of their own, and an appeal against a ruling belongs to its dispute."""

    MALICIOUS_ORDER = "malicious_order"
    """恶意订单投诉: decides nothing about money, only whether the order counts in the quality refund rate."""
    INSTANT_REFUND = "wrongful_instant_refund"
    """极速退款投诉: the money went back at once, and the goods did not come."""
    ABNORMAL_RETURN = "abnormal_return"
    """A return that is empty, short, wrong or unfit for sale."""
    REVIEW_REPORT = "review_report"
    """评价举报: taken once only; on which ground stands with the review."""
    WRONG_DEDUCTION = "wrong_deduction"
    """An appeal against a deduction of the bill that the rules do not bear out."""


class ComplaintState(StrEnum):
    """How far a complaint has come."""

    TO_FILE = "complaint_to_file"
    FILED = "complaint_filed"
    """The platform has it; its answer is awaited."""
    WON = "complaint_won"
    LOST = "complaint_lost"
    DROPPED = "complaint_dropped"
    """Nobody goes on with it."""


class ComplaintEvent(StrEnum):
    """What may happen to a complaint; persons tell all of it, since the platform offers no door for it."""

    FILE = "complaint.file"
    WIN = "complaint.win"
    LOSE = "complaint.lose"
    APPEAL = "complaint.appeal"
    """Filed once more after it was lost."""
    DROP = "complaint.drop"
    TAKE_UP = "complaint.take_up"
    TAKE_BACK = "complaint.take_back"
    """That it was filed, won or lost was said by mistake."""


_S, _E = ComplaintState, ComplaintEvent

COMPLAINT_STEPS: Mapping[tuple[ComplaintState, ComplaintEvent], ComplaintState] = {
    (_S.TO_FILE, _E.FILE): _S.FILED,
    (_S.TO_FILE, _E.DROP): _S.DROPPED,
    (_S.FILED, _E.WIN): _S.WON,
    (_S.FILED, _E.LOSE): _S.LOST,
    (_S.FILED, _E.DROP): _S.DROPPED,
    (_S.LOST, _E.APPEAL): _S.FILED,
    (_S.DROPPED, _E.TAKE_UP): _S.TO_FILE,
    (_S.WON, _E.TAKE_BACK): _S.FILED,
    (_S.LOST, _E.TAKE_BACK): _S.FILED,
    (_S.FILED, _E.TAKE_BACK): _S.TO_FILE,
}
"""Every step there is."""

ONCE_ONLY = frozenset({ComplaintKind.REVIEW_REPORT})
"""What the platform takes once: nobody files it again after it was lost, or after it was let go while it was filed."""

LIVE_COMPLAINTS = frozenset({_S.TO_FILE, _S.FILED})
"""Where something is still to be done or awaited."""


_FILES_AGAIN = frozenset({_E.APPEAL, _E.TAKE_UP, _E.FILE})


def complaint_after(state: ComplaintState, event: ComplaintEvent, *, was_lost: bool = False) -> ComplaintState:
    """The state that follows; one filed once more after it was lost is taken back to that. Raises NotThatStep."""
    after = step_from(COMPLAINT_STEPS, state, event)
    return ComplaintState.LOST if was_lost and event is ComplaintEvent.TAKE_BACK and after is ComplaintState.TO_FILE else after


def filings(steps: Iterable[tuple[ComplaintEvent | None, ComplaintState, datetime]]) -> tuple[datetime, ...]:
    """When it was filed, and filed once more after each loss, as far as nobody took that back: by every step so far and where it led."""
    standing: list[datetime] = []
    for event, state, at in steps:
        if event is _E.FILE:
            standing = [at]
        elif event is _E.APPEAL:
            standing.append(at)
        elif event is _E.TAKE_BACK and state is not _S.FILED:
            standing = standing[:-1]
    return tuple(standing)


def complaint_events(state: ComplaintState, kind: ComplaintKind | None = None, *, was_filed: bool = False) -> tuple[ComplaintEvent, ...]:
    """What may happen next, in the order in which it usually does."""
    events = events_from(COMPLAINT_STEPS, ComplaintEvent, state)
    if kind in ONCE_ONLY and was_filed:
        return tuple(event for event in events if event not in _FILES_AGAIN)
    return events
