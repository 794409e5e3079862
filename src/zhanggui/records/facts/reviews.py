"""Reviews, keyed by review and order."""

from zhanggui.core.facts import FactKind, ReviewFacts
from zhanggui.records.facts.table import Column, Table

FETCH = """
    select facts::text, as_of
    from reviews
    join unnest(%(a)s::text[], %(b)s::text[]) as wanted (review_no, order_no) on reviews.review_no = wanted.review_no and reviews.order_no = wanted.order_no
    where reviews.shop_id = %(shop_id)s
"""
COPY_NEW = "copy reviews (shop_id, review_no, order_no, score, created_at, as_of, facts) from stdin"
REMOVE = """
    delete from reviews
    using unnest(%(a)s::text[], %(b)s::text[]) as wanted (review_no, order_no)
    where reviews.shop_id = %(shop_id)s and reviews.review_no = wanted.review_no and reviews.order_no = wanted.order_no
"""
REFRESH = """
    update reviews set as_of = %(as_of)s
    from unnest(%(a)s::text[], %(b)s::text[]) as wanted (review_no, order_no)
    where reviews.shop_id = %(shop_id)s and reviews.review_no = wanted.review_no and reviews.order_no = wanted.order_no
        and as_of < %(as_of)s
"""


def _columns(facts: ReviewFacts) -> tuple[Column, ...]:
    return (facts.review_no, facts.order_no, facts.score, facts.created_at)


TABLE = Table(
    kind=FactKind.REVIEW,
    facts=ReviewFacts,
    fetch=FETCH,
    copy_new=COPY_NEW,
    remove=REMOVE,
    refresh=REFRESH,
    keys=lambda facts: (facts.review_no, facts.order_no),
    columns=_columns,
)
