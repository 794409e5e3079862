"""What is done with claims."""

import msgspec
from litestar import post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from zhanggui.actions.claims.making import Particulars, begin_claim, enter_particulars, step_claim
from zhanggui.core.claims.evidence import Evidence
from zhanggui.core.claims.states import ClaimEvent, Loss
from zhanggui.workbench.chase.money import fen_typed
from zhanggui.workbench.desk import AtDesk, back_to, number_in, shop_number


class ClaimForm(msgspec.Struct, frozen=True):
    """The parcel that is claimed for, by the number of its order, its case or its own; sums in yuan, blank where nothing is known."""

    order_no: str = ""
    case_no: str = ""
    """The case whose return parcel is meant."""
    loss: Loss = Loss.LOST
    value: str = ""
    freight: str = ""
    declared: str = ""


class ParticularsForm(msgspec.Struct, frozen=True):
    """What is known of a claim, and the version of it that stood there; sums in yuan, blank where nothing is known."""

    seen: str = ""

    value: str = ""
    freight: str = ""
    declared: str = ""
    asked: str = ""
    evidence: list[str] | str = ""
    ticket: str = ""
    note: str = ""


class ClaimStepForm(msgspec.Struct, frozen=True):
    """What happened to a claim, the sum of money where there is one, and the version of the claim that stood there."""

    event: ClaimEvent
    amount: str = ""
    seen: str = ""


@post("/shops/{shop_id:int}/claims", sync_to_thread=True)
def put_claim(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ClaimForm]) -> Redirect:
    """A lost or damaged parcel is to be claimed."""
    told = Particulars(goods_value=fen_typed(data.value), freight=fen_typed(data.freight), declared_value=fen_typed(data.declared))
    claim_no = begin_claim(desk.house, desk.by, shop_number(shop_id), data.order_no, data.loss, desk.now, told, case_no=data.case_no.strip() or None)
    return back_to(f"/chase?view=claims&shop={shop_id}&done=claim#claim-{claim_no}")


@post("/shops/{shop_id:int}/claims/{claim_no:int}/particulars", sync_to_thread=True)
def put_particulars(desk: AtDesk, shop_id: FromPath[int], claim_no: FromPath[int], data: URLEncodedBody[ParticularsForm]) -> Redirect:
    """Sums, evidence and notes of a claim."""
    told = {data.evidence} if isinstance(data.evidence, str) else set(data.evidence)
    freight, declared = fen_typed(data.freight), fen_typed(data.declared) or None
    particulars = Particulars(
        goods_value=fen_typed(data.value),
        freight=freight,
        declared_value=declared,
        unknown=(*(("freight",) if freight is None else ()), *(("declared_value",) if declared is None else ())),
        asked=fen_typed(data.asked),
        evidence=tuple(piece for piece in Evidence if piece.value in told),
        ticket=data.ticket.strip(),
        note=data.note.strip(),
    )
    enter_particulars(desk.house, desk.by, shop_number(shop_id), claim_no, particulars, desk.now, seen=number_in(data.seen))
    return back_to("/chase", view="claims", shop=shop_id, done="kept")


@post("/shops/{shop_id:int}/claims/{claim_no:int}/step", sync_to_thread=True)
def put_claim_step(desk: AtDesk, shop_id: FromPath[int], claim_no: FromPath[int], data: URLEncodedBody[ClaimStepForm]) -> Redirect:
    """The claim came a step further."""
    step_claim(desk.house, desk.by, shop_number(shop_id), claim_no, data.event, desk.now, amount=fen_typed(data.amount), seen=number_in(data.seen))
    return back_to("/chase", view="claims", shop=shop_id, done="dropped" if data.event is ClaimEvent.DROP else "kept")
