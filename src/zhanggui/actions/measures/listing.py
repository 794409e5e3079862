"""The orders behind a measure, each with its day and the reason why it counts; page by page, the newest day first."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.measures import talked
from zhanggui.actions.measures.counting import seen_of
from zhanggui.actions.measures.reading import formula_on
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.clocks.replies import Answer, BuyerDay
from zhanggui.core.measures.book import Formula
from zhanggui.core.measures.saying import because
from zhanggui.core.measures.what import Hit, What
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records.db import Tx
from zhanggui.records.measures import days, keys, ratings
from zhanggui.rulebook.measures import measure_book

_THREAD = "thread "
Place = tuple[date, str, str]
"""Where a page ended: the day, the order's number, and the review's or none."""


class Side(StrEnum):
    """Which part of a measure is listed."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    REST = "rest"
    """What stands below and not above: of a rate of what is in time, what was not."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One order, rating or buyer's day that counts."""

    day: date
    what: What
    order_no: str | None
    thread_no: int | None = None
    """Where no order is known, the talk."""
    review_no: str | None = None
    amount: int = 0
    """The seconds or stars it brings."""
    because: Say


class Members(msgspec.Struct, frozen=True):
    """One page of them, and where the next one begins; None after the last."""

    rows: tuple[Member, ...]
    next: Place | None


def members(
    house: House, by: Person, shop_id: ShopId, measure: str, side: Side, since: date, until: date, after: Place | None, limit: int, now: datetime
) -> Members:
    """What counts from `since` to `until`, both included, by the formula of the day after the last. Raises KeyError for an id that is no measure."""
    by.need(Permission.ORDERS_READ, shop_id)
    formula = formula_on(measure, until + timedelta(days=1))
    whats = () if formula is None else _whats(formula, side)
    if not whats:
        return Members((), None)
    with house.pool.connection() as tx:
        if What.RATING in whats:
            return _of_ratings(tx, shop_id, (since, until), after, limit)
        if any(what not in keys.OF_ORDERS for what in whats):
            return _of_talks(tx, house, shop_id, whats, (since, until), after, limit)
        return _of_orders(tx, house, shop_id, whats, (since, until), after, limit, now)


def _whats(formula: Formula, side: Side) -> tuple[What, ...]:
    match side:
        case Side.NUMERATOR:
            return formula.numerator
        case Side.DENOMINATOR:
            return formula.denominator or formula.numerator
        case _:
            return tuple(what for what in formula.denominator if what not in formula.numerator)


def _of_orders(
    tx: Tx, house: House, shop_id: ShopId, whats: Sequence[What], span: tuple[date, date], after: Place | None, limit: int, now: datetime
) -> Members:
    found: list[tuple[date, str, Hit]] = []
    for some in _together(_counted(tx, shop_id, whats, span, after), limit):
        wanted = {keys.key_of(shop_id, what, day) for day in some for what in whats}
        begin = after[1] if after is not None and after[0] == some[0] else ""
        given_by = days.listed(tx, shop_id, sorted(wanted), begin, limit + 1)
        hits = ((no, *keys.what_of(key)) for no, given in given_by for key in given if key in wanted)
        found += sorted(((day, no, Hit(what, day)) for no, what, day in hits), key=lambda one: (-one[0].toordinal(), one[1]))
        if len(found) > len(_whole_orders(found, limit)):
            break
    page = _whole_orders(found, limit)
    book = measure_book()
    seen = seen_of(tx, shop_id, sorted({no for _, no, _ in page}), rulebook_in(tx, house, shop_id).advice, now)
    amounts = days.given(tx, shop_id, sorted({no for _, no, _ in page}))
    kept = {no: keys.unpacked(*given) for no, given in amounts.items()}
    rows = []
    for day, no, hit in page:
        of_order = kept.get(no, [])
        told = next((each for each in of_order if each.what is hit.what and each.day == day), hit)
        if told is not hit:
            of_order.remove(told)  # an order may give the same on one day more than once, each with an amount of its own
        rows.append(Member(day=day, what=told.what, order_no=no, amount=told.amount, because=because(told, seen[no], book) if no in seen else _MOVED))
    return Members(tuple(rows), (page[-1][0], page[-1][1], "") if len(found) > len(page) else None)


