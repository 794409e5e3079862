"""Reviews that programs bring."""

import msgspec
from litestar import post
from litestar.params import JSONBody
from litestar.response import Response

from zhanggui.actions.bridge_tokens import Bearer
from zhanggui.actions.reviews.taking import ReviewTold, take_reviews
from zhanggui.api.bearing import NEEDS, words_for
from zhanggui.api.handlers import AnyRequest, AtHouse, AtMoment
from zhanggui.api.shapes import ReviewIn, ReviewOut, ReviewsIn, ReviewsTaken
from zhanggui.api.told_once import told_once
from zhanggui.core.bridge.scopes import Scope


@post("/reviews", sync_to_thread=True, status_code=200, opt={NEEDS: Scope.REVIEWS_WRITE})
def put_reviews(request: AnyRequest, house: AtHouse, now: AtMoment, data: JSONBody[ReviewsIn]) -> Response[ReviewsTaken]:
    """Takes reviews in, all or none of them, each once by its number. Under an Idempotency-Key it is done once."""
    bearer: Bearer = request.auth

    def work() -> ReviewsTaken:
        taken = take_reviews(house, bearer.person, bearer.shop_id, [_review(each) for each in data.reviews], now)
        return ReviewsTaken(tuple(ReviewOut(each.review_no, each.order_no, each.is_new) for each in taken))

    return told_once(house, bearer, words_for(request.headers), request.headers.get("idempotency-key"), msgspec.json.encode(data), work)


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
