"""Where alerts are sent, when each person is left alone, and the shop's terms."""

from collections.abc import Mapping
from typing import Any

from litestar import get
from litestar.params import FromQuery
from litestar.response import Template

from zhanggui import clock
from zhanggui.actions.alerting.channels import channels_seen, quiet_seen, terms_seen
from zhanggui.actions.people import colleagues
from zhanggui.connectors.notify.services import Service, others
from zhanggui.connectors.notify.ways import Safety
from zhanggui.core.alerts.quiet import Days
from zhanggui.core.money import yuan
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission
from zhanggui.rulebook.alerts import alert_matters
from zhanggui.workbench.desk import AtDesk

DONE: Mapping[str, Say] = {
    "added": say("The channel was added. Send a test to see whether it arrives."),
    "tested": say("The service has taken the test. Look whether it arrived."),
    "switched": say("Kept."),
    "removed": say("The channel was removed, and what opened it wiped."),
    "kept": say("Kept."),
}
TELLS: Mapping[str, Say] = {"alerts": say("alerts"), "digest": say("the day's digest"), "both": say("alerts and the day's digest")}
MOST_QUIET, MOST_IN_ROW = 2, 5


@get("/alerts/settings", sync_to_thread=True)
def alert_settings_page(desk: AtDesk, shop: FromQuery[str] = "", done: FromQuery[str] = "") -> Template:
    """The channels of a shop, its terms, and one's own quiet hours."""
    shops = desk.shops(Permission.TODO_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    context: dict[str, Any] = {"shops": shops, "shop": chosen, "done": DONE.get(done)}
    if chosen is not None:
        may_write = desk.by.may(Permission.SETTINGS_WRITE, chosen.shop_id)
        terms = terms_seen(desk.house, desk.by, chosen.shop_id)
        context |= {
            "channels": channels_seen(desk.house, desk.by, chosen.shop_id, clock.unwound()),
            "terms": terms,
            "quiet": quiet_seen(desk.house, desk.by, chosen.shop_id),
            "matters": [known for known in alert_matters().values() if not known.stays_inside],
            "may_write": may_write,
            "people": colleagues(desk.house, desk.by, chosen.shop_id) if may_write else (),
            "services": tuple(Service),
            "others": tuple(others().values()),
            "safeties": tuple(Safety),
            "days": tuple(Days),
            "tells": TELLS,
            "yuan": yuan,
            "most_quiet": MOST_QUIET,
            "most_in_row": MOST_IN_ROW,
        }
    return desk.page("alerts/settings.html", **context)