def _whole_orders(found: Sequence[tuple[date, str, Hit]], limit: int) -> Sequence[tuple[date, str, Hit]]:
    """One page of them, a little longer where it would end amid what one order gave on a day: the next one begins after that order."""
    end = min(limit, len(found))
    while 0 < end < len(found) and found[end][:2] == found[end - 1][:2]:
        end += 1
    return found[:end]


_MOVED = say("It changed a moment ago and is being counted again.")


def _counted(tx: Tx, shop_id: ShopId, whats: Sequence[What], span: tuple[date, date], after: Place | None) -> list[tuple[date, int]]:
    """The days on which there is anything and how much, the newest first, from where the last page ended."""
    until = span[1] if after is None else min(span[1], after[0])
    sums: dict[date, int] = {}
    for (_, day), (many, _) in days.by_day(tx, shop_id, whats, span[0], until).items():
        sums[day] = sums.get(day, 0) + many
    return sorted(sums.items(), reverse=True)


def _together(counted: Sequence[tuple[date, int]], limit: int) -> Iterator[list[date]]:
    """The days in portions that are asked for at once: as many as one page holds; the first may have been begun, so it stands alone."""
    some: list[date] = []
    total = 0
    for number, (day, many) in enumerate(counted):
        if some and (number == 1 or total + many > limit):
            yield some
            some, total = [], 0
        some.append(day)
        total += many
    if some:
        yield some


def _of_ratings(tx: Tx, shop_id: ShopId, span: tuple[date, date], after: Place | None, limit: int) -> Members:
    rows = ratings.counting(tx, shop_id, *span, after or (date.max, "", ""), limit + 1)
    page = rows[:limit]
    found = tuple(
        Member(
            day=row.day,
            what=What.RATING,
            order_no=row.order_no,
            review_no=row.review_no,
            amount=row.score,
            because=say("The buyer gave {stars} stars.", stars=row.score),
        )
        for row in page
    )
    return Members(found, (page[-1].day, page[-1].order_no, page[-1].review_no) if len(rows) > limit else None)


def _of_talks(tx: Tx, house: House, shop_id: ShopId, whats: Sequence[What], span: tuple[date, date], after: Place | None, limit: int) -> Members:
    rulebook = rulebook_in(tx, house, shop_id)
    found: list[Member] = []
    for day, _ in _counted(tx, shop_id, whats, span, after):
        told = sorted(talked.buyer_days(tx, shop_id, day, day, rulebook), key=lambda each: each[1].buyer)
        begin = after[1] if after is not None and after[0] == day else ""
        found += [_talk(answer, one, what) for answer, one in told if (what := talked.what_of(answer, one)) in whats and one.buyer > begin]
        if len(found) > limit:
            break
    page = tuple(found[:limit])
    return Members(page, (page[-1].day, _buyer(page[-1]), "") if len(found) > limit else None)


def _talk(answer: Answer, day: BuyerDay, what: What) -> Member:
    in_time = {
        Answer.THREE_MINUTES: say("Every message in the hours that count was answered by a person within three minutes."),
        Answer.FIVE_MINUTES: say("The first message of the day was answered within five minutes."),
        Answer.ONE_HOUR: say("Every message was answered within an hour."),
    }
    is_thread = day.buyer.startswith(_THREAD)
    return Member(
        day=day.day,
        what=what,
        order_no=None if is_thread else day.buyer,
        thread_no=int(day.buyer.removeprefix(_THREAD)) if is_thread else None,
        because=in_time[answer] if day.failed_at is None else say("The message of {at} was not answered in time.", at=day.failed_at),
    )


def _buyer(member: Member) -> str:
    return member.order_no if member.order_no is not None else f"{_THREAD}{member.thread_no}"
