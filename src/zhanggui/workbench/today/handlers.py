"""The Today page, and the to-do's own page or piece of page."""

from litestar import get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from zhanggui.actions.outbox.seeing import offer
from zhanggui.actions.outbox.wording import what_is_sent
from zhanggui.actions.today import todo_item
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, shop_number
from zhanggui.workbench.live.live import Live
from zhanggui.workbench.today.listing import Listing, list_context
from zhanggui.workbench.today.marked import marked_from
from zhanggui.workbench.today.rows import rows_at
from zhanggui.workbench.today.snoozes import snoozes


@get("/today", sync_to_thread=True)
def today_page(  # noqa: PLR0917 - what the address may say
    desk: AtDesk,
    live: NamedDependency[Live],
    view: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    shop: FromQuery[str] = "",
    person: FromQuery[str] = "",
    band: FromQuery[str] = "",
    after: FromQuery[str] = "",
    order: FromQuery[str] = "",
    show: FromQuery[str] = "",
    marked: FromQuery[str] = "",
) -> Template:
    """What to touch first: ranked, filtered, grouped by the time left or as one list by expected loss."""
    listing = Listing(view=view, kind=kind, shop=shop, person=person, band=band, after=after, order=order, show=show)
    stamp = live.stamp()
    context = list_context(desk.house, desk.by, desk.words, desk.now, listing)
    return desk.page("today/page.html", marked=marked_from(marked), stamp=stamp, **context)


@get("/shops/{shop_id:int}/todos/{subject_kind:str}/{kind:str}", sync_to_thread=True)
def todo_page(desk: AtDesk, shop_id: FromPath[int], subject_kind: FromPath[SubjectKind], kind: FromPath[DeadlineKind], no: FromQuery[str]) -> Template:
    """One to-do with its reasons, the drafted message and every act."""
    subject = Subject(subject_kind, no)
    item = todo_item(desk.house, desk.by, shop_number(shop_id), subject, kind, desk.now)
    if item is None:
        raise NotFoundException
    template = "today/panel.html" if desk.is_fragment else "today/todo.html"
    return desk.page(
        template,
        item=item,
        snoozes=snoozes(desk.now),
        desk_fragment=desk.is_fragment,
        door=offer(desk.house, desk.by, shop_number(shop_id), subject, kind, desk.now),
        sent=what_is_sent,
        **rows_at(desk, desk.shops(Permission.TODO_READ)),
    )
