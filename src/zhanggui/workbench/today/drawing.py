"""Draws the rows of a list of to-dos. What was drawn is kept, and shown again wherever the same row would come out the same.

A list has a hundred rows, several people look at it, and from one look to the next few of them change: drawing them all each time was half of a page's work.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
from markupsafe import Markup

from zhanggui.actions.views import TodoItem
from zhanggui.core.moments import shanghai_day
from zhanggui.words import Catalog
from zhanggui.workbench.places import place_of
from zhanggui.workbench.templating import environment

MOST_KEPT = 8000
"""Rows kept, of about two thousand characters each."""
_SLOT = "\0token\0"
"""Stands in a kept row where each reader's own form token belongs; no text from the database can hold such a character."""
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_NEVER = datetime.min.replace(tzinfo=UTC)

DrawRow = Callable[[TodoItem, str], Markup]


class Reading(msgspec.Struct, frozen=True):
    """What decides how a row reads, but for the to-do itself and the moment."""

    words: Catalog
    may_mark: Callable[[TodoItem], bool]
    many_shops: bool
    here_path: str
    may_open: Callable[[TodoItem], bool] = lambda _: True
    """Whether the page that tells all about a to-do is open to the reader; else its number leads to its panel."""

    def draws(self, now: datetime) -> DrawRow:
        """What draws a row at this moment, for a reader whose forms bear this hidden field."""
        return lambda item, csrf_input: _row(self, item, now, csrf_input)


_kept: dict[tuple[object, ...], str] = {}


def _row(reading: Reading, item: TodoItem, now: datetime, csrf_input: str) -> Markup:
    may_mark, may_open = reading.may_mark(item), reading.may_open(item)
    key = (reading.words.language, may_mark, may_open, reading.many_shops, reading.here_path, *_moments(item, now), msgspec.msgpack.encode(_ageless(item)))
    drawn = _kept.get(key)
    if drawn is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        drawn = _kept[key] = _drawn(reading, item, now, may_mark=may_mark, may_open=may_open)
    return Markup(drawn.replace(_SLOT, csrf_input))  # noqa: S704 - drawn by a template, which escapes


def _moments(item: TodoItem, now: datetime) -> tuple[object, ...]:
    """All that a row says of the present moment: the spans it shows, as coarsely as it shows them, and which day is today."""
    marked = None if item.mark is None else _span(now - item.mark.made_at)
    return _span(item.deadline.due_at - now), _span(now - item.data_as_of), marked, shanghai_day(now)


def _ageless(item: TodoItem) -> TodoItem:
    """The to-do without the moment its data are from: with every look at the platform all of them are newer, and what a row says of it stands in `_moments`."""
    return msgspec.structs.replace(item, data_as_of=_NEVER)


def _span(span: timedelta) -> tuple[bool, int, bool]:
    """Two spans that are equal here read the same: minutes within a day, hours beyond."""
    length = abs(span)
    unit = _MINUTE if length < _DAY else _HOUR
    return span < timedelta(0), length // unit, unit is _MINUTE


def _drawn(reading: Reading, item: TodoItem, now: datetime, *, may_mark: bool, may_open: bool) -> str:
    return (
        environment()
        .get_template("today/row.html")
        .render(
            item=item,
            now=now,
            words=reading.words,
            place=place_of(item),
            may_mark=may_mark,
            may_open=may_open,
            many_shops=reading.many_shops,
            here_path=reading.here_path,
            csrf_input=_SLOT,
        )
    )
