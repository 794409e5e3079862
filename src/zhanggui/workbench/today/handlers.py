"""The Today page, and the to-do's own page or piece of page."""

from typing import Any
from urllib.parse import urlencode

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from zhanggui.actions.today import ranked, settle, today, todo_item
from zhanggui.actions.views import BandSum, TodayList
from zhanggui.core.deadlines import Band, DeadlineKind, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.people.permissions import Permission, PersonId
from zhanggui.workbench.desk import AtDesk, number_in, shop_number
from zhanggui.workbench.today.marked import marked_from
from zhanggui.workbench.today.rows import row_context
from zhanggui.workbench.today.snoozes import snoozes
from zhanggui.workbench.today.views import RUNNING, VIEWS, tabs

_ROWS = 25
"""Rows of each band on a page: what a person can take in before filtering."""
_MORE = 100
BY_LOSS = "loss"
"""The word of an address that asks for one list by expected loss; without it the list is grouped by time."""


@get("/today", sync_to_thread=True)
def today_page(
    desk: AtDesk,
    view: FromQuery[str] = "todo",
    kind: FromQuery[str] = "",
    shop: FromQuery[str] = "",
    person: FromQuery[str] = "",
    band: FromQuery[str] = "",
    after: FromQuery[str] = "",
    order: FromQuery[str] = "",
    marked: FromQuery[str] = "",
) -> Template:
    """What to touch first: ranked, filtered, grouped by the time left or as one list by expected loss."""
    shops = desk.shops(Permission.TODO_READ)
    chosen = desk.chosen(shops, shop)
    shop_ids = tuple(each.shop_id for each in ((chosen,) if chosen else shops))
    settle(desk.house, shop_ids, desk.now)
    bands = VIEWS.get(view, RUNNING)
    hands = number_in(person)
    only = next((each for each in bands if band == str(each.value)), None)
    is_flat = order == BY_LOSS and bands == RUNNING and only is None
    kinds = tuple(each for each in DeadlineKind if each == kind)
    assignee = None if hands is None else PersonId(hands)
    listed = today(
        desk.house,
        desk.by,
        desk.now,
        shop_ids=shop_ids,
        kinds=kinds,
        assignee=assignee,
        bands=() if is_flat else (only,) if only is not None else bands,
        limit=_MORE if only is not None else _ROWS,
        after=after or None,
    )
    filters = {"kind": kind, "shop": shop, "person": person, "order": BY_LOSS if order == BY_LOSS else ""}
    return desk.page(
        "today/page.html",
        today=listed,
        groups=tuple((band, items) for band, items in listed.groups if items),
        flat=ranked(desk.house, desk.by, desk.now, shop_ids=shop_ids, kinds=kinds, assignee=assignee, limit=_MORE) if is_flat else None,
        orders=_orders({"view": "todo", **filters}) if bands == RUNNING else (),
        by_loss=order == BY_LOSS,
        view=view if view in VIEWS else "todo",
        kind=kind,
        shop=chosen,
        person=hands,
        shops=shops,
        kinds=tuple(DeadlineKind),
        marked=marked_from(marked),
        **_sums(listed, view, filters),
        **row_context(desk, shops),
    )


@get("/shops/{shop_id:int}/todos/{subject_kind:str}/{kind:str}", sync_to_thread=True)
def todo_page(desk: AtDesk, shop_id: FromPath[int], subject_kind: FromPath[SubjectKind], kind: FromPath[DeadlineKind], no: FromQuery[str]) -> Template:
    """One to-do with its reasons, the drafted message and every act."""
    subject = Subject(subject_kind, no)
    item = todo_item(desk.house, desk.by, shop_number(shop_id), subject, kind, desk.now)
    if item is None:
        raise NotFoundException
    template = "today/panel.html" if desk.is_fragment else "today/todo.html"
    return desk.page(template, item=item, snoozes=snoozes(desk.now), desk_fragment=desk.is_fragment, **row_context(desk, desk.shops(Permission.TODO_READ)))


def _orders(query: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The addresses of the same list in each order, each with the word that asks for it; the list by time is asked for by no word."""
    kept = {name: value for name, value in query.items() if value and name != "order"}
    return tuple((word, "/today?" + urlencode(kept | ({"order": word} if word else {}))) for word in ("", BY_LOSS))


def _sums(listed: TodayList, view: str, filters: dict[str, str]) -> dict[str, Any]:
    told = {each.band: each for each in listed.sums}
    sums = {band: told.get(band, BandSum(band, 0, Fen(0))) for band in Band}
    kept = urlencode({name: value for name, value in filters.items() if value})
    address = f"/today?{kept}&view=" if kept else "/today?view="
    return {
        "sums": sums,
        "running": RUNNING,
        "at_risk": sum(sums[band].at_risk for band in RUNNING),
        "open_count": sum(sums[band].deadlines for band in RUNNING),
        "tabs": tabs(sums, address),
        "stale": tuple(age for age in listed.ages if age.is_stale),
        "more": {band: f"{address}{view}&{urlencode({'band': band.value, 'after': cursor})}" for band, cursor in listed.more},
    }
