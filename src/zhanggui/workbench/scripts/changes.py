"""The forms of the Scripts page: words tried, kept and withdrawn, files, room to concede, what the shop tells of itself."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.once import DoneBefore
from zhanggui.actions.refused import Refused
from zhanggui.actions.scripts.carrying import MOST_BYTES, bring, exported
from zhanggui.actions.scripts.conceding import Conceding, concede, drop_limit, set_limit, take_concession_back
from zhanggui.actions.scripts.seeing import one_script
from zhanggui.actions.scripts.using import note_use
from zhanggui.actions.scripts.versions import add_script, keep_facts, keep_script, try_script, withdraw_version
from zhanggui.core.money import Fen, NotMoney, fen_from_yuan
from zhanggui.core.say import say
from zhanggui.core.scripting.checking import Proposal
from zhanggui.core.scripting.conceding import Concession, Limit
from zhanggui.core.scripts import Fit
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, shop_number
from zhanggui.workbench.once import once_of
from zhanggui.workbench.scripts.handlers import HERE, LISTS, script_template, scripts_template

NEW = "new"


class ScriptForm(msgspec.Struct):
    """A script as it was typed; `act` is `try` or `keep`."""

    zh: str
    when_zh: str = ""
    en: str = ""
    when_en: str = ""
    situation: str = ""
    fits: list[str] | str = ""
    from_at: str = ""
    until_at: str = ""
    owner: str = ""
    order_no: str = ""
    act: str = "try"


class UseForm(msgspec.Struct):
    """For which order the words were sent."""

    order_no: str = ""
    situation: str = ""


class FileForm(msgspec.Struct):
    """A file of scripts."""

    files: list[Any] = msgspec.field(default_factory=list)
    """One UploadFile; where no file was chosen, browsers send an empty text."""


class LimitForm(msgspec.Struct):
    """The room of a product, or of the shop where none is named; sums in yuan."""

    goods_id: str = ""
    most: str = ""
    percent: str = ""
    month: str = ""
    act: str = "keep"


class ConcessionForm(msgspec.Struct):
    """What was conceded on which order."""

    order_no: str
    kind: str
    sum: str
    note: str = ""
    once: str = ""


@post("/shops/{shop_id:int}/scripts/{script_id:str}", sync_to_thread=True, status_code=200)
def put_script(desk: AtDesk, shop_id: FromPath[int], script_id: FromPath[str], data: URLEncodedBody[ScriptForm]) -> Template | Redirect:
    """Shows what speaks against the words and how they read, or keeps them as a version."""
    shop = desk.by.need(Permission.SCRIPTS_WRITE, shop_number(shop_id))
    one = None if script_id == NEW else one_script(desk.house, desk.by, shop, script_id, desk.now, order_no=data.order_no.strip() or None)
    if one is None and script_id != NEW:
        raise NotFoundException
    told, owner = _proposal(desk, data, script_id if one is not None else "own_1"), number_in(data.owner)
    tried = try_script(desk.house, desk.by, shop, told, desk.now, order_no=data.order_no.strip() or None)
    if data.act != "keep" or not tried.checked.may_be_kept:
        return script_template(desk, shop_id, one, typed=told, owner=owner, tried=tried, order_no=data.order_no)
    if one is None:
        script_id = add_script(desk.house, desk.by, shop, told, desk.now, owner=owner)
    else:
        keep_script(desk.house, desk.by, shop, told, desk.now, owner=owner)
    return back_to(f"/shops/{shop_id}/scripts/{script_id}", done="kept")


@post("/shops/{shop_id:int}/scripts/{script_id:str}/versions/{version:int}/withdrawal", sync_to_thread=True)
def put_script_withdrawal(desk: AtDesk, shop_id: FromPath[int], script_id: FromPath[str], version: FromPath[int]) -> Redirect:
    """A version no longer holds."""
    withdraw_version(desk.house, desk.by, shop_number(shop_id), script_id[:64], version, desk.now)
    return back_to(f"/shops/{shop_id}/scripts/{script_id}", done="withdrawn")


@post("/shops/{shop_id:int}/scripts/{script_id:str}/uses", sync_to_thread=True)
def put_use(desk: AtDesk, shop_id: FromPath[int], script_id: FromPath[str], data: URLEncodedBody[UseForm]) -> Redirect:
    """The words were sent."""
    order_no = data.order_no.strip() or None
    note_use(desk.house, desk.by, shop_number(shop_id), script_id, order_no, desk.now)
    return back_to(HERE, shop=shop_id, order_no=order_no, situation=data.situation or None, done="used")


@get("/shops/{shop_id:int}/script_file", sync_to_thread=True)
def script_file(desk: AtDesk, shop_id: FromPath[int]) -> Response[bytes]:
    """The shop's own scripts as a file."""
    content = exported(desk.house, desk.by, shop_number(shop_id), desk.now)
    headers = {"Content-Disposition": f'attachment; filename="scripts-{desk.today:%Y%m%d}.json"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/json", headers=headers)


@post("/shops/{shop_id:int}/script_file", opt={"upload": True}, sync_to_thread=True, status_code=200)
def put_script_file(desk: AtDesk, shop_id: FromPath[int], data: MultipartBody[FileForm]) -> Template:
    """Takes a file of scripts in and tells what it brought."""
    shop = desk.by.need(Permission.SCRIPTS_WRITE, shop_number(shop_id))
    uploads = [upload for upload in data.files if isinstance(upload, UploadFile) and upload.filename]
    if len(uploads) != 1:
        raise Refused(say("Choose the file first: one file."))
    brought = bring(desk.house, desk.by, shop, uploads[0].file.read(MOST_BYTES + 1), desk.now)
    chosen = desk.chosen(desk.shops(LISTS.permission), str(shop))
    return scripts_template(desk, "shop", chosen, dict.fromkeys(("situation", "room", "q", "order_no"), ""), brought=brought)


@post("/shops/{shop_id:int}/script_facts", sync_to_thread=True)
def put_script_facts(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[dict[str, str]]) -> Redirect:
    """Keeps what the shop tells of itself."""
    told = {name: text for name, text in data.items() if name != "_csrf_token"}
    keep_facts(desk.house, desk.by, shop_number(shop_id), told, desk.now)
    return _back(shop_id, "shop", "kept")


@post("/shops/{shop_id:int}/concession_limits", sync_to_thread=True)
def put_limit(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[LimitForm]) -> Redirect:
    """Sets the room to concede, or takes it away."""
    shop, goods_id = desk.by.need(Permission.SETTINGS_WRITE, shop_number(shop_id)), data.goods_id.strip()
    if data.act == "drop":
        drop_limit(desk.house, desk.by, shop, goods_id, desk.now)
        return _back(shop_id, "room", "back")
    percent = number_in(data.percent.strip())
    if percent is None:
        raise Refused(say("{typed} is not a whole number.", typed=data.percent[:40]))
    limit = Limit(goods_id=goods_id, most_fen=_sum(data.most), most_percent=percent, month_fen=_sum(data.month) if data.month.strip() else None)
    set_limit(desk.house, desk.by, shop, limit, desk.now)
    return _back(shop_id, "room", "kept")


@post("/shops/{shop_id:int}/concessions", sync_to_thread=True)
def put_concession(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ConcessionForm]) -> Redirect:
    """Writes down what was conceded."""
    shop = desk.by.need(Permission.CONVERSATIONS_WRITE, shop_number(shop_id))
    kind = next((each for each in Concession if each.value == data.kind), None)
    if kind is None:
        raise Refused(say("Choose what is conceded."))
    what = Conceding(kind=kind, fen=_sum(data.sum), order_no=data.order_no.strip() or None, note=data.note)
    with suppress(DoneBefore):
        concede(desk.house, desk.by, shop, what, desk.now, once=once_of(desk, data))
    return _back(shop_id, "room", "conceded")


