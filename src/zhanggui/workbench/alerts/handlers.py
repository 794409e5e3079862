"""The page of alerts and the bell: what rings, and that somebody takes note."""

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.alerting.acknowledging import acknowledge
from zhanggui.core.say import say
from zhanggui.workbench.alerts.listing import AlertListing, list_context
from zhanggui.workbench.desk import AtDesk, back_to, number_in, own_path, shop_number
from zhanggui.workbench.live.live import Live

MOST_AT_ONCE = 200


class NotedForm(msgspec.Struct, frozen=True):
    """The alerts that are acknowledged, and the page to go back to."""

    alert: list[str] | str = ""
    back: str = ""

    @property
    def numbers(self) -> list[int]:
        """Their numbers."""
        typed = [self.alert] if isinstance(self.alert, str) else self.alert
        return [number for number in map(number_in, typed[:MOST_AT_ONCE]) if number is not None]


@get("/alerts", sync_to_thread=True)
def alerts_page(
    desk: AtDesk, live: NamedDependency[Live], view: FromQuery[str] = "", shop: FromQuery[str] = "", after: FromQuery[str] = "", noted: FromQuery[str] = ""
) -> Template:
    """The alerts that stand, the one due first at the top."""
    stamp = live.stamp()
    count = number_in(noted)
    return desk.page(
        "alerts/page.html",
        stamp=stamp,
        noted=None if count is None else say("Alerts acknowledged: {count}.", count=count),
        **list_context(desk.house, desk.by, desk.now, AlertListing(view=view, shop=shop, after=after)),
    )


@get("/alerts/bell", sync_to_thread=True)
def bell(desk: AtDesk) -> Template:
    """The bell of the bar, looked up by the pages that stand open."""
    return desk.page("parts/bell.html")


@post("/shops/{shop_id:int}/alert_acknowledgements", sync_to_thread=True)
def put_acknowledgement(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[NotedForm]) -> Redirect:
    """Somebody takes note of these alerts."""
    count = acknowledge(desk.house, desk.by, shop_number(shop_id), data.numbers, desk.now)
    return back_to(own_path(data.back, "/alerts"), noted=count)
