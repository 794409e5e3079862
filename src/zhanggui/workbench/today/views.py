"""The tabs of Today: what is to be done, and what has been set aside."""

from collections.abc import Mapping

import msgspec

from zhanggui.actions.views import BandSum
from zhanggui.core.deadlines import Band
from zhanggui.core.say import Say, say

RUNNING = (Band.OVERDUE, Band.HOUR, Band.TODAY, Band.LATER)
VIEWS: Mapping[str, tuple[Band, ...]] = {
    "todo": RUNNING,
    "snoozed": (Band.SNOOZED,),
    "said_done": (Band.SAID_DONE,),
    "not_ours": (Band.NOT_OURS,),
    "watched": (Band.WATCHED,),
    "unverified": (Band.UNVERIFIED,),
}
_TITLES = {
    "todo": say("To do"),
    "snoozed": say("Put off"),
    "said_done": say("Said done"),
    "not_ours": say("Not ours"),
    "watched": say("Watched"),
    "unverified": say("Unverified"),
}


class Tab(msgspec.Struct, frozen=True):
    """One tab, with how many stand behind it."""

    name: str
    title: Say
    count: int
    href: str


def tabs(sums: Mapping[Band, BandSum], address: str) -> tuple[Tab, ...]:
    """The tabs in order. `address` is the page's own with its filters, ending where the name of the view goes."""
    return tuple(Tab(name, _TITLES[name], sum(sums[band].deadlines for band in bands), address + name) for name, bands in VIEWS.items())