@post("/shops/{shop_id:int}/concessions/{concession_no:int}/withdrawal", sync_to_thread=True)
def put_concession_back(desk: AtDesk, shop_id: FromPath[int], concession_no: FromPath[int]) -> Redirect:
    """What was written down did not happen."""
    take_concession_back(desk.house, desk.by, shop_number(shop_id), concession_no, desk.now)
    return _back(shop_id, "room", "back")


def _proposal(desk: Desk, data: ScriptForm, script_id: str) -> Proposal:
    """What was typed. A day without an hour ends with the day. Raises Refused for what is no moment."""
    until = desk.moment(data.until_at) if data.until_at.strip() else None
    if until is not None and len(data.until_at.strip()) <= len("2026-03-01"):
        until += timedelta(days=1)
    fits = [data.fits] if isinstance(data.fits, str) else data.fits
    return Proposal(
        id=script_id,
        situation=data.situation,
        fits=tuple(fit for fit in Fit if fit.value in fits),
        zh=data.zh.strip().replace("\r\n", "\n"),
        en=data.en.strip().replace("\r\n", "\n"),
        when_zh=data.when_zh.strip(),
        when_en=data.when_en.strip(),
        from_at=desk.moment(data.from_at) if data.from_at.strip() else None,
        until_at=until,
    )


def _sum(typed: str) -> Fen:
    """The sum that was typed in yuan. Raises Refused."""
    try:
        return fen_from_yuan(typed.strip())
    except NotMoney:
        raise Refused(say("{typed} is not an amount of yuan with at most two decimals.", typed=typed[:40])) from None


def _back(shop_id: int, view: str, done: str) -> Redirect:
    return back_to(HERE, view=view, shop=shop_id, done=done)
