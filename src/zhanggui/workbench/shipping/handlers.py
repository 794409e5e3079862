"""The Shipping numbers page: a printing tool's list is checked and handed back as the file to upload by hand."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Template

from zhanggui import clock
from zhanggui.actions.access import ShopInfo
from zhanggui.actions.pre_checking import pre_checked_list
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipping_slips import SlipReport, check_slips, make_shipping_file, slips_in
from zhanggui.connectors.files.bulk_shipping import SheetForm
from zhanggui.connectors.files.slips import MOST_SLIPS, Slip
from zhanggui.core.facts import Place
from zhanggui.core.moments import in_shanghai
from zhanggui.core.numbers import Verdict
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, number_in, shop_number
from zhanggui.workbench.imports.spool import put_down
from zhanggui.workbench.places import order_path

_MEDIA = {SheetForm.CSV: "text/csv", SheetForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_SHOWN = 200
"""So many good rows are listed; the others are counted, and in the file all the same."""


class ListForm(msgspec.Struct):
    """The list, and the shop it is for."""

    shop: str
    files: list[Any] = msgspec.field(default_factory=list)
    """One UploadFile; where no file was chosen, browsers send an empty text."""


class FileForm(msgspec.Struct, frozen=True):
    """The rows as the report told them, the warned orders to take all the same, and the form of the file."""

    rows: str = ""
    take: list[str] | str = ""
    form: str = ""


@get("/shipping", sync_to_thread=True)
def shipping_page(desk: AtDesk, shop: FromQuery[str] = "") -> Template:
    """Where a list is brought in."""
    return _page(desk, desk.chosen(desk.shops(Permission.SHIPPING_WRITE), shop), None, "")


@post("/shipping", opt={"upload": True}, sync_to_thread=True, status_code=200)
def check_list(desk: AtDesk, data: MultipartBody[ListForm]) -> Template:
    """Holds the list against the shop's orders and tells of every row. Nothing is stored."""
    shop_id = number_in(data.shop)
    uploads = [upload for upload in data.files if isinstance(upload, UploadFile) and upload.filename]
    if shop_id is None or len(uploads) != 1:
        raise Refused(say("Choose the list of the printing tool first: one file."))
    shop = desk.by.need(Permission.SHIPPING_WRITE, shop_number(shop_id))
    with put_down(desk.house.home, uploads) as paths:
        slips, refused = slips_in(desk.house, desk.by, shop, paths[0])
        name = paths[0].name
    checked = check_slips(desk.house, desk.by, shop, slips, desk.now)
    report = msgspec.structs.replace(pre_checked_list(desk.house, desk.by, shop, checked, desk.now, clock.unwound()), refused=refused)
    return _page(desk, desk.chosen(desk.shops(Permission.SHIPPING_WRITE), data.shop), report, name)


@post("/shops/{shop_id:int}/shipping_file", sync_to_thread=True, status_code=200)
def make_file(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[FileForm]) -> Response[bytes]:
    """Judges the rows again and hands over the file of those that may be uploaded."""
    shop = desk.by.need(Permission.SHIPPING_WRITE, shop_number(shop_id))
    if data.form not in list(SheetForm):
        raise Refused(say("There is no such form of the file."))
    form, take = SheetForm(data.form), frozenset([data.take] if isinstance(data.take, str) else data.take) - {""}
    told = _told(data.rows)
    good = frozenset(slip.order_no for verdict, slip in told if verdict == Verdict.OK)
    made = make_shipping_file(desk.house, desk.by, shop, [slip for _, slip in told], form, desk.now, include=take, expected=good | take)
    if not made.content:
        raise Refused(say("Nothing was chosen for the file. Tick a warned order, or mend the list."))
    headers = {"Content-Disposition": f'attachment; filename="shipping-{in_shanghai(desk.now):%Y%m%d-%H%M%S}.{form}"', "Cache-Control": "no-store"}
    return Response(made.content, media_type=_MEDIA[form], headers=headers)


def _page(desk: Desk, shop: ShopInfo | None, report: SlipReport | None, name: str) -> Template:
    return desk.page(
        "shipping/page.html",
        shops=desk.shops(Permission.SHIPPING_WRITE),
        shop=shop,
        report=report,
        name=name,
        rows="" if report is None else _carried(report),
        good=() if report is None else report.of(Verdict.OK),
        warned=() if report is None else report.of(Verdict.WARN),
        blocked=() if report is None else report.of(Verdict.BLOCK),
        shown=_SHOWN,
        order_path=order_path,
    )


def _carried(report: SlipReport) -> str:
    """The rows as the page carries them to the making of the file: verdict, order, carrier, number, row."""
    lines = [[row.verdict.value, row.slip.order_no, row.slip.carrier or "", row.slip.tracking_no, str(row.slip.place.row or "")] for row in report.rows]
    return "\n".join("\t".join(line) for line in lines)


def _told(rows: str) -> Sequence[tuple[str, Slip]]:
    """The same, read back. Raises Refused for what the page never wrote."""
    told = []
    for line in rows.splitlines():
        cells = line.split("\t")
        if len(cells) != 5 or not cells[1] or not cells[3]:
            raise Refused(say("The list came back damaged. Check it again."))
        verdict, order_no, carrier, number, row = cells
        told.append((verdict, Slip(order_no, carrier or None, number, Place("", None, number_in(row)))))
    if len(told) > MOST_SLIPS:
        raise Refused(say("The list holds more than {most} rows. Split it, for instance by day.", most=MOST_SLIPS))
    return told
