"""The one ranking: expected loss = money × chance × closeness, and the band that groups the Today list.

The score that is stored beside a deadline orders a band the same way as the expected loss does, yet stays the same while time passes: inside a band of the
future, money × chance × exp(−(due − now)/τ) orders like ln(money × chance) − due/τ, since now is common to all.
"""

from datetime import UTC, datetime, timedelta
from math import exp, log

from zhanggui.core.deadlines import Band, Deadline
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.money import Fen
from zhanggui.core.weights import Weights

_INSTANT = timedelta(microseconds=1)
"""The finest step of a stored moment: an act exactly at the due moment is still in time, an instant later it is not."""

_HOUR = timedelta(hours=1)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_LEAST = -1e6
"""The score of what is worth nothing: below everything, and still a finite number for the database."""


def band_at(due_at: datetime, now: datetime) -> Band:
    """The band a deadline stands in by time alone: overdue, within the hour, today in Shanghai, or later."""
    if now > due_at:
        return Band.OVERDUE
    if due_at - now <= _HOUR:
        return Band.HOUR
    return Band.TODAY if _last_day(due_at) <= now else Band.LATER


def look_at(due_at: datetime, now: datetime) -> datetime | None:
    """The moment at which the band changes next; None once it is overdue."""
    match band_at(due_at, now):
        case Band.OVERDUE:
            return None
        case Band.HOUR:
            return due_at + _INSTANT
        case Band.TODAY:
            return due_at - _HOUR
        case _:
            return min(_last_day(due_at), due_at - _HOUR)


def standing_band(deadline: Deadline, now: datetime, weights: Weights) -> Band:
    """The band an open deadline stands in: by time, save that what only has to be watched stands aside until it is overdue."""
    band = band_at(deadline.due_at, now)
    return Band.WATCHED if weights.kinds[deadline.kind.value].is_watched and band is not Band.OVERDUE else band


def standing_look(deadline: Deadline, now: datetime, weights: Weights) -> datetime | None:
    """The moment at which `standing_band` changes next; None once it is overdue."""
    if standing_band(deadline, now, weights) is Band.WATCHED:
        return deadline.due_at + _INSTANT
    return look_at(deadline.due_at, now)


def worth(deadline: Deadline, weights: Weights) -> float:
    """Money × chance, in fen: what is at risk, or the stake of its kind where no rule names a sum, times how often a miss really costs it."""
    weight = weights.kinds[deadline.kind.value]
    return max(deadline.at_risk, weight.stake_fen) * weight.chance


def score(deadline: Deadline, band: Band, weights: Weights) -> float:
    """A number that orders a band like the expected loss does, whatever the moment is."""
    value = worth(deadline, weights)
    if value <= 0:
        return _LEAST
    if band is Band.OVERDUE:
        return log(value)
    return log(value) - (deadline.due_at - _EPOCH).total_seconds() / (weights.tau_hours * 3600)


def expected_loss(deadline: Deadline, now: datetime, weights: Weights) -> Fen:
    """Money × chance × closeness, in fen; closeness is 1 once it is overdue and falls by e for every τ hours ahead."""
    ahead = max((deadline.due_at - now).total_seconds(), 0.0)
    return Fen(round(worth(deadline, weights) * exp(-ahead / (weights.tau_hours * 3600))))


def _last_day(due_at: datetime) -> datetime:
    """The beginning of the Shanghai day in which the last instant before the due moment lies, so that midnight still belongs to the evening."""
    return start_of_day(shanghai_day(due_at - _INSTANT))
