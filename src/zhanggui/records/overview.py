"""The sums of a span of days that the overview and the weekly report tell, each over rows that a list can show."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class DaySales(msgspec.Struct, frozen=True):
    """The orders bought on one day, what was paid for them, and those that were refunded by now."""

    day: date
    orders: int
    paid: int
    refunded: int
    refunded_paid: int
    unbought: int = 0
    """Orders of the day beside them that nobody bought: their group has not formed, or they were cancelled without a refund."""


class ClockSum(msgspec.Struct, frozen=True):
    """How many deadlines of one kind fell due and ended so, and what they put at risk."""

    kind: str
    state: str
    deadlines: int
    at_risk: int


class ClockRow(msgspec.Struct, frozen=True):
    """One deadline of such a sum."""

    subject_kind: str
    subject_no: str
    order_no: str | None
    due_at: datetime
    closed_at: datetime | None
    at_risk: int
    rule: str


class CarrierTime(msgspec.Struct, frozen=True):
    """How long the parcels of one carrier took from hand-over to delivery."""

    carrier: str
    parcels: int
    seconds: int


class StarCount(msgspec.Struct, frozen=True):
    """How many reviews gave so many stars, and how many of those were answered."""

    score: int
    reviews: int
    answered: int


class GoodsSum(msgspec.Struct, frozen=True):
    """What one product sold, what came back of it, and its reviews."""

    goods: str
    title: str
    orders: int
    paid: int
    refunded: int
    reviews: int
    one_star: int


class RepSum(msgspec.Struct, frozen=True):
    """One person's talks, the points taken off, and the faults."""

    rep: str
    talks: int
    answers: int
    points: int
    faults: int


SALES = """
    select day, coalesce(sum(orders) filter (where is_bought), 0)::bigint as orders, coalesce(sum(paid) filter (where is_bought), 0)::bigint as paid,
        coalesce(sum(orders) filter (where is_bought and refund = 'refunded'), 0)::bigint as refunded,
        coalesce(sum(paid) filter (where is_bought and refund = 'refunded'), 0)::bigint as refunded_paid,
        coalesce(sum(orders) filter (where not is_bought), 0)::bigint as unbought
    from (
        select day, refund, orders, paid, stage <> 'forming' and not (stage = 'cancelled' and refund = 'none') as is_bought
        from order_totals where shop_id = %(shop_id)s and day between %(first)s and %(last)s
    ) as told
    group by day order by day
"""
# orders without any moment lie in 1970
EVER = "select coalesce(sum(orders), 0)::bigint, min(day) filter (where day > '2000-01-01') from order_totals where shop_id = %(shop_id)s"
# what is still open although its moment has passed has been missed as well, only the end is not known yet
CLOCKS = """
    select kind, case when state = 'open' then 'overdue' else state end as state, count(*)::bigint as deadlines, sum(at_risk)::bigint as at_risk
    from deadlines
    where shop_id = %(shop_id)s and due_at >= %(since)s and due_at < %(until)s and due_at < %(now)s
        and (state in ('met', 'missed') or (state = 'open' and band < 6))
    group by 1, 2
"""
COUNTED_CLOCKS = """
    select kind, state, sum(deadlines)::bigint as deadlines, sum(at_risk)::bigint as at_risk
    from clock_days where shop_id = %(shop_id)s and day between %(first)s and %(last)s group by kind, state
"""
COUNTED = "select min(day), max(counted_at) from clock_days where shop_id = %(shop_id)s"
FORGET_COUNTED = "delete from clock_days where shop_id = %(shop_id)s and day >= %(first)s"
COUNT = """
    insert into clock_days (shop_id, day, kind, state, deadlines, at_risk, counted_at)
    select shop_id, (due_at at time zone 'Asia/Shanghai')::date, kind, case when state = 'open' then 'overdue' else state end, count(*), sum(at_risk), %(now)s
    from deadlines
    where shop_id = %(shop_id)s and due_at >= %(since)s and due_at < %(now)s and (state in ('met', 'missed') or (state = 'open' and band < 6))
    group by shop_id, 2, kind, 4
"""
CLOCK_ROWS = """
    select subject_kind, subject_no, order_no, due_at, closed_at, at_risk, rule
    from deadlines
    where shop_id = %(shop_id)s and kind = %(kind)s and due_at >= %(since)s and due_at < %(until)s and due_at < %(now)s
        and case %(state)s when 'overdue' then state = 'open' and band < 6 else state = %(state)s end
        and (due_at, subject_no) < (%(before_at)s, %(before_no)s)
    order by due_at desc, subject_no desc
    limit %(limit)s
"""
TIMES = """
    select carrier, count(*)::bigint as parcels, sum(extract(epoch from delivered_at - shipped_at))::bigint as seconds
    from parcels
    where shop_id = %(shop_id)s and shipped_at >= %(since)s and shipped_at < %(until)s and delivered_at >= shipped_at
    group by carrier
"""
STARS = """
    select score, count(*)::bigint as reviews, count(*) filter (where (facts ->> 'answered_at') is not null)::bigint as answered
    from reviews
    where shop_id = %(shop_id)s and created_at >= %(since)s and created_at < %(until)s and score is not null
        and (facts ->> 'is_default') is distinct from 'true'
    group by score
"""
# titles are looked up for the few that are shown: read from every order they cost as much as all the rest
GOODS = """
    select ranked.goods, ranked.orders, ranked.paid, ranked.refunded, ranked.reviews, ranked.one_star,
        coalesce((select facts ->> 'title' from orders where orders.shop_id = %(shop_id)s and orders.goods_id = ranked.goods limit 1), '') as title
    from (
        select coalesce(sold.goods, reviewed.goods) as goods, coalesce(sold.orders, 0) as orders, coalesce(sold.paid, 0) as paid,
            coalesce(sold.refunded, 0) as refunded, coalesce(reviewed.reviews, 0) as reviews, coalesce(reviewed.one_star, 0) as one_star
        from (
            select goods_id as goods, sum(orders)::bigint as orders, sum(paid)::bigint as paid, sum(refunded)::bigint as refunded
            from goods_totals
            where shop_id = %(shop_id)s and day between %(first)s and %(last)s and goods_id <> ''
            group by goods_id
        ) as sold
        full join (
            select goods_id as goods, count(*)::bigint as reviews, count(*) filter (where score = 1)::bigint as one_star
            from reviews
            where shop_id = %(shop_id)s and created_at >= %(since)s and created_at < %(until)s and score is not null and goods_id is not null
                and (facts ->> 'is_default') is distinct from 'true'
            group by 1
        ) as reviewed on reviewed.goods = sold.goods
        order by paid desc, goods
        limit %(limit)s
    ) as ranked
    order by ranked.paid desc, ranked.goods
"""
REPS = """
    select told.rep, told.talks, told.answers, told.points, coalesce(found.faults, 0)::integer as faults
    from (
        select rep, count(*)::integer as talks, sum(answers)::integer as answers, sum(points)::integer as points
        from quality_answers where shop_id = %(shop_id)s and day between %(first)s and %(last)s and rep <> '' and answers > 0 group by rep
    ) as told
    left join (
        select rep, count(*) as faults from quality_faults where shop_id = %(shop_id)s and day between %(first)s and %(last)s group by rep
    ) as found on found.rep = told.rep
    order by told.rep
"""


