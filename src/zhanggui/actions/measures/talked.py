"""The rates of replies by day: a day of a buyer is one hit, answered or not."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from zhanggui.core.clocks.replies import Answer, BuyerDay, Uttered, replay
from zhanggui.core.facts import Speaker
from zhanggui.core.measures.what import Hit, What
from zhanggui.core.moments import start_of_day
from zhanggui.core.rules import Rulebook
from zhanggui.people.permissions import ShopId
from zhanggui.records import replies
from zhanggui.records.db import Tx
from zhanggui.records.measures import days

WHATS = {
    Answer.THREE_MINUTES: (What.ANSWERED_3M, What.UNANSWERED_3M),
    Answer.FIVE_MINUTES: (What.ANSWERED_5M, What.UNANSWERED_5M),
    Answer.ONE_HOUR: (What.ANSWERED_1H, What.UNANSWERED_1H),
}
_ALL = tuple(what for pair in WHATS.values() for what in pair)
_SPEAKERS = {speaker.value: speaker for speaker in Speaker}
_DAY = timedelta(days=1)
_NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""What nobody has answered is counted as if nobody ever would: an answer from now on would come too late for a day that is over."""
_LONGEST = 31


def count_days(tx: Tx, shop_id: ShopId, told: Sequence[date], rulebook: Rulebook) -> int:
    """Counts these days anew, and the days before them: an answer soon after midnight is of a message from before it. How many messages were read."""
    wanted = sorted({day for each in told for day in (each - _DAY, each)})
    read = 0
    for run in _runs(wanted):
        sums: days.Sums = {}
        messages = _messages(tx, shop_id, run[0], run[-1])
        for day in _replayed(messages, run[0], run[-1], rulebook):
            if day[1].day in run:
                days.count_in(sums, [_hit(*day)])
        days.replace(tx, shop_id, _ALL, run, sums)
        read += len(messages)
    return read


def count_all(tx: Tx, shop_id: ShopId, rulebook: Rulebook, sums: days.Sums) -> None:
    """Adds every day of the shop on which something was said."""
    for run in _runs(replies.days_told(tx, shop_id)):
        days.count_in(sums, (_hit(*day) for day in buyer_days(tx, shop_id, run[0], run[-1], rulebook)))


def buyer_days(tx: Tx, shop_id: ShopId, first: date, last: date, rulebook: Rulebook) -> list[tuple[Answer, BuyerDay]]:
    """The days of buyers from one day to another, by each rate."""
    return _replayed(_messages(tx, shop_id, first, last), first, last, rulebook)


def _messages(tx: Tx, shop_id: ShopId, first: date, last: date) -> list[Uttered]:
    """What was said from one day to another, and on the day after: it may be an answer."""
    rows = replies.between(tx, shop_id, start_of_day(first), start_of_day(last) + 2 * _DAY)
    return [Uttered(buyer, _SPEAKERS[speaker], at) for buyer, speaker, at in rows]


def _replayed(told: Sequence[Uttered], first: date, last: date, rulebook: Rulebook) -> list[tuple[Answer, BuyerDay]]:
    if not told:
        return []
    return [(answer, day) for answer in WHATS for day in replay(told, answer, rulebook, _NEVER).days if first <= day.day <= last]


def what_of(answer: Answer, day: BuyerDay) -> What:
    """What the day of a buyer counts as by this rate."""
    answered, unanswered = WHATS[answer]
    return unanswered if day.has_failed else answered


def _hit(answer: Answer, day: BuyerDay) -> Hit:
    return Hit(what_of(answer, day), day.day)


def _runs(wanted: Iterable[date]) -> list[list[date]]:
    """Days in a row together, no more than a month of them."""
    found: list[list[date]] = []
    for day in sorted(set(wanted)):
        if found and day - found[-1][-1] == _DAY and len(found[-1]) < _LONGEST:
            found[-1].append(day)
        else:
            found.append([day])
    return found
