"""Whether a buyer is to be told something at a step, and what: by the facts alone, never more than they tell."""

from collections.abc import Callable, Mapping
from datetime import datetime

from zhanggui.core.abnormal.states import AbnormalState
from zhanggui.core.clocks.shipping import GOODS_AGAIN, is_ended
from zhanggui.core.decide.situation import short_title
from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.facts import AftersaleState, OrderStage, RefundState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.moments import next_sure_hour
from zhanggui.core.notices.leaving import carrier_named, made, told_of_parcel
from zhanggui.core.notices.shapes import Notice, NoticeGround, NotNow
from zhanggui.core.notices.steps import FRESH, REVIEW_AFTER, NoticeStep
from zhanggui.core.notices.wording import arrival, exactly, lateness
from zhanggui.core.parcels.kinds import Anomaly, AnomalyKind, ParcelState
from zhanggui.core.say import Say, say
from zhanggui.core.scripts import Scripts

STALLS = frozenset({AnomalyKind.FIRST_HOP, AnomalyKind.STALLED, AnomalyKind.LATE_DELIVERY, AnomalyKind.SILENT})
NOT_PICKED_UP = frozenset({AnomalyKind.LATE_PICKUP, AnomalyKind.NO_RECORD})
LIVE = frozenset(AftersaleState) - {AftersaleState.REFUNDED, AftersaleState.CLOSED, AftersaleState.DONE}
"""A case in one of these is not over; what is to be said is said in it."""
_KEPT_BACK = frozenset({AbnormalState.ASKED, AbnormalState.APPROVED})
_STOPPED = frozenset({DispatchState.TO_DESTROY, DispatchState.DESTROYED, DispatchState.RECALLED})
_GONE = frozenset({OrderStage.SHIPPED, OrderStage.RECEIVED})

ASKS_FOR_MONEY = say("The buyer asks for the money, or has a case that runs: it is answered there.")
NOTHING_DUE = say("Nothing of the order is to be told at this step.")
STALE = say("It happened too long ago to be news.")
NO_SLOT = say("A fact that the message needs is not known.")


def notice(step: NoticeStep, ground: NoticeGround, scripts: Scripts, now: datetime) -> Notice | NotNow:
    """What the buyer is to be told at this step, or why nothing is."""
    against = stands_in_the_way(ground.known)
    return NotNow(against) if against is not None else _STEPS[step](ground, scripts, now)


def stands_in_the_way(known: OrderKnowledge) -> Say | None:
    """What forbids telling anything unasked about the order."""
    ended = is_ended(known)
    if ended is not None:
        return ended
    if known.order.refund not in (None, RefundState.NONE) or any(case.state is None or case.state in LIVE for case in known.cases):
        return ASKS_FOR_MONEY
    if known.abnormal is not None and known.abnormal.state in _KEPT_BACK:
        return say("The platform is asked not to have it shipped.")
    return None


def _formed(ground: NoticeGround, scripts: Scripts, now: datetime) -> Notice | NotNow:
    order, at = ground.known.order, ground.known.order.group_formed_at
    waits = _must_still_leave(ground)
    if waits is not None or at is None:
        return waits or NotNow(NOTHING_DUE)
    if _has_label(ground):
        return NotNow(say("Its label is printed already: that is told instead."))
    if now - at > FRESH[NoticeStep.FORMED]:
        return NotNow(STALE)
    estimate = ground.estimate
    if ground.is_short or estimate is None or ground.ship_by is None or estimate.at > ground.ship_by:
        return NotNow(say("It cannot be promised to leave in time: the delay is told instead."))
    told, day = arrival(estimate.at, ground.transit)
    draft = scripts.draft("notice_formed", title=short_title(order.title), promise=exactly(estimate.at), arrival=told)
    because = (say("The group formed at {at}.", at=at), estimate.because, *((ground.transit.because,) if ground.transit else ()))
    return made(NoticeStep.FORMED, ground, draft, at, because, promise_at=estimate.at, arrives_on=day)


