"""Carriers, traces and regions."""

import msgspec

from zhanggui.emulator.methods.registry import OPEN, ORDER, Call, Success, method
from zhanggui.emulator.moments import china_text
from zhanggui.emulator.wire import errors
from zhanggui.emulator.world.carriers import by_code, carriers, main_carriers
from zhanggui.emulator.world.journeys import NODES, Scan
from zhanggui.emulator.world.places import PLACES
from zhanggui.emulator.world.travel import follow, row_of_number, scans_of
from zhanggui.emulator.world.world import World


class Company(msgspec.Struct, frozen=True):
    """One carrier."""

    id: int
    code: str
    logistics_company: str
    available: int = 1


class Companies(msgspec.Struct, frozen=True):
    """All carriers."""

    logistics_companies: list[Company]


class Node(msgspec.Struct, frozen=True):
    """One scan."""

    action: str
    desc: str
    node_description: str
    status_desc: str
    status_time: str
    time: str


class Trace(msgspec.Struct, frozen=True):
    """All scans of a number, oldest first."""

    trace_list: list[Node]


class Region(msgspec.Struct, frozen=True):
    """One region: 1 province, 2 city, 3 district; the country is parent 1."""

    id: int
    parent_id: int
    region_name: str
    region_type: int
    is_enabled: int = 1


class Regions(msgspec.Struct, frozen=True):
    """All regions."""

    logistics_address_list: list[Region]


class CityCarriers(msgspec.Struct, frozen=True):
    """The carriers worth trying for a city, by their ids."""

    city_id: int
    company_id: list[int]


class Recommended(msgspec.Struct, frozen=True):
    """The same for several cities."""

    result: list[CityCarriers]


@method("pdd.logistics.companies.get", OPEN, needs_token=False)
def companies(call: Call) -> Companies:  # noqa: ARG001  (every method has the same shape)
    """All carriers the platform knows."""
    return Companies([Company(each.id, each.code, each.name, int(each.is_available)) for each in carriers()])


@method("pdd.logistics.available.company.recommend", ORDER)
def recommended(call: Call) -> Recommended:
    """The main carriers, for up to fifty cities."""
    cities = call.args.document("city_id", list[int])
    if len(cities) > 50:
        raise errors.wrong("city_id", "最多50个")
    return Recommended([CityCarriers(city, [each.id for each in main_carriers()]) for city in cities])


@method("pdd.logistics.ordertrace.get", OPEN, needs_token=False)
def order_trace(call: Call) -> Trace:
    """The scans a number has had; asked without a token, so every shop's parcels are looked through."""
    code, number = call.args.text("company_code"), call.args.text("mail_no")
    scans = scans_anywhere(list(call.platform.worlds.values()), code, number)
    if not scans:
        raise errors.business("ISV_TRACK_ERROR", "暂无物流轨迹")
    return Trace([node_of(scan) for scan in scans])


def scans_anywhere(worlds: list[World], code: str, number: str) -> tuple[Scan, ...]:
    """The scans of a number in whichever shop's world it travels; none when the code is another carrier's."""
    for world in worlds:
        row = row_of_number(world, code, number)
        if row is not None and code in by_code() and world.orders.carrier[row] == by_code()[code].id:
            return scans_of(world, row)
    return ()


def node_of(scan: Scan) -> Node:
    """A scan as this method writes it; the words of `action` are our own, none are documented."""
    at = china_text(scan.at)
    return Node(scan.action, scan.text, NODES[scan.action], NODES[scan.action], at, at)


@method("pdd.logistics.isv.trace.notify.sub", OPEN, needs_token=False)
def follow_trace(call: Call) -> Success:
    """Push every further scan of a number."""
    code, number = call.args.text("ship_code"), call.args.text("track_no")
    if code not in by_code():
        raise errors.business("LOGISTICS_COMPANY_NOT_FOUND", f"快递公司不存在:{code}")
    for world in call.platform.worlds.values():
        follow(world, number)
    call.did("trace.followed", number)
    return Success()


@method("pdd.logistics.address.get", OPEN, needs_token=False)
def regions(call: Call) -> Regions:  # noqa: ARG001  (every method has the same shape)
    """Every region our buyers live in, with the country above them."""
    found = {1: Region(1, 0, "中国", 0)}
    for place in PLACES:
        found[place.province_id] = Region(place.province_id, 1, place.province, 1)
        found[place.city_id] = Region(place.city_id, place.province_id, place.city, 2)
        found[place.town_id] = Region(place.town_id, place.city_id, place.town, 3)
    return Regions(list(found.values()))
