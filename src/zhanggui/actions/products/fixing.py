"""The list of what to mend: products by what their cases cost, with what buyers say is wrong, in returns and in reviews."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import sqrt

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.products.raising import MOST_OPEN, rule_of
from zhanggui.actions.reviews.reading import read_reviews
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.advice.book import Grievance
from zhanggui.core.advice.reading import grievance_of
from zhanggui.core.complaints.chances import wilson
from zhanggui.core.facts import AftersaleKind
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.money import Fen
from zhanggui.core.returns.reasons import Asked
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import product_reviews, products, reasons
from zhanggui.records.product_reviews import GoodsFault, GoodsStars
from zhanggui.records.products import GoodsMoney, ProductAlarm
from zhanggui.rulebook.products import alarm_book

PERIODS = (30, 90, 180)
MOST_ROWS = 50
FEW = 10
"""Of fewer orders than this no sum by the hundred is told."""
_SHOWN = 3


class SpecCost(msgspec.Struct, frozen=True):
    """One variant of a product: its cases and what they cost."""

    spec: str
    asked: int
    paid_back: Fen


class Fault(msgspec.Struct, frozen=True):
    """One aspect that reviews of a product judge: badly in so many, well in so many."""

    aspect: str
    bad: int
    good: int


class FixRow(msgspec.Struct, frozen=True, kw_only=True):
    """One product."""

    goods_id: str
    title: str
    orders: int
    asked: int
    paid_back: Fen
    running: float
    """The share of all money that this row and those above it make up."""
    a_hundred: Fen | None
    """What a hundred orders of it cost in money paid back; None of few orders."""
    low: Fen | None
    high: Fen | None
    """Between these it lies ninety-five times in a hundred."""
    reviews: int
    bad_reviews: int
    one_star: int
    bad_bounds: tuple[float, float]
    grievances: tuple[tuple[Grievance, int], ...]
    """What buyers gave as reasons of their cases, the most first."""
    faults: tuple[Fault, ...]
    specs: tuple[SpecCost, ...]
    is_raised: bool


class FixList(msgspec.Struct, frozen=True, kw_only=True):
    """The products, the dearest first, and those that are raised."""

    rows: tuple[FixRow, ...]
    raised: tuple[ProductAlarm, ...]
    since: datetime
    days: int
    orders: int
    paid_back: Fen
    reviews: int
    bad_reviews: int
    left_out: int
    bad_upto: int


def product_fixes(house: House, by: Person, shop_id: ShopId, now: datetime, *, days: int = 90) -> FixList:
    """The products of the orders of so many days by the money their cases cost, and the reviews of these days."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    read_reviews(house, shop_id, now)
    rule = rule_of(now) or alarm_book().rule[-1]
    since = start_of_day(shanghai_day(now) - timedelta(days=days))
    with house.pool.connection() as tx:
        spent = products.money(tx, shop_id, since, now)
        stars = {one.goods_id: one for one in product_reviews.stars(tx, shop_id, since, now, rule.bad_upto)}
        told = product_reviews.faults(tx, shop_id, since, now)
        asked = reasons.asked(tx, shop_id, since, now)
        raised = products.open_alarms(tx, shop_id, MOST_OPEN)
        book = rulebook_in(tx, house, shop_id).advice
        goods = [one.goods_id for one in spent] + list(stars)
        titles = products.titles(tx, shop_id, goods)
    meant = {one.reason: grievance_of(one.reason, AftersaleKind.UNKNOWN, book).kind for one in asked}
    rows = _rows(spent, stars, told, asked, meant, titles, {one.goods_id for one in raised})
    return FixList(
        rows=rows[:MOST_ROWS],
        raised=tuple(raised),
        since=since,
        days=days,
        orders=sum(one.orders for one in spent),
        paid_back=Fen(sum(one.paid_back for one in spent)),
        reviews=sum(one.reviews for one in stars.values()),
        bad_reviews=sum(one.bad for one in stars.values()),
        left_out=max(0, len(rows) - MOST_ROWS),
        bad_upto=rule.bad_upto,
    )


