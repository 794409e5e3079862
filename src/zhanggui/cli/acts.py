"""`zhanggui acts`: what the house sends to the platform, stopping one of it, and the one switch."""

from datetime import datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.outbox import Stopped, open_switch, stop, throw_switch
from zhanggui.actions.outbox.seeing import ActView
from zhanggui.actions.outbox.seeing import acts as acts_of
from zhanggui.actions.outbox.wording import what_is_sent
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import utc, utc_or_none, wall
from zhanggui.cli.shop_option import shop_of, shop_option


class ActShape(msgspec.Struct, frozen=True, kw_only=True):
    """One act."""

    shop: str
    act: int
    kind: str
    state: str
    order_no: str | None
    subject: str
    no: str
    money_fen: int
    sends: str
    by_itself: bool
    decided_by: str | None
    decided_at: datetime
    send_at: datetime | None
    sent_at: datetime | None
    ended_at: datetime | None
    attempts: int
    is_halted: bool
    reason: str | None
    answer: dict[str, str] | None


class ActsShape(msgspec.Struct, frozen=True, kw_only=True):
    """How the switch stands, and the acts: what is in hand first, then what came to rest."""

    is_open: bool
    acts: tuple[ActShape, ...]


class StoppedShape(msgspec.Struct, frozen=True):
    """What a stop brought about."""

    act: int
    outcome: str


class SwitchShape(msgspec.Struct, frozen=True):
    """How the switch stands now, and how many acts it stopped."""

    is_open: bool
    stopped: int


@click.group("acts")
def acts() -> None:
    """List and stop what the house sends to the platform, and throw the one switch."""


@acts.command("list")
@click.option("--shop", "shop_name", metavar="NAME", help="Only this shop.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, metavar="N", help="How many to show.")
@with_desk
def list_acts(desk: Desk, shop_name: str | None, limit: int) -> int:
    """List the acts, those in hand first."""
    with desk.house() as house:
        shop_ids = None if shop_name is None else (shop_of(house, desk.by, shop_name),)
        listed = acts_of(house, desk.by, shop_ids, limit=limit)
    views = (*listed.in_hand, *listed.at_rest)[:limit]
    desk.document(ActsShape(is_open=listed.switch.is_open, acts=tuple(_shape(desk, view) for view in views)))
    if not listed.switch.is_open:
        desk.line("Everything automatic is off: nothing is sent to the platform.")
    if not views:
        desk.line("Nothing was sent yet.")
    desk.lines(columns([_row(desk, view) for view in views]))
    return DONE


@acts.command("stop")
@click.argument("act_no", metavar="NUMBER", type=click.IntRange(1))
@shop_option
@with_desk
def stop_act(desk: Desk, act_no: int, shop_name: str) -> int:
    """Stop an act; one that has left already is only kept from being sent again."""
    with desk.house() as house:
        brought = stop(house, desk.by, shop_of(house, desk.by, shop_name), act_no, clock.now())
    desk.document(StoppedShape(act_no, brought.value))
    if brought is Stopped.STOPPED:
        desk.line("Stopped. It is not sent.")
    else:
        desk.line("It had left already, so it cannot be called back; it is not sent again.")
    return DONE


@acts.command("switch")
@click.argument("position", type=click.Choice(["off", "on"]))
@with_desk
def switch(desk: Desk, position: str) -> int:
    """Switch everything automatic off for the whole house, and on again."""
    stopped = 0
    with desk.house() as house:
        if position == "off":
            stopped = throw_switch(house, desk.by, clock.now())
        else:
            open_switch(house, desk.by, clock.now())
    desk.document(SwitchShape(is_open=position == "on", stopped=stopped))
    if position == "off":
        desk.line("Everything automatic is off. Stopped: {stopped}.", stopped=stopped)
    else:
        desk.line("The house may send again. What was stopped stays stopped.")
    return DONE


def _shape(desk: Desk, view: ActView) -> ActShape:
    act = view.act
    return ActShape(
        shop=view.shop_name,
        act=act.act_no,
        kind=act.kind,
        state=act.state,
        order_no=act.order_no,
        subject=act.subject_kind,
        no=act.subject_no,
        money_fen=act.money,
        sends=desk.catalog.render(what_is_sent(act.asked)),
        by_itself=act.by_itself,
        decided_by=act.decided_by_name,
        decided_at=utc(act.decided_at),
        send_at=utc_or_none(act.send_at),
        sent_at=utc_or_none(act.sent_at),
        ended_at=utc_or_none(act.ended_at),
        attempts=act.attempts,
        is_halted=act.is_halted,
        reason=None if act.reason is None else desk.catalog.render(act.reason),
        answer=None if act.told is None else msgspec.to_builtins(act.told),
    )


def _row(desk: Desk, view: ActView) -> list[str]:
    act = view.act
    when = act.ended_at or act.send_at or act.decided_at
    return [str(act.act_no), desk.catalog.word(act.state), wall(when), desk.catalog.word(act.kind), view.shop_name, desk.said(what_is_sent(act.asked))]
