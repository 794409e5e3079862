"""The page of one case: the advice, what it rests on, and what people add to it."""

from collections.abc import Mapping
from urllib.parse import quote

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.advice.findings import FoundOut, asked_buyer, find_out
from zhanggui.actions.advice.seeing import CaseSeen, begin_by_hand, case_seen
from zhanggui.actions.cases.choosing import GOODWILL_CAUSES, begin_extension, begin_goodwill
from zhanggui.actions.cases.pictures import shown_by_buyer
from zhanggui.actions.claims.seeing import claims_of_case
from zhanggui.actions.complaints.about import filed_about
from zhanggui.actions.outbox.seeing import offer
from zhanggui.actions.outbox.wording import what_is_sent
from zhanggui.actions.refused import Refused
from zhanggui.core.advice.case import Fault, Trace
from zhanggui.core.cases.guided import MAKES_SENSE, StepKind
from zhanggui.core.cases.mapping import state_of
from zhanggui.core.ledger.costs import TYPED_CAUSES, CostCause
from zhanggui.core.money import Fen, NotMoney, fen_from_yuan
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Act
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.workbench.automation.shown import fired_context
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number
from zhanggui.workbench.places import case_path, dispute_path

TICKS: tuple[tuple[str, Say], ...] = (
    ("threatens", say("The buyer names a bad review as the price of a refusal")),
    ("no_reason_exempt", say("The law exempts such goods from the return without a reason")),
    ("free_return", say("The platform's free return shipping pays the way back")),
    ("is_lost", say("The parcel is lost")),
    ("return_is_lost", say("The return parcel is lost or broken")),
)
"""What is true or not known."""
_YES_NO = {"yes": True, "no": False}


class Place(msgspec.Struct, frozen=True):
    """A page on which the answer is given."""

    href: str
    title: Say


class FindingsForm(msgspec.Struct, frozen=True):
    """What was found out, as typed."""

    fault: str = ""
    trace: str = ""
    in_stock: str = ""
    goods_cost: str = ""
    missing_cost: str = ""
    threatens: str = ""
    same_picture_elsewhere: str = ""
    no_reason_exempt: str = ""
    free_return: str = ""
    is_lost: str = ""
    return_is_lost: str = ""


class AnswerForm(msgspec.Struct, frozen=True):
    """Which answer is to be given by hand."""

    act: str = ""


@get("/shops/{shop_id:int}/aftersales/{case_no:str}", sync_to_thread=True)
def case_page(desk: AtDesk, shop_id: FromPath[int], case_no: FromPath[str], done: FromQuery[int | None] = None) -> Template:
    """One case with its advice."""
    shop, no = shop_number(shop_id), case_no
    seen = case_seen(desk.house, desk.by, shop, no, desk.now)
    filed = filed_about(desk.house, desk.by, shop, seen.case.order_no) if seen.case.order_no else None
    return desk.page(
        "aftersales/case.html",
        seen=seen,
        done=done,
        base=case_path(shop, no),
        many_shops=len(desk.shops(Permission.AFTERSALES_READ)) > 1,
        may_write=desk.by.may(Permission.CASES_WRITE, shop),
        may_complain=desk.by.may(Permission.COMPLAINTS_WRITE, shop),
        seen_by_platform=tuple(each for each in filed.disputes if each.case_no == no) if filed else (),
        complaints=tuple(each for each in filed.complaints if each.case_no == no) if filed else (),
        dispute_path=dispute_path,
        may_claim=desk.by.may(Permission.CLAIMS_WRITE, shop),
        shown=shown_by_buyer(desk.house, desk.by, shop, no),
        claims=claims_of_case(desk.house, desk.by, shop, seen.case),
        **fired_context(desk.house, desk.by, shop, seen.case.order_no or "", no),
        may_extend=state_of(seen.case, seen.order) in MAKES_SENSE[StepKind.EXTEND],
        goodwill_causes=tuple(GOODWILL_CAUSES),
        has_open_step=any(step.is_open for step in seen.steps),
        elsewhere=_elsewhere(shop, seen),
        after=_after(desk, shop, seen),
        sent=what_is_sent,
        faults=tuple(Fault),
        traces=tuple(Trace),
        ticks=TICKS,
        plain=_plain,
    )


@post("/shops/{shop_id:int}/aftersales/{case_no:str}/findings", sync_to_thread=True)
def put_findings(desk: AtDesk, shop_id: FromPath[int], case_no: FromPath[str], data: URLEncodedBody[FindingsForm]) -> Redirect:
    """Keeps what was found out."""
    shop, no = shop_number(shop_id), case_no
    find_out(desk.house, desk.by, shop, no, _found(data), desk.now)
    return back_to(case_path(shop, no), done=1)


@post("/shops/{shop_id:int}/aftersales/{case_no:str}/asked", sync_to_thread=True)
def put_asked(desk: AtDesk, shop_id: FromPath[int], case_no: FromPath[str]) -> Redirect:
    """Keeps that the buyer was asked what is wrong."""
    shop, no = shop_number(shop_id), case_no
    asked_buyer(desk.house, desk.by, shop, no, desk.now)
    return back_to(case_path(shop, no), done=1)


