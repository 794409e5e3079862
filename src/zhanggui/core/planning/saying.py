"""How moments of a plan are said: by the clock alone on its own day."""

from datetime import datetime, timedelta

from zhanggui.core.moments import in_shanghai, shanghai_day

_MINUTE = timedelta(minutes=1)


def clock_at(moment: datetime, now: datetime) -> str:
    """The moment on a Shanghai clock, with month and day where it is not today's."""
    wall = in_shanghai(moment)
    return f"{wall:%H:%M}" if shanghai_day(moment) == shanghai_day(now) else f"{wall:%m-%d %H:%M}"


def whole_minute(moment: datetime) -> datetime:
    """The moment, or the next full minute after it: nobody is ready before."""
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + _MINUTE
