"""Reviews that programs bring, and that they read."""

from enum import StrEnum

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody
from litestar.response import Response

from zhanggui.actions.bridge_tokens import Bearer
from zhanggui.actions.reviews.listing import ReviewRow, filter_of, reviews_of
from zhanggui.actions.reviews.taking import ReviewTold, take_reviews
from zhanggui.api.asked import AtAsked, Cursor, Limit
from zhanggui.api.bearing import NEEDS
from zhanggui.api.handlers import AnyRequest, AtHouse, AtMoment
from zhanggui.api.shapes import ReviewIn, ReviewOut, ReviewsIn, ReviewsTaken
from zhanggui.api.told_once import told_once
from zhanggui.api.units import MaybeAt, NextCursor
from zhanggui.core.bridge.scopes import Scope


class ReviewView(StrEnum):
    """Which reviews are listed."""

    ALL = "all"
    WAITING = "waiting"
    REPORTED = "reported"


class ListedReview(msgspec.Struct, frozen=True, kw_only=True):
    """A review, masked. What nobody told is null."""

    review_id: str
    order_no: str
    stars: int | None
    service_stars: int | None
    shipping_stars: int | None
    said: str
    at: MaybeAt
    follow_up: str | None
    reply: str | None
    is_answered: bool
    pictures: int
    goods_id: str | None
    sku: str | None
    title: str | None
    aspects: tuple[str, ...]
    due_at: MaybeAt
    """When it is to be answered; null where nothing waits."""


class ReviewsListed(msgspec.Struct, frozen=True):
    """Reviews, the newest first."""

    reviews: tuple[ListedReview, ...]
    next_cursor: NextCursor


@get("/reviews", sync_to_thread=True, opt={NEEDS: Scope.REVIEWS_READ})
def list_reviews(
    asked: AtAsked,
    view: FromQuery[ReviewView] = ReviewView.ALL,
    stars: FromQuery[str] = "",
    goods_id: FromQuery[str] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Response[ReviewsListed]:
    """Reviews, the newest first; `stars` such as `12` for those of one and two."""
    wanted = filter_of(view.value, stars=stars, goods_id=goods_id)
    page = reviews_of(asked.house, asked.by, asked.shop_id, wanted, cursor or None, limit, asked.now)
    return asked.told(ReviewsListed(tuple(map(_listed, page.rows)), page.next_cursor))


@post("/reviews", sync_to_thread=True, status_code=200, opt={NEEDS: Scope.REVIEWS_WRITE})
def put_reviews(request: AnyRequest, house: AtHouse, now: AtMoment, data: JSONBody[ReviewsIn]) -> Response[ReviewsTaken]:
    """Takes reviews in, all or none of them, each once by its number. Under an Idempotency-Key it is done once."""
    bearer: Bearer = request.auth

    def work() -> ReviewsTaken:
        taken = take_reviews(house, bearer.person, bearer.shop_id, [_review(each) for each in data.reviews], now)
        return ReviewsTaken(tuple(ReviewOut(each.review_no, each.order_no, each.is_new) for each in taken))

    return told_once(request, house, data, work)


def _review(told: ReviewIn) -> ReviewTold:
    return ReviewTold(
        order_no=told.order_no,
        review_no=told.review_id,
        score=told.stars,
        service_score=told.service_stars,
        shipping_score=told.shipping_stars,
        text=told.said,
        created_at=told.at,
        follow_up=told.follow_up,
        follow_up_at=told.follow_up_at,
        reply=told.reply,
        answered_at=told.answered_at,
        picture_addresses=told.pictures or None,
        has_video=told.has_video,
        is_default=told.is_default,
        is_anonymous=told.is_anonymous,
        buyer=told.buyer,
        goods_id=told.goods_id,
        spec=told.spec,
        report_text=told.report_state,
    )


def _listed(row: ReviewRow) -> ListedReview:
    return ListedReview(
        review_id=row.review_no,
        order_no=row.order_no,
        stars=row.stars,
        service_stars=row.review.service_score,
        shipping_stars=row.review.shipping_score,
        said=row.text,
        at=row.at,
        follow_up=row.follow_up,
        reply=row.reply,
        is_answered=row.is_answered,
        pictures=row.pictures,
        goods_id=row.goods_id,
        sku=row.sku,
        title=row.title,
        aspects=row.aspects,
        due_at=row.due_at,
    )


route_handlers = (put_reviews, list_reviews)