def _printed(ground: NoticeGround, scripts: Scripts, now: datetime) -> Notice | NotNow:
    return told_of_parcel(ground, scripts, now, stopped=_STOPPED)


def _delayed(ground: NoticeGround, scripts: Scripts, now: datetime) -> Notice | NotNow:
    waits = _must_still_leave(ground)
    due = ground.ship_by
    if waits is not None or due is None:
        return waits or NotNow(NOTHING_DUE)
    if now - due > FRESH[NoticeStep.DELAYED]:
        return NotNow(STALE)
    estimate = ground.estimate
    is_without_goods = ground.is_short and not _has_label(ground)  # of what is printed already the goods were taken
    is_late = now > due or is_without_goods or (estimate is not None and estimate.at > due)
    if not is_late:
        return NotNow(say("It still leaves in time."))
    order = ground.known.order
    fills = {"title": short_title(order.title), "due": exactly(due)}
    why = say("It was to leave by {due_at} and has not.", due_at=due) if now > due else say("It has to leave by {due_at}, and will not.", due_at=due)
    if is_without_goods:
        because = (why, say("Its goods are not on the shelves: no hour can be promised."))
        return made(NoticeStep.DELAYED, ground, scripts.draft("notice_out_of_stock", **fills), due, because)
    if estimate is None or estimate.at <= now:
        answer = next_sure_hour(now)
        because = (why, say("When it leaves is not known: an answer is promised, no hour of shipping."))
        return made(NoticeStep.DELAYED, ground, scripts.draft("notice_delayed_open", promise=exactly(answer), **fills), due, because, promise_at=answer)
    draft = scripts.draft("notice_delayed", promise=exactly(estimate.at), late=lateness(due, estimate.at), **fills)
    return made(NoticeStep.DELAYED, ground, draft, due, (why, estimate.because), promise_at=estimate.at)


def _stalled(ground: NoticeGround, scripts: Scripts, now: datetime) -> Notice | NotNow:
    parcel = ground.parcel
    if parcel is None or parcel.is_over or parcel.state not in (ParcelState.MOVING, ParcelState.NO_PICKUP):
        return NotNow(NOTHING_DUE)
    found = [each for each in parcel.anomalies if each.kind in STALLS | NOT_PICKED_UP and each.at <= now and parcel.is_open(each)]
    if not found:
        return NotNow(say("The parcel moves, or may still be silent for a while."))
    first = min(found, key=lambda each: each.at)
    if now - max(found, key=lambda each: each.at).at > FRESH[NoticeStep.STALLED]:
        return NotNow(STALE)
    answer = next_sure_hour(now)
    order = ground.known.order
    fills = {
        "title": short_title(order.title),
        "tracking_no": parcel.tracking_no,
        "carrier": carrier_named(parcel.carrier or order.carrier),
        "promise": exactly(answer),
    }
    script, last = ("notice_not_picked_up", parcel.shipped_at) if _is_about_pickup(found, parcel.state) else ("notice_stalled", parcel.last_at or first.since)
    draft = scripts.draft(script, last_event=exactly(last), **fills)
    return made(NoticeStep.STALLED, ground, draft, first.at, (first.because,), promise_at=answer, tracking_no=parcel.tracking_no)


def _delivered(ground: NoticeGround, scripts: Scripts, now: datetime) -> Notice | NotNow:
    parcel = ground.parcel
    if parcel is None:
        return NotNow(NOTHING_DUE)
    order = ground.known.order
    fills = {"title": short_title(order.title), "tracking_no": parcel.tracking_no, "carrier": carrier_named(parcel.carrier or order.carrier)}
    if parcel.state is ParcelState.AT_POINT and parcel.last_at is not None:
        at, draft = parcel.last_at, scripts.draft("notice_at_point", **fills)
        because = say("It waits at the pickup point since {at}.", at=at)
    elif parcel.state is ParcelState.ARRIVED_HOME and parcel.delivered_at is not None:
        at, draft = parcel.delivered_at, scripts.draft("notice_delivered", when=exactly(parcel.delivered_at), **fills)
        because = say("It was delivered at {at}.", at=at)
    else:
        return NotNow(NOTHING_DUE)
    if now - at > FRESH[NoticeStep.DELIVERED]:
        return NotNow(STALE)
    return made(NoticeStep.DELIVERED, ground, draft, at, (because,), tracking_no=parcel.tracking_no)


