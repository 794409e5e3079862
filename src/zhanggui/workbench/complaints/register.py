"""What is done with complaints."""

import msgspec
from litestar import post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from zhanggui.actions.complaints import Complaint, ComplaintKind, begin_complaint
from zhanggui.actions.complaints.deductions import take_deductions
from zhanggui.actions.complaints.instant import complain_of_instant_refund
from zhanggui.actions.complaints.malice import take_malicious
from zhanggui.actions.complaints.stepping import Told, enter_complaint, step_complaint
from zhanggui.core.complaints.states import ComplaintEvent
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.workbench.chase.money import fen_typed
from zhanggui.workbench.complaints.handlers import HERE
from zhanggui.workbench.desk import AtDesk, back_to, number_in, shop_number


class ComplaintForm(msgspec.Struct, frozen=True):
    """What is to be complained about; the sum in yuan."""

    kind: ComplaintKind
    order_no: str = ""
    case_no: str = ""
    because: str = ""
    at_stake: str = ""


class StepForm(msgspec.Struct, frozen=True):
    """What happened to a complaint; the sum in yuan."""

    event: ComplaintEvent
    got: str = ""
    ticket: str = ""
    beyond: str = ""
    seen: str = ""


class ParticularsForm(msgspec.Struct, frozen=True):
    """What is known of a complaint; the sum in yuan."""

    at_stake: str = ""
    ticket: str = ""
    note: str = ""
    got: str = ""
    seen: str = ""


class PicksForm(msgspec.Struct, frozen=True):
    """The orders, or the lines of the bill, that were ticked."""

    picked: list[str] | str = ""

    @property
    def each(self) -> tuple[str, ...]:
        """What was ticked, each once."""
        listed = [self.picked] if isinstance(self.picked, str) else self.picked
        return tuple(dict.fromkeys(one for one in listed if one))


@post("/shops/{shop_id:int}/aftersales/{case_no:str}/complaint", sync_to_thread=True)
def put_instant_complaint(desk: AtDesk, shop_id: FromPath[int], case_no: FromPath[str]) -> Redirect:
    """A wrongful instant refund is to be complained about."""
    complaint_no = complain_of_instant_refund(desk.house, desk.by, shop_number(shop_id), case_no, desk.now)
    return _on_the_register(shop_id, complaint_no, "opened")


@post("/shops/{shop_id:int}/complaints", sync_to_thread=True)
def put_complaint(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ComplaintForm]) -> Redirect:
    """Something is to be complained about."""
    complaint = Complaint(
        kind=data.kind,
        order_no=data.order_no.strip(),
        case_no=data.case_no.strip() or None,
        because=say("{text}", text=data.because.strip()),
        at_stake=fen_typed(data.at_stake) or Fen(0),
    )
    complaint_no = begin_complaint(desk.house, desk.by, shop_number(shop_id), complaint, desk.now)
    return _on_the_register(shop_id, complaint_no, "opened")


@post("/shops/{shop_id:int}/complaints/{complaint_no:int}/step", sync_to_thread=True)
def put_complaint_step(desk: AtDesk, shop_id: FromPath[int], complaint_no: FromPath[int], data: URLEncodedBody[StepForm]) -> Redirect:
    """The complaint came a step further."""
    told = Told(got=fen_typed(data.got), ticket=data.ticket.strip() or None)
    step_complaint(
        desk.house, desk.by, shop_number(shop_id), complaint_no, data.event, desk.now, told, beyond_quota=bool(data.beyond), seen=number_in(data.seen)
    )
    return _on_the_register(shop_id, complaint_no, "kept")


@post("/shops/{shop_id:int}/complaints/{complaint_no:int}/particulars", sync_to_thread=True)
def put_complaint_particulars(desk: AtDesk, shop_id: FromPath[int], complaint_no: FromPath[int], data: URLEncodedBody[ParticularsForm]) -> Redirect:
    """The sum, the platform's number and a note."""
    told = Told(at_stake=fen_typed(data.at_stake), got=fen_typed(data.got), ticket=data.ticket.strip(), note=data.note.strip())
    enter_complaint(desk.house, desk.by, shop_number(shop_id), complaint_no, told, desk.now, seen=number_in(data.seen))
    return _on_the_register(shop_id, complaint_no, "kept")


@post("/shops/{shop_id:int}/complaints/malicious", sync_to_thread=True)
def put_malicious(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[PicksForm]) -> Redirect:
    """The ticked orders are to be complained about."""
    take_malicious(desk.house, desk.by, shop_number(shop_id), data.each, desk.now)
    return back_to(HERE, view="register", shop=shop_id, done="taken")


@post("/shops/{shop_id:int}/complaints/deductions", sync_to_thread=True)
def put_deductions(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[PicksForm]) -> Redirect:
    """The ticked deductions are to be appealed against."""
    take_deductions(desk.house, desk.by, shop_number(shop_id), data.each, desk.now)
    return back_to(HERE, view="register", shop=shop_id, done="taken")


def _on_the_register(shop_id: int, complaint_no: int, done: str) -> Redirect:
    """The complaint is shown, wherever the ranking puts it now."""
    return back_to(f"{HERE}?view=register&shop={shop_id}&no={complaint_no}&done={done}#complaint-{complaint_no}")
