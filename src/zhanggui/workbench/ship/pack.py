"""The packing check: one field that everything is scanned into, and an answer that can be read from two metres away."""

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Template
from litestar.status_codes import HTTP_200_OK

from zhanggui import clock
from zhanggui.actions.access import ShopInfo
from zhanggui.actions.shipdesk.packing import BLANK, Check, Packer, scan, taken_out
from zhanggui.core.batches.packing import HEAVIEST_G, Tone
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, number_in, shop_number
from zhanggui.workbench.places import order_path

_MOST_LINES = 200


class PackForm(msgspec.Struct, frozen=True):
    """What was scanned, and what the page carries from scan to scan."""

    scanned: str = ""
    code: str = ""
    counts: str = ""
    weight: str = ""
    weighs: str = ""
    force: str = ""
    by_eye: str = ""
    """The number of a line of which one piece was counted by eye."""
    undo: str = ""
    """The orders of a parcel that is not packed after all."""
    close: str = ""
    """One of several parcels of an order is full."""
    begin: str = ""
    """Leave this parcel and begin another."""


@get("/ship/pack", sync_to_thread=True)
def pack_page(desk: AtDesk, shop: FromQuery[str] = "", weighs: FromQuery[str] = "") -> Template:
    """The empty bench."""
    shops = desk.shops(Permission.SHIPPING_WRITE)
    named = desk.chosen(shops, shop)
    if not shops:
        return desk.page("ship/none.html", here="pack")
    chosen = named or shops[0]
    return _page(desk, chosen, Check(packer=Packer(weighs=bool(weighs)), tone=Tone.CALM, said=BLANK))


@post("/shops/{shop_id:int}/ship/pack", sync_to_thread=True, status_code=HTTP_200_OK)
def put_scan(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[PackForm]) -> Template:
    """Takes one scan, and answers with the bench as it stands then."""
    shop = desk.by.need(Permission.SHIPPING_WRITE, shop_number(shop_id))
    packer = Packer(code=data.code.strip(), counts=_counts(data.counts), weight_g=_grams(data.weight), weighs=bool(data.weighs))
    undone = data.undo.split()
    chosen = desk.chosen(desk.shops(Permission.SHIPPING_WRITE), str(shop))
    if undone:
        taken_out(desk.house, desk.by, shop, undone, desk.now)
        return _page(
            desk,
            chosen,
            Check(packer=Packer(weighs=packer.weighs), tone=Tone.WARN, said=say("Taken back; it is not packed. Scan its waybill to check it again.")),
        )
    if data.begin:
        return _page(desk, chosen, Check(packer=Packer(weighs=packer.weighs), tone=Tone.CALM, said=BLANK))
    return _page(
        desk,
        chosen,
        scan(desk.house, desk.by, shop, packer, data.by_eye or data.scanned, desk.now, clock.unwound(), force=bool(data.force), close=bool(data.close)),
    )


def _page(desk: Desk, shop: ShopInfo | None, check: Check) -> Template:
    template = "ship/bench.html" if desk.is_fragment else "ship/pack.html"
    return desk.page(template, here="pack", shops=desk.shops(Permission.SHIPPING_WRITE), shop=shop, check=check, order_path=order_path)


def _counts(text: str) -> tuple[int, ...]:
    """The pieces counted so far; anything that the page never wrote counts as none."""
    parts = text.split(",") if text else []
    numbers = [number_in(part) for part in parts[:_MOST_LINES]]
    return () if None in numbers else tuple(number for number in numbers if number is not None)


def _grams(text: str) -> int | None:
    grams = number_in(text)
    return grams if grams is not None and 0 < grams <= HEAVIEST_G else None