def _review(ground: NoticeGround, scripts: Scripts, now: datetime) -> Notice | NotNow:
    """An honest review is asked for after a good end only, and never where one was written."""
    if ground.has_review:
        return NotNow(say("The buyer has written a review already."))
    if ground.broken_promise:
        return NotNow(say("Something that was promised about it was not kept: no review is asked for."))
    known = ground.known
    if any(case.state is AftersaleState.REFUNDED for case in known.cases):
        return NotNow(say("Money went back on it: no review is asked for."))
    at = _there_since(ground)
    if at is None:
        return NotNow(NOTHING_DUE)
    solved = [case.updated_at or at for case in known.cases if case.state is AftersaleState.DONE and case.kind in GOODS_AGAIN]
    since = max(at, *solved) if solved else at
    if now - since < REVIEW_AFTER:
        return NotNow(say("The goods have not been there for a day."))
    if now - since > FRESH[NoticeStep.REVIEW]:
        return NotNow(STALE)
    if solved:
        script, because = "notice_review_solved", say("A problem was solved at {at}, and a day has passed.", at=since)
    elif ground.kept_promise:
        script, because = "notice_review_kept", say("What was promised was kept, and the goods are there since {at}.", at=since)
    else:
        script, because = "notice_review", say("The goods are there since {at}.", at=since)
    return made(NoticeStep.REVIEW, ground, scripts.draft(script, title=short_title(known.order.title)), since, (because,))


_STEPS: Mapping[NoticeStep, Callable[[NoticeGround, Scripts, datetime], Notice | NotNow]] = {
    NoticeStep.FORMED: _formed,
    NoticeStep.PRINTED: _printed,
    NoticeStep.DELAYED: _delayed,
    NoticeStep.STALLED: _stalled,
    NoticeStep.DELIVERED: _delivered,
    NoticeStep.REVIEW: _review,
}


def _must_still_leave(ground: NoticeGround) -> NotNow | None:
    """Why nothing is to be said about shipping, if so: it has left, or must not leave."""
    order, dispatch = ground.known.order, ground.known.dispatch
    if order.shipped_at is not None or order.stage in _GONE:
        return NotNow(say("It has shipped meanwhile."))
    if dispatch is not None and dispatch.state is DispatchState.HANDED_OVER:
        return NotNow(say("The carrier has it."))
    if dispatch is not None and dispatch.state in _STOPPED:
        return NotNow(say("Its parcel was stopped: nothing is promised."))
    if order.stage is not OrderStage.TO_SHIP:
        return NotNow(NOTHING_DUE)
    if order.under_review or order.on_hold:
        return NotNow(say("The platform does not let it leave yet."))
    return None


def _has_label(ground: NoticeGround) -> bool:
    dispatch = ground.known.dispatch
    return dispatch is not None and dispatch.has_label


def _is_about_pickup(found: list[Anomaly], state: ParcelState) -> bool:
    return state is ParcelState.NO_PICKUP or all(each.kind in NOT_PICKED_UP for each in found)


def _there_since(ground: NoticeGround) -> datetime | None:
    """Since when the goods are with the buyer; what was turned back never is."""
    parcel = ground.parcel
    if parcel is not None and parcel.state is not ParcelState.ARRIVED_HOME:
        return None
    return (parcel.delivered_at if parcel is not None else None) or ground.known.order.received_at
