"""`zhanggui todo`: what to touch first, by when, what it costs not to, and why."""

from datetime import datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.ranking_at import todo_at
from zhanggui.actions.today import settle
from zhanggui.actions.today import todo as todo_of
from zhanggui.actions.views import TodoItem
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import MOMENT, utc, wall
from zhanggui.cli.shapes import TodoShape, todo_shape
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.words.shapes import money_text


class TodoListShape(msgspec.Struct, frozen=True, kw_only=True):
    """The first things to do in a shop, the one that loses most first."""

    shop: str
    at: datetime
    todo: tuple[TodoShape, ...]


@click.command("todo")
@shop_option
@click.option("--at", type=MOMENT, metavar="MOMENT", help="Rank as of this moment instead of now.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, metavar="N", help="How many to show.")
@with_desk
def todo(desk: Desk, shop_name: str, at: datetime | None, limit: int) -> int:
    """List what to do next, the to-do with the highest expected loss first."""
    with desk.house() as house:
        now = clock.now()
        shop_id = shop_of(house, desk.by, shop_name)
        moment = at or now
        if at is None:
            settle(house, (shop_id,), now, wall=clock.unwound())
            items = todo_of(house, desk.by, shop_id, now, limit)
        else:
            items = todo_at(house, desk.by, shop_id, at, limit)
    shapes = tuple(todo_shape(item, rank, moment, desk.catalog) for rank, item in enumerate(items, start=1))
    desk.document(TodoListShape(shop=shop_name, at=utc(moment), todo=shapes))
    if not items:
        desk.line("Nothing is due.")
    desk.lines(columns([_row(desk, item, moment) for item in items]))
    return DONE


def _row(desk: Desk, item: TodoItem, moment: datetime) -> list[str]:
    deadline = item.deadline
    return [
        _left(int((deadline.due_at - moment).total_seconds())),
        wall(deadline.due_at),
        desk.catalog.word(deadline.kind.value),
        deadline.subject.no,
        money_text(deadline.at_risk),
        desk.said(item.verdict.headline),
    ]


def _left(seconds: int) -> str:
    """The time left as a clock shows it; a minus where it is past."""
    hours, rest = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else ''}{hours}:{rest:02d}"
