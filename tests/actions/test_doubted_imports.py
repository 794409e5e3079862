"""A preview tells what should make a person look twice: news older than what is known, and orders of another shop."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.actions.files import ONE, THREE, TWO, orders_csv, row, shipped
from tests.cast import Cast
from tests.makers import containers
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.actions.intake import doubting
from zhanggui.actions.views import BatchView
from zhanggui.people.permissions import Person, Role, ShopId

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
KNOWN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FORMED = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


def bring(house: House, by: Person, shop_id: ShopId, path: Path) -> None:
    importing.confirm(house, by, shop_id, importing.preview(house, by, shop_id, [path], NOW).batch_id, NOW)


def slots(view: BatchView) -> Sequence[dict[str, Any]]:
    return [dict(doubt.slots) for doubt in view.doubts]


def test_a_file_that_looks_older_than_what_is_known_says_so(house: House, people: Cast, tmp_path: Path) -> None:
    bring(house, people.lin, people.shop_id, orders_csv(tmp_path / "whole.csv", [row(ONE), row(TWO), shipped(THREE)]))
    filtered = orders_csv(tmp_path / "filtered.csv", [row(ONE, 售后状态="售后处理中"), row("260301-444444444444444")])

    view = importing.preview(house, people.lin, people.shop_id, [filtered], NOW)

    assert slots(view) == [{"file": "filtered.csv", "as_of": FORMED, "known": KNOWN, "rows": 1}]
    assert importing.batch(house, people.lin, people.shop_id, view.batch_id) == view


def test_of_an_archive_the_moment_of_the_table_with_late_rows_is_told(house: House, people: Cast, tmp_path: Path) -> None:
    bring(house, people.lin, people.shop_id, orders_csv(tmp_path / "whole.csv", [row(ONE), shipped(THREE)]))
    filtered = orders_csv(tmp_path / "a.csv", [row(ONE, 售后状态="售后处理中")])
    newer = orders_csv(tmp_path / "b.csv", [shipped("260301-444444444444444", at="2026-03-02 11:00:00")])
    members = {each.name: each.read_bytes() for each in (filtered, newer)}
    (tmp_path / "both.zip").write_bytes(containers.as_zip(members, dated=(2026, 2, 1, 0, 0, 0)))  # a clock that was wrong

    view = importing.preview(house, people.lin, people.shop_id, [tmp_path / "both.zip"], NOW)

    assert slots(view) == [{"file": "both.zip", "as_of": FORMED, "known": KNOWN, "rows": 1}]


def test_it_says_nothing_once_a_person_or_the_file_told_when(house: House, people: Cast, tmp_path: Path) -> None:
    bring(house, people.lin, people.shop_id, orders_csv(tmp_path / "whole.csv", [row(ONE), shipped(THREE)]))
    named = orders_csv(tmp_path / "orders2026-03-01-11-00-00.csv", [row(ONE, 售后状态="售后处理中")])
    view = importing.preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "a.csv", [row(ONE, 售后状态="退款中")])], NOW)

    told = importing.redate(house, people.lin, people.shop_id, view.batch_id, NOW, NOW)

    assert view.doubts
    assert told.doubts == ()
    assert importing.preview(house, people.lin, people.shop_id, [named], NOW).doubts == ()
    assert importing.confirm(house, people.lin, people.shop_id, told.batch_id, NOW).doubts == ()


def test_orders_of_another_shop_are_counted_for_who_may_see_it(house: House, people: Cast, tmp_path: Path) -> None:
    both = msgspec.structs.replace(people.lin, roles={people.shop_id: Role.OWNER, people.other_shop_id: Role.VIEWER})
    bring(house, people.zheng, people.other_shop_id, orders_csv(tmp_path / "theirs.csv", [row(ONE), row(TWO)]))
    dropped = orders_csv(tmp_path / "dropped.csv", [row(ONE), row(TWO), row(THREE)])

    view = importing.preview(house, both, people.shop_id, [dropped], NOW)

    assert slots(view) == [{"numbers": 3, "orders": 2, "shop": "郑家茶行"}]
    assert importing.preview(house, people.lin, people.shop_id, [dropped], NOW).doubts == ()
    seen = importing.batch(house, people.lin, people.shop_id, view.batch_id)
    assert seen is not None
    assert seen.doubts == ()  # what another saw, too


def test_a_bill_of_another_shop_is_known_by_its_orders(house: House, people: Cast, tmp_path: Path) -> None:
    both = msgspec.structs.replace(people.lin, roles={people.shop_id: Role.OWNER, people.other_shop_id: Role.OWNER})
    bring(house, both, people.other_shop_id, orders_csv(tmp_path / "theirs.csv", [row(ONE)]))
    bill = tmp_path / "bill.csv"
    bill.write_text(f"商户订单号,发生时间,收入金额（+元）,账务类型\n{ONE},2026-03-01 10:00:00,1.00,交易收入\n", "utf-8")

    assert slots(importing.preview(house, both, people.shop_id, [bill], NOW)) == [{"numbers": 1, "orders": 1, "shop": "郑家茶行"}]
    assert importing.preview(house, both, people.other_shop_id, [bill], NOW).doubts == ()


def test_of_a_long_file_a_few_numbers_are_looked_for(house: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubting, "MOST_NUMBERS", 3)
    both = msgspec.structs.replace(people.lin, roles={people.shop_id: Role.OWNER, people.other_shop_id: Role.OWNER})
    path = orders_csv(tmp_path / "many.csv", [row(f"260301-{number:015d}") for number in range(40)])
    bring(house, both, people.other_shop_id, path)

    assert slots(importing.preview(house, both, people.shop_id, [path], NOW)) == [{"numbers": 3, "orders": 3, "shop": "郑家茶行"}]
