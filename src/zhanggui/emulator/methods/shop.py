"""The shop itself, the platform's time, and the daily bill."""

import msgspec

from zhanggui.emulator.methods.registry import OPEN, SHOP, Call, method
from zhanggui.emulator.moments import DAY, china_text, from_iso
from zhanggui.emulator.wire import errors


class Mall(msgspec.Struct, frozen=True):
    """A shop: type 2 is a company's."""

    mall_id: int
    mall_name: str
    mall_desc: str
    logo: str
    merchant_type: int
    mall_character: int


class Time(msgspec.Struct, frozen=True):
    """The platform's time."""

    time: str


class Bill(msgspec.Struct, frozen=True):
    """Where a day's bill is."""

    download_url: str


@method("pdd.mall.info.get", SHOP)
def mall_info(call: Call) -> Mall:
    """The shop in whose name the call came."""
    world = call.world
    return Mall(world.mall_id, world.mall_name, "emulated shop", f"https://img.pddpic.com/mall/{world.mall_id}.png", 2, 0)


@method("pdd.time.get", OPEN, needs_token=False)
def platform_time(call: Call) -> Time:
    """The platform's time in China."""
    return Time(china_text(call.platform.now()))


@method("pdd.finance.balance.daily.bill.url.get", SHOP)
def bill_url(call: Call) -> Bill:
    """Where the bill of a past day can be had, for a year."""
    day = call.args.text("bill_date")
    try:
        begins = from_iso(day)
    except ValueError as failed:
        raise errors.wrong("bill_date", "格式yyyy-MM-dd") from failed
    if not call.world.now - 366 * DAY <= begins <= call.world.now - DAY:
        raise errors.business("BILL_NOT_READY", "账单未生成或已过期")
    return Bill(f"{call.base_url}/_files/bill/{call.world.mall_id}/{day}.zip")
