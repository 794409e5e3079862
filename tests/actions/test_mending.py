"""A refused row waits until it is mended or thrown away; what is stored by hand can be undone like any import."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.actions.files import ONE, THREE, orders_csv, row, shipped
from tests.actions.tables import contents
from tests.cast import Cast
from zhanggui.actions import importing, orders, scans, today
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import DeadlineKind, DeadlineState, Subject, SubjectKind
from zhanggui.core.facts import ScanStage

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PICKED_UP = "2026-03-01 21:30:00 【杭州市】圆通快递 余杭网点 已揽收\n2026-03-02 02:10:00 快件已到达 杭州转运中心"


@pytest.fixture
def batch_id(house: House, people: Cast, tmp_path: Path) -> int:
    """An import of two good rows and one whose moment cannot be read."""
    path = orders_csv(tmp_path / "a.csv", [row(ONE), shipped(THREE), row("260301-444444444444444", 订单成交时间="soon")])
    previewed = importing.preview(house, people.lin, people.shop_id, [path], NOW)
    return importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW).batch_id


def test_it_keeps_the_row_its_place_and_the_reason(house: House, people: Cast, batch_id: int) -> None:
    (waiting,) = importing.quarantine(house, people.lin, people.shop_id, batch_id)

    assert (waiting.place.file, waiting.place.row, waiting.place.column) == ("a.csv", 4, "订单成交时间")
    assert waiting.cells["订单号"] == "260301-444444444444444"
    assert waiting.cells["订单成交时间"] == "soon"


def test_it_stores_a_mended_row_once(house: House, people: Cast, batch_id: int) -> None:
    (waiting,) = importing.quarantine(house, people.lin, people.shop_id, batch_id)
    mended = {**waiting.cells, "订单成交时间": "2026-03-01 12:00:00"}

    assert importing.mend(house, people.lin, people.shop_id, batch_id, waiting.row_no, mended, NOW) is None

    view = orders.order(house, people.lin, people.shop_id, "260301-444444444444444", NOW)
    assert view is not None
    assert view.order.group_formed_at == datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
    assert importing.quarantine(house, people.lin, people.shop_id, batch_id) == ()
    with pytest.raises(Refused):
        importing.mend(house, people.lin, people.shop_id, batch_id, waiting.row_no, mended, NOW)


def test_a_mended_row_is_undone_with_its_batch(house: House, people: Cast, batch_id: int) -> None:
    (waiting,) = importing.quarantine(house, people.lin, people.shop_id, batch_id)
    importing.mend(house, people.lin, people.shop_id, batch_id, waiting.row_no, {**waiting.cells, "订单成交时间": "2026-03-01 12:00:00"}, NOW)

    importing.undo(house, people.lin, people.shop_id, batch_id, NOW)

    assert orders.orders(house, people.lin, NOW).rows == ()
    assert [view.batch_id for view in importing.batches(house, people.lin)] == [batch_id]


def test_it_refuses_again_what_is_still_wrong(house: House, people: Cast, batch_id: int) -> None:
    (waiting,) = importing.quarantine(house, people.lin, people.shop_id, batch_id)

    refusal = importing.mend(house, people.lin, people.shop_id, batch_id, waiting.row_no, {**waiting.cells, "订单成交时间": "later"}, NOW)

    assert refusal is not None
    (still,) = importing.quarantine(house, people.lin, people.shop_id, batch_id)
    assert still.cells["订单成交时间"] == "later"
    assert orders.order(house, people.lin, people.shop_id, "260301-444444444444444", NOW) is None


def test_it_throws_a_row_away(house: House, people: Cast, batch_id: int) -> None:
    importing.discard(house, people.lin, people.shop_id, batch_id, 1, NOW)

    assert importing.quarantine(house, people.lin, people.shop_id, batch_id) == ()
    with pytest.raises(Refused):
        importing.discard(house, people.lin, people.shop_id, batch_id, 1, NOW)


def test_a_pasted_pickup_scan_closes_what_nobody_could_verify(house: House, people: Cast, batch_id: int) -> None:
    pickup = (Subject(SubjectKind.ORDER, THREE), DeadlineKind.PICKUP_BY)
    unverified = today.todo_item(house, people.zhou, people.shop_id, *pickup, NOW)
    assert unverified is not None
    assert unverified.deadline.state is DeadlineState.UNVERIFIED

    pasted = scans.paste_scans(house, people.zhou, people.shop_id, THREE, PICKED_UP, NOW)

    assert today.todo_item(house, people.zhou, people.shop_id, *pickup, NOW) is None
    view = orders.order(house, people.zhou, people.shop_id, THREE, NOW)
    assert view is not None
    assert view.scans[0].stage is ScanStage.PICKED_UP
    assert (pasted.batch_id > batch_id, pasted.state) == (True, "done")


def test_a_paste_is_undone_like_any_import(house: House, people: Cast, batch_id: int) -> None:
    assert batch_id
    before = contents(house.pool, leaving=("batches", "journal"))
    pasted = scans.paste_scans(house, people.zhou, people.shop_id, THREE, PICKED_UP, NOW)

    importing.undo(house, people.lin, people.shop_id, pasted.batch_id, NOW)

    assert contents(house.pool, leaving=("batches", "journal")) == before


def test_text_without_events_is_refused(house: House, people: Cast, batch_id: int) -> None:
    assert batch_id
    before = contents(house.pool)

    with pytest.raises(Refused):
        scans.paste_scans(house, people.zhou, people.shop_id, THREE, "no idea", NOW)
    with pytest.raises(Refused):
        scans.paste_scans(house, people.zhou, people.shop_id, ONE, PICKED_UP, NOW)

    assert contents(house.pool) == before
