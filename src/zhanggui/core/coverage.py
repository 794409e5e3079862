"""Which stretches of time have been read, which are still missing, and how to cut what is missing into windows.

Stretches are closed at both ends and measured in whole seconds, as the platform's own windows are: two that share a second touch, and leave no hole between.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

SECOND = timedelta(seconds=1)


class Span(msgspec.Struct, frozen=True, order=True, gc=False):
    """A stretch of time, both ends included."""

    begins: datetime
    ends: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.ends - self.begins


class Reading(msgspec.Struct, frozen=True, gc=False):
    """A window that was read: the platform's time when reading began, and whether it came as one page, so that nothing could shift meanwhile."""

    span: Span
    read_at: datetime
    is_one_page: bool


def settled_to(reading: Reading, settle: timedelta) -> datetime:
    """The moment up to which a reading can be relied upon; its own beginning where nothing of it can.

    The platform's read side lags: what was read of the last minutes may have had holes, and has to be read again. While several pages were read of
    a window that reaches into those minutes, things may also have shifted from page to page, which makes the whole of it unsure.
    """
    sure = reading.read_at - settle
    if reading.span.ends <= sure:
        return reading.span.ends
    return max(reading.span.begins, sure) if reading.is_one_page else reading.span.begins


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same stretches with those that overlap or touch made one, in order."""
    done: list[Span] = []
    for span in sorted(spans):
        if done and span.begins <= done[-1].ends:
            done[-1] = Span(done[-1].begins, max(done[-1].ends, span.ends))
        else:
            done.append(span)
    return tuple(done)


def holes(within: Span, covered: Iterable[Span]) -> tuple[Span, ...]:
    """What of a stretch is not covered, in order. Ends of holes lie on the ends of what is covered, so that filling them leaves no second out."""
    if within.ends <= within.begins:
        return ()
    inside = [span for span in merged(covered) if span.ends > within.begins and span.begins < within.ends]
    edges = [within.begins, *(edge for span in inside for edge in (span.begins, span.ends)), within.ends]
    return tuple(Span(begins, ends) for begins, ends in zip(edges[::2], edges[1::2], strict=True) if begins < ends)


def cut(span: Span, longest: timedelta) -> tuple[Span, ...]:
    """The stretch in equal pieces of whole seconds, none longer than allowed; pieces share their ends."""
    seconds = int(span.length / SECOND)
    pieces = max(1, -(-seconds // int(longest / SECOND)))
    marks = [span.begins + SECOND * (seconds * number // pieces) for number in range(pieces)]
    return tuple(Span(begins, ends) for begins, ends in pairwise([*marks, span.ends]))


def plan(target: Span, settled: Iterable[Span], pending: Iterable[Span], longest: timedelta) -> tuple[Span, ...]:
    """The windows still to be planned so that settled and pending ones together cover the target, oldest first."""
    return tuple(piece for hole in holes(target, (*settled, *pending)) for piece in cut(hole, longest))


def halves(span: Span) -> tuple[Span, ...]:
    """A stretch cut in two where it is longer than a second, else as it is."""
    return cut(span, max(SECOND, (span.length + SECOND) // 2)) if span.length > SECOND else (span,)


def parted(span: Span, at: datetime) -> tuple[Span, ...]:
    """A stretch cut at a moment that lies inside it, else as it is."""
    return (Span(span.begins, at), Span(at, span.ends)) if span.begins < at < span.ends else (span,)


def stretch_from(spans: Sequence[Span], begins: datetime) -> datetime | None:
    """How far one can go from a moment without a hole; None where that moment itself is not covered."""
    return next((span.ends for span in merged(spans) if span.begins <= begins <= span.ends), None)


def newest(spans: Sequence[Span]) -> Span | None:
    """The newest stretch without a hole."""
    whole = merged(spans)
    return whole[-1] if whole else None


def whole_second(moment: datetime) -> datetime:
    """The moment without what is less than a second: the platform knows nothing finer."""
    return moment.replace(microsecond=0)
