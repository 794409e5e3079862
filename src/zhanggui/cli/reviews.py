"""`zhanggui reviews`: the reviews of a shop, the newest first; pasted ones are taken in from stdin."""

import sys
from datetime import datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.reviews.listing import MOST_ROWS, ReviewRow, filter_of, reviews_of
from zhanggui.actions.reviews.taking import take_paste_of_reviews
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import utc_or_none, wall
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.core.reviews.pasting import LONGEST_PASTE

_SHOWN = 40


class ReportShape(msgspec.Struct, frozen=True):
    """The report of a review: its ground, its state, and its number on the register of complaints."""

    ground: str
    state: str
    complaint_no: int


class ReviewShape(msgspec.Struct, frozen=True, kw_only=True):
    """One review, masked, with what stands around it. `due_at` is when it is to be answered, null where nothing waits."""

    review_no: str
    order_no: str
    stars: int | None
    service_stars: int | None
    shipping_stars: int | None
    text: str
    at: datetime | None
    follow_up: str | None
    pictures: int
    is_default: bool | None
    reply: str | None
    answered_at: datetime | None
    due_at: datetime | None
    goods_id: str | None
    sku_id: str | None
    aspects: tuple[str, ...]
    report: ReportShape | None
    carrier: str | None
    tracking_no: str | None
    batch_no: int | None
    case_nos: tuple[str, ...]
    thread_no: int | None


class ReviewsShape(msgspec.Struct, frozen=True):
    """Some of the reviews; `next` goes on where there are more."""

    reviews: tuple[ReviewShape, ...]
    next: str | None


class TakenShape(msgspec.Struct, frozen=True):
    """One review of a paste; `new` where the shop did not know it."""

    review_no: str
    order_no: str
    new: bool


class UnreadShape(msgspec.Struct, frozen=True):
    """A line of a paste that was not taken, and why."""

    line: int
    text: str
    why: str


class PastedShape(msgspec.Struct, frozen=True):
    """What a paste brought, and the import that takes it back."""

    batch: int
    taken: tuple[TakenShape, ...]
    unread: tuple[UnreadShape, ...]


@click.command("reviews")
@shop_option
@click.option("--view", type=click.Choice(["all", "waiting", "reported"]), default="all", show_default=True, help="Which reviews.")
@click.option("--stars", default="", metavar="STARS", help="Only these stars, such as 12.")
@click.option("--goods", "goods_id", default="", metavar="GOODS_ID", help="Only those of this product.")
@click.option("--aspect", default="", metavar="ASPECT", help="Only those that judge this, such as quality- or courier+.")
@click.option("--limit", type=click.IntRange(1, MOST_ROWS), default=50, show_default=True, help="At most so many.")
@click.option("--after", metavar="NEXT", help="Go on where a list ended.")
@click.option("--paste", "is_paste", is_flag=True, help="Take reviews in that were copied from the back office, from stdin.")
@with_desk
def reviews(desk: Desk, shop_name: str, view: str, stars: str, goods_id: str, aspect: str, limit: int, after: str | None, is_paste: bool) -> int:
    """List the reviews of a shop with what stands around them, or take pasted ones in."""
    now = clock.now()
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        if is_paste:
            text = sys.stdin.buffer.read(LONGEST_PASTE * 4).decode("utf-8", "replace")
            taken = take_paste_of_reviews(house, desk.by, shop_id, text, now)
            desk.document(
                PastedShape(
                    taken.batch_id,
                    tuple(TakenShape(each.review_no, each.order_no, each.is_new) for each in taken.taken),
                    tuple(UnreadShape(each.line, each.text, desk.said(each.why)) for each in taken.read.unread),
                )
            )
            desk.line("{count} reviews were taken in; undo it as import {batch}.", count=len(taken.taken), batch=taken.batch_id)
            return DONE
        page = reviews_of(house, desk.by, shop_id, filter_of(view, stars=stars, goods_id=goods_id, aspect=aspect), after, limit, now)
    desk.document(ReviewsShape(tuple(map(_shape, page.rows)), page.next_cursor))
    desk.lines(columns([_line(row) for row in page.rows]))
    return DONE


def _line(row: ReviewRow) -> list[str]:
    return [wall(row.at) or "-", str(row.stars or "-"), row.order_no, " ".join(row.aspects) or "-", " ".join(row.text.split())[:_SHOWN]]


def _shape(row: ReviewRow) -> ReviewShape:
    report = row.report
    return ReviewShape(
        review_no=row.review_no,
        order_no=row.order_no,
        stars=row.stars,
        service_stars=row.review.service_score,
        shipping_stars=row.review.shipping_score,
        text=row.text,
        at=utc_or_none(row.at),
        follow_up=row.follow_up,
        pictures=row.pictures,
        is_default=row.review.is_default,
        reply=row.reply,
        answered_at=utc_or_none(row.review.answered_at),
        due_at=utc_or_none(row.due_at),
        goods_id=row.goods_id,
        sku_id=row.sku,
        aspects=row.aspects,
        report=None if report is None else ReportShape(report.ground, report.state, report.complaint_no),
        carrier=row.carrier,
        tracking_no=row.tracking_no,
        batch_no=None if row.batch is None else row.batch.batch_no,
        case_nos=tuple(case.case_no for case in row.cases),
        thread_no=row.thread_no,
    )
