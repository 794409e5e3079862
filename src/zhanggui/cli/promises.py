"""`zhanggui promises` and `zhanggui replies`: what was promised to buyers and kept, and the rates of replies."""

from datetime import date, datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.conversations.replaying import MOST_DAYS, reply_rate
from zhanggui.actions.conversations.saying import say_of_promise
from zhanggui.actions.conversations.seeing import promise_ledger
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import MOMENT, utc_or_none, wall
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.core.clocks.replies import Answer, BuyerDay
from zhanggui.core.promises.keeping import PromiseSaid
from zhanggui.records.promises import PromiseRecord


class LedgerRow(msgspec.Struct, frozen=True, kw_only=True):
    """One promise and where it stands."""

    no: int
    conversation: int
    order_no: str | None
    kind: str
    words: str
    exactness: str
    rep: str
    promised_at: datetime | None
    due_at: datetime | None
    state: str
    done_at: datetime | None


class RepShape(msgspec.Struct, frozen=True):
    """The promises of one rep over the last thirty days; `overdue` are open past their moment."""

    rep: str
    given: int
    exact: int
    kept: int
    late: int
    broken: int
    overdue: int


class LedgerShape(msgspec.Struct, frozen=True):
    """The ledger, newest first."""

    promises: tuple[LedgerRow, ...]
    reps: tuple[RepShape, ...]
    next_cursor: str | None


class DayShape(msgspec.Struct, frozen=True):
    """One buyer who asked on one day; `failed_at` is the first message that was not answered in time."""

    order_no: str
    day: date
    asked: int
    failed_at: datetime | None
    rule: str


class RepliesShape(msgspec.Struct, frozen=True):
    """A rate of replies, and the days that failed."""

    answer: str
    asked: int
    failed: int
    rate: float | None
    failed_days: tuple[DayShape, ...]


@click.command("promises")
@shop_option
@click.option("--kept", type=int, metavar="NO", help="Say that this promise was kept.")
@click.option("--broken", type=int, metavar="NO", help="Say that this promise was not kept.")
@click.option("--void", type=int, metavar="NO", help="Say that this promise no longer holds.")
@click.option("--unsaid", type=int, metavar="NO", help="Take back what was said of this promise.")
@click.option("--after", "cursor", metavar="CURSOR", help="Go on after this cursor.")
@with_desk
def promises(desk: Desk, shop_name: str, kept: int | None, broken: int | None, void: int | None, unsaid: int | None, cursor: str | None) -> int:
    """List what was promised to buyers and where it stands, newest first, and how each rep has kept it."""
    desk.one_deed(*(number is not None for number in (kept, broken, void, unsaid)))
    now = clock.now()
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        for number, said in ((kept, PromiseSaid.KEPT), (broken, PromiseSaid.BROKEN), (void, PromiseSaid.VOID), (unsaid, PromiseSaid.NOTHING)):
            if number is not None:
                say_of_promise(house, desk.by, shop_id, number, said, now)
        ledger = promise_ledger(house, desk.by, shop_id, now, cursor=cursor)
    reps = tuple(msgspec.convert(msgspec.structs.asdict(rep), RepShape) for rep in ledger.reps)
    desk.document(LedgerShape(tuple(map(_row, ledger.rows)), reps, ledger.next_cursor))
    for row in ledger.rows:
        desk.lines([f"#{row.promise_no}  {wall(row.due_at) or '-':16}  {desk.catalog.word(row.state)}  {row.rep}  {row.words}  {row.order_no or ''}".rstrip()])
    for rep in reps:
        desk.line(
            "{rep}: given {given}, kept {kept}, late {late}, broken {broken}, overdue {overdue}",
            rep=rep.rep,
            given=rep.given,
            kept=rep.kept,
            late=rep.late,
            broken=rep.broken,
            overdue=rep.overdue,
        )
    return DONE


@click.command("replies")
@shop_option
@click.option("--answer", type=click.Choice([answer.value for answer in Answer]), default=Answer.THREE_MINUTES.value, show_default=True, help="The rate.")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=30, show_default=True, help="So many days, today included.")
@click.option("--at", type=MOMENT, metavar="MOMENT", help="As of this moment instead of now.")
@with_desk
def replies(desk: Desk, shop_name: str, answer: str, days: int, at: datetime | None) -> int:
    """Replay a rate of replies: who asked on which day, and where one message waited too long."""
    with desk.house() as house:
        told = reply_rate(house, desk.by, shop_of(house, desk.by, shop_name), Answer(answer), at or clock.now(), days=days)
    failed = tuple(_day(day) for day in told.days if day.has_failed)
    desk.document(RepliesShape(answer, told.asked, told.failed, told.rate, failed))
    desk.line("Buyers who asked: {asked}; not answered in time: {failed}.", asked=told.asked, failed=told.failed)
    desk.lines(f"{day.day}  {day.order_no}  {wall(day.failed_at)}" for day in failed)
    return DONE


def _row(row: PromiseRecord) -> LedgerRow:
    return LedgerRow(
        no=row.promise_no,
        conversation=row.conversation_no,
        order_no=row.order_no,
        kind=row.kind,
        words=row.words,
        exactness=row.exactness,
        rep=row.rep,
        promised_at=utc_or_none(row.promised_at),
        due_at=utc_or_none(row.due_at),
        state=row.state,
        done_at=utc_or_none(row.done_at),
    )


def _day(day: BuyerDay) -> DayShape:
    return DayShape(day.buyer, day.day, day.asked, utc_or_none(day.failed_at), day.rule)
