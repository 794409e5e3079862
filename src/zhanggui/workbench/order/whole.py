"""All that the page of one order is drawn from."""

from datetime import datetime
from typing import Any

from litestar.exceptions import NotFoundException

from zhanggui import clock
from zhanggui.actions.cases.guiding import order_steps
from zhanggui.actions.complaints.about import filed_about
from zhanggui.actions.evidence import evidence_of
from zhanggui.actions.house import House
from zhanggui.actions.inbox.about import talked_about
from zhanggui.actions.money.of_order import order_costs
from zhanggui.actions.orders import order
from zhanggui.actions.privacy.opening import number_is_kept
from zhanggui.actions.returns.seeing import of_order
from zhanggui.actions.shops import shops_seen
from zhanggui.actions.today import settle
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.words import Catalog
from zhanggui.workbench.automation.shown import fired_context
from zhanggui.workbench.order.facts import facts_shown
from zhanggui.workbench.order.timeline import timeline
from zhanggui.workbench.places import case_path, live_order_path, order_path, review_path, thread_path
from zhanggui.workbench.today.rows import row_context


def order_context(house: House, by: Person, words: Catalog, now: datetime, shop_id: ShopId, order_no: str) -> dict[str, Any]:
    """Everything known of one order, as far as the person may see it. Raises NotAllowed, NotFoundException."""
    by.need(Permission.ORDERS_READ, shop_id)
    settle(house, (shop_id,), now, wall=clock.unwound())
    view = order(house, by, shop_id, order_no, now)
    if view is None:
        raise NotFoundException
    shops = tuple(shop for shop in shops_seen(house, by) if by.may(Permission.ORDERS_READ, shop.shop_id))
    return {
        "view": view,
        "facts": facts_shown(view.order),
        "timeline": timeline(view),
        "guided": order_steps(house, by, shop_id, order_no) if by.may(Permission.AFTERSALES_READ, shop_id) else (),
        "may_settle": by.may(Permission.CASES_WRITE, shop_id),
        "returned": of_order(house, by, shop_id, order_no) if by.may(Permission.AFTERSALES_READ, shop_id) else (),
        "may_count": by.may(Permission.RETURNS_WRITE, shop_id),
        "may_see_cases": by.may(Permission.AFTERSALES_READ, shop_id),
        "case_path": case_path,
        "return_numbers": {case.return_tracking_no for case in view.cases},
        "may_note": by.may(Permission.NOTES_WRITE, shop_id),
        "number_kept": number_is_kept(house, by, shop_id, order_no, now),
        "filed": filed_about(house, by, shop_id, order_no),
        "evidence": evidence_of(house, by, shop_id, order_no) if by.may(Permission.EVIDENCE_READ, shop_id) else None,
        "may_read_talks": by.may(Permission.CONVERSATIONS_READ, shop_id),
        "talked": talked_about(house, by, shop_id, order_no),
        "review_path": review_path,
        "thread_path": thread_path,
        **fired_context(house, by, shop_id, order_no),
        "costs": order_costs(house, by, shop_id, order_no, now),
        "may_cost": by.may(Permission.COSTS_WRITE, shop_id),
        "may_bring": by.may(Permission.EVIDENCE_WRITE, shop_id),
        "may_print": by.may(Permission.PAPERS_PRINT, shop_id),
        "may_paste": by.may(Permission.SCANS_WRITE, shop_id),
        "may_see_money": by.may(Permission.MONEY_READ, shop_id),
        "base_path": order_path(shop_id, order_no),
        "live_path": live_order_path(shop_id, order_no),
        **row_context(house, by, words, now, shops, "/today"),
    }
