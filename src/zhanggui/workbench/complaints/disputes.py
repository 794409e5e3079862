"""The page of one dispute, and what is done there."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.disputes.handing import make_appeal_ready, submit
from zhanggui.actions.disputes.pieces import name_piece
from zhanggui.actions.disputes.preparing import Choice, propose, send_back, sign
from zhanggui.actions.disputes.seeing import appealed_with, dispute_view, handed_in
from zhanggui.actions.disputes.telling import TOLD, tell_of_dispute
from zhanggui.actions.evidence import add_pieces
from zhanggui.actions.refused import Refused
from zhanggui.core.disputes.needs import ClaimType, Shows
from zhanggui.core.disputes.states import DisputeEvent
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.complaints.handlers import DONE, HERE
from zhanggui.workbench.complaints.wording import DISPUTE_EVENTS, DISPUTE_STATES
from zhanggui.workbench.desk import AtDesk, back_to, number_in, shop_number
from zhanggui.workbench.evidence.handlers import handed_over, moment_given, read_upload
from zhanggui.workbench.places import case_path, dispute_path, order_path


class ChoiceForm(msgspec.Struct, frozen=True):
    """What is to be handed in."""

    claim: ClaimType
    note: str = ""
    images: list[str] | str = ""
    seen: str = ""

    @property
    def seqs(self) -> tuple[int, ...]:
        """The numbers of the pictures, in their order."""
        listed = [self.images] if isinstance(self.images, str) else self.images
        return tuple(number for text in listed if (number := number_in(text)) is not None)


class SignForm(msgspec.Struct, frozen=True):
    """Who signs what they saw; `alone` where nobody else could."""

    seen: str = ""
    alone: str = ""


class AppealForm(msgspec.Struct, frozen=True):
    """The text of an appeal, and the pieces of the vault that go along."""

    text: str = ""
    images: list[str] | str = ""

    @property
    def seqs(self) -> tuple[int, ...]:
        """The numbers of the pieces, in their order."""
        listed = [self.images] if isinstance(self.images, str) else self.images
        return tuple(number for text in listed if (number := number_in(text)) is not None)


class PacketForm(msgspec.Struct, frozen=True):
    """Which packet is wanted."""

    appeal: str = ""


class RemarkForm(msgspec.Struct, frozen=True):
    """What is to be changed."""

    remark: str = ""


class WordForm(msgspec.Struct, frozen=True):
    """What became of it."""

    event: DisputeEvent
    remark: str = ""
    seen: str = ""


class ShowsForm(msgspec.Struct, frozen=True):
    """What a piece shows, and the dispute one was at."""

    dispute_no: int
    shows: list[str] | str = ""

    @property
    def each(self) -> tuple[Shows, ...]:
        """What was ticked."""
        told = {self.shows} if isinstance(self.shows, str) else set(self.shows)
        return tuple(shows for shows in Shows if shows.value in told)


class PicturesForm(msgspec.Struct):
    """Pictures for this dispute."""

    files: list[Any] = msgspec.field(default_factory=list)
    """UploadFile each; where no file was chosen, browsers send an empty text."""
    note: str = ""
    taken_at: str = ""


@get("/shops/{shop_id:int}/disputes/{dispute_no:int}", sync_to_thread=True)
def dispute_page(desk: AtDesk, shop_id: FromPath[int], dispute_no: FromPath[int], claim: FromQuery[str] = "", done: FromQuery[str] = "") -> Template:
    """One dispute: what is needed, what is there, and the next step."""
    shop = shop_number(shop_id)
    about = next((each for each in ClaimType if each.value == claim), None)
    view = dispute_view(desk.house, desk.by, shop, dispute_no, desk.now, about)
    return desk.page(
        "complaints/dispute.html",
        view=view,
        shop_id=shop,
        base_path=dispute_path(shop, dispute_no),
        dispute_path=dispute_path,
        case_path=case_path,
        order_base=order_path(shop, view.row.dispute.order_no),
        list_href=f"{HERE}?view=disputes&shop={shop}",
        may_write=desk.by.may(Permission.COMPLAINTS_WRITE, shop),
        may_settle=desk.by.may(Permission.CASES_WRITE, shop) and desk.by.may(Permission.COMPLAINTS_WRITE, shop),
        may_bring=desk.by.may(Permission.EVIDENCE_WRITE, shop),
        may_see=desk.by.may(Permission.EVIDENCE_READ, shop),
        events=DISPUTE_EVENTS,
        told=TOLD,
        states=DISPUTE_STATES,
        claims=tuple(ClaimType),
        all_shows=tuple(Shows),
        done=DONE.get(done),
    )


@post("/shops/{shop_id:int}/disputes/{dispute_no:int}/choice", sync_to_thread=True)
def put_choice(desk: AtDesk, shop_id: FromPath[int], dispute_no: FromPath[int], data: URLEncodedBody[ChoiceForm]) -> Redirect:
    """Pictures and text are chosen."""
    shop = shop_number(shop_id)
    propose(desk.house, desk.by, shop, dispute_no, Choice(images=data.seqs, note=data.note, claim=data.claim), desk.now, seen=number_in(data.seen))
    return back_to(dispute_path(shop, dispute_no), done="chosen")


@post("/shops/{shop_id:int}/disputes/{dispute_no:int}/signature", sync_to_thread=True)
def put_signature(desk: AtDesk, shop_id: FromPath[int], dispute_no: FromPath[int], data: URLEncodedBody[SignForm]) -> Redirect:
    """A second person agrees."""
    shop = shop_number(shop_id)
    sign(desk.house, desk.by, shop, dispute_no, desk.now, alone=bool(data.alone), seen=number_in(data.seen))
    return back_to(dispute_path(shop, dispute_no), done="signed")


@post("/shops/{shop_id:int}/disputes/{dispute_no:int}/return", sync_to_thread=True)
def put_back(desk: AtDesk, shop_id: FromPath[int], dispute_no: FromPath[int], data: URLEncodedBody[RemarkForm]) -> Redirect:
    """The choice goes back."""
    shop = shop_number(shop_id)
    send_back(desk.house, desk.by, shop, dispute_no, data.remark, desk.now)
    return back_to(dispute_path(shop, dispute_no), done="back")


@post("/shops/{shop_id:int}/disputes/{dispute_no:int}/submission", sync_to_thread=True)
def put_submission(desk: AtDesk, shop_id: FromPath[int], dispute_no: FromPath[int]) -> Redirect:
    """It was handed in in the back office."""
    shop = shop_number(shop_id)
    submit(desk.house, desk.by, shop, dispute_no, desk.now)
    return back_to(dispute_path(shop, dispute_no), done="in")


@post("/shops/{shop_id:int}/disputes/{dispute_no:int}/appeal", sync_to_thread=True)
def put_appeal(desk: AtDesk, shop_id: FromPath[int], dispute_no: FromPath[int], data: URLEncodedBody[AppealForm]) -> Redirect:
    """An appeal is made ready to be handed in."""
    shop = shop_number(shop_id)
    step_no = make_appeal_ready(desk.house, desk.by, shop, dispute_no, data.text, data.seqs, desk.now)
    return back_to(dispute_path(shop, dispute_no) + f"?done=ready#step-{step_no}")


@post("/shops/{shop_id:int}/disputes/{dispute_no:int}/word", sync_to_thread=True)
def put_word(desk: AtDesk, shop_id: FromPath[int], dispute_no: FromPath[int], data: URLEncodedBody[WordForm]) -> Redirect:
    """What became of it."""
    shop = shop_number(shop_id)
    tell_of_dispute(desk.house, desk.by, shop, dispute_no, data.event, data.remark, desk.now, seen=number_in(data.seen))
    return back_to(dispute_path(shop, dispute_no), done="kept")


@post("/shops/{shop_id:int}/orders/{order_no:str}/evidence/{seq:int}/shows", sync_to_thread=True)
def put_shows(desk: AtDesk, shop_id: FromPath[int], order_no: FromPath[str], seq: FromPath[int], data: URLEncodedBody[ShowsForm]) -> Redirect:
    """What a piece of the vault shows."""
    shop = shop_number(shop_id)
    name_piece(desk.house, desk.by, shop, order_no, seq, data.each, desk.now)
    return back_to(dispute_path(shop, data.dispute_no) + f"?done=kept#piece-{seq}")


@post("/shops/{shop_id:int}/disputes/{dispute_no:int}/pictures", opt={"upload": True}, sync_to_thread=True)
def put_pictures(desk: AtDesk, shop_id: FromPath[int], dispute_no: FromPath[int], data: MultipartBody[PicturesForm]) -> Redirect:
    """Pictures for this dispute come into the vault of its order."""
    shop = desk.by.need(Permission.EVIDENCE_WRITE, shop_number(shop_id))
    view = dispute_view(desk.house, desk.by, shop, dispute_no, desk.now)
    uploads = [upload for upload in data.files if isinstance(upload, UploadFile) and upload.filename]
    if not uploads:
        raise Refused(say("Choose a picture first."))
    taken_at = moment_given(data.taken_at)
    files = [read_upload(upload, data.note, taken_at) for upload in uploads]
    add_pieces(desk.house, desk.by, shop, view.row.dispute.order_no, files, desk.now)
    return back_to(dispute_path(shop, dispute_no), done="brought")


@post("/shops/{shop_id:int}/disputes/{dispute_no:int}/packet", sync_to_thread=True, status_code=200)
def dispute_packet(desk: AtDesk, shop_id: FromPath[int], dispute_no: FromPath[int], data: URLEncodedBody[PacketForm]) -> Response[bytes]:
    """What was handed in, in one file that can be checked."""
    packet = (appealed_with if data.appeal else handed_in)(desk.house, desk.by, shop_number(shop_id), dispute_no)
    return handed_over(packet.content, "application/zip", packet.name, in_place=False)
