"""`zhanggui rating`: the shop rating now and from the next midnight, what does not count and why, and what leaves next."""

from datetime import date, datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.ratings import rating_of
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import MOMENT, utc, utc_or_none, wall
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.core.moments import start_of_day
from zhanggui.core.ratings.rating import Rating, ShopRating
from zhanggui.core.ratings.replay import LeftOut, RatingReplay
from zhanggui.core.say import say

MOST = 10_000


class FigureShape(msgspec.Struct, frozen=True):
    """The rating from a midnight on: `figure` as the platform shows it, `total` over `count` exactly."""

    since: datetime
    figure: str | None
    is_hidden: bool
    lacking: int
    total: int
    count: int
    rule: str


class RatedShape(msgspec.Struct, frozen=True):
    """One rating."""

    order_no: str
    review_no: str
    at: datetime
    score: int


class LeavesShape(msgspec.Struct, frozen=True):
    """What leaves first, at which midnight, and the rating then if nothing else comes."""

    at: datetime
    ratings: tuple[RatedShape, ...]
    then: FigureShape


class LeftOutShape(msgspec.Struct, frozen=True):
    """One review that does not count."""

    order_no: str
    review_no: str
    at: datetime | None
    score: int | None
    why: str
    is_tied: bool


class RatingShape(msgspec.Struct, frozen=True):
    """The rating, replayed; `left_out` holds the newest, `not_counted` the number of all by reason."""

    now: FigureShape
    next: FigureShape
    leaves: LeavesShape | None
    not_counted: dict[str, int]
    left_out: tuple[LeftOutShape, ...]
    buyer_is: str


@click.command("rating")
@shop_option
@click.option("--at", type=MOMENT, metavar="MOMENT", help="As of this moment instead of now.")
@click.option("--limit", type=click.IntRange(0, MOST), default=100, show_default=True, help="List at most so many reviews that do not count.")
@with_desk
def rating(desk: Desk, shop_name: str, at: datetime | None, limit: int) -> int:
    """Replay the shop rating: now, from the next midnight, what does not count and why, and what leaves next."""
    with desk.house() as house:
        told = rating_of(house, desk.by, shop_of(house, desk.by, shop_name), at or clock.now())
    if told is None:
        return desk.refuse(say("How the shop rating was counted at that moment is not known. Ask for a later moment."))
    desk.document(_shape(told, limit))
    _say(desk, told, limit)
    return DONE


def _shape(told: RatingReplay, limit: int) -> RatingShape:
    leaves = told.leaves
    return RatingShape(
        now=_figure(told.today),
        next=_figure(told.next),
        leaves=None if leaves is None else LeavesShape(_begins(leaves.day), tuple(map(_rated, leaves.ratings)), _figure(leaves.then)),
        not_counted={reason.value: count for reason, count in told.why.items()},
        left_out=tuple(map(_left_out, told.left_out[:limit])),
        buyer_is="receiver_or_order",
    )


def _say(desk: Desk, told: RatingReplay, limit: int) -> None:
    _say_figure(desk, told.today)
    desk.line("From {since}, as it stands: {figure} ({count} ratings).", since=_midnight(told.next.day), figure=told.next.figure or "-", count=told.next.count)
    if told.leaves is not None:
        then = told.leaves.then
        desk.line(
            "Leaving first, at {since}: {leaving} ratings; if nothing else comes, {figure} of {count} ratings remains.",
            since=_midnight(told.leaves.day),
            leaving=len(told.leaves.ratings),
            figure=then.figure or "-",
            count=then.count,
        )
    for reason, count in told.why.items():
        desk.lines([f"{desk.catalog.word(reason)}: {count}"])
    desk.lines(columns([[wall(each.at) or "-", each.order_no, str(each.score or "-"), desk.catalog.word(each.why)] for each in told.left_out[:limit]]))


def _say_figure(desk: Desk, rating: ShopRating) -> None:
    figure = rating.figure or "-"
    if rating.is_hidden:
        desk.line("Shop rating: {figure} ({count} ratings), hidden until {lacking} more count.", figure=figure, count=rating.count, lacking=rating.lacking)
    else:
        desk.line("Shop rating: {figure} ({count} ratings).", figure=figure, count=rating.count)
    desk.line("A buyer is told by the source or by the masked number of the order; where neither tells, the order stands for its buyer.")


def _figure(rating: ShopRating) -> FigureShape:
    return FigureShape(_begins(rating.day), rating.figure, rating.is_hidden, rating.lacking, rating.total, rating.count, rating.rule.cite)


def _rated(rating: Rating) -> RatedShape:
    return RatedShape(rating.order_no, rating.review_no, utc(rating.at), rating.score)


def _left_out(left: LeftOut) -> LeftOutShape:
    return LeftOutShape(left.order_no, left.review_no, utc_or_none(left.at), left.score, left.why.value, left.is_tied)


def _begins(day: date) -> datetime:
    return utc(start_of_day(day))


def _midnight(day: date) -> str:
    return wall(start_of_day(day))
