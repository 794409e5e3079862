"""The list of reviews, and the page of one."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.reviews.answering import answer_taken_back, review_answered
from zhanggui.actions.reviews.listing import filter_of, reviews_of, waiting_reviews
from zhanggui.actions.reviews.reporting import report_review
from zhanggui.actions.reviews.seeing import whole_review
from zhanggui.core.periods import days_in, days_name
from zhanggui.core.reviews.grounds import ReportGround
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number
from zhanggui.workbench.lists import Lists
from zhanggui.workbench.places import case_path, complaint_path, number_in_path, order_path, review_path, thread_path
from zhanggui.workbench.reviews.wording import ASPECTS, ONLY, REPORT_STATES

HERE = "/reviews"
VIEWS = {
    "waiting": say("To be answered"),
    "all": say("All reviews"),
    "reported": say("Reported"),
}
LISTS = Lists(HERE, Permission.ORDERS_READ, VIEWS)
BESIDE = (
    ("experts", say("Expert reviews"), "/reviews/experts", Permission.ORDERS_READ),
    ("products", say("Products to mend"), "/products", Permission.AFTERSALES_READ),
    ("paste", say("Paste reviews"), "/reviews/paste", Permission.REVIEWS_WRITE),
)
"""Further tabs of the page, that have an address of their own."""
DONE = {
    "answered": say("Kept as answered."),
    "answered_badly": say("Kept as answered. What was said holds things that must not be said: see below, and change it in the back office."),
    "reopened": say("Its time to be answered runs again."),
    "reported": say("It stands on the register now, with its text and its clock."),
    "taken": say("The reviews were taken in."),
    "kept": say("Kept."),
    "forgotten": say("Taken off the list."),
}
_PAGE = 30


class AnswerForm(msgspec.Struct, frozen=True):
    """What was entered in the back office, and by which draft."""

    said: str = ""
    script: str = ""
    do: str = "answered"


class ReportForm(msgspec.Struct, frozen=True):
    """On which ground a review is reported."""

    ground: ReportGround


@get(HERE, sync_to_thread=True)
def reviews_page(
    desk: AtDesk,
    *,
    view: FromQuery[str] = "waiting",
    shop: FromQuery[str] = "",
    stars: FromQuery[str] = "",
    unanswered: FromQuery[str] = "",
    pictures: FromQuery[str] = "",
    follow_up: FromQuery[str] = "",
    goods: FromQuery[str] = "",
    aspect: FromQuery[str] = "",
    days: FromQuery[str] = "",
    after: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Template:
    """One of the lists of one shop."""
    chosen = LISTS.opened(desk, view, shop)
    if chosen is None:
        return page_of(desk, view, None, done=None)
    only = [name for name, told in (("unanswered", unanswered), ("pictures", pictures), ("follow_up", follow_up)) if told]
    span = days_in(days)
    wanted = filter_of(view, stars=stars, goods_id=goods, aspect=aspect if aspect[:-1] in ASPECTS else "", only=only, span=span)
    page = reviews_of(desk.house, desk.by, chosen.shop_id, wanted, after or None, _PAGE, desk.now)
    asked: dict[str, Any] = {"stars": stars, "goods": goods.strip(), "aspect": aspect, "days": days_name(span) if span else "", "only": only}
    return page_of(desk, view, chosen, done=DONE.get(done), page=page, asked=asked, span=span, next_href=_next(view, chosen, asked, page.next_cursor))


@get("/shops/{shop_id:int}/reviews/{order_no:str}/{review_no:str}", sync_to_thread=True)
def review_page(desk: AtDesk, shop_id: FromPath[int], order_no: FromPath[str], review_no: FromPath[str], done: FromQuery[str] = "") -> Template:
    """One review."""
    shop = shop_number(shop_id)
    whole = whole_review(desk.house, desk.by, shop, number_in_path(order_no), number_in_path(review_no), desk.now)
    return desk.page(
        "reviews/one.html",
        shop_id=shop,
        whole=whole,
        row=whole.row,
        done=DONE.get(done),
        here_path=review_path(shop, whole.row.order_no, whole.row.review_no),
        may_answer=desk.by.may(Permission.REVIEWS_WRITE, shop),
        may_report=desk.by.may(Permission.COMPLAINTS_WRITE, shop),
        report_link=None if whole.row.report is None else complaint_path(shop, whole.row.report.complaint_no),
        report_states=REPORT_STATES,
        order_path=order_path,
        case_path=case_path,
        thread_path=thread_path,
    )


@post("/shops/{shop_id:int}/reviews/{order_no:str}/{review_no:str}/answer", sync_to_thread=True)
def put_review_answer(desk: AtDesk, shop_id: FromPath[int], order_no: FromPath[str], review_no: FromPath[str], data: URLEncodedBody[AnswerForm]) -> Redirect:
    """An answer was entered in the back office, or was not after all."""
    shop, order, review = shop_number(shop_id), number_in_path(order_no), number_in_path(review_no)
    if data.do == "reopen":
        answer_taken_back(desk.house, desk.by, shop, order, review, desk.now)
        return back_to(review_path(shop, order, review), done="reopened")
    findings = review_answered(desk.house, desk.by, shop, order, review, data.said, desk.now, script_id=data.script[:100])
    if findings:
        return back_to(review_path(shop, order, review), done="answered_badly")
    return back_to(*_next_waiting(desk, shop), done="answered")


@post("/shops/{shop_id:int}/reviews/{order_no:str}/{review_no:str}/report", sync_to_thread=True)
def put_review_report(desk: AtDesk, shop_id: FromPath[int], order_no: FromPath[str], review_no: FromPath[str], data: URLEncodedBody[ReportForm]) -> Redirect:
    """A review is to be reported."""
    shop, order, review = shop_number(shop_id), number_in_path(order_no), number_in_path(review_no)
    report_review(desk.house, desk.by, shop, order, review, data.ground, desk.now)
    return back_to(review_path(shop, order, review), done="reported")


def page_of(desk: Desk, view: str, shop: ShopInfo | None, **context: Any) -> Template:
    """A page of the lists, with its tabs."""
    told = {} if shop is None else {"waiting": waiting_reviews(desk.house, desk.by, shop.shop_id)}
    tabs = [(*tab, told.get(tab[0])) for tab in LISTS.tabs(shop)]
    for name, title, href, needs in BESIDE:
        if shop is not None and desk.by.may(needs, shop.shop_id):
            tabs.append((name, title, f"{href}?shop={shop.shop_id}", None))
    mine: dict[str, Any] = {
        "views": tuple(tabs),
        "may_write": shop is not None and desk.by.may(Permission.REVIEWS_WRITE, shop.shop_id),
        "aspects": ASPECTS,
        "only": ONLY,
        "report_states": REPORT_STATES,
    }
    return desk.page(
        "reviews/page.html", view=view, shops=desk.shops(LISTS.permission), shop=shop, order_path=order_path, review_path=review_path, **(mine | context)
    )


def _next(view: str, shop: ShopInfo, asked: dict[str, Any], cursor: str | None) -> str | None:
    if cursor is None:
        return None
    more = {name: asked[name] for name in ("stars", "goods", "aspect", "days")} | dict.fromkeys(asked["only"], "1")
    return LISTS.address(view, shop, after=cursor, **more)


def _next_waiting(desk: Desk, shop: ShopId) -> tuple[str]:
    """The page of the review that waits longest from the top of the list, the list itself where none does."""
    rows = reviews_of(desk.house, desk.by, shop, filter_of("waiting"), None, 1, desk.now).rows
    return (review_path(shop, rows[0].order_no, rows[0].review_no) if rows else f"{HERE}?view=waiting&shop={shop}",)
