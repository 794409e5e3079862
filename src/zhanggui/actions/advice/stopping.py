"""How far stopping what is on its way has come, by the recalls of an order: of several parcels as far as the one that is furthest from being here."""

from collections.abc import Mapping, Sequence

import msgspec

from zhanggui.core.advice.case import Stopping
from zhanggui.core.advice.seat import Beside
from zhanggui.core.clocks.way_out import comes_back
from zhanggui.core.dispatch.parcels import has_reached, numbers_of_goods, scans_of
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.recalls.needing import scans_under
from zhanggui.core.recalls.states import RecallState, is_signed_for

_STOPPING: Mapping[RecallState, Stopping] = {
    RecallState.ASKED: Stopping.ASKED,
    RecallState.TOLD: Stopping.ASKED,
    RecallState.AGREED: Stopping.CONFIRMED,
    RecallState.COMING_BACK: Stopping.CONFIRMED,
    RecallState.BACK: Stopping.CONFIRMED,
    RecallState.FAILED: Stopping.FAILED,
}
_FURTHEST_FIRST = (Stopping.SIGNED_FOR, Stopping.FAILED, Stopping.ASKED, Stopping.CONFIRMED)


def with_recalls(told: Beside, known: OrderKnowledge | None, recalls: Sequence[tuple[str, RecallState]]) -> Beside:
    """What is known beside the facts, and what the recalls of the order (number, state; the oldest first) tell of its parcels."""
    numbers = () if known is None else numbers_of_goods(known)
    if known is not None and len(numbers) > 1:
        return _of_several(told, known, numbers, {number: state for number, state in recalls if number in numbers})
    about = [(number, state) for number, state in recalls if _is_about(number, state, known)]
    if not about:
        return told
    number, state = about[-1]
    return msgspec.structs.replace(told, stopping=_stopping(number, state, known), is_back=told.is_back or state is RecallState.BACK)


def _of_several(told: Beside, known: OrderKnowledge, numbers: Sequence[str], recalled: Mapping[str, RecallState]) -> Beside:
    if not recalled:
        return told
    found = {_of_one(number, known, recalled.get(number)) for number in numbers}
    is_back = all(number in known.back for number in numbers)
    return msgspec.structs.replace(told, stopping=next(each for each in _FURTHEST_FIRST if each in found), is_back=told.is_back or is_back)


def _of_one(number: str, known: OrderKnowledge, state: RecallState | None) -> Stopping:
    """How far stopping one of several parcels has come, whether or not it is called back; one that came back and has left again is on its way."""
    if number in known.back:
        return Stopping.CONFIRMED
    if state is not None and state is not RecallState.BACK and (told := _stopping(number, state, known)) is not None:
        return told
    if comes_back(scans_of(number, known)):
        return Stopping.CONFIRMED
    return Stopping.FAILED if has_reached(number, known) else Stopping.ASKED


def _is_about(tracking_no: str, state: RecallState, known: OrderKnowledge | None) -> bool:
    """Whether a recall is of the parcel that is about: what came back may have left again under another number."""
    if known is None:
        return True
    label = known.dispatch.tracking_no if known.dispatch is not None and known.dispatch.has_label else None
    if state is RecallState.BACK and label is not None:
        return tracking_no == label
    return tracking_no in (label, known.order.tracking_no)


def _stopping(tracking_no: str, state: RecallState, known: OrderKnowledge | None) -> Stopping | None:
    """How far stopping this parcel has come."""
    return Stopping.SIGNED_FOR if is_signed_for(state, scans_under(tracking_no, known)) else _STOPPING.get(state)
