"""Reviews for the eye: a page of them, each with its parcel, batch, case, talk, report and the time left to answer it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.reviews.reading import read_reviews
from zhanggui.core.deadlines import DeadlineKind, SubjectKind
from zhanggui.core.facts import AftersaleFacts, OrderFacts, ReviewFacts, key_of
from zhanggui.core.parcels import Parcel
from zhanggui.core.periods import Period
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import around, deadlines, parcels, review_beside, review_lists, review_reports, ship_batches
from zhanggui.records.db import Tx
from zhanggui.records.review_lists import Filter, ReviewRecord
from zhanggui.records.review_reports import ReviewReport
from zhanggui.records.ship_batches import BatchRow

MOST_WAITING = 1000
MOST_ROWS = 200


class ReviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """A review, and what stands around it. What the person may not see is None."""

    review_no: str
    order_no: str
    review: ReviewFacts
    stars: int | None
    text: str
    at: datetime | None
    reply: str | None
    follow_up: str | None
    pictures: int
    is_answered: bool
    goods_id: str | None
    sku: str | None
    title: str | None
    spec: str | None
    aspects: tuple[str, ...]
    report: ReviewReport | None
    due_at: datetime | None
    """When it is to be answered; None where nothing waits."""
    order: OrderFacts | None
    parcel: Parcel | None
    carrier: str | None
    tracking_no: str | None
    batch: BatchRow | None
    cases: tuple[AftersaleFacts, ...]
    thread_no: int | None
    cursor: str


class ReviewsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the reviews, the newest first."""

    rows: tuple[ReviewRow, ...]
    next_cursor: str | None


def reviews_of(house: House, by: Person, shop_id: ShopId, view: Filter, after: str | None, limit: int, now: datetime) -> ReviewsPage:
    """The reviews that are wanted, a page of them. What is stored and unread is read first where that is little."""
    by.need(Permission.ORDERS_READ, shop_id)
    place = cursors.read(after, tuple[datetime, str, str]) if after else review_lists.LAST
    limit = max(1, min(limit, MOST_ROWS))
    read_reviews(house, shop_id, now)
    with house.pool.connection() as tx:
        found = review_lists.page(tx, shop_id, view, place, limit + 1)
        shown = found[:limit]
        rows = rows_of(tx, by, shop_id, shown)
    return ReviewsPage(rows=rows, next_cursor=rows[-1].cursor if len(found) > limit else None)


def waiting_reviews(house: House, by: Person, shop_id: ShopId) -> int:
    """How many middling and bad reviews have no answer, counted up to a thousand."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        return review_lists.count_waiting(tx, shop_id, MOST_WAITING)


def reviews_of_order(house: House, by: Person, shop_id: ShopId, order_no: str) -> tuple[ReviewRow, ...]:
    """The reviews of one order, the oldest first."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        return rows_of(tx, by, shop_id, review_lists.of_order(tx, shop_id, order_no))


def review_seen(tx: Tx, by: Person, shop_id: ShopId, order_no: str, review_no: str) -> ReviewRow:
    """One review. Raises NotAllowed where there is none, like for whoever may not see it."""
    by.need(Permission.ORDERS_READ, shop_id)
    found = review_lists.one(tx, shop_id, (review_no, order_no))
    if found is None:
        raise NotAllowed(Permission.ORDERS_READ.value)
    return rows_of(tx, by, shop_id, [found])[0]


def filter_of(view: str, *, stars: str = "", goods_id: str = "", aspect: str = "", only: Sequence[str] = (), span: Period | None = None) -> Filter:
    """What an address asks for; of a span of days the ratings that buyers gave in it. Raises Refused for stars that are none."""
    wanted = tuple(dict.fromkeys(int(star) for star in stars if star.isascii() and star.isdigit()))
    if len(wanted) != len(dict.fromkeys(stars)) or any(not 1 <= star <= 5 for star in wanted):
        raise Refused(say("{stars} are no stars; write those you want, such as 12.", stars=stars[:20]))
    return Filter(
        waiting=view == "waiting",
        stars=wanted or None,
        unanswered="unanswered" in only,
        pictures="pictures" in only,
        follow_up="follow_up" in only,
        reported=view == "reported",
        goods_id=goods_id.strip() or None,
        aspect=aspect.strip() or None,
        since=None if span is None else span.since,
        until=None if span is None else span.until,
        real=span is not None,
    )


def rows_of(tx: Tx, by: Person, shop_id: ShopId, found: Sequence[ReviewRecord]) -> tuple[ReviewRow, ...]:
    """These reviews with what stands around them."""
    if not found:
        return ()
    nos = sorted({each.review.order_no for each in found})
    beside = _Beside(
        orders={no: known.facts for no, known in around.orders(tx, shop_id, nos).items()},
        parcels={no: parcel for (no, _), (parcel, _) in parcels.held(tx, shop_id, nos).items()},
        batches=ship_batches.of_orders(tx, shop_id, nos),
        cases={no: tuple(known.facts for known in listed) for no, listed in around.cases(tx, shop_id, nos).items()}
        if by.may(Permission.AFTERSALES_READ, shop_id)
        else {},
        threads=review_beside.threads(tx, shop_id, nos) if by.may(Permission.CONVERSATIONS_READ, shop_id) else {},
        reports=review_reports.of_reviews(tx, shop_id, [each.key for each in found]),
        due=_due(tx, shop_id, found),
    )
    return tuple(_row(each, beside) for each in found)


class _Beside(msgspec.Struct, frozen=True, kw_only=True):
    orders: Mapping[str, OrderFacts]
    parcels: Mapping[str, Parcel]
    batches: Mapping[str, BatchRow]
    cases: Mapping[str, tuple[AftersaleFacts, ...]]
    threads: Mapping[str, int]
    reports: Mapping[tuple[str, str], ReviewReport]
    due: Mapping[str, datetime]


def _due(tx: Tx, shop_id: ShopId, found: Sequence[ReviewRecord]) -> dict[str, datetime]:
    rows = deadlines.of_subjects(tx, shop_id, SubjectKind.REVIEW.value, [key_of(each.review) for each in found])
    return {row.subject_no: row.due_at for row in rows if row.kind == DeadlineKind.ANSWER_REVIEW and row.closed_at is None}


def _row(record: ReviewRecord, beside: _Beside) -> ReviewRow:
    review = record.review
    no = review.order_no
    order, parcel = beside.orders.get(no), beside.parcels.get(no)
    is_answered = review.answered_at is not None or bool(review.reply)
    return ReviewRow(
        review_no=review.review_no,
        order_no=no,
        review=review,
        stars=review.score,
        text="\n".join(part for part in (review.title, review.text) if part),
        at=review.created_at,
        reply=review.reply or None,
        follow_up=review.follow_up or None,
        pictures=max(review.pictures or 0, len(review.picture_addresses or ())),
        is_answered=is_answered,
        goods_id=record.goods_id or review.goods_id or (order.goods_id if order else None),
        sku=record.sku_id,
        title=order.title if order else None,
        spec=review.spec or (order.spec if order else None),
        aspects=record.aspects,
        report=beside.reports.get(record.key),
        due_at=None if is_answered else beside.due.get(key_of(review)),
        order=order,
        parcel=parcel,
        carrier=(parcel.carrier if parcel else None) or (order.carrier if order else None),
        tracking_no=(parcel.tracking_no if parcel else None) or (order.tracking_no if order else None),
        batch=beside.batches.get(no),
        cases=beside.cases.get(no, ()),
        thread_no=beside.threads.get(no),
        cursor=cursors.write(record.place),
    )
