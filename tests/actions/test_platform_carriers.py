"""The platform's own list of carriers: read once a day, believed only whole, and gone by for names, traces and shipping."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest

from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.emulator.caller import YTO, ZTO, quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide
from zhanggui.actions.platform_carriers import carriers_now, read_carriers
from zhanggui.actions.syncing import read_again
from zhanggui.connectors.pdd.carriers import usual_carriers
from zhanggui.connectors.pdd.logistics import COMPANIES
from zhanggui.core.acts import ActKind, ActLevel, Ship
from zhanggui.core.facts import FurtherParcel, ParcelKind
from zhanggui.emulator.world.carriers import Carrier, carriers
from zhanggui.records import platform_troubles
from zhanggui.records.db import transact

UPLOAD = ActKind.SHIP_UPLOAD
NEW, NEW_NAME, CEASED = 901, "丹鸟快递", "如风达"
EARLIER, LATER = 281, 357
FIRST, SECOND = "DN7600000000001", "DN7600000000002"


@pytest.fixture
def door(house: House, people: Cast) -> Iterator[Door]:
    with running(quiet()) as platform:
        yield Door(house, people.lin, people.shop_id, platform)


def reads(door: Door) -> int:
    """How often the platform was asked for its list, once the chore has been done."""
    read_carriers(door.house, door.now, door.wall)
    return len(door.platform.ledger(method=COMPANIES))


def troubles(door: Door) -> list[tuple[str, str]]:
    """What the Settings page tells of it."""
    with door.house.pool.connection() as tx:
        return [(each.method, each.told) for each in platform_troubles.newest(tx, door.shop_id, 10)]


def lists(monkeypatch: pytest.MonkeyPatch, *those: Carrier) -> None:
    """Has the platform list these carriers."""
    monkeypatch.setattr("zhanggui.emulator.methods.logistics.carriers", lambda: those)


def carrier_of(door: Door, order_no: str) -> str | None:
    return door.our_orders()[order_no].carrier


def sends(door: Door, order_no: str, carrier: str) -> tuple[str, str]:
    """The order shipped with this carrier by a person: how the act ended, and why."""
    door.put(UPLOAD, ActLevel.SUGGEST)
    ship = Ship(order_no=order_no, tracking_no=SECOND, carrier=carrier)
    act_no = transact(door.house.pool, lambda tx: decide(tx, door.house, door.by, door.shop_id, ship, door.now))
    door.works()
    return door.act(act_no).state, door.act(act_no).because or ""


def test_it_is_read_once_a_day(door: Door) -> None:
    times = [reads(door), reads(door)]
    door.later(timedelta(days=1))
    times.append(reads(door))

    assert times == [1, 1, 2]
    assert len(carriers_now(door.house).by_id) == len(carriers())
    assert carriers_now(door.house).by_name[NEW_NAME].id == str(NEW)


def test_a_house_without_a_connection_goes_on_with_the_usual_ones(house: House, door: Door) -> None:
    with house.pool.connection() as tx:
        tx.execute("update connections set state = 'lapsed'")

    assert reads(door) == 0
    assert carriers_now(house) is usual_carriers()


def test_a_failure_leaves_the_last_list_and_is_told(door: Door) -> None:
    reads(door)
    door.later(timedelta(days=1))
    door.platform.mood(name="failing", server_error=1.0)
    reads(door)
    door.platform.mood(name="fair")

    assert [method for method, _ in troubles(door)] == [COMPANIES]
    assert carriers_now(door.house).by_name[NEW_NAME].id == str(NEW)
    assert reads(door) == len(door.platform.ledger(method=COMPANIES)) == 3


@pytest.mark.parametrize("told", [0, 5, 28])
def test_a_list_that_was_cut_off_is_not_believed(door: Door, monkeypatch: pytest.MonkeyPatch, told: int) -> None:
    lists(monkeypatch, *carriers()[:told])
    reads(door)
    never = carriers_now(door.house) is usual_carriers()
    monkeypatch.undo()
    reads(door)
    whole = carriers_now(door.house)
    door.later(timedelta(days=1))
    lists(monkeypatch, *carriers()[:told])
    reads(door)

    assert never
    assert carriers_now(door.house) == whole
    assert troubles(door) == [(COMPANIES, f"{told} carriers available")]


def test_a_list_in_which_hardly_any_carrier_is_available_is_not_believed(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    lists(monkeypatch, *(msgspec.structs.replace(each, is_available=each.is_main) for each in carriers()))
    reads(door)

    assert carriers_now(door.house) is usual_carriers()


def test_an_order_sent_elsewhere_with_a_carrier_that_only_the_platform_knows_is_traced_at_once_and_named_when_it_is_seen_again(door: Door) -> None:
    (order_no,) = door.orders()
    door.platform.ship(order_no, FIRST, NEW)
    read_again(door.house, door.shop_id, "order", order_no, door.now, door.wall)
    before = carrier_of(door, order_no), read_again(door.house, door.shop_id, "parcel", FIRST, door.now, door.wall)
    reads(door)
    door.later(timedelta(days=2))

    is_traced = read_again(door.house, door.shop_id, "parcel", FIRST, door.now, door.wall)
    still = carrier_of(door, order_no)
    read_again(door.house, door.shop_id, "order", order_no, door.now, door.wall)

    assert before == (f"logistics_id {NEW}", False)
    assert (is_traced, still, carrier_of(door, order_no)) == (True, f"logistics_id {NEW}", NEW_NAME)


def test_windows_name_the_carriers_of_orders_and_of_parcels_beside_them(door: Door) -> None:
    order_no, usual = door.orders(2)
    door.platform.ship(order_no, FIRST, NEW)
    door.platform.ship(usual, "YT7600000000001")
    tracks = [{"shipping_id": NEW, "tracking_number": SECOND}, {"shipping_id": YTO, "tracking_number": "YT7600000000002"}]
    door.platform.call("pdd.order.upload.extra.logistics", order_sn=order_no, extra_track_list=tracks, extra_track_type=1)
    reads(door)
    door.goes_back(orders=0.2, refunds=0.2)

    door.settle()

    assert (carrier_of(door, order_no), carrier_of(door, usual)) == (NEW_NAME, "圆通快递")
    assert door.our_orders()[order_no].further_parcels == (
        FurtherParcel(ParcelKind.EXTRA, NEW_NAME, SECOND),
        FurtherParcel(ParcelKind.EXTRA, "圆通快递", "YT7600000000002"),
    )


def test_of_two_carriers_that_share_a_name_of_ours_each_goes_by_its_own_of_the_list(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = door.orders(2)
    lists(monkeypatch, *(msgspec.structs.replace(each, name="京广速递大件") if each.id == LATER else each for each in carriers()))
    for order_no, carrier_id, number in ((first, EARLIER, FIRST), (second, LATER, SECOND)):
        door.platform.ship(order_no, number, carrier_id)
    reads(door)

    for order_no in (first, second):
        read_again(door.house, door.shop_id, "order", order_no, door.now, door.wall)

    assert (carrier_of(door, first), carrier_of(door, second)) == ("京广速递", "京广速递大件")


@pytest.mark.parametrize("name", ["中通", "zto", "中通快递"])
def test_it_ships_with_the_carrier_that_a_word_of_the_desk_means(door: Door, name: str) -> None:
    (order_no,) = door.orders()

    assert sends(door, order_no, name)[0] == "carried_out"
    assert door.platform.order(order_no)["logistics_id"] == ZTO


def test_it_ships_with_a_carrier_that_only_the_platform_knows(door: Door) -> None:
    first, second = door.orders(2)
    early = sends(door, first, NEW_NAME)
    reads(door)

    late = sends(door, second, NEW_NAME)

    assert (early[0], late[0]) == ("needs_person", "carried_out")
    assert (door.platform.order(second)["logistics_id"], door.platform.order(second)["tracking_number"]) == (NEW, SECOND)
    assert door.told(UPLOAD) == 1


@pytest.mark.parametrize("name", [CEASED, "天天快递"])
def test_it_refuses_what_is_not_available_any_more_before_it_is_sent(door: Door, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    lists(monkeypatch, *(each for each in carriers() if each.name != "天天快递"))
    reads(door)

    state, because = sends(door, door.orders()[0], name)

    assert state == "needs_person"
    assert "takes no parcels of {carrier} any more" in because
    assert name in because
    assert door.told(UPLOAD) == 0
