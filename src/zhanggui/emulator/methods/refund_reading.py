"""Cases read: by state in windows of half an hour, one in detail, and whether orders have one open."""

import msgspec

from zhanggui.emulator.methods.order_single import numbers_of
from zhanggui.emulator.methods.refund_shape import RefundDetail, RefundItem, pictures_of, refund_detail, refund_item
from zhanggui.emulator.methods.registry import REFUND, Call, method
from zhanggui.emulator.moments import DAY, MINUTE
from zhanggui.emulator.wire import errors
from zhanggui.emulator.world.cases import DOCUMENTED, LIST_CODING
from zhanggui.emulator.world.places import PLACES

ALL_TYPES = 1


class Refunds(msgspec.Struct, frozen=True):
    """A page of cases."""

    refund_list: list[RefundItem]
    total_count: int


class Numbered(msgspec.Struct, frozen=True):
    """An order by its number."""

    order_sn: str


class Checks(msgspec.Struct, frozen=True):
    """The orders that have an open case."""

    order_sns_exists_refund: list[Numbered]


class Pictures(msgspec.Struct, frozen=True):
    """The pictures of one case."""

    images: list[str]


class RefundAddress(msgspec.Struct, frozen=True):
    """Where returns may go."""

    id: int
    refund_address_id: int
    refund_name: str
    refund_phone: str
    refund_tel: str
    province_id: int
    province_name: str
    city_id: int
    city_name: str
    district_id: int
    district_name: str
    refund_address: str
    is_default: str
    is_validated: int
    is_legal: int
    mall_id: int


class RefundAddresses(msgspec.Struct, frozen=True):
    """All such addresses."""

    refund_address_list: list[RefundAddress]


@method("pdd.refund.list.increment.get", REFUND)
def refund_list(call: Call) -> Refunds:
    """The cases in one state that changed in the window; with an order number, that order's cases whatever their state."""
    world, args = call.world, call.args
    begins, ends = args.window("start_updated_at", "end_updated_at", 30 * MINUTE, "更新时间跨度不能超过30分钟")
    status = args.among("after_sales_status", DOCUMENTED)
    kind = args.among("after_sales_type", (ALL_TYPES, *LIST_CODING.values()))
    page, order_sn = args.page(), args.text("order_sn", "")
    if order_sn:
        found = world.orders.cases.get(call.row(order_sn), [])[::-1]
        cases = [case for case in map(world.cases.get, found) if case is not None]
    elif not status:
        cases = []
    else:
        stretch = world.case_log.window(max(begins, world.now - call.platform.scenario.reading.horizon_days * DAY), min(ends, world.now - call.lag))
        places = world.case_log.newest_first(stretch, bytes([status]), 0, stretch[1] - stretch[0])
        cases = [world.cases.at(place) for place in places]
        cases = [case for case in cases if kind in (ALL_TYPES, LIST_CODING[case.kind])]
    listed = cases[page.begins : page.begins + page.size]
    return Refunds([refund_item(world, case) for case in listed], len(cases))


@method("pdd.refund.information.get", REFUND)
def refund_information(call: Call) -> RefundDetail:
    """One case in detail, its fields at the top; the newest one when no case is named."""
    world, order_sn = call.world, call.args.text("order_sn")
    row = call.row(order_sn)
    ident = call.args.integer("after_sales_id", 0) or (world.orders.cases.get(row) or [0])[-1]
    if not ident:
        raise errors.business("AFTER_SALES_NOT_FOUND", "订单没有售后单")
    return refund_detail(world, call.case(ident, order_sn))


@method("pdd.refund.images.get", REFUND)
def refund_images(call: Call) -> Pictures:
    """The pictures a buyer handed in with a request; names of its fields are our guess, only that it exists is known."""
    return Pictures(pictures_of(call.case(call.args.integer("after_sales_id"), call.args.text("order_sn"))))


@method("pdd.refund.status.check", REFUND)
def refund_check(call: Call) -> Checks:
    """Which of these orders have an open case: the last look before shipping."""
    world, found = call.world, []
    for order_sn in numbers_of(call, "order_sns"):
        row = world.row_of(order_sn)
        idents = world.orders.cases.get(row, []) if row is not None else []
        if any(case.is_open for case in map(world.cases.get, idents) if case is not None):
            found.append(Numbered(order_sn))
    return Checks(found)


@method("pdd.refund.address.list.get", REFUND)
def refund_addresses(call: Call) -> RefundAddresses:
    """Where returns may go: the warehouse, and a second address."""
    place, mall = PLACES[2], call.world.mall_id
    rooms = (("北苑街道拥军路88号3号楼", "1"), ("后宅街道四季路12号", "0"))
    found = [
        RefundAddress(
            number, mall % 1_000_000 * 10 + number, "售后部", "13800000000", "", place.province_id, place.province, place.city_id, place.city,
            place.town_id, place.town, room, default, 1, 1, mall,
        )
        for number, (room, default) in enumerate(rooms, 1)
    ]  # fmt: skip
    return RefundAddresses(found)
