"""What happens at the same moment happens one after the other, or is refused; nothing is done twice and no total goes wrong."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.actions.files import ONE, orders_csv, row, shipped
from tests.actions.test_any_order import disagreements
from tests.cast import Cast
from zhanggui.actions import importing, marks, orders, today
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.records import deadlines

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ORDER = Subject(SubjectKind.ORDER, ONE)


def _preview(house: House, people: Cast, path: Path) -> int:
    return importing.preview(house, people.lin, people.shop_id, [path], NOW, as_of=NOW).batch_id


def test_of_two_who_confirm_the_same_preview_one_is_refused(house: House, people: Cast, tmp_path: Path) -> None:
    batch_id = _preview(house, people, orders_csv(tmp_path / "a.csv", [row(f"260301-{number:015d}") for number in range(300)]))

    def confirm(_: int) -> str:
        try:
            return importing.confirm(house, people.lin, people.shop_id, batch_id, NOW).state
        except Refused:
            return "refused"

    with ThreadPoolExecutor(4) as hands:
        outcomes = sorted(hands.map(confirm, range(4)))

    assert outcomes == ["done", "refused", "refused", "refused"]
    assert disagreements(house) == []


def test_two_imports_of_one_shop_wait_for_each_other(house: House, people: Cast, tmp_path: Path) -> None:
    numbers = [f"260301-{number:015d}" for number in range(300)]
    batch_ids = [
        _preview(house, people, orders_csv(tmp_path / "a.csv", [row(no) for no in numbers])),
        _preview(house, people, orders_csv(tmp_path / "b.csv", [shipped(no) for no in numbers[100:]])),
    ]

    with ThreadPoolExecutor(2) as hands:
        done = list(hands.map(lambda batch_id: importing.confirm(house, people.lin, people.shop_id, batch_id, NOW).state, batch_ids))

    assert done == ["done", "done"]
    assert disagreements(house) == []
    assert sum(one.orders for one in orders.state_counts(house, people.lin)) == 300


def test_bands_marks_and_imports_at_once_leave_every_total_right(house: House, people: Cast, tmp_path: Path) -> None:
    numbers = [f"260301-{number:015d}" for number in range(200)]
    first = _preview(house, people, orders_csv(tmp_path / "a.csv", [row(no) for no in numbers]))
    importing.confirm(house, people.lin, people.shop_id, first, NOW)
    second = _preview(house, people, orders_csv(tmp_path / "b.csv", [shipped(no) for no in numbers[:50]] + [row(no, 商品="核桃") for no in numbers[50:]]))
    later = NOW.replace(day=3, hour=1, minute=30)

    def mark(no: str) -> None:
        try:
            marks.mark_done(house, people.zhou, people.shop_id, Subject(SubjectKind.ORDER, no), DeadlineKind.SHIP_BY, now=NOW)
        except Refused:
            return

    with ThreadPoolExecutor(4) as hands:
        waiting: list[Future[Any]] = [
            hands.submit(importing.confirm, house, people.lin, people.shop_id, second, NOW),
            *(hands.submit(mark, no) for no in numbers[::3]),
            *(hands.submit(today.settle, house, [people.shop_id], later) for _ in range(5)),
        ]
        for one in waiting:
            one.result()

    assert disagreements(house) == []


def test_a_mark_does_not_hang_while_an_import_holds_the_order(house: House, people: Cast, tmp_path: Path) -> None:
    batch_id = _preview(house, people, orders_csv(tmp_path / "a.csv", [row(ONE)]))
    importing.confirm(house, people.lin, people.shop_id, batch_id, NOW)

    with house.pool.connection() as tx:
        assert deadlines.one(tx, people.shop_id, ORDER, DeadlineKind.SHIP_BY, lock=True) is not None
        with pytest.raises(Refused, match="import"):
            marks.mark_done(house, people.zhou, people.shop_id, ORDER, DeadlineKind.SHIP_BY, now=NOW)

    marks.mark_done(house, people.zhou, people.shop_id, ORDER, DeadlineKind.SHIP_BY, now=NOW)