@post("/shops/{shop_id:int}/aftersales/{case_no:str}/steps", sync_to_thread=True)
def put_step(desk: AtDesk, shop_id: FromPath[int], case_no: FromPath[str], data: URLEncodedBody[AnswerForm]) -> Redirect:
    """Makes an answer ready to be given by hand."""
    if data.act not in set(Act):
        raise Refused(say("This form is out of date. Load the page again."))
    shop, no = shop_number(shop_id), case_no
    step = begin_by_hand(desk.house, desk.by, shop, no, Act(data.act), desk.now)
    return back_to(f"{case_path(shop, no)}#step-{step}")


class GoodwillForm(msgspec.Struct, frozen=True):
    """A small payment as it is typed."""

    yuan: str = ""
    cause: str = ""


@post("/shops/{shop_id:int}/aftersales/{case_no:str}/extension", sync_to_thread=True)
def put_extension(desk: AtDesk, shop_id: FromPath[int], case_no: FromPath[str]) -> Redirect:
    """Makes it ready to ask for more time to receive a return."""
    shop, no = shop_number(shop_id), case_no
    step = begin_extension(desk.house, desk.by, shop, no, desk.now)
    return back_to(f"{case_path(shop, no)}#step-{step}")


@post("/shops/{shop_id:int}/aftersales/{case_no:str}/goodwill", sync_to_thread=True)
def put_goodwill(desk: AtDesk, shop_id: FromPath[int], case_no: FromPath[str], data: URLEncodedBody[GoodwillForm]) -> Redirect:
    """Makes a small payment ready."""
    if data.cause not in set(TYPED_CAUSES):
        raise Refused(say("This form is out of date. Load the page again."))
    shop, no = shop_number(shop_id), case_no
    step = begin_goodwill(desk.house, desk.by, shop, no, _fen(data.yuan) or Fen(0), CostCause(data.cause), desk.now)
    return back_to(f"{case_path(shop, no)}#step-{step}")


def _elsewhere(shop: ShopId, seen: CaseSeen) -> tuple[Place, ...]:
    """Where an answer is given that has a page of its own."""
    places: Mapping[Act, Place] = {
        Act.INSPECT_RETURN: Place(f"/returns?shop={shop}", say("Receive the return")),
        Act.HAND_IN_EVIDENCE: Place(f"/complaints?view=disputes&shop={shop}", say("Choose the pictures and hand them in")),
        Act.INTERCEPT: Place(f"/chase?view=recalls&shop={shop}", say("See the parcels that are called back")),
        Act.CHASE_CARRIER: Place(f"/chase?shop={shop}", say("Chase the carrier")),
        Act.CLAIM: Place(f"/chase?view=claims&shop={shop}&order={quote(seen.case.case_no, safe='')}", say("Claim it from the carrier")),
        Act.DESTROY_WAYBILL_AND_REFUND: Place(f"/ship?view=destroy&shop={shop}", say("See the destroy list")),
    }
    found = places.get(seen.verdict.act)
    return () if found is None else (found,)


def _after(desk: Desk, shop: ShopId, seen: CaseSeen) -> int:
    """The newest act about the case, so that a button that is pressed twice sends once."""
    if seen.todo is None:
        return 0
    found = offer(desk.house, desk.by, shop, seen.todo.deadline.subject, seen.todo.deadline.kind, desk.now)
    return 0 if found is None else found.after


def _found(data: FindingsForm) -> FoundOut:
    if (data.fault and data.fault not in set(Fault)) or (data.trace and data.trace not in set(Trace)):
        raise Refused(say("This form is out of date. Load the page again."))
    return FoundOut(
        fault=Fault(data.fault) if data.fault else None,
        trace=Trace(data.trace) if data.trace else Trace.UNKNOWN,
        in_stock=_YES_NO.get(data.in_stock),
        goods_cost=_fen(data.goods_cost),
        missing_cost=_fen(data.missing_cost),
        threatens=_ticked(data.threatens),
        same_picture_elsewhere=_YES_NO.get(data.same_picture_elsewhere),
        no_reason_exempt=_ticked(data.no_reason_exempt),
        free_return=_ticked(data.free_return),
        is_lost=_ticked(data.is_lost),
        return_is_lost=_ticked(data.return_is_lost),
    )


def _ticked(told: str) -> bool | None:
    return True if told == "yes" else None


def _fen(typed: str) -> Fen | None:
    """The sum typed in yuan; None for an empty field."""
    if not typed.strip():
        return None
    try:
        return fen_from_yuan(typed)
    except NotMoney:
        raise Refused(say("{typed} is not an amount of yuan with at most two decimals.", typed=typed[:40])) from None


def _plain(fen: Fen | None) -> str:
    """The sum as it is typed."""
    return "" if fen is None else f"{fen // 100}.{fen % 100:02d}"
