"""Evidence is brought to an order, looked at piece by piece, and taken away as one packet."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, MultipartBody
from litestar.response import Redirect

from zhanggui.actions.evidence import LARGEST, NewFile, NewReference, add_pieces, content_of, make_packet
from zhanggui.actions.intake.files import plain_name
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, back_to, moment_typed, shop_number
from zhanggui.workbench.places import order_path

SHOWN_IN_PLACE = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
"""What a browser draws and never runs. Everything else is only ever handed over as a file."""


class EvidenceForm(msgspec.Struct):
    """Files, or where something lies, and what they show."""

    files: list[Any] = msgspec.field(default_factory=list)
    """UploadFile each; where no file was chosen, browsers send an empty text."""
    reference: str = ""
    sha256: str = ""
    note: str = ""
    taken_at: str = ""


@post("/shops/{shop_id:int}/orders/{order_no:str}/evidence", opt={"upload": True}, sync_to_thread=True)
def put_evidence(desk: AtDesk, shop_id: FromPath[int], order_no: FromPath[str], data: MultipartBody[EvidenceForm]) -> Redirect:
    """Keeps what was brought: every file, and the reference if there is one."""
    shop = desk.by.need(Permission.EVIDENCE_WRITE, shop_number(shop_id))
    uploads = [upload for upload in data.files if isinstance(upload, UploadFile) and upload.filename]
    if not uploads and not data.reference.strip():
        raise Refused(say("Choose a file, or say where the film lies."))
    taken_at = moment_given(data.taken_at)
    pieces: list[NewFile | NewReference] = [read_upload(upload, data.note, taken_at) for upload in uploads]
    if data.reference.strip():
        pieces.append(NewReference(name="", reference=data.reference, sha256=data.sha256, note=data.note, taken_at=taken_at))
    add_pieces(desk.house, desk.by, shop, order_no, pieces, desk.now)
    return back_to(order_path(shop, order_no) + "#evidence")


@get("/shops/{shop_id:int}/orders/{order_no:str}/evidence/{seq:int}", sync_to_thread=True)
def evidence_file(desk: AtDesk, shop_id: FromPath[int], order_no: FromPath[str], seq: FromPath[int]) -> Response[bytes]:
    """One piece, byte for byte."""
    piece, content = content_of(desk.house, desk.by, shop_number(shop_id), order_no, seq)
    is_drawn = piece.media_type in SHOWN_IN_PLACE
    return handed_over(content, piece.media_type if is_drawn else "application/octet-stream", f"{seq}-{piece.name}", in_place=is_drawn)


@post("/shops/{shop_id:int}/orders/{order_no:str}/evidence/packet", sync_to_thread=True, status_code=200)
def evidence_packet(desk: AtDesk, shop_id: FromPath[int], order_no: FromPath[str]) -> Response[bytes]:
    """Everything kept of the order, in one file."""
    packet = make_packet(desk.house, desk.by, shop_number(shop_id), order_no, desk.now)
    return handed_over(packet.content, "application/zip", packet.name, in_place=False)


def handed_over(content: bytes, media_type: str, name: str, *, in_place: bool) -> Response[bytes]:
    """The bytes as a file, or drawn in the browser."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)
    headers = {
        "Content-Disposition": f'{"inline" if in_place else "attachment"}; filename="{plain}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media_type, headers=headers)


def read_upload(upload: UploadFile, note: str, taken_at: datetime | None) -> NewFile:
    """An uploaded file, as large as one may be and a byte more, so that a larger one is refused."""
    upload.file.seek(0)
    content = upload.file.read(LARGEST + 1)
    return NewFile(name=plain_name(upload.filename), media_type=media_type(content), content=content, note=note, taken_at=taken_at)


_SIGNS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif", b"%PDF-": "application/pdf"}


def media_type(content: bytes) -> str:
    """What the bytes themselves say; never what the browser was told to say."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((media for sign, media in _SIGNS.items() if content.startswith(sign)), "application/octet-stream")


def moment_given(typed: str) -> datetime | None:
    """The moment typed, None where nothing was. Raises Refused."""
    if not typed.strip():
        return None
    moment = moment_typed(typed)
    if moment is None:
        raise Refused(say("{typed} is no moment. Write it like 2026-11-21 16:05.", typed=typed[:40]))
    return moment
