"""A file that says nothing of its moment speaks of the newest moment among the files it came with, or of the import itself."""

from datetime import UTC, datetime
from pathlib import Path

from tests.actions.files import ONE, TWO, orders_csv, row
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.importing import preview

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
TIMES = ("订单成交时间", "承诺发货时间", "发货时间", "确认收货时间")


def test_it_takes_the_moment_of_the_import_where_nothing_says_when(house: House, people: Cast, tmp_path: Path) -> None:
    timeless = orders_csv(tmp_path / "timeless.csv", [row(ONE)], leaving=TIMES)

    seen = preview(house, people.lin, people.shop_id, [timeless], NOW)

    assert seen.as_of == NOW
    assert seen.as_of_source == "import"


def test_it_lends_a_file_without_moments_the_newest_moment_beside_it(house: House, people: Cast, tmp_path: Path) -> None:
    timeless = orders_csv(tmp_path / "timeless.csv", [row(ONE)], leaving=TIMES)
    dated = orders_csv(tmp_path / "dated.csv", [row(TWO)])

    seen = preview(house, people.lin, people.shop_id, [timeless, dated], NOW)

    assert seen.as_of == datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
    assert seen.as_of_source == "data"