def _rows(
    spent: Sequence[GoodsMoney],
    stars: Mapping[str, GoodsStars],
    told: Sequence[GoodsFault],
    asked: Sequence[Asked],
    meant: Mapping[str, Grievance],
    titles: Mapping[str, str],
    raised: set[str],
) -> tuple[FixRow, ...]:
    money = {one.goods_id: one for one in spent}
    of_goods: dict[str, list[Asked]] = defaultdict(list)
    for each in asked:
        of_goods[each.goods].append(each)
    faults: dict[str, list[GoodsFault]] = defaultdict(list)
    for fault in told:
        faults[fault.goods_id].append(fault)
    whole, running = sum(one.paid_back for one in spent), 0
    rows = []
    for goods_id in sorted(money.keys() | stars.keys(), key=lambda goods: _weight(goods, money, stars)):
        cost, seen = money.get(goods_id, GoodsMoney(goods_id, 0, 0, 0, 0.0)), stars.get(goods_id, GoodsStars(goods_id, 0, 0, 0))
        if not (cost.paid_back or cost.asked or seen.bad or goods_id in raised):
            continue
        running += cost.paid_back
        listed = of_goods[goods_id]
        called = titles.get(goods_id) or next((one.title for one in listed if one.title), "")
        rows.append(_row(cost, seen, listed, faults[goods_id], meant, called, running / whole if whole else 0.0, is_raised=goods_id in raised))
    return tuple(rows)


def _weight(goods_id: str, money: Mapping[str, GoodsMoney], stars: Mapping[str, GoodsStars]) -> tuple[int, int, str]:
    cost, seen = money.get(goods_id), stars.get(goods_id)
    return (-cost.paid_back if cost else 0, -seen.bad if seen else 0, goods_id)


def _row(
    cost: GoodsMoney,
    seen: GoodsStars,
    asked: Sequence[Asked],
    told: Sequence[GoodsFault],
    meant: Mapping[str, Grievance],
    title: str,
    running: float,
    *,
    is_raised: bool,
) -> FixRow:
    a_hundred = low = high = None
    if cost.orders >= FEW:
        mean = cost.paid_back / cost.orders
        spread = sqrt(max(0.0, cost.squares / cost.orders - mean * mean) / cost.orders)
        a_hundred, low, high = (Fen(round(100 * max(0.0, value))) for value in (mean, mean - 1.96 * spread, mean + 1.96 * spread))
    grievances: Counter[Grievance] = Counter()
    for each in asked:
        grievances[meant[each.reason]] += each.orders
    return FixRow(
        goods_id=cost.goods_id,
        title=title,
        orders=cost.orders,
        asked=cost.asked,
        paid_back=Fen(cost.paid_back),
        running=running,
        a_hundred=a_hundred,
        low=low,
        high=high,
        reviews=seen.reviews,
        bad_reviews=seen.bad,
        one_star=seen.one_star,
        bad_bounds=wilson(seen.bad, seen.reviews),
        grievances=tuple(grievances.most_common(_SHOWN)),
        faults=faults_of(told),
        specs=_specs(asked),
        is_raised=is_raised,
    )


def faults_of(told: Sequence[GoodsFault]) -> tuple[Fault, ...]:
    """By aspect how many reviews judge it badly and how many well, those with the most bad ones first; both at once counts on both sides."""
    bad: Counter[str] = Counter()
    good: Counter[str] = Counter()
    for one in told:
        aspect, sign = one.mark[:-1], one.mark[-1]
        if sign in "-0":
            bad[aspect] += one.reviews
        if sign in "+0":
            good[aspect] += one.reviews
    return tuple(Fault(aspect, bad[aspect], good[aspect]) for aspect in sorted(bad.keys() | good.keys(), key=lambda each: (-bad[each], -good[each], each)))


def _specs(asked: Sequence[Asked]) -> tuple[SpecCost, ...]:
    orders: Counter[str] = Counter()
    paid: Counter[str] = Counter()
    for one in asked:
        orders[one.spec] += one.orders
        paid[one.spec] += one.paid_back
    ranked = sorted(orders, key=lambda spec: (-paid[spec], -orders[spec], spec))
    return tuple(SpecCost(spec, orders[spec], Fen(paid[spec])) for spec in ranked if spec)[:_SHOWN]
