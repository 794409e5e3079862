"""The rows of parcels are at every moment what follows from the facts alone, whatever comes, in whichever order, and is taken back."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.actions.recount import differences
from tests.cast import Cast
from tests.parcels import ELSEWHERE_NO, FINE_NO, LATE_NO, STILL_NO, UNKNOWN_NO, UNSEEN_NO, month, order, scans, tell, ways
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.actions.parcels.filling import fill_parcels
from zhanggui.actions.parcels.lists import one_parcel, overview, parcels_page
from zhanggui.actions.parcels.lookups import note_unknown
from zhanggui.actions.renumbering.adding import add_parcel
from zhanggui.actions.rules import add_override
from zhanggui.core.facts import FurtherParcel, OrderStage, ParcelKind
from zhanggui.core.parcels import AnomalyKind, Parcel, ParcelState
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import locks, parcels, stalls
from zhanggui.records.db import transact

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
SPLIT_NOS = ("YTSPLIT0002", "YTSPLIT0001", "YTSPLIT0003")


def listed(house: House, people: Cast, now: datetime = NOW, **wanted: object) -> list[str]:
    page = parcels_page(house, people.lin, now, **wanted)  # type: ignore[arg-type]  # filters as the test names them
    return [row.parcel.tracking_no for row in page.rows]


@pytest.fixture
def told(house: House, people: Cast) -> None:
    ways(house, people, NOW)


@pytest.mark.usefixtures("told")
def test_it_stores_what_follows_from_the_facts(house: House, people: Cast) -> None:
    assert differences(house, people.shop_id, NOW) == []
    assert set(listed(house, people)) == {FINE_NO, STILL_NO, LATE_NO, ELSEWHERE_NO, UNKNOWN_NO, UNSEEN_NO}


@pytest.mark.usefixtures("told")
def test_it_lists_those_in_trouble_by_kind_and_by_branch(house: House, people: Cast) -> None:
    assert listed(house, people, is_troubled=True) == [STILL_NO, ELSEWHERE_NO]
    assert listed(house, people, kind=AnomalyKind.STALLED) == [STILL_NO]
    assert listed(house, people, is_troubled=True, place="义乌转运中心", carrier="极兔速递") == [STILL_NO]
    assert listed(house, people, is_troubled=True, place="天涯网点") == []
    assert listed(house, people, state=ParcelState.UNSEEN) == [UNSEEN_NO]


@pytest.mark.usefixtures("told")
def test_time_alone_makes_a_trouble_of_what_stands_still(house: House, people: Cast) -> None:
    assert UNKNOWN_NO not in listed(house, people, is_troubled=True)

    later = NOW + timedelta(hours=20)

    assert listed(house, people, later, kind=AnomalyKind.FIRST_HOP) == [UNKNOWN_NO]
    assert differences(house, people.shop_id, NOW) == []


@pytest.mark.usefixtures("told")
def test_it_pages_through_all_without_losing_or_doubling_one(house: House, people: Cast) -> None:
    month(house, people, NOW, 60)
    seen: list[str] = []
    cursor = None
    while True:
        page = parcels_page(house, people.lin, NOW, cursor=cursor, limit=7)
        seen += [row.parcel.tracking_no for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 66


@pytest.mark.parametrize("wanted", [{}, {"state": ParcelState.MOVING}, {"is_troubled": True}, {"kind": AnomalyKind.STALLED}])
def test_it_pages_through_the_parcels_of_one_order(house: House, people: Cast, wanted: dict[str, object]) -> None:
    _split_order(house, people)
    whole = listed(house, people, NOW, limit=9, **wanted)
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        page = parcels_page(house, people.lin, NOW, cursor=cursor, limit=1, **wanted)  # type: ignore[arg-type]  # filters as the test names them
        seen += [row.parcel.tracking_no for row in page.rows]
        cursor = page.next_cursor

    assert (seen, sorted(seen), cursor) == (whole, sorted(SPLIT_NOS), None)


def test_it_learns_from_every_parcel_of_an_order_read_in_portions(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    _split_order(house, people)
    monkeypatch.setattr(stalls, "AT_ONCE", 1)

    with house.pool.connection() as tx:
        read = [parcel.tracking_no for parcel, _ in stalls.histories(tx, people.shop_id, NOW - timedelta(days=9), NOW, 9)]

    assert sorted(read) == sorted(SPLIT_NOS)


def _split_order(house: House, people: Cast) -> None:
    """An order whose three parcels have stood still since the same hour."""
    sent = NOW - timedelta(hours=80)
    further = tuple(FurtherParcel(ParcelKind.EXTRA, "圆通快递", number) for number in SPLIT_NOS[1:])
    events = [
        event
        for number in SPLIT_NOS
        for event in scans(number, sent, (3, "【金华市】义乌北苑网点 已揽收"), (10, "快件离开【义乌转运中心】，发往【杭州转运中心】"))
    ]
    tell(house, people.lin, people.shop_id, [order(SPLIT_NOS[0], sent, further_parcels=further), *events], NOW)


@pytest.mark.usefixtures("told")
def test_a_later_event_ends_the_trouble_and_keeps_that_it_was(house: House, people: Cast) -> None:
    tell(house, people.lin, people.shop_id, scans(STILL_NO, NOW - timedelta(hours=1), (0, "到达【乌鲁木齐转运中心】")), NOW)

    assert listed(house, people, is_troubled=True) == [ELSEWHERE_NO]
    view = one_parcel(house, people.lin, people.shop_id, STILL_NO, NOW)
    assert view is not None
    past = [one for one in view.parcels[0].anomalies if one.kind is AnomalyKind.STALLED and one.at <= NOW]
    assert [one.until for one in past] == [NOW - timedelta(hours=1)]
    assert view.parcels[0].abnormal_at == past[0].at
    assert differences(house, people.shop_id, NOW) == []


@pytest.mark.usefixtures("told")
def test_another_number_takes_the_place_of_the_first(house: House, people: Cast) -> None:
    changed = order("YTNEWNO00001", NOW - timedelta(hours=80), order_no=f"260301-{STILL_NO}")

    tell(house, people.lin, people.shop_id, [changed], NOW)

    assert STILL_NO not in listed(house, people)
    assert "YTNEWNO00001" in listed(house, people)
    assert differences(house, people.shop_id, NOW) == []


@pytest.mark.usefixtures("told")
def test_it_goes_with_the_import_that_is_undone(house: House, people: Cast) -> None:
    with house.pool.connection() as tx:
        (batch_id,) = tx.execute("select max(batch_id) from batches where shop_id = %s", (people.shop_id,)).fetchone() or (0,)

    importing.undo(house, people.lin, people.shop_id, batch_id, NOW)

    assert listed(house, people) == []
    with house.pool.connection() as tx:
        left = [tx.execute(f"select count(*) from {table} where shop_id = %s", (people.shop_id,)).fetchone() for table in ("parcel_anomalies", "parcel_totals")]
    assert left == [(0,), (0,)]


@pytest.mark.usefixtures("told")
def test_a_number_nobody_knows_is_abnormal_a_day_after_the_upload(house: House, people: Cast) -> None:
    def asked(at: datetime) -> None:
        def work(tx: object) -> None:
            locks.hold_shop(tx, people.shop_id)  # type: ignore[arg-type]
            note_unknown(house, tx, people.shop_id, [UNSEEN_NO], at)  # type: ignore[arg-type]

        transact(house.pool, work)

    asked(NOW - timedelta(hours=10))
    assert UNSEEN_NO in listed(house, people, state=ParcelState.NO_PICKUP)
    assert UNSEEN_NO not in listed(house, people, is_troubled=True)

    asked(NOW)

    assert listed(house, people, kind=AnomalyKind.NO_RECORD) == [UNSEEN_NO]
    assert differences(house, people.shop_id, NOW) == []


@pytest.mark.usefixtures("told")
def test_an_event_that_comes_after_all_takes_the_missing_record_back(house: House, people: Cast) -> None:
    def work(tx: object) -> None:
        locks.hold_shop(tx, people.shop_id)  # type: ignore[arg-type]
        note_unknown(house, tx, people.shop_id, [UNSEEN_NO], NOW)  # type: ignore[arg-type]

    transact(house.pool, work)

    tell(
        house, people.lin, people.shop_id, scans(UNSEEN_NO, NOW - timedelta(hours=30), (5, "【金华市】义乌北苑网点 已揽收"), (20, "离开【义乌转运中心】")), NOW
    )

    assert listed(house, people, kind=AnomalyKind.NO_RECORD) == []
    assert differences(house, people.shop_id, NOW) == []


@pytest.mark.usefixtures("told")
def test_a_rule_of_the_shops_own_reaches_every_parcel(house: House, people: Cast) -> None:
    rule = {
        "id": "shop.transit", "question": "parcel_moves", "title": {"zh": "干线 72 小时", "en": "72 hours"}, "effective_from": "2020-01-01",
        "scope": {"stage": ["in_transit"]}, "term": {"hours": 72}, "source": "notice", "checked": "2026-11-20", "basis": "assumed",
    }  # fmt: skip
    add_override(house, people.lin, people.shop_id, rule, NOW)

    fill_parcels(house, NOW)

    assert listed(house, people, kind=AnomalyKind.STALLED) == []
    assert differences(house, people.shop_id, NOW) == []


@pytest.mark.usefixtures("told")
def test_a_house_from_before_gets_its_parcels(house: House, people: Cast) -> None:
    with house.pool.connection() as tx:
        for table in ("parcel_anomalies", "parcels", "parcel_totals"):
            tx.execute(f"delete from {table}")

    fill_parcels(house, NOW)

    assert differences(house, people.shop_id, NOW) == []
    assert len(listed(house, people)) == 6
    with house.pool.connection() as tx:
        assert parcels.shops_to_fill(tx) == []


@pytest.mark.usefixtures("told")
def test_it_counts_what_is_wrong_and_where_they_stand(house: House, people: Cast) -> None:
    found = overview(house, people.lin, None, NOW)

    assert found.troubled == 2
    assert {one.name: one.parcels for one in found.kinds} == {"stalled": 1, "late_delivery": 1, "elsewhere": 1}
    assert {one.name: one.parcels for one in found.branches} == {"义乌转运中心": 3}
    assert found.states == {"arrived_home": 1, "moving": 4, "unseen": 1}


@pytest.mark.usefixtures("told")
def test_a_stranger_sees_nothing(house: House, people: Cast) -> None:
    assert parcels_page(house, people.zheng, NOW).rows == ()
    assert overview(house, people.zheng, None, NOW).troubled == 0
    with pytest.raises(NotAllowed):
        one_parcel(house, people.zheng, people.shop_id, STILL_NO, NOW)


@pytest.mark.usefixtures("told")
def test_it_says_where_nobody_has_looked_since_the_limit_passed(house: House, people: Cast) -> None:
    later = NOW + timedelta(hours=20)

    now, then = ({row.parcel.tracking_no: row.is_unsure for row in parcels_page(house, people.lin, at, is_troubled=True).rows} for at in (NOW, later))

    assert now == {STILL_NO: False, ELSEWHERE_NO: False}
    assert then[UNKNOWN_NO] is True


def test_a_received_order_is_with_its_buyer(house: House, people: Cast) -> None:
    tell(house, people.lin, people.shop_id, [order("YT1", NOW - timedelta(days=4), stage=OrderStage.RECEIVED, received_at=NOW)], NOW)

    assert listed(house, people, state=ParcelState.ARRIVED_HOME) == ["YT1"]


@pytest.mark.parametrize("kind", list(ParcelKind))
def test_what_is_sent_after_the_first_arrived_has_a_way_of_its_own(house: House, people: Cast, kind: ParcelKind) -> None:
    sent = NOW - timedelta(days=10)
    first = order("YT7366152940001", sent, stage=OrderStage.RECEIVED, received_at=sent + timedelta(days=4), deliver_by=sent + timedelta(days=3))
    again = "YT7366152940871"
    tell(house, people.lin, people.shop_id, [first, *scans("YT7366152940001", sent, (3, "【金华市】义乌北苑网点 已揽收"), (80, "【杭州市】已签收"))], NOW)

    add_parcel(house, people.lin, people.shop_id, first.order_no, kind, "圆通快递", again, NOW, is_sure=True)
    noted = _parcel(house, people, again)
    picked_up = scans(again, NOW, (2, "【金华市】义乌北苑网点 已揽收"), (9, "快件离开【义乌转运中心】，发往【杭州转运中心】"))
    tell(house, people.lin, people.shop_id, picked_up, NOW + timedelta(hours=12))
    moving = _parcel(house, people, again)

    assert (noted.state, noted.shipped_at, noted.delivered_at, noted.is_over, noted.anomalies) == (ParcelState.UNSEEN, NOW, None, False, ())
    assert (moving.state, [one for one in moving.anomalies if one.at <= NOW + timedelta(hours=12)]) == (ParcelState.MOVING, [])
    assert listed(house, people, NOW + timedelta(days=5), is_troubled=True) == [again]
    assert differences(house, people.shop_id, NOW + timedelta(hours=12)) == []


def test_of_what_is_sent_once_more_and_only_the_platform_tells_no_upload_is_known(house: House, people: Cast) -> None:
    sent, again = NOW - timedelta(days=10), FurtherParcel(ParcelKind.RESEND, "圆通快递", "YT7366152940871")
    told = order("YT7366152940001", sent, further_parcels=(again,))

    tell(house, people.lin, people.shop_id, [told, *scans(again.tracking_no, NOW, (2, "【金华市】义乌北苑网点 已揽收"))], NOW + timedelta(hours=3))

    parcel = _parcel(house, people, again.tracking_no)
    assert (parcel.shipped_at, [one.kind for one in parcel.anomalies if one.at <= NOW + timedelta(hours=3)]) == (NOW + timedelta(hours=2), [])


def _parcel(house: House, people: Cast, number: str) -> Parcel:
    view = one_parcel(house, people.lin, people.shop_id, number, NOW)
    assert view is not None
    return next(parcel for parcel in view.parcels if parcel.tracking_no == number)
