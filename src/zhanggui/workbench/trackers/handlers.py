"""The forms of the Settings page that name a tracking service, or take it away."""

import msgspec
from litestar import post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from zhanggui.actions.refused import Refused
from zhanggui.actions.trackers import USUAL_CAP, NewTracker, keep_tracker, take_tracker_away
from zhanggui.core.say import say
from zhanggui.workbench.desk import AtDesk, back_to, number_in, shop_number
from zhanggui.workbench.door.confirming import recently_confirmed


class TrackerForm(msgspec.Struct, frozen=True):
    """An account with a tracking service; a blank key leaves the one that is kept."""

    service: str = ""
    account: str = ""
    key: str = ""
    daily_cap: str = ""
    address: str = ""
    for_all_shops: str = ""

    def __repr__(self) -> str:
        return "TrackerForm(***)"


class RemovalForm(msgspec.Struct, frozen=True):
    """Whose account is taken away: this shop's, or the house's."""

    of_house: str = ""


@post("/shops/{shop_id:int}/tracker", guards=[recently_confirmed], sync_to_thread=True)
def put_tracker(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[TrackerForm]) -> Redirect:
    """Keeps the account the shop's parcels are asked about with."""
    typed = data.daily_cap.strip()
    cap = number_in(typed) if typed else USUAL_CAP
    if cap is None:
        raise Refused(say("{typed} is not a whole number.", typed=typed[:40]))
    new = NewTracker(
        service=data.service,
        account=data.account.strip(),
        key=data.key.strip(),
        daily_cap=cap,
        address=data.address.strip() or None,
        for_all_shops=bool(data.for_all_shops),
    )
    keep_tracker(desk.house, desk.by, shop_number(shop_id), new, desk.now)
    return back_to("/settings", shop=shop_id, done="tracker")


@post("/shops/{shop_id:int}/tracker/removal", sync_to_thread=True)
def take_tracker(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[RemovalForm]) -> Redirect:
    """Wipes the account and its key."""
    take_tracker_away(desk.house, desk.by, shop_number(shop_id), desk.now, of_house=bool(data.of_house))
    return back_to("/settings", shop=shop_id, done="tracker_gone")
