"""One batch: its numbers are written down or taken from the platform, checked, and printed."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK

from zhanggui import clock
from zhanggui.actions.carrier_choice import carrier_code, carrier_for
from zhanggui.actions.papers.making import Made, Wanted
from zhanggui.actions.platform_carriers import carriers_now
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.batches import BatchView, batch_view
from zhanggui.actions.shipdesk.batching import put_back, reasons
from zhanggui.actions.shipdesk.numbering import WrittenRow, part_name, write_in_order, write_listed, write_rows
from zhanggui.actions.shipdesk.printing import mark_printed, print_batch, sheets
from zhanggui.actions.shipdesk.splitting import add_part, drop_part
from zhanggui.actions.shipdesk.waybills import take_numbers
from zhanggui.actions.shipping_slips import slips_in
from zhanggui.actions.waybills import Account, accounts_of
from zhanggui.connectors.pdd.carriers import Carriers
from zhanggui.core.say import Say, say
from zhanggui.papers.geometry import SIZES
from zhanggui.papers.shapes import Form, Paper
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, shop_number
from zhanggui.workbench.imports.spool import put_down
from zhanggui.workbench.places import order_path
from zhanggui.workbench.ship.carriers import carrier_names
from zhanggui.workbench.waybills.component import component_panel

_MEDIA = {Form.PDF: "application/pdf", Form.ZPL: "application/octet-stream"}
_DPI = (203, 300)


class NumbersForm(msgspec.Struct, frozen=True):
    """The carrier, and a number for each order; or a column of numbers, to be given out in the order of the batch."""

    carrier: str = ""
    order_no: list[str] | str = ""
    number: list[str] | str = ""
    number_was: list[str] | str = ""
    """The number of each order as it stood on the page, in the order of `order_no`."""
    row_carrier: list[str] | str = ""
    """The carrier of each order, in the order of `order_no`."""
    carrier_was: list[str] | str = ""
    """The carrier of each order as it stood on the page."""
    column: str = ""

    @property
    def rows(self) -> dict[str, WrittenRow]:
        """What stands in each row and stood there, by the order or parcel it names. What an older page did not send stood empty there."""
        nos, *columns = (
            [each] if isinstance(each, str) else each for each in (self.order_no, self.number, self.number_was, self.row_carrier, self.carrier_was)
        )
        filled = [column if len(column) == len(nos) else [""] * len(nos) for column in columns]
        return {
            no: WrittenRow(number=number, number_was=number_was, carrier=carrier, carrier_was=carrier_was)
            for no, number, number_was, carrier, carrier_was in zip(nos, *filled, strict=True)
            if no
        }


class OneForm(NumbersForm, frozen=True, kw_only=True):
    """The order that its button is about; the numbers that stand in the rows meanwhile come along."""

    one: str


class AccountForm(msgspec.Struct, frozen=True):
    """The account that numbers are taken from."""

    account: str = ""


class ListForm(msgspec.Struct):
    """A printing tool's list with the numbers of the batch."""

    files: list[Any] = msgspec.field(default_factory=list)


class PaperForm(msgspec.Struct, frozen=True):
    """Which paper: a label by form and size, the pick list, or the packing slips."""

    paper: str = "label"
    form: str = "pdf"
    size: str = "76x130"
    dpi: str = "203"


@get("/shops/{shop_id:int}/ship/batches/{batch_no:int}", sync_to_thread=True)
def batch_page(desk: AtDesk, shop_id: FromPath[int], batch_no: FromPath[int], wrote: FromQuery[int | None] = None, n: FromQuery[int | None] = None) -> Template:
    """The batch as it stands, every number checked."""
    return _page(desk, shop_number(shop_id), batch_no, wrote=wrote, done=n)


@post("/shops/{shop_id:int}/ship/batches/{batch_no:int}/numbers", sync_to_thread=True, status_code=HTTP_200_OK)
def put_numbers(desk: AtDesk, shop_id: FromPath[int], batch_no: FromPath[int], data: URLEncodedBody[NumbersForm]) -> Redirect | Template:
    """Writes down the numbers of a column, or what was changed in the rows; tells of the rows that changed under somebody else's hand meanwhile."""
    shop, carrier = shop_number(shop_id), data.carrier.strip() or None
    column = data.column.split()
    if column:
        wrote = write_in_order(desk.house, desk.by, shop, batch_no, carrier, column, desk.now)
        return back_to(_path(shop, batch_no), wrote=wrote)
    wrote, against = write_rows(desk.house, desk.by, shop, batch_no, data.rows, desk.now)
    return back_to(_path(shop, batch_no), wrote=wrote) if not against else _page(desk, shop, batch_no, wrote=wrote or None, against=against)


