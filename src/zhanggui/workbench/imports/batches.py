"""The Imports page, a batch's own page, and what can be done with a batch."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.importing import batch, batches, drop, preview, redate, undo
from zhanggui.actions.refused import Refused
from zhanggui.actions.views import BatchView
from zhanggui.connectors.files import profiles
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, shop_number
from zhanggui.workbench.imports import running
from zhanggui.workbench.imports.spool import put_down


class UploadForm(msgspec.Struct):
    """The files, for which shop, read by which profile, and what moment they speak of."""

    shop: str
    files: list[Any] = msgspec.field(default_factory=list)
    """UploadFile each; where no file was chosen, browsers send an empty text."""
    profile: str = ""
    as_of: str = ""


class DateForm(msgspec.Struct, frozen=True):
    """The moment the files speak of."""

    as_of: str


@get("/imports", sync_to_thread=True)
def imports_page(desk: AtDesk, shop: FromQuery[str] = "") -> Template:
    """Where files are brought in, and what was brought in before."""
    shops = desk.shops(Permission.IMPORTS_READ)
    chosen = desk.chosen(shops, shop)
    shown = (chosen,) if chosen else shops
    return desk.page(
        "imports/page.html",
        shops=shops,
        shop=chosen,
        writable=tuple(each for each in shops if desk.by.may(Permission.IMPORTS_WRITE, each.shop_id)),
        batches=batches(desk.house, desk.by, tuple(each.shop_id for each in shown)),
        profiles=profiles(),
        batch_path=batch_path,
    )


@post("/imports", opt={"upload": True}, sync_to_thread=True)
def new_import(desk: AtDesk, data: MultipartBody[UploadForm]) -> Redirect:
    """Makes a preview of the files; nothing of them is stored as facts yet."""
    shop_id = number_in(data.shop)
    uploads = [upload for upload in data.files if isinstance(upload, UploadFile) and upload.filename]
    if shop_id is None or not uploads:
        raise Refused(say("Choose one or more export files first."))
    if data.profile and data.profile not in profiles():
        # At the command line this may be the path of a file; here it would be anybody's way to read files of this machine.
        raise Refused(say("There is no profile named {name}.", name=data.profile[:40]))
    shop = desk.by.need(Permission.IMPORTS_WRITE, shop_number(shop_id))
    as_of = desk.moment(data.as_of) if data.as_of else None
    with put_down(desk.house.home, uploads) as paths:
        view = preview(desk.house, desk.by, shop, paths, desk.now, profile=data.profile or None, as_of=as_of)
    return back_to(batch_path(shop, view.batch_id))


@get("/shops/{shop_id:int}/imports/{batch_id:int}", sync_to_thread=True)
def batch_page(desk: AtDesk, shop_id: FromPath[int], batch_id: FromPath[int]) -> Template:
    """One batch: as a preview, while it runs, and as a record."""
    shop = shop_number(shop_id)
    view = _found(desk, shop, batch_id)
    if desk.is_fragment:
        # Once it no longer runs, the whole page is asked for again.
        return desk.page(
            "imports/progress.html", batch=view, path=batch_path(shop, batch_id), headers={} if view.state == "running" else {"HX-Refresh": "true"}
        )
    return desk.page("imports/batch.html", batch=view, path=batch_path(shop, batch_id), may_write=desk.by.may(Permission.IMPORTS_WRITE, shop))


@post("/shops/{shop_id:int}/imports/{batch_id:int}/confirmation", sync_to_thread=True)
def confirm_batch(desk: AtDesk, shop_id: FromPath[int], batch_id: FromPath[int]) -> Redirect:
    """Stores the previewed batch. A long import runs on while its page shows how far it is."""
    shop = shop_number(shop_id)
    desk.by.need(Permission.IMPORTS_WRITE, shop)
    running.start(desk.house, desk.by, shop, batch_id, desk.now)
    return back_to(batch_path(shop, batch_id))


@post("/shops/{shop_id:int}/imports/{batch_id:int}/as_of", sync_to_thread=True)
def redate_batch(desk: AtDesk, shop_id: FromPath[int], batch_id: FromPath[int], data: URLEncodedBody[DateForm]) -> Redirect:
    """Makes the preview again, with the moment a person knows the files to speak of."""
    shop = shop_number(shop_id)
    view = redate(desk.house, desk.by, shop, batch_id, desk.moment(data.as_of), desk.now)
    return back_to(batch_path(shop, view.batch_id))


@post("/shops/{shop_id:int}/imports/{batch_id:int}/refusal", sync_to_thread=True)
def drop_batch(desk: AtDesk, shop_id: FromPath[int], batch_id: FromPath[int]) -> Redirect:
    """Throws a preview away."""
    drop(desk.house, desk.by, shop_number(shop_id), batch_id, desk.now)
    return back_to("/imports")


@post("/shops/{shop_id:int}/imports/{batch_id:int}/reversal", sync_to_thread=True)
def undo_batch(desk: AtDesk, shop_id: FromPath[int], batch_id: FromPath[int]) -> Redirect:
    """Takes a stored batch back whole."""
    shop = shop_number(shop_id)
    undo(desk.house, desk.by, shop, batch_id, desk.now)
    return back_to(batch_path(shop, batch_id))


def batch_path(shop_id: ShopId, batch_id: int) -> str:
    """The page of a batch."""
    return f"/shops/{shop_id}/imports/{batch_id}"


def _found(desk: Desk, shop_id: ShopId, batch_id: int) -> BatchView:
    view = batch(desk.house, desk.by, shop_id, batch_id)
    if view is None:
        raise NotFoundException
    return view
