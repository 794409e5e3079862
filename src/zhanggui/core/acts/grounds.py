"""The facts an act rests on, as they stood when it was decided. Before it is sent they are read again; where they differ, it is not sent."""

from collections.abc import Sequence

import msgspec

from zhanggui.core.acts.goods import Offer, PutOnShelf, PutPrices, PutStock, offer_of
from zhanggui.core.acts.requests import AddParcels, AgreeRefund, AgreeReturn, CancelSending, CannotHold, ChangeShip, NoteOrder, ReportPrint, Request, Ship
from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.dispatch.shapes import Dispatch
from zhanggui.core.facts import AftersaleFacts, OrderFacts, SkuFacts
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say


class Grounds(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The facts that matter to one kind of act; what does not matter to it stays None. Named as the facts are."""

    kind: str | None = None
    state: str | None = None
    refund_amount: Fen | None = None
    stage: str | None = None
    refund: str | None = None
    tracking_no: str | None = None
    return_tracking_no: str | None = None
    under_review: bool | None = None
    on_hold: bool | None = None
    seller_note: str | None = None
    dispatch: str | None = None
    """How far the parcel is on its way out of the house: what nobody knew when money was agreed to is never sent."""
    offer: Offer | None = None
    """How the platform offers a product."""


def grounds_of(
    request: Request, order: OrderFacts | None, case: AftersaleFacts | None, dispatch: Dispatch | None = None, skus: Sequence[SkuFacts] = ()
) -> Grounds:
    """The facts this act rests on, as they are known now."""
    match request:
        case PutOnShelf() | PutStock() | PutPrices():
            return Grounds(offer=offer_of(request, skus))
        case AgreeRefund() | CancelSending() | CannotHold():
            return msgspec.structs.replace(_of_case(order, case), dispatch=_where(dispatch))
        case AgreeReturn():
            return _of_case(order, case)
        case Ship():
            return _of_order(order)
        case ReportPrint():
            return Grounds()  # what was printed was printed, whatever is asked for since
        case ChangeShip():
            return Grounds(stage=_word(order.stage), tracking_no=order.tracking_no) if order else Grounds()
        case AddParcels():
            return Grounds(stage=_word(order.stage)) if order else Grounds()
        case NoteOrder():
            return Grounds(seller_note=(order.seller_note or None) if order else None)


def changed(before: Grounds, after: Grounds) -> Say | None:
    """What the act rested on and no longer holds, None where all of it does."""
    for field in msgspec.structs.fields(Grounds):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new:
            if field.name == "refund_amount":
                return say("The amount has changed from {before_fen} to {after_fen}.", before_fen=old, after_fen=new)
            if field.name in ("kind", "state", "stage", "refund", "dispatch"):
                return say("What it rested on has changed: {before} became {after}.", before=old or "", after=new or "")
            if field.name == "offer":
                return say("The platform offers it otherwise by now: some were sold, or somebody changed it. Look at it, and decide again.")
            return say("What it rested on has changed: {fields}.", fields=field.name)
    return None


def _of_case(order: OrderFacts | None, case: AftersaleFacts | None) -> Grounds:
    return Grounds(
        kind=_word(case.kind) if case else None,
        state=_word(case.state) if case else None,
        refund_amount=case.refund_amount if case else None,
        stage=_word(order.stage) if order else None,
        tracking_no=order.tracking_no if order else None,
        return_tracking_no=case.return_tracking_no if case else None,
    )


def _where(dispatch: Dispatch | None) -> str | None:
    """Where the parcel is. Printed or packed is one: neither lets money go back."""
    if dispatch is None or dispatch.state is None:
        return None
    return _word(DispatchState.PRINTED if dispatch.state is DispatchState.PACKED else dispatch.state)


def _of_order(order: OrderFacts | None) -> Grounds:
    if order is None:
        return Grounds()
    return Grounds(
        stage=_word(order.stage),
        refund=_word(order.refund),
        tracking_no=order.tracking_no,
        under_review=order.under_review or None,
        on_hold=order.on_hold or None,
    )


def _word(word: str | None) -> str | None:
    return None if word is None else str(word)
