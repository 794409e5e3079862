"""The time left until a moment, as one sentence: whole patterns per unit, so that each language orders its own words."""

from datetime import datetime, timedelta

from zhanggui.core.deadlines import Band
from zhanggui.core.say import Say, say
from zhanggui.words.shapes import span_parts

_LEFT = {
    ("d", "h"): say("{a} d {b} h left"),
    ("d",): say("{a} d left"),
    ("h", "min"): say("{a} h {b} min left"),
    ("h",): say("{a} h left"),
    ("min",): say("{a} min left"),
}
_OVER = {
    ("d", "h"): say("{a} d {b} h over"),
    ("d",): say("{a} d over"),
    ("h", "min"): say("{a} h {b} min over"),
    ("h",): say("{a} h over"),
    ("min",): say("{a} min over"),
}
_AGO = {
    ("d", "h"): say("{a} d {b} h ago"),
    ("d",): say("{a} d ago"),
    ("h", "min"): say("{a} h {b} min ago"),
    ("h",): say("{a} h ago"),
    ("min",): say("{a} min ago"),
}

_CLASS = {Band.OVERDUE: "overdue", Band.HOUR: "hour", Band.TODAY: "today", Band.LATER: "later", Band.WATCHED: "watched"}


def time_left(due_at: datetime, now: datetime) -> Say:
    """How long is left until the moment, or by how much it has passed."""
    return _worded(_LEFT if due_at >= now else _OVER, due_at, now)


def time_ago(moment: datetime, now: datetime) -> Say:
    """How long ago the moment was."""
    if now - moment < timedelta(minutes=1):
        return say("just now")
    return _worded(_AGO, moment, now)


def band_class(band: Band) -> str:
    """The CSS class of a band; the four bands of running time each have a colour, the set-aside ones none."""
    return _CLASS.get(Band(band), "aside")


def _worded(patterns: dict[tuple[str, ...], Say], moment: datetime, now: datetime) -> Say:
    parts = span_parts(moment - now)
    pattern = patterns[tuple(unit for _, unit in parts)]
    return Say(pattern.text, dict(zip("ab", (number for number, _ in parts), strict=False)))
