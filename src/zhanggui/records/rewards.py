"""Rewards for reviews: campaigns, and who got a coupon."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class RewardRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign as it stands. Money in fen."""

    campaign_no: int
    title: str
    goods: list[str]
    coupon: int
    budget: int
    from_day: date
    until_day: date
    said: str
    state: str
    spent: int
    given: int
    made_at: datetime
    version: int


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """One coupon."""

    order_no: str
    review_no: str
    stars: int | None
    fen: int
    at: datetime
    cost_no: int | None = None


INSERT = """
    insert into reward_campaigns (shop_id, title, goods, coupon, budget, from_day, until_day, said, state, read_to, made_by, made_at)
    values (%(shop_id)s, %(title)s, %(goods)s, %(coupon)s, %(budget)s, %(from_day)s, %(until_day)s, %(said)s, %(state)s, %(now)s, %(by)s, %(now)s)
    returning campaign_no
"""
PAGE = """
    select campaign_no, title, goods, coupon, budget, from_day, until_day, said, state, spent, given, made_at, version
    from reward_campaigns where shop_id = %(shop_id)s and campaign_no < %(before)s
    order by campaign_no desc
    limit %(limit)s
"""
ONE = """
    select campaign_no, title, goods, coupon, budget, from_day, until_day, said, state, spent, given, made_at, version
    from reward_campaigns where shop_id = %(shop_id)s and campaign_no = %(no)s for update
"""
RUNNING = """
    select campaign_no from reward_campaigns
    where shop_id = %(shop_id)s and state = %(state)s and from_day <= %(today)s and until_day >= %(since)s
    order by campaign_no
"""
RIVAL = """
    select 1 from reward_campaigns
    where shop_id = %(shop_id)s and state = %(state)s and from_day <= %(until_day)s and until_day >= %(from_day)s and goods && %(goods)s::text[]
    limit 1
"""
MOVE = """
    update reward_campaigns set state = %(state)s, version = version + 1 where shop_id = %(shop_id)s and campaign_no = %(no)s and state = %(before)s
"""
# a real review of a chosen product: with stars, and not one that the platform wrote in the buyer's stead
REVIEWS = """
    select reviews.order_no, reviews.review_no, reviews.placed_at, reviews.score, reviews.facts::text
    from reviews
    where reviews.shop_id = %(shop_id)s and reviews.goods_id = any(%(goods)s) and reviews.placed_at >= %(since)s and reviews.placed_at < %(until)s
        and reviews.score is not null and (reviews.facts ->> 'is_default') is distinct from 'true'
        and (reviews.placed_at, reviews.order_no, reviews.review_no) > (%(placed_at)s, %(order_no)s, %(review_no)s)
        and not exists (
            select 1 from reward_grants
            where reward_grants.shop_id = %(shop_id)s and reward_grants.order_no = reviews.order_no
        )
    order by reviews.placed_at, reviews.order_no, reviews.review_no
    limit %(limit)s
"""
GRANT = """
    insert into reward_grants (shop_id, campaign_no, order_no, review_no, stars, fen, at, cost_no)
    values (%(shop_id)s, %(no)s, %(order_no)s, %(review_no)s, %(stars)s, %(fen)s, %(at)s, %(cost_no)s)
    on conflict do nothing
"""
ADD_UP = """
    update reward_campaigns set spent = spent + %(fen)s, given = given + %(given)s, read_to = %(now)s, version = version + 1
    where shop_id = %(shop_id)s and campaign_no = %(no)s
"""
BY_STARS = """
    select stars, count(*)::bigint from reward_grants where shop_id = %(shop_id)s and campaign_no = %(no)s group by stars order by stars
"""
REVIEWED_BY_STARS = """
    select score, count(distinct order_no)::bigint from reviews
    where shop_id = %(shop_id)s and goods_id = any(%(goods)s) and placed_at >= %(since)s and placed_at < %(until)s and score is not null
        and not coalesce((facts ->> 'is_default')::boolean, false)
    group by score
"""


