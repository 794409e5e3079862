"""The refused rows of a batch: shown as they stood, mended and tried again, or thrown away."""

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.importing import batch, discard, mend, quarantine
from zhanggui.actions.views import QuarantineRow, Refusal
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number
from zhanggui.workbench.imports.batches import batch_path

_ROWS = 20
_CELL = "cell:"
"""What the names of the form's cells begin with, so that a column may bear any name."""


_TELLING = ("订单号", "订单编号", "售后编号", "商户订单号", "order_no", "order_id", "case_no")
"""Columns by which a person knows a row again; shown beside the one that was refused."""


class Tried(msgspec.Struct, frozen=True):
    """A row that was tried again and refused again, as it was typed."""

    row_no: int
    cells: dict[str, str]
    refusal: Refusal


@get("/shops/{shop_id:int}/imports/{batch_id:int}/quarantine", sync_to_thread=True)
def quarantine_page(desk: AtDesk, shop_id: FromPath[int], batch_id: FromPath[int], after: FromQuery[int] = 0, mended: FromQuery[int | None] = None) -> Template:
    """The rows that wait to be mended."""
    return _page(desk, shop_number(shop_id), batch_id, after, mended=mended)


@post("/shops/{shop_id:int}/imports/{batch_id:int}/quarantine/{row_no:int}/correction", sync_to_thread=True)
def mend_row(desk: AtDesk, shop_id: FromPath[int], batch_id: FromPath[int], row_no: FromPath[int], data: URLEncodedBody[dict[str, str]]) -> Redirect | Template:
    """Reads the row again with the cells as they are now."""
    shop = shop_number(shop_id)
    cells = {name.removeprefix(_CELL): value for name, value in data.items() if name.startswith(_CELL)}
    refusal = mend(desk.house, desk.by, shop, batch_id, row_no, cells, desk.now)
    if refusal is None:
        return back_to(f"{batch_path(shop, batch_id)}/quarantine", mended=1)
    return _page(desk, shop, batch_id, row_no - 1, tried=Tried(row_no, cells, refusal))


@post("/shops/{shop_id:int}/imports/{batch_id:int}/quarantine/{row_no:int}/discard", sync_to_thread=True)
def discard_row(desk: AtDesk, shop_id: FromPath[int], batch_id: FromPath[int], row_no: FromPath[int]) -> Redirect:
    """Throws the row away."""
    shop = shop_number(shop_id)
    discard(desk.house, desk.by, shop, batch_id, row_no, desk.now)
    return back_to(f"{batch_path(shop, batch_id)}/quarantine")


def _page(desk: Desk, shop_id: ShopId, batch_id: int, after: int, *, tried: Tried | None = None, mended: int | None = None) -> Template:
    view = batch(desk.house, desk.by, shop_id, batch_id)
    if view is None:
        raise NotFoundException
    rows: tuple[QuarantineRow, ...] = quarantine(desk.house, desk.by, shop_id, batch_id, after=after, limit=_ROWS)
    return desk.page(
        "imports/quarantine.html",
        status=422 if tried else 200,
        batch=view,
        rows=rows,
        telling=_TELLING,
        tried=tried,
        mended=mended,
        path=batch_path(shop_id, batch_id),
        next_after=rows[-1].row_no if len(rows) == _ROWS else None,
        may_write=desk.by.may(Permission.IMPORTS_WRITE, shop_id),
    )