@post("/shops/{shop_id:int}/ship/batches/{batch_no:int}/waybills", sync_to_thread=True, status_code=HTTP_200_OK)
def take_batch_numbers(desk: AtDesk, shop_id: FromPath[int], batch_no: FromPath[int], data: URLEncodedBody[AccountForm]) -> Redirect | Template:
    """Takes the platform's numbers for every parcel of the batch."""
    shop, account_no = shop_number(shop_id), number_in(data.account)
    if account_no is None and data.account != "advised":
        raise Refused(say("Choose the account that the numbers are taken from."))
    taken, against = take_numbers(desk.house, desk.by, shop, batch_no, account_no, desk.now, clock.unwound())
    return back_to(_path(shop, batch_no), wrote=taken) if not against else _page(desk, shop, batch_no, wrote=taken, against=against)


@post("/shops/{shop_id:int}/ship/batches/{batch_no:int}/list", opt={"upload": True}, sync_to_thread=True, status_code=HTTP_200_OK)
def put_list(desk: AtDesk, shop_id: FromPath[int], batch_no: FromPath[int], data: MultipartBody[ListForm]) -> Redirect | Template:
    """Takes the numbers of the batch from a printing tool's list; what else stands in it is left alone. Tells of the orders with more numbers than parcels."""
    shop = shop_number(shop_id)
    uploads = [upload for upload in data.files if isinstance(upload, UploadFile) and upload.filename]
    if len(uploads) != 1:
        raise Refused(say("Choose the list of the printing tool first: one file."))
    with put_down(desk.house.home, uploads) as paths:
        slips, _ = slips_in(desk.house, desk.by, shop, paths[0])
    wrote, against = write_listed(desk.house, desk.by, shop, batch_no, slips, desk.now)
    return back_to(_path(shop, batch_no), wrote=wrote) if not against else _page(desk, shop, batch_no, wrote=wrote or None, against=against)


@post("/shops/{shop_id:int}/ship/batches/{batch_no:int}/papers", sync_to_thread=True, status_code=HTTP_200_OK)
def print_papers(desk: AtDesk, shop_id: FromPath[int], batch_no: FromPath[int], data: URLEncodedBody[PaperForm]) -> Response[bytes] | Template:
    """Hands over labels, the pick list or packing slips. What got a label counts as printed from here on."""
    shop, wanted = shop_number(shop_id), _wanted(data)
    if wanted.paper is not Paper.LABEL:
        return _file(sheets(desk.house, desk.by, shop, batch_no, wanted, desk.now), wanted, batch_no)
    done = print_batch(desk.house, desk.by, shop, batch_no, wanted, desk.now, clock.unwound())
    if done.made is None or not done.made.content:
        return _page(desk, shop, batch_no, done=0, against=reasons(done.refused))
    return _file(done.made, wanted, batch_no)


@post("/shops/{shop_id:int}/ship/batches/{batch_no:int}/put_back", sync_to_thread=True, status_code=HTTP_200_OK)
def put_one_back(desk: AtDesk, shop_id: FromPath[int], batch_no: FromPath[int], data: URLEncodedBody[OneForm]) -> Redirect | Template:
    """Takes one order out of the batch again; with the last one, the batch is empty."""
    return _once_written(desk, shop_number(shop_id), batch_no, data, lambda shop: put_back(desk.house, desk.by, shop, [data.one], desk.now))


@post("/shops/{shop_id:int}/ship/batches/{batch_no:int}/part", sync_to_thread=True, status_code=HTTP_200_OK)
def add_one_part(desk: AtDesk, shop_id: FromPath[int], batch_no: FromPath[int], data: URLEncodedBody[OneForm]) -> Redirect | Template:
    """Has an order go in one parcel more."""
    return _once_written(desk, shop_number(shop_id), batch_no, data, lambda shop: add_part(desk.house, desk.by, shop, data.one, desk.now))


@post("/shops/{shop_id:int}/ship/batches/{batch_no:int}/part_dropped", sync_to_thread=True, status_code=HTTP_200_OK)
def drop_one_part(desk: AtDesk, shop_id: FromPath[int], batch_no: FromPath[int], data: URLEncodedBody[OneForm]) -> Redirect | Template:
    """Has an order go in one parcel less."""
    return _once_written(desk, shop_number(shop_id), batch_no, data, lambda shop: drop_part(desk.house, desk.by, shop, data.one, desk.now))


