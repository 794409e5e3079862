"""What is done with recalls."""

import msgspec
from litestar import post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from zhanggui.actions.recalls.stepping import begin_recall, step_recall
from zhanggui.core.recalls.states import RecallEvent
from zhanggui.workbench.chase.money import fen_typed
from zhanggui.workbench.desk import AtDesk, back_to, shop_number


class RecallForm(msgspec.Struct, frozen=True):
    """The order whose parcels are to come back, or the one parcel, by its number; and why."""

    order_no: str = ""
    reason: str = ""


class RecallStepForm(msgspec.Struct, frozen=True):
    """What happened to a recall; the fee in yuan."""

    event: RecallEvent
    note: str = ""
    fee: str = ""


@post("/shops/{shop_id:int}/recalls", sync_to_thread=True)
def put_recall(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[RecallForm]) -> Redirect:
    """Parcels are to come back."""
    begin_recall(desk.house, desk.by, shop_number(shop_id), data.order_no, data.reason, desk.now)
    return back_to("/chase", view="recalls", shop=shop_id, done="recall")


@post("/shops/{shop_id:int}/recalls/{recall_no:int}/step", sync_to_thread=True)
def put_recall_step(desk: AtDesk, shop_id: FromPath[int], recall_no: FromPath[int], data: URLEncodedBody[RecallStepForm]) -> Redirect:
    """The recall came a step further."""
    step_recall(desk.house, desk.by, shop_number(shop_id), recall_no, data.event, desk.now, note=data.note, fee=fen_typed(data.fee))
    return back_to("/chase", view="recalls", shop=shop_id, done="dropped" if data.event is RecallEvent.DROP else "kept")
