"""The figures that activities ask for: the shop's measures, what is counted from its orders, and what somebody read in the back office."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.measures import counted
from zhanggui.actions.measures.told import is_told, kinds_known
from zhanggui.actions.refused import Refused
from zhanggui.core.activities.book import Activity, Need, Told, Unit
from zhanggui.core.activities.eligibility import Names, Value, named
from zhanggui.core.activities.regulars import Ended
from zhanggui.core.facts import FactKind
from zhanggui.core.measures.book import Unit as MeasureUnit
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import enrolments, journal, regulars
from zhanggui.records.db import Tx, transact
from zhanggui.records.enrolments import FigureRecord
from zhanggui.records.journal_entries.activities import FigureRead
from zhanggui.rulebook.activities import activity_book
from zhanggui.rulebook.measures import measure_book

Targets = Mapping[tuple[str, str], Fraction]
MOST = Fraction(10**9)
_PLACES = 4
SOLD_DAYS = 30
MOST_PRODUCTS = 20


class Product(msgspec.Struct, frozen=True):
    """A product by its id, and what it is called."""

    goods_id: str
    title: str


def values_of(tx: Tx, shop_id: ShopId, activities: Iterable[Activity], now: datetime) -> dict[Names, Value]:
    """The value of everything these activities ask for, as far as it is known: of facts that nobody has told nought is no value."""
    today, known = shanghai_day(now), kinds_known(tx, shop_id)
    read = {row.figure: Value(row.num, row.den) for row in enrolments.figures(tx, shop_id) if not row.activity}
    found: dict[Names, Value] = {}
    for need in {named(need): need for activity in activities for need in activity.need}.values():
        value = read.get(need.figure) if need.told is Told.TYPED else _value(tx, shop_id, need, today, known)
        if value is not None:
            found[named(need)] = value
    return found


def targets_of(tx: Tx, shop_id: ShopId) -> dict[tuple[str, str], Fraction]:
    """The thresholds that the shop read in its back office, by activity and figure."""
    return {(row.activity, row.figure): Fraction(row.num, row.den) for row in enrolments.figures(tx, shop_id) if row.activity}


def put_read(house: House, by: Person, shop_id: ShopId, activity: str, figure: str, typed: str, now: datetime) -> None:
    """Keeps what the back office shows: the threshold of an activity, or the shop's own value where no activity is named; blank forgets it.

    Shares are typed in percent, sums in yuan. Raises Refused for what is no number.
    """
    by.need(Permission.ACTIVITIES_WRITE, shop_id)
    need = _asked(activity, figure, shanghai_day(now))
    exact = _read(typed, need.unit) if typed.strip() else None

    def work(tx: Tx) -> None:
        if exact is None:
            enrolments.forget_figure(tx, shop_id, activity, figure)
        else:
            enrolments.put_figure(tx, shop_id, FigureRecord(activity, figure, exact.numerator, exact.denominator, now), by.person_id)
        journal.write(tx, shop_id, FigureRead(figure, activity, typed.strip()), at=now, by=by.person_id)

    transact(house.pool, work)


def products_of(house: House, by: Person, shop_id: ShopId, now: datetime) -> tuple[Product, ...]:
    """The products that sold most lately, to choose from."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        found = regulars.best_goods(tx, shop_id, now - timedelta(days=SOLD_DAYS), now, Ended.MONEY_BACK.value, MOST_PRODUCTS)
        titles = regulars.titles(tx, shop_id, [each.goods_id for each in found])
    return tuple(Product(each.goods_id, titles.get(each.goods_id, each.goods_id)) for each in found)


def best_product(tx: Tx, shop_id: ShopId, days: int, today: date) -> regulars.GoodsSales | None:
    """The product that sold most in the days before today."""
    found = regulars.best_goods(tx, shop_id, start_of_day(today - timedelta(days=days)), start_of_day(today), Ended.MONEY_BACK.value, 1)
    return found[0] if found else None


def _value(tx: Tx, shop_id: ShopId, need: Need, today: date, known: Collection[FactKind]) -> Value | None:
    if need.told is Told.MEASURE:
        told = counted(tx, shop_id, need.figure, today)
        formula = measure_book().measure(need.figure).in_force(today)
        if formula is not None and not is_told(formula, told, known):
            return None
        is_count = formula is not None and formula.unit is MeasureUnit.COUNT
        return Value(told.num) if is_count else Value(told.num, told.den)
    since = today - timedelta(days=need.days)
    match need.figure:
        case "paid_orders":
            return Value(sum(orders for _, orders in regulars.paid_orders(tx, shop_id, since, today)))
        case "return_rate":
            paid = sum(orders for _, orders in regulars.paid_orders(tx, shop_id, since, today))
            returned = regulars.returned(tx, shop_id, start_of_day(since), start_of_day(today))
            return Value(returned, paid) if returned or FactKind.AFTERSALE in known else None
        case "daily_sales":
            best = best_product(tx, shop_id, need.days, today)
            return Value(0 if best is None else best.paid, need.days)
        case _:
            return None


def _asked(activity: str, figure: str, day: date) -> Need:
    for each in activity_book().in_force(day):
        for need in each.need:
            if need.figure == figure and (activity == each.id or (not activity and need.told is Told.TYPED)):
                return need
    raise Refused(say("No activity asks for that."))


def _read(typed: str, unit: Unit) -> Fraction:
    """The number that was typed. Raises Refused."""
    text = typed.strip().replace(",", "").replace("，", "").removesuffix("%").removesuffix("％").strip()
    whole, _, part = text.partition(".")
    if not (text.isascii() and whole.isdecimal() and (part.isdecimal() or not part)) or len(part) > _PLACES or len(whole) > 9:
        raise Refused(say("{typed} is not a number. Write it like 4.56; shares in percent, sums in yuan.", typed=typed[:20]))
    exact = Fraction(text if part else whole)
    if unit is Unit.RATE:
        exact /= 100
        if exact > 1:
            raise Refused(say("A share is at most 100 percent."))
    return exact * 100 if unit is Unit.FEN else exact
