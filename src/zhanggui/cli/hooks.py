"""`zhanggui hooks`: where events are sent to other programs, and what became of each."""

from datetime import datetime, timedelta

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.hooks.making import MadeHook, add_hook, change_secret, remove_hook, resume_hook, send_all_again, switch_hook, try_hook
from zhanggui.actions.hooks.seeing import HookView, hook_log, hook_seen, hooks_seen
from zhanggui.actions.house import House
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import utc, utc_or_none, wall
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.people.permissions import ShopId
from zhanggui.records.hook_events import DeliveryRecord


class HookShape(msgspec.Struct, frozen=True, kw_only=True):
    """One hook."""

    no: int
    name: str
    host: str
    kinds: tuple[str, ...]
    is_on: bool
    paused_at: datetime | None
    failing_since: datetime | None
    problem: str | None
    well_at: datetime | None
    waiting: int
    given_up: int


class DeliveryShape(msgspec.Struct, frozen=True, kw_only=True):
    """One event, and what became of it."""

    place: int
    kind: str
    subject: str
    subject_no: str
    at: datetime
    state: str
    attempts: int
    sent_at: datetime | None
    status: int | None
    took_ms: int | None
    answer: str | None


class HooksShape(msgspec.Struct, frozen=True):
    """The hooks of a shop."""

    hooks: tuple[HookShape, ...]


class MadeShape(msgspec.Struct, frozen=True):
    """A hook that was made or given another secret; the secret is shown this once."""

    no: int
    secret: str


class LogShape(msgspec.Struct, frozen=True):
    """What became of the newest events of a hook."""

    log: tuple[DeliveryShape, ...]


class TriedShape(msgspec.Struct, frozen=True):
    """The program took the test after so long."""

    no: int
    took_ms: int


class AgainShape(msgspec.Struct, frozen=True):
    """So many events are sent once more."""

    no: int
    events: int


number = click.argument("hook_no", metavar="NUMBER", type=click.IntRange(1))


@click.group("hooks")
def hooks() -> None:
    """See and set where events are sent to other programs."""


@hooks.command("list")
@shop_option
@with_desk
def list_hooks(desk: Desk, shop_name: str) -> int:
    """List the hooks of a shop, and how each stands."""
    with desk.house() as house:
        found = hooks_seen(house, desk.by, shop_of(house, desk.by, shop_name))
    desk.document(HooksShape(tuple(_hook(desk, each) for each in found)))
    if not found:
        desk.line("No program is told of anything.")
    desk.lines(columns([_row(desk, each) for each in found]))
    return DONE


@hooks.command("add")
@click.argument("name", metavar="NAME")
@click.argument("address", metavar="ADDRESS")
@shop_option
@click.option("--kind", "kinds", multiple=True, default=("*",), metavar="KIND", help="A kind of event such as order.moved, a family such as order.*, or *.")
@with_desk
def add(desk: Desk, name: str, address: str, shop_name: str, kinds: tuple[str, ...]) -> int:
    """Make a hook: from now on events are sent to this address, signed with a secret that is shown once."""
    with desk.house() as house:
        made = add_hook(house, desk.by, shop_of(house, desk.by, shop_name), name, address, kinds, clock.now())
    return _made(desk, made)


@hooks.command("log")
@number
@shop_option
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True, metavar="N", help="How many events to show.")
@with_desk
def log(desk: Desk, hook_no: int, shop_name: str, limit: int) -> int:
    """Show what became of the newest events of a hook."""
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        hook_seen(house, desk.by, shop_id, hook_no)
        rows = hook_log(house, desk.by, shop_id, hook_no, limit=limit).rows
    desk.document(LogShape(tuple(map(_delivery, rows))))
    desk.lines(columns([_log_row(desk, each) for each in rows]))
    return DONE


@hooks.command("test")
@number
@shop_option
@with_desk
def test(desk: Desk, hook_no: int, shop_name: str) -> int:
    """Send a test through a hook at once."""
    with desk.house() as house:
        took = try_hook(house, desk.by, shop_of(house, desk.by, shop_name), hook_no, clock.now(), clock.unwound())
    desk.document(TriedShape(hook_no, took))
    desk.line("The program took the test after {milliseconds} ms.", milliseconds=took)
    return DONE


