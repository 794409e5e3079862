"""What is told of a parcel once its label is printed: printed and not gone, its number on the platform, or on its way."""

from collections.abc import Collection
from datetime import date, datetime

from zhanggui.core.clocks.pickup import pickups_of, scans_of_parcel
from zhanggui.core.decide.situation import short_title
from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.facts import OrderStage, ScanStage
from zhanggui.core.notices.shapes import Notice, NoticeGround, NotNow
from zhanggui.core.notices.steps import FRESH, NoticeStep
from zhanggui.core.notices.wording import arrival, exactly, from_where
from zhanggui.core.parcels.kinds import ParcelState
from zhanggui.core.say import Say, say
from zhanggui.core.scripts import Both, Scripts, type_of_fill
from zhanggui.core.verdicts import Draft

_OVER = frozenset({ParcelState.ARRIVED_HOME, ParcelState.TURNED_BACK, ParcelState.SETTLED, ParcelState.AT_POINT})


def told_of_parcel(ground: NoticeGround, scripts: Scripts, now: datetime, *, stopped: Collection[DispatchState]) -> Notice | NotNow:
    """The notice after printing. It says that the carrier has the parcel only where a scan or a person said so."""
    known = ground.known
    order, dispatch = known.order, known.dispatch
    if dispatch is not None and dispatch.state in stopped:
        return NotNow(say("Its parcel was stopped: nothing is promised."))
    if order.stage is OrderStage.RECEIVED or (ground.parcel is not None and ground.parcel.state in _OVER):
        return NotNow(say("The parcel is there already, or not on its way any more."))
    number = order.tracking_no or (dispatch.tracking_no if dispatch is not None and dispatch.has_label else None)
    if number is None:
        return NotNow(say("No label is printed yet."))
    carrier = carrier_named(order.carrier or (dispatch.carrier if dispatch is not None else None))
    fills: dict[str, type_of_fill] = {"title": short_title(order.title), "carrier": carrier, "tracking_no": number, "origin": from_where(ground.origin)}
    left_at = _left_at(ground)
    if left_at is not None:
        if now - left_at > FRESH[NoticeStep.PRINTED]:
            return NotNow(say("It happened too long ago to be news."))
        told, day = arrival(left_at, ground.transit)
        draft = scripts.draft("notice_left", left=exactly(left_at), arrival=told, **fills)
        return made(NoticeStep.PRINTED, ground, draft, left_at, (say("The carrier has it since {at}.", at=left_at),), arrives_on=day, tracking_no=number)
    return _not_gone(ground, scripts, now, fills, number)


def made(
    step: NoticeStep,
    ground: NoticeGround,
    draft: Draft | None,
    since: datetime,
    because: tuple[Say, ...],
    *,
    promise_at: datetime | None = None,
    arrives_on: date | None = None,
    tracking_no: str | None = None,
) -> Notice | NotNow:
    """The notice, or nothing where its message would have a hole."""
    if draft is None:
        return NotNow(say("A fact that the message needs is not known."))
    return Notice(
        order_no=ground.known.order.order_no,
        step=step,
        draft=draft,
        since=since,
        promise_at=promise_at,
        arrives_on=arrives_on,
        tracking_no=tracking_no,
        because=because,
    )


def carrier_named(carrier: str | None) -> type_of_fill:
    """The carrier's name, or that it has one."""
    return carrier or Both("快递公司", "the carrier")


def _not_gone(ground: NoticeGround, scripts: Scripts, now: datetime, fills: dict[str, type_of_fill], number: str) -> Notice | NotNow:
    """The label is there, the carrier has nothing yet: the pickup is promised where the plan knows one that comes in time."""
    order, dispatch = ground.known.order, ground.known.dispatch
    moments = (order.shipped_at, dispatch.printed_at if dispatch is not None else None)
    since = min((at for at in moments if at is not None), default=None)
    if since is None:
        return NotNow(say("No label is printed yet."))
    if now - since > FRESH[NoticeStep.PRINTED]:
        return NotNow(say("It happened too long ago to be news."))
    printed = say("Its label is there since {at}, and the carrier has not taken it yet.", at=since)
    estimate = ground.estimate
    late = ground.ship_by is not None and order.shipped_at is None and (now > ground.ship_by or (estimate is not None and estimate.at > ground.ship_by))
    if late:
        return NotNow(say("It cannot be promised to leave in time: the delay is told instead."))
    if estimate is None or estimate.at <= now:
        draft = scripts.draft("notice_numbered", **{name: fill for name, fill in fills.items() if name != "origin"})
        return made(NoticeStep.PRINTED, ground, draft, since, (printed,), tracking_no=number)
    told, day = arrival(estimate.at, ground.transit)
    draft = scripts.draft("notice_printed", promise=exactly(estimate.at), arrival=told, **fills)
    because = (printed, estimate.because)
    return made(NoticeStep.PRINTED, ground, draft, since, because, promise_at=estimate.at, arrives_on=day, tracking_no=number)


def _left_at(ground: NoticeGround) -> datetime | None:
    """Since when the carrier has the parcel, by its first scan or by who handed it over; None where neither is known."""
    order, dispatch = ground.known.order, ground.known.dispatch
    scans = [scan for scan in scans_of_parcel(ground.known) if scan.stage not in (ScanStage.UNKNOWN, ScanStage.EXCEPTION)]
    moments = [*pickups_of(order, scans)[:1], *(scan.at for scan in scans[:1])]
    if dispatch is not None and dispatch.state is DispatchState.HANDED_OVER and dispatch.handed_at is not None:
        moments.append(dispatch.handed_at)
    return min(moments, default=None)
