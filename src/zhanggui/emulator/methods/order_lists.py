"""Orders by the time they were formed, and by the time they last changed; newest first, a page at a time."""

from bisect import bisect_left, bisect_right
from itertools import compress, islice

import msgspec
from msgspec import UNSET, UnsetType

from zhanggui.emulator.methods.order_shape import order_json
from zhanggui.emulator.methods.registry import ORDER, Call, method
from zhanggui.emulator.moments import DAY, MINUTE
from zhanggui.emulator.wire import errors
from zhanggui.emulator.world.orders import LUCKY, codes_of
from zhanggui.emulator.world.updates import mask_for

ORDER_STATUSES, REFUND_STATUSES = (1, 2, 3, 5), (1, 2, 3, 4, 5)


class OrderList(msgspec.Struct, frozen=True):
    """A page by forming time."""

    order_list: list[msgspec.Raw]
    has_next: bool
    total_count: int | UnsetType = UNSET


class ChangedOrders(msgspec.Struct, frozen=True):
    """A page by time of change."""

    order_sn_list: list[msgspec.Raw]
    has_next: bool
    total_count: int | UnsetType = UNSET


@method("pdd.order.list.get", ORDER)
def order_list(call: Call) -> OrderList:
    """The orders formed in a window of at most a day."""
    return _formed(call, with_buyer=True)


@method("pdd.order.basic.list.get", ORDER)
def order_basic_list(call: Call) -> OrderList:
    """The same, without anything about buyers."""
    return _formed(call, with_buyer=False)


def _formed(call: Call, *, with_buyer: bool) -> OrderList:
    """A page of the orders formed in the window asked for."""
    world, args = call.world, call.args
    begins, ends = args.window("start_confirm_at", "end_confirm_at", DAY, "成交时间跨度不能超过24小时")
    if begins < world.now - (call.platform.scenario.reading.horizon_days + 1) * DAY:
        raise errors.wrong("start_confirm_at", "只能查询最近三个月的订单")
    status, refund = args.among("order_status", ORDER_STATUSES), args.among("refund_status", REFUND_STATUSES)
    page = args.page()
    low = bisect_left(world.orders.formed_at, begins)
    high = bisect_right(world.orders.formed_at, min(ends, world.now - call.lag))
    chosen = _chosen(call, low, high, status, refund)
    total = chosen.count(1)
    rows = list(islice(compress(range(high - 1, low - 1, -1), chosen), page.begins, page.begins + page.size))
    listed = [order_json(world, row, with_buyer=with_buyer) for row in rows]
    return OrderList(listed, total > page.begins + len(rows), UNSET if page.only_has_next else total)


def _chosen(call: Call, low: int, high: int, status: int, refund: int) -> bytes:
    """For each row of a stretch, newest first, 1 when it fits the filters: worked out on whole stretches of bytes."""
    if high <= low:
        return b""
    orders = call.world.orders
    statuses = bytes(orders.status[low:high])[::-1].translate(mask_for(bytes(ORDER_STATUSES) if status == 5 else bytes([status])))
    refunds = bytes(orders.refund[low:high])[::-1].translate(mask_for(bytes(REFUND_STATUSES) if refund == 5 else bytes([refund])))
    both = int.from_bytes(statuses, "big") & int.from_bytes(refunds, "big")
    return both.to_bytes(high - low, "big")


@method("pdd.order.number.list.increment.get", ORDER)
def changed_orders(call: Call) -> ChangedOrders:
    """The orders that changed in a window of at most half an hour, as they are now."""
    world, args = call.world, call.args
    begins, ends = args.window("start_updated_at", "end_updated_at", 30 * MINUTE, "更新时间跨度不能超过30分钟")
    lucky = args.among("is_lucky_flag", (0, 1, 2))
    codes = codes_of(args.among("order_status", ORDER_STATUSES), args.among("refund_status", REFUND_STATUSES))
    page = args.page()
    begins = max(begins, world.now - call.platform.scenario.reading.horizon_days * DAY)
    stretch = world.order_log.window(begins, min(ends, world.now - call.lag))
    if lucky:
        found = world.order_log.newest_first(stretch, codes, 0, stretch[1] - stretch[0])
        fitting = [row for row in found if world.orders.has(row, LUCKY) == (lucky == 2)]
        total, rows = len(fitting), fitting[page.begins : page.begins + page.size]
    else:
        total = world.order_log.count(stretch, codes)
        rows = world.order_log.newest_first(stretch, codes, page.begins, page.size)
    listed = [order_json(world, row) for row in rows]
    return ChangedOrders(listed, total > page.begins + len(rows), UNSET if page.only_has_next else total)