@hooks.command("secret")
@number
@shop_option
@with_desk
def secret(desk: Desk, hook_no: int, shop_name: str) -> int:
    """Give a hook another secret; for a day both sign."""
    with desk.house() as house:
        made = change_secret(house, desk.by, shop_of(house, desk.by, shop_name), hook_no, clock.now(), clock.unwound())
    return _made(desk, made)


@hooks.command("switch")
@number
@click.argument("position", type=click.Choice(["off", "on"]))
@shop_option
@with_desk
def switch(desk: Desk, hook_no: int, position: str, shop_name: str) -> int:
    """Switch a hook off, and on again."""
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        switch_hook(house, desk.by, shop_id, hook_no, clock.now(), is_on=position == "on")
        return _stands(desk, house, shop_id)


@hooks.command("resume")
@number
@shop_option
@with_desk
def resume(desk: Desk, hook_no: int, shop_name: str) -> int:
    """Begin anew with a paused hook: what waits is sent."""
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        resume_hook(house, desk.by, shop_id, hook_no, clock.now(), clock.unwound())
        return _stands(desk, house, shop_id)


@hooks.command("again")
@number
@shop_option
@click.option("--hours", type=click.IntRange(1, 336), default=24, show_default=True, metavar="N", help="How many hours back.")
@with_desk
def again(desk: Desk, hook_no: int, shop_name: str, hours: int) -> int:
    """Send everything of the last hours through a hook once more."""
    with desk.house() as house:
        now = clock.now()
        many = send_all_again(house, desk.by, shop_of(house, desk.by, shop_name), hook_no, now - timedelta(hours=hours), clock.unwound())
    desk.document(AgainShape(hook_no, many))
    desk.line("{many} events are sent once more.", many=many)
    return DONE


@hooks.command("remove")
@number
@shop_option
@with_desk
def remove(desk: Desk, hook_no: int, shop_name: str) -> int:
    """Remove a hook and what waits for it."""
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        remove_hook(house, desk.by, shop_id, hook_no, clock.now())
        return _stands(desk, house, shop_id)


def _made(desk: Desk, made: MadeHook) -> int:
    desk.document(MadeShape(made.hook_no, made.secret))
    desk.line("The secret, shown this once: {secret}", secret=made.secret)
    return DONE


def _stands(desk: Desk, house: House, shop_id: ShopId) -> int:
    found = hooks_seen(house, desk.by, shop_id)
    desk.document(HooksShape(tuple(_hook(desk, each) for each in found)))
    desk.lines(columns([_row(desk, each) for each in found]))
    return DONE


def _hook(desk: Desk, hook: HookView) -> HookShape:
    return HookShape(
        no=hook.hook_no,
        name=hook.name,
        host=hook.shown,
        kinds=hook.kinds,
        is_on=hook.is_on,
        paused_at=utc_or_none(hook.paused_at),
        failing_since=utc_or_none(hook.failing_since),
        problem=None if hook.problem is None else desk.catalog.render(hook.problem),
        well_at=utc_or_none(hook.well_at),
        waiting=hook.waiting,
        given_up=hook.given_up,
    )


def _delivery(row: DeliveryRecord) -> DeliveryShape:
    return DeliveryShape(
        place=row.place,
        kind=row.kind,
        subject=row.subject_kind,
        subject_no=row.subject_no,
        at=utc(row.at),
        state=row.state,
        attempts=row.attempts,
        sent_at=utc_or_none(row.sent_at),
        status=row.status,
        took_ms=row.took_ms,
        answer=row.answer,
    )


def _row(desk: Desk, hook: HookView) -> list[str]:
    state = "hook_off" if not hook.is_on else "hook_paused_now" if hook.paused_at else "hook_on"
    return [f"#{hook.hook_no}", hook.name, hook.shown, desk.catalog.word(state), str(hook.waiting), wall(hook.well_at) or "-"]


def _log_row(desk: Desk, row: DeliveryRecord) -> list[str]:
    word = desk.catalog.word
    return [str(row.place), wall(row.at), word(row.kind), row.subject_no, word(row.state), str(row.attempts), str(row.status or "-")]
