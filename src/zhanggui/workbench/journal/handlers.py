"""The Journal page."""

from litestar import get
from litestar.params import FromQuery
from litestar.response import Template

from zhanggui.actions.journal import journal
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk
from zhanggui.workbench.places import order_path


@get("/journal", sync_to_thread=True)
def journal_page(desk: AtDesk, shop: FromQuery[str] = "", after: FromQuery[str] = "") -> Template:
    """What was done in the shops, newest first."""
    shops = desk.shops(Permission.ORDERS_READ)
    chosen = desk.chosen(shops, shop)
    shop_ids = tuple(each.shop_id for each in ((chosen,) if chosen else shops))
    page = journal(desk.house, desk.by, shop_ids, cursor=after or None)
    return desk.page("journal/page.html", page=page, shops=shops, shop=chosen, after=after, order_path=order_path)
