"""A refused row waits until it is mended or thrown away; what is stored by hand can be undone like any import."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.actions.files import ONE, THREE, TWO, orders_csv, row, shipped
from tests.actions.tables import contents
from tests.cast import Cast
from tests.makers import containers
from zhanggui.actions import importing, orders, scans, today
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import DeadlineKind, DeadlineState, Subject, SubjectKind
from zhanggui.core.facts import ScanStage
from zhanggui.records import around

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PICKED_UP = "2026-03-01 21:30:00 【杭州市】圆通快递 余杭网点 已揽收\n2026-03-02 02:10:00 快件已到达 杭州转运中心"

MINE = """
name = "mine"
money = "fen"

[[family]]
name = "sales"
gives = "order"
key = ["order_no"]

[family.columns]
order_no = { headers = ["No."], as = "id" }
pay_amount = { headers = ["Paid"], as = "money" }
"""


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


def test_a_mended_row_speaks_of_no_moment_to_come(house: House, people: Cast, tmp_path: Path) -> None:
    path = tmp_path / "facts.jsonl"
    path.write_text(json.dumps({"fact": "order", "order_no": ONE, "stage": "no such stage", "as_of": "2099-01-01 00:00:00"}) + "\n", encoding="utf-8")
    batch_id = importing.confirm(house, people.lin, people.shop_id, importing.preview(house, people.lin, people.shop_id, [path], NOW).batch_id, NOW).batch_id
    (waiting,) = importing.quarantine(house, people.lin, people.shop_id, batch_id)

    assert importing.mend(house, people.lin, people.shop_id, batch_id, waiting.row_no, {**waiting.cells, "stage": "to_ship"}, NOW) is None

    with house.pool.connection() as tx:
        assert around.orders(tx, people.shop_id, [ONE])[ONE].as_of == NOW


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


def test_a_mended_row_is_not_undone_without_its_batch(house: House, people: Cast, batch_id: int) -> None:
    (waiting,) = importing.quarantine(house, people.lin, people.shop_id, batch_id)
    importing.mend(house, people.lin, people.shop_id, batch_id, waiting.row_no, {**waiting.cells, "订单成交时间": "2026-03-01 12:00:00"}, NOW)
    before = contents(house.pool)

    with pytest.raises(Refused) as caught:
        importing.undo(house, people.lin, people.shop_id, _part_of(house, batch_id), NOW)

    assert caught.value.say.slots["batch_id"] == batch_id
    assert contents(house.pool) == before


def test_a_mended_row_is_as_old_as_the_file_it_stood_in(house: House, people: Cast, tmp_path: Path) -> None:
    yesterday = orders_csv(tmp_path / "orders2026-03-01-11-00-00.csv", [row(TWO, 订单成交时间="soon", 商品="旧名"), row(ONE)])
    newer = orders_csv(tmp_path / "orders2026-03-02-09-00-00.csv", [row(TWO, 商品="新名")])
    previewed = importing.preview(house, people.lin, people.shop_id, [yesterday, newer], NOW)
    importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)
    (waiting,) = importing.quarantine(house, people.lin, people.shop_id, previewed.batch_id)

    importing.mend(house, people.lin, people.shop_id, previewed.batch_id, waiting.row_no, {**waiting.cells, "订单成交时间": "2026-03-01 10:00:00"}, NOW)

    view = orders.order(house, people.lin, people.shop_id, TWO, NOW)
    assert view is not None
    assert (view.order.title, view.as_of) == ("新名", datetime(2026, 3, 2, 1, 0, tzinfo=UTC))


def test_a_mended_row_is_as_old_as_its_table_of_an_archive(house: House, people: Cast, tmp_path: Path) -> None:
    rows = {"old2026-03-01-11-00-00.csv": [row(TWO, 订单成交时间="soon", 商品="旧名")], "new2026-03-02-09-00-00.csv": [row(TWO, 商品="新名")]}
    members = {name: orders_csv(tmp_path / name, listed).read_bytes() for name, listed in rows.items()}
    path = tmp_path / "both.zip"
    path.write_bytes(containers.as_zip(members))
    previewed = importing.preview(house, people.lin, people.shop_id, [path], NOW)
    importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)
    (waiting,) = importing.quarantine(house, people.lin, people.shop_id, previewed.batch_id)

    importing.mend(house, people.lin, people.shop_id, previewed.batch_id, waiting.row_no, {**waiting.cells, "订单成交时间": "2026-03-01 10:00:00"}, NOW)

    view = orders.order(house, people.lin, people.shop_id, TWO, NOW)
    assert view is not None
    assert (view.order.title, view.as_of) == ("新名", datetime(2026, 3, 2, 1, 0, tzinfo=UTC))


def test_a_mended_line_of_the_bill_stands_beside_its_equals(house: House, people: Cast, tmp_path: Path) -> None:
    keys = _mended_bill(house, people, [_bill(tmp_path / "a.csv", ONE, "2.6E+14", "2.6E+14")])

    assert [key.rpartition("-")[2] for key in keys] == ["1", "2", "3"]
    assert len({key.rpartition("-")[0] for key in keys}) == 1


def test_of_several_bills_a_mended_line_that_one_of_them_told_is_not_dropped_in_silence(house: House, people: Cast, tmp_path: Path) -> None:
    told, other = _bill(tmp_path / "a.csv", ONE), _bill(tmp_path / "b.csv", TWO, "2.6E+14")
    with pytest.raises(Refused, match="stands there already"):
        _mended_bill(house, people, [told, other])

    mended = importing.preview(house, people.lin, people.shop_id, [_bill(tmp_path / "a.csv", ONE, ONE)], NOW)
    importing.confirm(house, people.lin, people.shop_id, mended.batch_id, NOW)

    assert sorted(key.rpartition("-")[2] for key in _lines_of_bills(house)) == ["1", "1", "2"]


def test_of_several_bills_a_mended_line_that_none_of_them_told_is_taken(house: House, people: Cast, tmp_path: Path) -> None:
    keys = _mended_bill(house, people, [_bill(tmp_path / "a.csv", TWO), _bill(tmp_path / "b.csv", THREE, "2.6E+14")])

    assert [key.rpartition("-")[2] for key in keys] == ["1", "1", "1"]


def test_it_says_what_to_do_when_the_profile_of_a_row_is_gone(house: House, people: Cast, tmp_path: Path) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text(MINE, "utf-8")
    path = tmp_path / "sales.csv"
    path.write_text("No.;Paid\nA1;1990\nA2;19.90\n", "utf-8")
    previewed = importing.preview(house, people.lin, people.shop_id, [path], NOW, profile=str(profile))
    importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)
    (waiting,) = importing.quarantine(house, people.lin, people.shop_id, previewed.batch_id)
    before = contents(house.pool)
    profile.unlink()

    with pytest.raises(Refused) as caught:
        importing.mend(house, people.lin, people.shop_id, previewed.batch_id, waiting.row_no, {**waiting.cells, "Paid": "1990"}, NOW)

    assert caught.value.say.slots == {"name": "mine.toml"}
    assert contents(house.pool) == before


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


def _bill(path: Path, *order_nos: str) -> Path:
    """A bill of lines that differ in nothing but their order."""
    lines = "".join(f"{no},2026-03-01 10:00:00,,-0.50,技术服务费,,0030002|技术服务费\n" for no in order_nos)
    path.write_text(f"商户订单号,发生时间,收入金额（+元）,支出金额（-元）,账务类型,备注,业务描述\n{lines}", "utf-8")
    return path


def _mended_bill(house: House, people: Cast, paths: list[Path]) -> list[str]:
    """The keys of the lines once every refused one was mended to be of the first order."""
    previewed = importing.preview(house, people.lin, people.shop_id, paths, NOW)
    importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)
    for waiting in importing.quarantine(house, people.lin, people.shop_id, previewed.batch_id):
        cells = {**waiting.cells, "商户订单号": ONE}
        assert importing.mend(house, people.lin, people.shop_id, previewed.batch_id, waiting.row_no, cells, NOW) is None
    return _lines_of_bills(house)


def _lines_of_bills(house: House) -> list[str]:
    with house.pool.connection() as tx:
        return [key for (key,) in tx.execute("select line_no from bill_lines order by line_no").fetchall()]


def _part_of(house: House, batch_id: int) -> int:
    with house.pool.connection() as tx:
        row = tx.execute("select batch_id from batches where part_of = %s", (batch_id,)).fetchone()
    assert row is not None
    return int(row[0])
