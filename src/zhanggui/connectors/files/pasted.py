"""Tracking events out of text that a person copied from a carrier's page or the back office."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from zhanggui.connectors.files.masking import masked_signatory
from zhanggui.core.facts import ScanFacts
from zhanggui.core.moments import SHANGHAI, in_shanghai
from zhanggui.core.scantext import stage_of

_MOMENT = re.compile(
    r"(?:(?P<year>20\d\d)\s*+[-/.年]\s*+)?(?P<month>\d{1,2})\s*+[-/.月]\s*+(?P<day>\d{1,2})\s*+日?"
    r"[\sT]*+(?:(?:星期|周)[一二三四五六日天][\sT]*+)?(?P<hour>\d{1,2})\s*+[:：]\s*+(?P<minute>\d{2})(?:\s*+[:：]\s*+(?P<second>\d{2}))?"
)
"""Nothing of a run of blanks is ever given back (`*+`): sharing a long run out among neighbours would take longer than the house stands."""
_EDGES = " \t\r\n\u3000|·•:：-—>→,，;；"

_LONGEST_LINE = 2000
"""What stands further right in a line is left out: no carrier's page has such lines."""

_LONGEST = 400
"""Longer text of one event is cut: it is part of the event's key."""

Found = tuple[datetime, str]


def read_scans(text: str, *, carrier: str | None, tracking_no: str, now: datetime | None = None) -> list[ScanFacts]:
    """The tracking events in the text, oldest first; lines without a moment belong to the event beside them.

    A moment and its text may share a line, or stand one above the other in either order, newest or oldest first. Moments without a year are read
    as the latest such day before `now`, and passed over without one. Who signed is masked; a courier's telephone number stays, since it is there to
    be called.
    """
    found = list(_events([line.strip()[:_LONGEST_LINE] for line in text.splitlines() if line.strip()], now))
    if len(found) > 1 and found[0][0] > found[-1][0]:
        found.reverse()
    seen = dict.fromkeys(sorted(found, key=lambda event: event[0]))
    return [ScanFacts(tracking_no=tracking_no, at=at, text=words, carrier=carrier, stage=stage_of(words)) for at, words in seen]


def _events(lines: list[str], now: datetime | None) -> Iterator[Found]:
    stamped = [_stamp(line, now) for line in lines]
    upwards = _text_comes_first(stamped)
    if upwards:
        stamped.reverse()
    at: datetime | None = None
    words: list[str] = []
    for moment, rest in stamped:
        if moment is not None:
            yield from _event(at, words)
            at, words = moment, []
        if rest:
            words.insert(0 if upwards else len(words), rest)
    yield from _event(at, words)


def _text_comes_first(stamped: list[tuple[datetime | None, str]]) -> bool:
    """Whether every moment stands alone below its text: the page ends with a moment that nothing follows."""
    bare = [index for index, (moment, rest) in enumerate(stamped) if moment is not None and not rest]
    return bool(bare) and bare[-1] == len(stamped) - 1 and bare[0] > 0


def _event(at: datetime | None, words: list[str]) -> Iterator[Found]:
    text = masked_signatory(" ".join(words))[:_LONGEST]
    if at is not None and text:
        yield at, text


def _stamp(line: str, now: datetime | None) -> tuple[datetime | None, str]:
    """The moment at the head or the tail of a line, and the rest of it. Moments inside a sentence belong to the sentence."""
    line = line.replace("\0", "")
    for found in _MOMENT.finditer(line):
        before, after = line[: found.start()].strip(_EDGES), line[found.end() :].strip(_EDGES)
        if before and after:
            continue
        moment = _moment(found, now)
        if moment is not None:
            return moment, before or after
    return None, line


def _moment(found: re.Match[str], now: datetime | None) -> datetime | None:
    month, day, hour, minute, second = (int(found[name] or 0) for name in ("month", "day", "hour", "minute", "second"))
    try:
        if found["year"]:
            return datetime(int(found["year"]), month, day, hour, minute, second, tzinfo=SHANGHAI).astimezone(UTC)
        if now is None:
            return None
        year = in_shanghai(now).year
        guess = datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
        return (guess if guess <= now + timedelta(days=1) else guess.replace(year=year - 1)).astimezone(UTC)
    except ValueError:
        return None
