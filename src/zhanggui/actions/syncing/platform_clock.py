"""The platform's time: windows are planned by it. The difference to the house's time is kept in memory for some minutes."""

from datetime import datetime, timedelta
from threading import Lock

from zhanggui.actions.syncing.asking import Asking
from zhanggui.connectors.pdd.shop import platform_time
from zhanggui.connectors.pdd.windows import platform_time_kept
from zhanggui.core.coverage import whole_second


class _Kept:
    """What was measured last at each gateway: the difference, and until when (wall) it is believed."""

    lock = Lock()
    differences: dict[str, tuple[timedelta, datetime]] = {}  # noqa: RUF012  # one for the whole process is what is meant


def platform_now(asking: Asking, now: datetime, wall: datetime, *, anew: bool = False) -> datetime:
    """The platform's time, in whole seconds, measured again where the last measure is old. Raises what asking raises."""
    gateway = asking.access().app.doors.router
    with _Kept.lock:
        kept = _Kept.differences.get(gateway)
    if anew or kept is None or not wall <= kept[1] <= wall + platform_time_kept():
        kept = (asking.ask(platform_time()) - whole_second(now + asking.passed), wall + platform_time_kept())
        with _Kept.lock:
            _Kept.differences[gateway] = kept
    return whole_second(now + asking.passed) + kept[0]
