"""The Money page: refunds held against the bill, the bill itself, cash, what after-sales cost, and what orders left."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import get
from litestar.params import FromQuery
from litestar.response import Template

from zhanggui.actions import cursors
from zhanggui.actions.access import ShopInfo
from zhanggui.actions.money.cash import cash_view
from zhanggui.actions.money.classing import BY_HAND
from zhanggui.actions.money.costs import costs_view
from zhanggui.actions.money.profit import profit_page
from zhanggui.actions.money.seeing import BillPage, bill_page, bill_view, month_ends, month_in, refund_page, refunds_view
from zhanggui.core.bill import BillClass
from zhanggui.core.ledger.cash import HoldKind
from zhanggui.core.ledger.costs import TYPED_CAUSES, CostKind
from zhanggui.core.ledger.fees import FeeState
from zhanggui.core.ledger.matching import MatchState
from zhanggui.core.moments import start_of_day
from zhanggui.core.money import yuan
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.rulebook.money import money_terms
from zhanggui.workbench.desk import AtDesk, Desk
from zhanggui.workbench.lists import Lists
from zhanggui.workbench.places import order_path

HERE = "/money"
VIEWS = {
    "refunds": say("Refunds"),
    "bill": say("Bill"),
    "cash": say("Cash"),
    "costs": say("After-sales costs"),
    "profit": say("Profit"),
}
LISTS = Lists(HERE, Permission.MONEY_READ, VIEWS)
_DONE = {
    "kept": say("Kept."),
    "classed": say("The lines of that code were classed anew."),
    "back": say("Taken back."),
}
_STATES = (MatchState.NOT_YET, MatchState.PARTLY, MatchState.DIFFERS, MatchState.MATCHED, MatchState.NONE_AWAITED)
_CHIPS = {MatchState.MATCHED: "good", MatchState.PARTLY: "hour", MatchState.NOT_YET: "today", MatchState.DIFFERS: "overdue", MatchState.NONE_AWAITED: ""}


@get(HERE, sync_to_thread=True)
def money_page(
    desk: AtDesk,
    view: FromQuery[str] = "refunds",
    shop: FromQuery[str] = "",
    month: FromQuery[str] = "",
    stand: FromQuery[str] = "",
    after: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Template:
    """One view of the money of one shop."""
    chosen = LISTS.opened(desk, view, shop)
    return money_template(desk, view, chosen, month=month, stand=stand, after=after, done=_DONE.get(done))


def money_template(desk: Desk, view: str, chosen: ShopInfo | None, *, month: str = "", stand: str = "", after: str = "", **more: Any) -> Template:
    """The page with this view."""
    shops = desk.shops(LISTS.permission)
    kept = {"view": view, "shop": str(chosen.shop_id) if chosen else ""}
    seen = {} if chosen is None else _SEEN[view](desk, chosen, month_in(month), stand, after)
    next_row = seen.pop("next_row", None)
    listed = kept | {"month": month, "stand": stand}
    return desk.page(
        "money/page.html",
        shops=shops,
        shop=chosen,
        view=view,
        views=LISTS.tabs(chosen),
        address=lambda **told: _address(kept | told),
        next_href=_address(listed | {"after": cursors.write(next_row)}) if next_row else None,
        first_href=_address(listed) if after else None,
        may_write=chosen is not None and desk.by.may(Permission.MONEY_WRITE, chosen.shop_id),
        may_cost=chosen is not None and desk.by.may(Permission.COSTS_WRITE, chosen.shop_id),
        order_path=order_path,
        **{"done": None, "taken": None, "months": (), "month": month_in(month), **more, **seen},
    )


def _refunds(desk: Desk, shop: ShopInfo, month: date | None, stand: str, after: str) -> dict[str, Any]:
    fees = {state.value: state for state in (FeeState.DUE, FeeState.UNCLEAR, FeeState.NOT_DUE)}
    states: dict[str, MatchState | FeeState] = {**{state.value: state for state in _STATES}, **fees}
    sums = refunds_view(desk.house, desk.by, shop.shop_id, month)
    state = states.get(stand) or next((each for each in _STATES if sums.of(each).refunds), MatchState.NOT_YET)
    page = refund_page(desk.house, desk.by, shop.shop_id, state, after=cursors.read(after, tuple[datetime, str, str]) if after else None)
    return {
        "sums": sums,
        "stands": _STATES,
        "stand": state.value,
        "by_fee": isinstance(state, FeeState),
        "chips": _CHIPS,
        "page": page,
        "months": bill_view(desk.house, desk.by, shop.shop_id).months,
        "next_row": page.next_row,
    }


def _bill(desk: Desk, shop: ShopInfo, month: date | None, stand: str, after: str) -> dict[str, Any]:
    seen = bill_view(desk.house, desk.by, shop.shop_id, month)
    shown = next((each for each in BillClass if each.value == stand), None)
    page = BillPage((), None, frozenset())
    if shown is not None:
        page = bill_page(desk.house, desk.by, shop.shop_id, shown, before=cursors.read(after, tuple[datetime, str]) if after else None)
    return {"bill": seen, "months": seen.months, "classes": BY_HAND, "shown": shown, "rows": page.rows, "known": page.known, "next_row": page.next_row}


def _cash(desk: Desk, shop: ShopInfo, _month: date | None, _stand: str, _after: str) -> dict[str, Any]:
    return {"cash": cash_view(desk.house, desk.by, shop.shop_id, desk.now), "hold_kinds": tuple(HoldKind), "terms": money_terms().cash}


def _costs(desk: Desk, shop: ShopInfo, month: date | None, _stand: str, after: str) -> dict[str, Any]:
    first = month or desk.today.replace(day=1)
    before = cursors.read(after, tuple[datetime, int]) if after else None
    seen = costs_view(desk.house, desk.by, shop.shop_id, start_of_day(first), start_of_day(month_ends(first)), desk.now, before=before)
    return {
        "costs": seen,
        "months": _last_months(desk.today),
        "month": first,
        "cost_kinds": tuple(CostKind),
        "cost_causes": TYPED_CAUSES,
        "yuan": yuan,
        "own_days": seen.own_days,
        "next_row": seen.next_row,
    }


def _profit(desk: Desk, shop: ShopInfo, _month: date | None, _stand: str, after: str) -> dict[str, Any]:
    page = profit_page(desk.house, desk.by, shop.shop_id, before=cursors.read(after, tuple[datetime, str]) if after else None)
    return {"page": page, "next_row": page.next_row}


_SEEN: dict[str, Callable[[Desk, ShopInfo, date | None, str, str], dict[str, Any]]] = {
    "refunds": _refunds,
    "bill": _bill,
    "cash": _cash,
    "costs": _costs,
    "profit": _profit,
}


def _last_months(today: date) -> tuple[date, ...]:
    """The first days of the last twelve months, the newest first."""
    months = [today.replace(day=1)]
    while len(months) < 12:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return tuple(months)


def _address(told: dict[str, str]) -> str:
    kept = urlencode({name: value for name, value in told.items() if value})
    return f"{HERE}?{kept}" if kept else HERE
