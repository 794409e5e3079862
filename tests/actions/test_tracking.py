"""Parcels asked about at a tracking service: for shops without a connection, in place of the platform where it cannot be asked, never too often."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.cases.telling import case_told, order_told, platform_tells
from tests.cast import Cast
from tests.connected import connect
from tests.emulator.caller import DAY, SF, Caller, quiet, running
from tests.worker.desk import START, at_the_platforms_hour
from zhanggui import clock
from zhanggui.actions import importing
from zhanggui.actions.chores import watch_parcels
from zhanggui.actions.connections import disconnect
from zhanggui.actions.hints import note
from zhanggui.actions.house import House
from zhanggui.actions.lanes import ShopRests
from zhanggui.actions.marks import mark_done
from zhanggui.actions.platform import NotConnected
from zhanggui.actions.reading_again import read_hints
from zhanggui.actions.refused import Refused
from zhanggui.actions.syncing import read_again
from zhanggui.actions.trackers import NewTracker, TrackerView, keep_tracker, take_tracker_away, trackers_seen
from zhanggui.connectors.carriers.errors import TrackerError
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.facts import AftersaleKind, AftersaleState, ScanStage
from zhanggui.people.permissions import NotAllowed, ShopId, operator

NUMBER, FOREIGN = "YT7600000000001", "YT7600000000009"
HEADER = "订单号,订单状态,用户实付金额(元),商品数量(件),订单成交时间,承诺发货时间,发货时间,快递单号,快递公司,收货人,手机"
LATER = timedelta(days=8)


@pytest.fixture
def platform(house: House) -> Iterator[Caller]:
    with running(quiet()) as caller, at_the_platforms_hour(house):
        yield caller


@pytest.fixture
def travelled(platform: Caller) -> str:
    """The order whose parcel has arrived."""
    (order_no,) = platform.new_orders()
    platform.ship(order_no, NUMBER)
    platform.step(8 * DAY)
    return order_no


def bring(house: House, people: Cast, folder: Path, order_no: str, number: str = NUMBER, carrier: str = "圆通快递") -> None:
    """Import the order by file, as a shop without keys does."""
    sent = f"2026-03-02 09:00:00,2026-03-04 09:00:00,2026-03-02 12:00:00,{number},{carrier},张*,138****5678"
    file = folder / "orders.csv"
    file.write_text(f"{HEADER}\n{order_no},已发货，待收货,10.00,1,{sent}\n", "utf-8")
    batch = importing.preview(house, people.lin, people.shop_id, [file], START, as_of=START)
    importing.confirm(house, people.lin, people.shop_id, batch.batch_id, START)


def name(house: House, people: Cast, platform: Caller, service: str = "kuaidi100", key: str = "", **more: object) -> None:
    """Name the emulator's own endpoints as the shop's tracking service."""
    path = "/poll/query.do" if service == "kuaidi100" else "/Ebusiness/EbusinessOrderHandle.aspx"
    new = NewTracker(
        service=service,
        account=platform.line.client_id,
        key=key or platform.line.client_secret,
        address=platform.base + path,
        **more,  # type: ignore[arg-type]
    )
    keep_tracker(house, operator(), people.shop_id, new, clock.now())


def seen(house: House, people: Cast, wall: datetime | None = None) -> TrackerView:
    """The account that is used."""
    return trackers_seen(house, people.lin, people.shop_id, wall or clock.unwound())[0]


def scans(house: House, shop_id: ShopId) -> list[str]:
    """The stages we hold, oldest first."""
    with house.pool.connection() as tx:
        return [stage for (stage,) in tx.execute("select stage from scans where shop_id = %s order by at", (shop_id,))]


def batches_of(house: House, shop_id: ShopId) -> dict[str, str]:
    """The standing batches of the shop: their profiles and states."""
    with house.pool.connection() as tx:
        return dict(tx.execute("select profile, state from batches where shop_id = %s and state = 'standing'", (shop_id,)).fetchall())


@pytest.mark.parametrize("service", ["kuaidi100", "kdniao", "kdniao_8001"])
def test_a_shop_without_keys_learns_what_became_of_its_parcel(
    house: House, people: Cast, platform: Caller, travelled: str, tmp_path: Path, service: str
) -> None:
    bring(house, people, tmp_path, travelled)
    name(house, people, platform, service)

    is_told = read_again(house, people.shop_id, "parcel", NUMBER, START + LATER, clock.unwound())

    stages = scans(house, people.shop_id)
    assert is_told
    assert (stages[0], stages[-1]) == (ScanStage.PICKED_UP.value, ScanStage.DELIVERED.value)
    assert batches_of(house, people.shop_id) == {"tracked": "standing"}
    assert (seen(house, people).calls_today, seen(house, people).problem) == (1, None)


def test_the_journal_says_that_a_tracking_service_confirmed_what_was_said_to_be_done(
    house: House, people: Cast, platform: Caller, travelled: str, tmp_path: Path
) -> None:
    bring(house, people, tmp_path, travelled)
    name(house, people, platform)
    mark_done(house, people.lin, people.shop_id, Subject(SubjectKind.ORDER, travelled), DeadlineKind.PICKUP_BY, now=START)

    read_again(house, people.shop_id, "parcel", NUMBER, START + LATER, clock.unwound())

    with house.pool.connection() as tx:
        entries = [str(data) for (data,) in tx.execute("select data from journal where shop_id = %s and kind = 'mark_confirmed'", (people.shop_id,))]
    assert len(entries) == 1
    assert "'by_tracker': True" in entries[0]


def test_asked_twice_it_is_stored_once(house: House, people: Cast, platform: Caller, travelled: str, tmp_path: Path) -> None:
    bring(house, people, tmp_path, travelled)
    name(house, people, platform)

    for _ in range(2):
        read_again(house, people.shop_id, "parcel", NUMBER, START + LATER, clock.unwound())
        held = scans(house, people.shop_id)

    assert held == scans(house, people.shop_id)
    with house.pool.connection() as tx:
        told = tx.execute("select count(*) from sightings where shop_id = %s and kind = 'scan'", (people.shop_id,)).fetchone()
    assert told == (len(held),)


def test_the_silent_parcels_of_a_shop_without_keys_are_asked_about(house: House, people: Cast, platform: Caller, travelled: str, tmp_path: Path) -> None:
    bring(house, people, tmp_path, travelled)
    name(house, people, platform)
    now, wall = START + timedelta(days=2), clock.unwound()

    watch_parcels(house, now, wall)
    did = read_hints(house, people.shop_id, START + LATER, wall + timedelta(hours=13), "a worker")

    assert did
    assert scans(house, people.shop_id)[-1] == "delivered"


def test_an_awaited_return_is_asked_about_once_a_day(house: House, people: Cast, platform: Caller, travelled: str) -> None:
    assert travelled
    name(house, people, platform)
    now, wall = START + timedelta(days=2), clock.unwound()
    back = {"kind": AftersaleKind.RETURN_AND_REFUND, "state": AftersaleState.SELLER_TO_RECEIVE, "return_tracking_no": NUMBER, "return_carrier": "圆通快递"}
    platform_tells(house, people.shop_id, [order_told(START, tracking_no="YT7600000000077"), case_told(now, **back)], now)

    watch_parcels(house, now, wall)
    did = read_hints(house, people.shop_id, START + LATER, wall + timedelta(hours=25), "a worker")

    assert did
    assert scans(house, people.shop_id)[-1] == "delivered"
    watch_parcels(house, START + LATER, wall)
    with house.pool.connection() as tx:
        again = tx.execute("select count(*) from hints where shop_id = %s and no = %s", (people.shop_id, NUMBER)).fetchone()
    assert again == (0,), "it is here"


def test_without_a_tracker_the_silent_parcels_wait_for_files(house: House, people: Cast, platform: Caller, travelled: str, tmp_path: Path) -> None:
    bring(house, people, tmp_path, travelled)

    watch_parcels(house, START + timedelta(days=2), clock.unwound())

    assert not read_hints(house, people.shop_id, START + LATER, clock.unwound() + timedelta(hours=13), "a worker")
    with pytest.raises(NotConnected):
        read_again(house, people.shop_id, "parcel", NUMBER, START + LATER, clock.unwound())


def test_a_connected_shop_asks_the_platform_and_pays_nobody(house: House, people: Cast, platform: Caller, travelled: str) -> None:
    connect(house, people.shop_id, platform)
    name(house, people, platform)
    read_again(house, people.shop_id, "order", travelled, clock.now() + LATER, clock.unwound())

    read_again(house, people.shop_id, "parcel", NUMBER, clock.now() + LATER, clock.unwound())

    assert scans(house, people.shop_id)[-1] == "delivered"
    assert seen(house, people).calls_today == 0
    assert platform.ledger(method="kuaidi100.query") == []


def test_a_shop_whose_connection_is_gone_asks_the_tracker_instead(house: House, people: Cast, platform: Caller, travelled: str) -> None:
    connect(house, people.shop_id, platform)
    name(house, people, platform)
    read_again(house, people.shop_id, "order", travelled, clock.now() + LATER, clock.unwound())
    disconnect(house, people.lin, people.shop_id, clock.now())

    assert read_again(house, people.shop_id, "parcel", NUMBER, clock.now() + LATER, clock.unwound())
    assert (scans(house, people.shop_id)[-1], seen(house, people).calls_today) == ("delivered", 1)


def test_a_days_questions_are_never_more_than_may_be(house: House, people: Cast, platform: Caller, travelled: str, tmp_path: Path) -> None:
    bring(house, people, tmp_path, travelled)
    name(house, people, platform, daily_cap=2)
    wall = clock.unwound()

    told = [read_again(house, people.shop_id, "parcel", NUMBER, START + LATER, wall) for _ in range(4)]
    tomorrow = read_again(house, people.shop_id, "parcel", NUMBER, START + LATER, wall + timedelta(days=1))

    assert (told, tomorrow) == ([True, True, False, False], True)
    assert len(platform.ledger(method="kuaidi100.query")) == 3
    assert (seen(house, people, wall + timedelta(days=1)).calls_today, seen(house, people, wall + timedelta(days=2)).calls_today) == (1, 0)


def test_after_a_refused_key_no_further_parcel_is_paid_for(house: House, people: Cast, platform: Caller, travelled: str, tmp_path: Path) -> None:
    bring(house, people, tmp_path, travelled)
    name(house, people, platform, key="a-wrong-key-of-ours")
    wall = clock.unwound()

    with pytest.raises(TrackerError):
        read_again(house, people.shop_id, "parcel", NUMBER, START + LATER, wall)
    again = read_again(house, people.shop_id, "parcel", NUMBER, START + LATER, wall + timedelta(minutes=59))

    problem = seen(house, people, wall).problem
    assert (again, len(platform.ledger(method="kuaidi100.query"))) == (False, 1)
    assert problem is not None
    assert problem.slots["reason"] == "503 验证签名失败"
    name(house, people, platform)
    assert read_again(house, people.shop_id, "parcel", NUMBER, START + LATER, wall + timedelta(minutes=59))
    assert seen(house, people, wall).problem is None


def test_a_trackers_trouble_lets_nothing_else_of_the_shop_rest(house: House, people: Cast, platform: Caller, travelled: str, tmp_path: Path) -> None:
    bring(house, people, tmp_path, travelled)
    name(house, people, platform, key="a-wrong-key-of-ours")
    wall = clock.unwound()
    with house.pool.connection() as tx:
        note(tx, people.shop_id, "parcel", NUMBER, wall, "asked")

    try:
        read_hints(house, people.shop_id, START + LATER, wall, "a worker")
    except ShopRests:
        pytest.fail("the shop was let rest")

    with house.pool.connection() as tx:
        assert tx.execute("select attempts, holder from hints where shop_id = %s", (people.shop_id,)).fetchone() == (1, None)


def test_a_parcel_without_scans_is_no_trouble(house: House, people: Cast, platform: Caller, travelled: str, tmp_path: Path) -> None:
    bring(house, people, tmp_path, travelled, FOREIGN)
    name(house, people, platform)

    assert not read_again(house, people.shop_id, "parcel", FOREIGN, START + LATER, clock.unwound())
    assert (seen(house, people).calls_today, seen(house, people).problem) == (1, None)


def test_the_last_four_digits_of_the_mask_are_sent_where_the_carrier_wants_them(house: House, people: Cast, platform: Caller, tmp_path: Path) -> None:
    (order_no,) = platform.new_orders()
    platform.ship(order_no, "SF1234567890123", SF)
    platform.step(8 * DAY)
    bring(house, people, tmp_path, order_no, "SF1234567890123", "顺丰速运")
    name(house, people, platform)

    assert read_again(house, people.shop_id, "parcel", "SF1234567890123", START + LATER, clock.unwound())
    assert scans(house, people.shop_id)[0] == "picked_up"


def test_the_houses_account_serves_every_shop_that_has_none_of_its_own(house: House, people: Cast, platform: Caller, travelled: str, tmp_path: Path) -> None:
    bring(house, people, tmp_path, travelled)
    name(house, people, platform, "kdniao", for_all_shops=True)
    assert read_again(house, people.shop_id, "parcel", NUMBER, START + LATER, clock.unwound())
    assert (seen(house, people).is_of_house, seen(house, people).calls_today) == (True, 1)

    name(house, people, platform, "kuaidi100")

    assert [view.service for view in trackers_seen(house, people.lin, people.shop_id, clock.unwound())] == ["kuaidi100", "kdniao"]
    assert [view.service for view in trackers_seen(house, people.zheng, people.other_shop_id, clock.unwound())] == ["kdniao"]


def test_only_who_may_write_settings_names_one_and_only_a_keeper_one_for_all(house: House, people: Cast) -> None:
    plain = NewTracker(service="kuaidi100", account="c", key="k")
    refused = [
        (people.mei, people.shop_id, plain),
        (people.zhou, people.shop_id, plain),
        (people.zheng, people.shop_id, plain),
        (people.lin, people.shop_id, NewTracker(service="kuaidi100", account="c", key="k", for_all_shops=True)),
        (people.lin, people.shop_id, NewTracker(service="kuaidi100", account="c", key="k", address="http://127.0.0.1:1/x")),
    ]

    for person, shop_id, new in refused:
        with pytest.raises(NotAllowed):
            keep_tracker(house, person, shop_id, new, START)
    with pytest.raises(NotAllowed):
        take_tracker_away(house, people.zheng, people.shop_id, START)
    with pytest.raises(NotAllowed):
        trackers_seen(house, people.zheng, people.shop_id, START)

    assert trackers_seen(house, people.lin, people.shop_id, START) == ()


def test_another_shops_own_account_is_never_used_or_shown(house: House, people: Cast) -> None:
    keep_tracker(house, people.zheng, people.other_shop_id, NewTracker(service="kuaidi100", account="zheng-account", key="k"), START)

    assert trackers_seen(house, people.lin, people.shop_id, START) == ()
    with pytest.raises(Refused):
        take_tracker_away(house, people.lin, people.shop_id, START)
    assert len(trackers_seen(house, people.zheng, people.other_shop_id, START)) == 1


def test_a_kept_key_never_goes_to_another_account_or_address(house: House, people: Cast) -> None:
    keep_tracker(house, operator(), people.shop_id, NewTracker(service="kuaidi100", account="c", key="k"), START)

    keep_tracker(house, people.lin, people.shop_id, NewTracker(service="kuaidi100", account="c", daily_cap=7), START)

    for other in (
        NewTracker(service="kuaidi100", account="d"),
        NewTracker(service="kdniao", account="c"),
        NewTracker(service="kuaidi100", account="c", address="http://127.0.0.1:1/x"),
        NewTracker(service="kuaidi100", account="c", for_all_shops=True),
    ):
        with pytest.raises(Refused):
            keep_tracker(house, operator(), people.shop_id, other, START)
    assert [(view.account, view.daily_cap, view.address) for view in trackers_seen(house, people.lin, people.shop_id, START)] == [("c", 7, None)]


@pytest.mark.parametrize(
    "new",
    [
        NewTracker(service="other", account="c", key="k"),
        NewTracker(service="kdniao", account="", key="k"),
        NewTracker(service="kdniao", account="c", key="k" * 201),
        NewTracker(service="kdniao", account="c", key="k", daily_cap=0),
        NewTracker(service="kdniao", account="c", key="k", daily_cap=1_000_001),
        NewTracker(service="kdniao", account="c", key="k", address="http://api.kdniao.com/x"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(house: House, people: Cast, new: NewTracker) -> None:
    with pytest.raises(Refused):
        keep_tracker(house, operator(), people.shop_id, new, START)

    assert trackers_seen(house, people.lin, people.shop_id, START) == ()


def test_the_key_is_sealed_and_wiped_and_stands_in_no_journal(house: House, people: Cast) -> None:
    keep_tracker(house, people.lin, people.shop_id, NewTracker(service="kdniao", account="c", key="the-very-key"), START)

    with house.pool.connection() as tx:
        (sealed,) = tx.execute("select secret from trackers").fetchone() or (b"",)
        journal = str(tx.execute("select * from journal where shop_id = %s", (people.shop_id,)).fetchall())
    take_tracker_away(house, people.lin, people.shop_id, START)

    assert b"the-very-key" not in sealed
    assert "tracker_named" in journal
    assert "the-very-key" not in journal
    with house.pool.connection() as tx:
        assert tx.execute("select count(*) from trackers").fetchone() == (0,)