@post("/shops/{shop_id:int}/ship/batches/{batch_no:int}/printed", sync_to_thread=True, status_code=HTTP_200_OK)
def put_printed(desk: AtDesk, shop_id: FromPath[int], batch_no: FromPath[int]) -> Redirect | Template:
    """The labels were printed by another tool."""
    shop = shop_number(shop_id)
    outcomes = mark_printed(desk.house, desk.by, shop, batch_no, desk.now, clock.unwound())
    done, against = sum(outcome.done for outcome in outcomes), reasons([outcome for outcome in outcomes if not outcome.done])
    return back_to(_path(shop, batch_no), n=done) if not against else _page(desk, shop, batch_no, done=done, against=against)


def _once_written(desk: Desk, shop: ShopId, batch_no: int, data: OneForm, deed: Callable[[ShopId], object]) -> Redirect | Template:
    """Does what the button says, once the numbers are written down that were typed or scanned into the rows and not kept yet."""
    wrote, against = write_rows(desk.house, desk.by, shop, batch_no, data.rows, desk.now)
    deed(shop)
    return back_to(_path(shop, batch_no), wrote=wrote or None) if not against else _page(desk, shop, batch_no, wrote=wrote or None, against=against)


def _path(shop_id: ShopId, batch_no: int) -> str:
    return f"/shops/{shop_id}/ship/batches/{batch_no}"


def _wanted(data: PaperForm) -> Wanted:
    paper, form = next((each for each in Paper if each == data.paper), None), next((each for each in Form if each == data.form), None)
    if paper is None or form is None or data.size not in SIZES or data.dpi not in map(str, _DPI):
        raise Refused(say("There is no such paper."))
    return Wanted(paper=paper, form=form if paper is Paper.LABEL else Form.PDF, size=data.size, dpi=int(data.dpi))


def _file(made: Made, wanted: Wanted, batch_no: int) -> Response[bytes]:
    if not made.content:
        raise Refused(made.not_made[0].because if made.not_made else say("There is nothing to print here."))
    name = f"{wanted.paper.value}-{batch_no}.{wanted.form.value}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(made.content, media_type=_MEDIA[wanted.form], headers=headers)


def _page(
    desk: Desk, shop_id: ShopId, batch_no: int, *, wrote: int | None = None, done: int | None = None, against: tuple[tuple[str, Say], ...] = ()
) -> Template:
    view = batch_view(desk.house, desk.by, shop_id, batch_no, desk.now)
    if view is None:
        raise NotFoundException
    return desk.page(
        "ship/batch.html",
        here="ship",
        shops=desk.shops(Permission.SHIPPING_WRITE),
        view=view,
        unnumbered=view.unnumbered,
        accounts=_accounts(desk, view),
        ready=[line.batch_row.order_no for line in view.ready],
        part_name=part_name,
        component=component_panel(desk, shop_id),
        carriers=carrier_names(carriers_now(desk.house)),
        sizes=tuple(SIZES),
        resolutions=_DPI,
        wrote=wrote,
        done=done,
        against=against,
        order_path=order_path,
        path=_path(shop_id, batch_no),
    )


def _accounts(desk: Desk, view: BatchView) -> tuple[Account, ...]:
    """The accounts that the batch's numbers can be taken from, first that of the carrier it names, else of the one advised for most of its orders."""
    if not view.is_connected or not desk.by.may(Permission.WAYBILLS_TAKE, view.shop.shop_id):
        return ()
    ready = [account for account in accounts_of(desk.house, desk.by, view.shop.shop_id, desk.now) if account.is_ready]
    if len(ready) < 2:
        return tuple(ready)
    carriers = carriers_now(desk.house)
    wished = _wished(desk, view, carriers)
    return tuple(sorted(ready, key=lambda account: -wished[carrier_code(account.carrier, carriers)]))


def _wished(desk: Desk, view: BatchView, carriers: Carriers) -> Counter[str]:
    """How many orders of the batch had best travel with each carrier; all of them with the one that the batch names."""
    if view.batch.carrier:
        return Counter({carrier_code(view.batch.carrier, carriers): len(view.lines)})
    advised = carrier_for(desk.house, desk.by, view.shop.shop_id, [line.batch_row.order_no for line in view.waiting], desk.now)
    return Counter(advice.carrier for advice in advised.values() if advice.carrier)
