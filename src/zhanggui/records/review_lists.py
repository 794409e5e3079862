"""Reviews as the pages list them: newest first by pages of keys, or some by their keys."""

from datetime import UTC, datetime

import msgspec

from zhanggui.core.facts import ReviewFacts
from zhanggui.records.db import Tx

Key = tuple[str, str]
"""The number of a review, and that of its order."""
After = tuple[datetime, str, str]
LAST: After = (datetime(9000, 1, 1, tzinfo=UTC), "", "")

LISTED = """
    select review_no, order_no, placed_at, as_of, goods_id, sku_id, aspects, facts::text
    from reviews
    where shop_id = %(shop_id)s and (placed_at, review_no, order_no) < (%(placed_at)s, %(review_no)s, %(order_no)s)
        and (%(stars)s::integer[] is null or score = any(%(stars)s::integer[]))
        and (not %(unanswered)s or not is_answered) and (not %(pictures)s or has_pictures) and (not %(follow_up)s or has_follow_up)
        and (%(aspect)s::text is null or aspects @> array[%(aspect)s::text])
        and (%(since)s::timestamptz is null or created_at >= %(since)s) and (%(until)s::timestamptz is null or created_at < %(until)s)
        and (not %(real)s or (score is not null and (facts ->> 'is_default') is distinct from 'true'))
        and (not %(reported)s or is_reported or exists (
            select 1 from review_reports as told
            where told.shop_id = %(shop_id)s and told.review_no = reviews.review_no and told.order_no = reviews.order_no
        ))
    order by placed_at desc, review_no desc, order_no desc
    limit %(limit)s
"""
# the same once more, since the index of waiting reviews is a partial one
WAITING = """
    select review_no, order_no, placed_at, as_of, goods_id, sku_id, aspects, facts::text
    from reviews
    where shop_id = %(shop_id)s and score <= 3 and not is_answered and (placed_at, review_no, order_no) < (%(placed_at)s, %(review_no)s, %(order_no)s)
        and (%(goods_id)s::text is null or goods_id = %(goods_id)s::text)
        and (%(stars)s::integer[] is null or score = any(%(stars)s::integer[]))
        and (not %(pictures)s or has_pictures) and (not %(follow_up)s or has_follow_up)
        and (%(aspect)s::text is null or aspects @> array[%(aspect)s::text])
        and (%(since)s::timestamptz is null or created_at >= %(since)s) and (%(until)s::timestamptz is null or created_at < %(until)s)
        and (not %(real)s or (score is not null and (facts ->> 'is_default') is distinct from 'true'))
    order by placed_at desc, review_no desc, order_no desc
    limit %(limit)s
"""
OF_GOODS = """
    select review_no, order_no, placed_at, as_of, goods_id, sku_id, aspects, facts::text
    from reviews
    where shop_id = %(shop_id)s and goods_id = %(goods_id)s and (placed_at, review_no, order_no) < (%(placed_at)s, %(review_no)s, %(order_no)s)
        and (%(stars)s::integer[] is null or score = any(%(stars)s::integer[]))
        and (not %(unanswered)s or not is_answered) and (not %(pictures)s or has_pictures) and (not %(follow_up)s or has_follow_up)
        and (%(aspect)s::text is null or aspects @> array[%(aspect)s::text])
        and (%(since)s::timestamptz is null or created_at >= %(since)s) and (%(until)s::timestamptz is null or created_at < %(until)s)
        and (not %(real)s or (score is not null and (facts ->> 'is_default') is distinct from 'true'))
        and (not %(reported)s or is_reported or exists (
            select 1 from review_reports as told
            where told.shop_id = %(shop_id)s and told.review_no = reviews.review_no and told.order_no = reviews.order_no
        ))
    order by placed_at desc, review_no desc, order_no desc
    limit %(limit)s
"""
ONE = """
    select review_no, order_no, placed_at, as_of, goods_id, sku_id, aspects, facts::text
    from reviews where shop_id = %(shop_id)s and review_no = %(review_no)s and order_no = %(order_no)s
"""
OF_ORDER = """
    select review_no, order_no, placed_at, as_of, goods_id, sku_id, aspects, facts::text
    from reviews where shop_id = %(shop_id)s and order_no = %(order_no)s order by placed_at, review_no
"""
COUNT_WAITING = """
    select count(*) from (
        select 1 from reviews where shop_id = %(shop_id)s and score <= 3 and not is_answered limit %(most)s
    ) as waiting
"""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What is listed; what is left out does not matter."""

    waiting: bool = False
    """Middling and bad ones without an answer."""
    stars: tuple[int, ...] | None = None
    unanswered: bool = False
    pictures: bool = False
    follow_up: bool = False
    reported: bool = False
    goods_id: str | None = None
    aspect: str | None = None
    since: datetime | None = None
    """Given at this moment or later."""
    until: datetime | None = None
    """Given before this moment."""
    real: bool = False
    """Ratings that buyers gave; none of the platform's own."""


class ReviewRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A review, and what was read out of it."""

    review: ReviewFacts
    placed_at: datetime
    as_of: datetime
    goods_id: str | None
    sku_id: str | None
    aspects: tuple[str, ...]

    @property
    def key(self) -> Key:
        """By what it is told from others."""
        return self.review.review_no, self.review.order_no

    @property
    def place(self) -> After:
        """Where it stands in a list."""
        return self.placed_at, self.review.review_no, self.review.order_no


def page(tx: Tx, shop_id: int, wanted: Filter, after: After, limit: int) -> list[ReviewRecord]:
    """Some of the reviews, the newest first, after that place."""
    asked = {
        "shop_id": shop_id,
        "placed_at": after[0],
        "review_no": after[1],
        "order_no": after[2],
        "stars": None if wanted.stars is None else list(wanted.stars),
        "unanswered": wanted.unanswered,
        "pictures": wanted.pictures,
        "follow_up": wanted.follow_up,
        "reported": wanted.reported,
        "goods_id": wanted.goods_id,
        "aspect": wanted.aspect,
        "since": wanted.since,
        "until": wanted.until,
        "real": wanted.real,
        "limit": limit,
    }
    statement = WAITING if wanted.waiting else OF_GOODS if wanted.goods_id is not None else LISTED
    return _records(tx, statement, asked)


def one(tx: Tx, shop_id: int, key: Key) -> ReviewRecord | None:
    """That review."""
    found = _records(tx, ONE, {"shop_id": shop_id, "review_no": key[0], "order_no": key[1]})
    return found[0] if found else None


def of_order(tx: Tx, shop_id: int, order_no: str) -> list[ReviewRecord]:
    """The reviews of one order, the oldest first."""
    return _records(tx, OF_ORDER, {"shop_id": shop_id, "order_no": order_no})


def count_waiting(tx: Tx, shop_id: int, most: int) -> int:
    """How many middling and bad ones have no answer, counted up to so many."""
    row = tx.execute(COUNT_WAITING, {"shop_id": shop_id, "most": most}).fetchone()
    return 0 if row is None else int(row[0])


def _records(tx: Tx, statement: str, asked: dict[str, object]) -> list[ReviewRecord]:
    decode = msgspec.json.Decoder(ReviewFacts).decode
    return [
        ReviewRecord(review=decode(facts), placed_at=placed_at, as_of=as_of, goods_id=goods_id, sku_id=sku_id, aspects=tuple(aspects))
        for _, _, placed_at, as_of, goods_id, sku_id, aspects, facts in tx.execute(statement, asked)
    ]
