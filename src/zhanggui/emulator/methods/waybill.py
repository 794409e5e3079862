"""Electronic waybills: accounts, taking numbers, changing, giving back, asking for them."""

import base64
import hashlib

import msgspec

from zhanggui.emulator.methods.registry import WAYBILL, Call, method
from zhanggui.emulator.methods.waybill_shapes import (
    Application,
    Asked,
    Branch,
    Cancelled,
    Document,
    Module,
    Modules,
    PrintData,
    Subscription,
    Subscriptions,
    Update,
)
from zhanggui.emulator.wire import errors
from zhanggui.emulator.world.carriers import Carrier, by_code, fresh_number, main_carriers
from zhanggui.emulator.world.waybills import Waybill
from zhanggui.emulator.world.world import World

MOST_DOCUMENTS, MOST_ORDERS = 10, 100


def carrier_of(code: str) -> Carrier:
    """The carrier with this code, if waybills of it can be had."""
    carrier = by_code().get(code)
    if carrier is None or not carrier.is_main:
        raise errors.business("WAYBILL_NOT_SUBSCRIBED", f"未开通该快递公司电子面单:{code}")
    return carrier


@method("pdd.waybill.search", WAYBILL)
def search(call: Call) -> Subscriptions:
    """The accounts of the shop, at one carrier or at all."""
    wanted, waybills = call.args.text("wp_code", ""), call.world.waybills
    found = []
    for carrier in main_carriers():
        if wanted in ("", carrier.code):
            used, given_back = waybills.taken.get(carrier.code, 0), waybills.cancelled.get(carrier.code, 0)
            branch = Branch(f"{carrier.code}579", f"{carrier.name}义乌北苑网点", waybills.left(carrier.code), used, given_back)
            found.append(Subscription(carrier.code, 2, [branch]))
    return Subscriptions(found)


@method("pdd.waybill.get", WAYBILL)
def get(call: Call) -> Modules:
    """Take numbers; the same object for the same orders gets the same number again."""
    asked = call.args.document("param_waybill_cloud_print_apply_new_request", Application)
    carrier, world = carrier_of(asked.wp_code), call.world
    if not 1 <= len(asked.trade_order_info_dtos) <= MOST_DOCUMENTS:
        raise errors.wrong("trade_order_info_dtos", f"数量1~{MOST_DOCUMENTS}")
    for document in asked.trade_order_info_dtos:
        _check_document(call, document)
    return Modules([module_of(world, _taken(call, carrier, document)) for document in asked.trade_order_info_dtos])


def _check_document(call: Call, document: Document) -> None:
    """Refuse a document for foreign orders, or without a receiver."""
    numbers = document.order_info.trade_order_list
    if not 1 <= len(numbers) <= MOST_ORDERS:
        raise errors.wrong("trade_order_list", f"数量1~{MOST_ORDERS}")
    if document.order_info.order_channels_type == "PDD":
        for order_sn in numbers:
            call.row(order_sn)
    if not document.recipient.get("name") or not document.recipient.get("address"):
        raise errors.wrong("recipient", "收件人信息不能为空")


def _taken(call: Call, carrier: Carrier, document: Document) -> Waybill:
    """The number for a document: the one taken before, or a fresh one."""
    world, orders = call.world, tuple(document.order_info.trade_order_list)
    held = world.waybills.for_purpose(carrier.code, document.object_id, orders)
    if held is not None and not call.platform.temper.strikes("waybill_doubled"):
        return held
    if world.waybills.left(carrier.code) <= 0:
        raise errors.business("WAYBILL_BALANCE_NOT_ENOUGH", f"电子面单余额不足:{carrier.name}")
    serial = 9_000_000 + sum(world.waybills.taken.values())
    waybill = Waybill(fresh_number(carrier, world.seed, serial), carrier.code, document.object_id, orders, world.now, document.template_url)
    world.waybills.keep(waybill)
    call.did("waybill.taken", waybill.number)
    return waybill


@method("pdd.waybill.update", WAYBILL)
def update(call: Call) -> Module:
    """Change what is printed under a number."""
    asked = call.args.document("param_waybill_cloud_print_update_request", Update)
    waybill = _standing(call.world, asked.wp_code, asked.waybill_code)
    waybill.version += 1
    waybill.template = asked.template_url or waybill.template
    call.did("waybill.updated", waybill.number)
    return module_of(call.world, waybill)


@method("pdd.waybill.cancel", WAYBILL)
def cancel(call: Call) -> Cancelled:
    """Give a number back."""
    waybill = _standing(call.world, call.args.text("wp_code"), call.args.text("waybill_code"))
    if waybill.number in call.world.parcels:
        raise errors.business("WAYBILL_ALREADY_USED", "面单号已发货，不能取消")
    call.world.waybills.cancel(waybill)
    call.did("waybill.cancelled", waybill.number)
    return Cancelled(cancel_result=True)


@method("pdd.waybill.query.by.waybillcode", WAYBILL)
def query(call: Call) -> Modules:
    """What is printed under some numbers."""
    found = [call.world.waybills.by_number.get((each.wp_code, each.waybill_code)) for each in call.args.document("param_list", list[Asked])]
    return Modules([module_of(call.world, waybill) for waybill in found if waybill is not None and not waybill.is_cancelled])


def _standing(world: World, code: str, number: str) -> Waybill:
    """A number that was taken and not given back."""
    waybill = world.waybills.by_number.get((code, number))
    if waybill is None or waybill.is_cancelled:
        raise errors.business("WAYBILL_NOT_FOUND", f"面单号不存在或已取消:{number}")
    return waybill


def module_of(world: World, waybill: Waybill) -> Module:
    """A number with its print data: a JSON text inside the JSON."""
    digest = hashlib.sha256(f"{world.seed}/{waybill.number}/{waybill.version}".encode()).digest()
    data = PrintData(base64.b64encode(digest * 4).decode(), f"MD:{digest[:16].hex()}", waybill.template, "3", world.mall_id)
    return Module(waybill.number, msgspec.json.encode(data).decode(), waybill.object_id)
