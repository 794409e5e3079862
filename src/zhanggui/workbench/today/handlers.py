"""The Today page, and the to-do's own page or piece of page."""

from typing import Any
from urllib.parse import urlencode

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from zhanggui.actions.today import settle, today, todo_item
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


@get("/today", sync_to_thread=True)
def today_page(
    desk: AtDesk,
    view: FromQuery[str] = "todo",
    kind: FromQuery[str] = "",
    shop: FromQuery[str] = "",
    person: FromQuery[str] = "",
    band: FromQuery[str] = "",
    after: FromQuery[str] = "",
    marked: FromQuery[str] = "",
) -> Template:
    """What to touch first: ranked, filtered, grouped by the time left."""
    shops = desk.shops(Permission.TODO_READ)
    chosen = desk.chosen(shops, shop)
    shop_ids = tuple(each.shop_id for each in ((chosen,) if chosen else shops))
    settle(desk.house, shop_ids, desk.now)
    bands = VIEWS.get(view, RUNNING)
    hands = number_in(person)
    only = next((each for each in bands if band == str(each.value)), None)
    listed = today(
        desk.house,
        desk.by,
        desk.now,
        shop_ids=shop_ids,
        kinds=tuple(each for each in DeadlineKind if each == kind),
        assignee=None if hands is None else PersonId(hands),
        bands=(only,) if only is not None else bands,
        limit=_MORE if only is not None else _ROWS,
        after=after or None,
    )
    filters = {"kind": kind, "shop": shop, "person": person}
    return desk.page(
        "today/page.html",
        today=listed,
        groups=tuple((band, items) for band, items in listed.groups if items),
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
