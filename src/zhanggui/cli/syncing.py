"""`zhanggui sync`: a shop brought in step with the platform, once and whole."""

from datetime import datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.syncing import SourceState, SyncReport, SyncState, sync_once, sync_state
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.cli.moments import utc, utc_or_none, wall
from zhanggui.cli.shop_option import shop_of, shop_option


class SpanShape(msgspec.Struct, frozen=True):
    """A stretch of time that is still to be read."""

    begins: datetime
    ends: datetime


class SourceShape(msgspec.Struct, frozen=True, kw_only=True):
    """One source: from `floor` to `horizon` everything was read."""

    source: str
    goal: datetime | None
    floor: datetime | None
    horizon: datetime | None
    holes: tuple[SpanShape, ...]
    planned: int
    running: int
    failed: int
    windows_done: int
    calls: int
    things: int
    healed: int
    trouble: str | None
    next_at: datetime | None


class SyncShape(msgspec.Struct, frozen=True, kw_only=True):
    """What bringing a shop in step did, and how it stands now."""

    shop: str
    at: datetime
    complete: bool
    windows: int
    calls: int
    things: int
    new: int
    changed: int
    healed: int
    left: int
    seconds: float
    trouble: str | None
    sources: tuple[SourceShape, ...]


@click.command("sync")
@shop_option
@click.option("--once", is_flag=True, help="Read until nothing is due any more, and end. Going on by itself is the worker's work.")
@with_desk
def sync(desk: Desk, shop_name: str, once: bool) -> int:
    """Bring a connected shop in step with the platform: whatever is due is read now.

    Exit code 1 means that something is still left to be read, or that the shop is not connected; the reason is in the answer.
    """
    if not once:
        raise click.UsageError("The worker reads by itself while the house is up. Say --once to read now, and end.")
    with desk.house() as house:
        now = clock.now()
        shop_id = shop_of(house, desk.by, shop_name)
        report = sync_once(house, desk.by, shop_id, now, clock.unwound())
        state = sync_state(house, desk.by, shop_id, clock.now())
    desk.document(_shape(desk, shop_name, report, state, now))
    _show(desk, report, state)
    return DONE if report.complete else REFUSED


def _show(desk: Desk, report: SyncReport, state: SyncState) -> None:
    desk.line(
        "{windows} windows read with {calls} calls in {seconds} s: {things} orders and cases, {new} new, {changed} changed, {healed} healed.",
        windows=report.windows,
        calls=report.calls,
        seconds=str(report.seconds),
        things=report.things,
        new=report.new,
        changed=report.changed,
        healed=report.healed,
    )
    for source in state.sources:
        desk.line("{source}: everything up to {moment} is read.", source=f"source.{source.source}", moment=wall(source.horizon) or "—")
    if report.trouble is not None:
        desk.lines([desk.said(report.trouble)])
    if report.left:
        desk.line("{left} windows are still to be read.", left=report.left)


def _shape(desk: Desk, shop_name: str, report: SyncReport, state: SyncState, now: datetime) -> SyncShape:
    return SyncShape(
        shop=shop_name,
        at=utc(now),
        complete=report.complete,
        windows=report.windows,
        calls=report.calls,
        things=report.things,
        new=report.new,
        changed=report.changed,
        healed=report.healed,
        left=report.left,
        seconds=report.seconds,
        trouble=None if report.trouble is None else desk.said(report.trouble),
        sources=tuple(_source(desk, source) for source in state.sources),
    )


def _source(desk: Desk, source: SourceState) -> SourceShape:
    return SourceShape(
        source=source.source,
        goal=utc_or_none(source.goal),
        floor=utc_or_none(source.floor),
        horizon=utc_or_none(source.horizon),
        holes=tuple(SpanShape(utc(begins), utc(ends)) for begins, ends in source.holes),
        planned=source.planned,
        running=source.running,
        failed=source.failed,
        windows_done=source.windows_done,
        calls=source.calls,
        things=source.things,
        healed=source.healed,
        trouble=None if source.trouble is None else desk.said(source.trouble),
        next_at=utc_or_none(source.next_at),
    )