def sales(tx: Tx, shop_id: int, first: date, last: date) -> list[DaySales]:
    """The orders bought on these days, by the day they are listed under, without counting them."""
    with tx.cursor(row_factory=class_row(DaySales)) as cursor:
        return cursor.execute(SALES, {"shop_id": shop_id, "first": first, "last": last}).fetchall()


def ever(tx: Tx, shop_id: int) -> tuple[int, date | None]:
    """How many orders the shop has, and the day of the first whose day is known."""
    row = tx.execute(EVER, {"shop_id": shop_id}).fetchone()
    return (int(row[0]), row[1]) if row else (0, None)


def clocks(tx: Tx, shop_id: int, since: datetime, until: datetime, now: datetime) -> list[ClockSum]:
    """How the deadlines that fell due then ended, read from the deadlines themselves."""
    with tx.cursor(row_factory=class_row(ClockSum)) as cursor:
        return cursor.execute(CLOCKS, {"shop_id": shop_id, "since": since, "until": until, "now": now}).fetchall()


def counted_clocks(tx: Tx, shop_id: int, first: date, last: date) -> list[ClockSum]:
    """The same as it was counted last."""
    with tx.cursor(row_factory=class_row(ClockSum)) as cursor:
        return cursor.execute(COUNTED_CLOCKS, {"shop_id": shop_id, "first": first, "last": last}).fetchall()


def clocks_counted(tx: Tx, shop_id: int) -> tuple[date, datetime] | None:
    """The first day of which deadlines are counted, and when they were counted last; None where they never were."""
    row = tx.execute(COUNTED, {"shop_id": shop_id}).fetchone()
    return None if row is None or row[0] is None else (row[0], row[1])


def count_clocks(tx: Tx, shop_id: int, first: date, since: datetime, now: datetime) -> None:
    """Counts the deadlines by day anew, those that fell due from that day on."""
    tx.execute(FORGET_COUNTED, {"shop_id": shop_id, "first": first})
    tx.execute(COUNT, {"shop_id": shop_id, "since": since, "now": now})


def clock_rows(
    tx: Tx, shop_id: int, kind: str, state: str, since: datetime, until: datetime, now: datetime, before: tuple[datetime, str], limit: int
) -> list[ClockRow]:
    """The deadlines behind one sum, the latest due first, before one of them."""
    slots = {"shop_id": shop_id, "kind": kind, "state": state, "since": since, "until": until, "now": now}
    with tx.cursor(row_factory=class_row(ClockRow)) as cursor:
        return cursor.execute(CLOCK_ROWS, slots | {"before_at": before[0], "before_no": before[1], "limit": limit}).fetchall()


def times(tx: Tx, shop_id: int, since: datetime, until: datetime) -> list[CarrierTime]:
    """How long the parcels handed over then were on their way, of those that have arrived."""
    with tx.cursor(row_factory=class_row(CarrierTime)) as cursor:
        return cursor.execute(TIMES, {"shop_id": shop_id, "since": since, "until": until}).fetchall()


def stars(tx: Tx, shop_id: int, since: datetime, until: datetime) -> list[StarCount]:
    """The stars that buyers gave then; what the platform gave for them is left out."""
    with tx.cursor(row_factory=class_row(StarCount)) as cursor:
        return cursor.execute(STARS, {"shop_id": shop_id, "since": since, "until": until}).fetchall()


def goods(tx: Tx, shop_id: int, first: date, last: date, since: datetime, until: datetime, limit: int) -> list[GoodsSum]:
    """The products that brought most on these days, with what came back, and what was said of them between the two moments."""
    slots = {"shop_id": shop_id, "first": first, "last": last, "since": since, "until": until, "limit": limit}
    with tx.cursor(row_factory=class_row(GoodsSum)) as cursor:
        return cursor.execute(GOODS, slots).fetchall()


def reps(tx: Tx, shop_id: int, first: date, last: date) -> Sequence[RepSum]:
    """How the talks of these days were graded, by person."""
    with tx.cursor(row_factory=class_row(RepSum)) as cursor:
        return cursor.execute(REPS, {"shop_id": shop_id, "first": first, "last": last}).fetchall()
