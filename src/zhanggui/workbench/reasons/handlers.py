"""The page of reasons and goods."""

from urllib.parse import urlencode

from litestar import get
from litestar.params import FromQuery
from litestar.response import Template

from zhanggui.actions.photos.seeing import pictures_seen
from zhanggui.actions.returns.reasons import PERIODS, reasons_seen
from zhanggui.core.advice.book import Grievance
from zhanggui.core.returns.reasons import FIXES
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, number_in
from zhanggui.workbench.places import order_path

HERE = "/reasons"


@get(HERE, sync_to_thread=True)
def reasons_page(desk: AtDesk, shop: FromQuery[str] = "", days: FromQuery[str] = "", kind: FromQuery[str] = "") -> Template:
    """What buyers of one shop complain of."""
    shops = desk.shops(Permission.AFTERSALES_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    typed = number_in(days)
    period = typed if typed in PERIODS else PERIODS[1]
    grievance = next((each for each in Grievance if each.value == kind), None)
    seen = reasons_seen(desk.house, desk.by, chosen.shop_id, desk.now, days=period, grievance=grievance) if chosen else None
    may_see = chosen is not None and desk.by.may(Permission.EVIDENCE_READ, chosen.shop_id)
    here = {"shop": str(chosen.shop_id)} if chosen else {}
    told = {"kind": kind} if grievance else {}
    return desk.page(
        "reasons/page.html",
        shops=shops,
        shop=chosen,
        seen=seen,
        pictures=pictures_seen(desk.house, desk.by, chosen.shop_id) if chosen and may_see else None,
        periods=tuple((each, f"{HERE}?{urlencode(here | told | {'days': each})}") for each in PERIODS),
        grievance=grievance,
        grievances=tuple(Grievance),
        fixes=FIXES,
        order_path=order_path,
    )
