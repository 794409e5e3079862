"""The list of goods page by page: nothing is left out, whatever it is asked for."""

from pathlib import Path

import pytest

from tests.actions.goods.shelves import Shelves, no_of, order, sku
from tests.cast import Cast
from zhanggui.actions.goods import listing
from zhanggui.actions.goods.listing import goods_list, goods_view
from zhanggui.actions.house import House

SKUS = [f"70{number:02d}" for number in range(1, 8)]


@pytest.fixture
def shelves(house: House, people: Cast, tmp_path: Path) -> Shelves:
    """A product of seven variants, and another one."""
    made = Shelves(house, people, tmp_path)
    made.tell(*(sku(each) for each in [*SKUS, "7101"]))
    return made


@pytest.mark.parametrize(("query", "found"), [("70", SKUS), (None, [*SKUS, "7101"]), ("碗", [*SKUS, "7101"]), ("7101", ["7101"]), ("没有的", [])])
def test_every_page_goes_on_where_the_one_before_ended(shelves: Shelves, query: str | None, found: list[str]) -> None:
    assert _walked(shelves, query=query) == found


def test_what_is_short_is_paged_too(shelves: Shelves) -> None:
    shelves.tell(*(order(number, sku_id=each) for number, each in enumerate(SKUS[:5], 1)))
    for each in SKUS:
        shelves.count(0, each)

    assert _walked(shelves, only_short=True) == SKUS[:5]


def test_of_many_orders_that_wait_for_one_those_due_first_are_shown(shelves: Shelves, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "WAITING_SHOWN", 2)
    shelves.tell(*(order(number, sku_id=SKUS[0], ship_by=f"2026-03-0{9 - number}T10:00:00+08:00") for number in range(1, 5)))

    seen = goods_view(shelves.house, shelves.people.lin, shelves.shop_id, SKUS[0], shelves.now)

    assert seen is not None
    assert ([one.order_no for one in seen.waiting], seen.more_wait) == ([no_of(4), no_of(3)], True)


def _walked(shelves: Shelves, *, query: str | None = None, only_short: bool = False) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        page = goods_list(shelves.house, shelves.people.lin, shelves.shop_id, query=query, only_short=only_short, cursor=cursor, limit=2)
        assert len(page.rows) <= 2
        found += [row.item.sku for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            return found
