"""Beats and waits in words."""

from datetime import datetime, timedelta

from zhanggui.core.say import Say, say
from zhanggui.words.shapes import span_parts

_IN = {
    ("d", "h"): say("in {a} d {b} h"),
    ("d",): say("in {a} d"),
    ("h", "min"): say("in {a} h {b} min"),
    ("h",): say("in {a} h"),
    ("min",): say("in {a} min"),
}
_EVERY = {("d",): say("every {a} d"), ("h",): say("every {a} h"), ("min",): say("every {a} min")}
_MINUTE = timedelta(minutes=1)


def wait_until(moment: datetime, wall: datetime) -> Say:
    """How long it is until the moment."""
    if moment <= wall:
        return say("now")
    if moment - wall < _MINUTE:
        return say("in less than a minute")
    parts = span_parts(moment - wall)
    pattern = _IN[tuple(unit for _, unit in parts)]
    return Say(pattern.text, dict(zip("ab", (number for number, _ in parts), strict=False)))


def beat(every: timedelta) -> Say:
    """How often; beats are whole minutes, hours or days."""
    ((number, unit),) = span_parts(every)
    return Say(_EVERY[unit,].text, {"a": number})
