"""`zhanggui explain`: every deadline of an order, step by step."""

from datetime import datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.orders import order as order_of
from zhanggui.actions.refused import Refused
from zhanggui.actions.views import OrderView
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import utc, wall
from zhanggui.cli.shapes import ExplainedShape, TodoShape, explained_shape, todo_shape
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.core.deadlines import Explanation
from zhanggui.core.say import say


class OrderExplained(msgspec.Struct, frozen=True, kw_only=True):
    """One order with all its deadlines, open and closed, and what to do about the open ones."""

    shop: str
    order_no: str
    stage: str | None
    refund: str | None
    at: datetime
    as_of: datetime
    explanations: tuple[ExplainedShape, ...]
    todo: tuple[TodoShape, ...]


@click.command("explain")
@click.argument("order_no")
@shop_option
@with_desk
def explain(desk: Desk, order_no: str, shop_name: str) -> int:
    """Say how each deadline of an order came about: from what it counts, by which rule, with what arithmetic."""
    with desk.house() as house:
        now = clock.now()
        shop_id = shop_of(house, desk.by, shop_name)
        view = order_of(house, desk.by, shop_id, order_no, now)
    if view is None:
        raise Refused(say("The shop {shop} has no order {order_no}. Import an export that holds it first.", shop=shop_name, order_no=order_no))
    desk.document(_explained(desk, view, now))
    _show(desk, view)
    return DONE


def _explained(desk: Desk, view: OrderView, now: datetime) -> OrderExplained:
    return OrderExplained(
        shop=view.shop_name,
        order_no=view.order.order_no,
        stage=None if view.order.stage is None else view.order.stage.value,
        refund=None if view.order.refund is None else view.order.refund.value,
        at=utc(now),
        as_of=utc(view.as_of),
        explanations=tuple(explained_shape(explanation, desk.catalog) for explanation in view.explanations),
        todo=tuple(todo_shape(item, rank, now, desk.catalog) for rank, item in enumerate(view.todos, start=1)),
    )


def _show(desk: Desk, view: OrderView) -> None:
    desk.line("Order {order_no}, as its sources told it on {moment}", order_no=view.order.order_no, moment=wall(view.as_of))
    if not view.explanations:
        desk.line("No deadline runs or ran on this order.")
    for explanation in view.explanations:
        _show_one(desk, explanation)


def _show_one(desk: Desk, explanation: Explanation) -> None:
    deadline = explanation.deadline
    kind, state = desk.catalog.word(deadline.kind.value), desk.catalog.word(f"deadline.{deadline.state.value}")
    desk.lines(["", f"{kind} · {state} · {wall(deadline.due_at)}"])
    for number, step in enumerate(explanation.steps, start=1):
        cited = f"  [{step.cites}]" if step.cites else ""
        desk.lines([f"  {number}. {desk.said(step.say)}{cited}"])
