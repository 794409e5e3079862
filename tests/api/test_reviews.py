"""A program brings reviews: each once by its number, masked, with the scope for it and no other."""

from litestar.testing import TestClient

from tests.api.test_bridge import bearing, token
from tests.cast import Cast
from tests.site_client import HERE, make_app
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.reviews.listing import filter_of, reviews_of
from zhanggui.core.bridge.scopes import Scope

A = "260301-111111111111111"
FAR = "9999-12-31T23:59:59-12:00"
"""A moment that has no place in any other zone."""
REVIEW = {"order_no": A, "review_id": "r1", "stars": 2, "said": "有点小，打13812345678", "at": "2026-03-08T20:00:00+08:00", "buyer": "李四光"}


def test_it_takes_reviews_of_a_program_once_and_only_with_their_scope(house: House, people: Cast) -> None:
    allowed, other = bearing(token(house, people, Scope.REVIEWS_WRITE)), bearing(token(house, people, Scope.MESSAGES_WRITE))
    with TestClient(make_app(house), base_url=HERE, raise_server_exceptions=True) as tool:
        first = tool.post("/api/v1/reviews", json={"reviews": [REVIEW]}, headers=allowed | {"idempotency-key": "k1"})
        same = tool.post("/api/v1/reviews", json={"reviews": [REVIEW]}, headers=allowed | {"idempotency-key": "k1"})
        more = tool.post(
            "/api/v1/reviews", json={"reviews": [{"order_no": A, "follow_up": "洗了更小", "pictures": ["http://x", "https://x/1.jpg"]}]}, headers=allowed
        )
        wrong = tool.post("/api/v1/reviews", json={"reviews": [REVIEW | {"stars": 6}]}, headers=allowed)
        far = [tool.post("/api/v1/reviews", json={"reviews": [REVIEW | {name: FAR}]}, headers=allowed).status_code for name in ("at", "follow_up_at")]
        hollow = tool.post("/api/v1/reviews", json={"reviews": [{"order_no": A}]}, headers=allowed)
        barred = tool.post("/api/v1/reviews", json={"reviews": [REVIEW]}, headers=other)
        described = tool.get("/api/v1/schema", headers=allowed).json()

    (row,) = reviews_of(house, people.mei, people.shop_id, filter_of("all"), None, 10, clock.now()).rows
    assert first.json() == same.json() == {"reviews": [{"review_id": "r1", "order_no": A, "is_new": True}]}
    assert more.json() == {"reviews": [{"review_id": "r1", "order_no": A, "is_new": False}]}
    assert (row.text, row.follow_up, row.stars, row.review.picture_addresses) == ("有点小，打138****5678", "洗了更小", 2, ("https://x/1.jpg",))
    assert (row.review.buyer_masked, "李四光" in str(row.review)) == ("李*光", False)
    assert [each.status_code for each in (wrong, hollow, barred)] == [400, 422, 403]
    assert far == [422, 422]
    assert "/api/v1/reviews" in described["paths"]