class _Written(msgspec.Struct):
    text: str | None = None
    is_default: bool | None = None


class Candidate(msgspec.Struct, frozen=True):
    """A review that may be rewarded, and what tells whether the platform wrote it."""

    order_no: str
    review_no: str
    at: datetime
    stars: int
    text: str | None
    is_default: bool


def insert(tx: Tx, shop_id: int, slots: dict[str, object]) -> int:
    """The number of a new campaign."""
    row = tx.execute(INSERT, {"shop_id": shop_id, **slots}).fetchone()
    assert row is not None
    return int(row[0])


def page(tx: Tx, shop_id: int, before: int, limit: int) -> list[RewardRecord]:
    """The campaigns, newest first, before one of them."""
    with tx.cursor(row_factory=class_row(RewardRecord)) as cursor:
        return cursor.execute(PAGE, {"shop_id": shop_id, "before": before, "limit": limit}).fetchall()


def one(tx: Tx, shop_id: int, no: int) -> RewardRecord | None:
    """The campaign of that number, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(RewardRecord)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "no": no}).fetchone()


def rival(tx: Tx, shop_id: int, goods: Sequence[str], from_day: date, until_day: date, state: str) -> bool:
    """Whether a campaign in that state gives something for one of these products on one of these days."""
    slots = {"shop_id": shop_id, "goods": list(goods), "from_day": from_day, "until_day": until_day, "state": state}
    return tx.execute(RIVAL, slots).fetchone() is not None


def running(tx: Tx, shop_id: int, state: str, today: date, since: date) -> list[int]:
    """The campaigns in that state that began by today and did not end before that day."""
    return [no for (no,) in tx.execute(RUNNING, {"shop_id": shop_id, "state": state, "today": today, "since": since})]


def move(tx: Tx, shop_id: int, no: int, before: str, state: str) -> bool:
    """Whether it stood in that state, and stands in the other now."""
    return tx.execute(MOVE, {"shop_id": shop_id, "no": no, "before": before, "state": state}).rowcount == 1


def candidates(tx: Tx, shop_id: int, goods: Sequence[str], since: datetime, until: datetime, limit: int, after: Candidate | None = None) -> list[Candidate]:
    """The reviews of these products in that time whose orders got no coupon of any campaign yet, the oldest first, after one of them."""
    slots: dict[str, object] = {"shop_id": shop_id, "goods": list(goods), "since": since, "until": until, "limit": limit}
    slots |= {"placed_at": since if after is None else after.at, "order_no": after.order_no if after else "", "review_no": after.review_no if after else ""}
    found = []
    for order_no, review_no, at, stars, facts in tx.execute(REVIEWS, slots).fetchall():
        written = msgspec.json.decode(facts, type=_Written)
        found.append(Candidate(order_no, review_no, at, stars, written.text, bool(written.is_default)))
    return found


def grant(tx: Tx, shop_id: int, no: int, one: Grant) -> bool:
    """Whether the order had no coupon of that campaign, and has one now."""
    return tx.execute(GRANT, {"shop_id": shop_id, "no": no, **msgspec.structs.asdict(one)}).rowcount == 1


def add_up(tx: Tx, shop_id: int, no: int, fen: int, given: int, now: datetime) -> None:
    """Lets the campaign's sums follow."""
    tx.execute(ADD_UP, {"shop_id": shop_id, "no": no, "fen": fen, "given": given, "now": now})


def by_stars(tx: Tx, shop_id: int, no: int) -> dict[int | None, int]:
    """How many coupons went to reviews of how many stars."""
    return dict(tx.execute(BY_STARS, {"shop_id": shop_id, "no": no}).fetchall())


def reviewed_by_stars(tx: Tx, shop_id: int, goods: Sequence[str], since: datetime, until: datetime) -> dict[int, int]:
    """How many orders were reviewed with how many stars in that time."""
    return dict(tx.execute(REVIEWED_BY_STARS, {"shop_id": shop_id, "goods": list(goods), "since": since, "until": until}).fetchall())
