"""The Timetable page."""

from datetime import datetime

from litestar import get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from zhanggui import clock
from zhanggui.actions.at_work import read_again_now, timetable
from zhanggui.core.say import Say, say
from zhanggui.workbench.desk import AtDesk, back_to, number_in
from zhanggui.workbench.timeleft import time_ago
from zhanggui.workbench.timetable.wording import beat, wait_until


@get("/timetable", sync_to_thread=True)
def timetable_page(desk: AtDesk, tried: FromQuery[str] = "") -> Template:
    """What the worker does, when, and how it fares in each shop whose settings this person may see."""
    wall = clock.unwound()
    again = number_in(tried)
    return desk.page(
        "timetable/page.html",
        table=timetable(desk.house, desk.by, desk.now, wall),
        tried=None if again is None else say("Things that are read again now: {n}.", n=again),
        beat=beat,
        ago=lambda moment: _ago(moment, wall),
        wait=lambda moment: _wait(moment, wall),
    )


@post("/timetable/unread", sync_to_thread=True)
def try_unread(desk: AtDesk) -> Redirect:
    """Read once more what was given up."""
    return back_to("/timetable", tried=read_again_now(desk.house, desk.by, clock.unwound()))


def _ago(moment: datetime | None, wall: datetime) -> Say:
    return say("not yet") if moment is None else time_ago(moment, wall)


def _wait(moment: datetime | None, wall: datetime) -> Say:
    return say("not by itself") if moment is None else wait_until(moment, wall)
