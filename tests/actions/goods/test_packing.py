"""What belongs into a parcel, by what it is scanned, and between which weights it should lie."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.actions.goods.shelves import BLUE, RED, Shelves, no_of, order, sku
from tests.cast import Cast
from zhanggui.actions.goods.own import Own, keep_own, take_stock_sheet
from zhanggui.actions.goods.packing import Packing, packing_facts, weighed
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.estimates.weights import Range, added_range, learnt_range


@pytest.fixture
def shelves(house: House, people: Cast, tmp_path: Path) -> Shelves:
    return Shelves(house, people, tmp_path)


def packing(shelves: Shelves, number: int) -> Packing:
    with shelves.house.pool.connection() as tx:
        return packing_facts(tx, shelves.shop_id, [no_of(number)])[no_of(number)]


def note(shelves: Shelves, number: int, grams: int | None) -> None:
    with shelves.house.pool.connection() as tx:
        weighed(tx, shelves.shop_id, no_of(number), grams, shelves.now + timedelta(seconds=number))


def test_it_adds_up_what_the_pieces_weigh_until_parcels_were_weighed(shelves: Shelves) -> None:
    shelves.tell(sku(RED, weight_g=500), order(1, quantity=2))
    keep_own(shelves.house, shelves.people.lin, shelves.shop_id, RED, Own(packing_g=40, barcodes=("690",)), shelves.now)

    told = packing(shelves, 1)

    assert told.expected_weight == added_range(1000, 40) == Range(884, 1196, 0)
    assert [(line.sku_key, line.quantity, line.barcodes) for line in told.lines] == [(RED, 2, ("690", "W7001", RED))]


def test_it_learns_from_parcels_with_the_very_same_goods(shelves: Shelves) -> None:
    shelves.tell(sku(RED), *(order(number) for number in range(1, 6)), order(6, quantity=2))
    for number, grams in ((1, 520), (2, 524), (3, 518), (4, 900)):
        note(shelves, number, grams)

    # one packed wrong does not widen it
    learnt = packing(shelves, 5).expected_weight

    assert learnt is not None
    assert (learnt.learnt_from, learnt.holds(521), learnt.holds(900), learnt.holds(480)) == (4, True, False, False)
    assert packing(shelves, 6).expected_weight is None


def test_a_weight_that_was_taken_back_teaches_nothing(shelves: Shelves) -> None:
    shelves.tell(sku(RED), *(order(number) for number in range(1, 5)))
    for number in (1, 2, 3):
        note(shelves, number, 500)

    note(shelves, 3, None)

    assert packing(shelves, 4).expected_weight is None
    assert learnt_range([500, 500]) is None


def test_an_order_that_names_no_goods_still_has_a_line(shelves: Shelves) -> None:
    shelves.tell(order(1, sku_id=None, goods_id=None, title="碗"))

    told = packing(shelves, 1)

    assert [(line.sku_key, line.title) for line in told.lines] == [(None, "碗")]
    assert told.expected_weight is None


def test_one_barcode_never_comes_to_stand_on_two_skus(shelves: Shelves, tmp_path: Path) -> None:
    shelves.tell(sku(RED), sku(BLUE))
    sheet = tmp_path / "stock.csv"
    sheet.write_text("规格ID,新条码\n7001,690\n7002,690\n7002,691\n", "utf-8")

    taken = take_stock_sheet(shelves.house, shelves.people.zhou, shelves.shop_id, sheet, shelves.now)

    assert (taken.noted, [one.place.row for one in taken.refused]) == (2, [3])
    with pytest.raises(Refused):
        keep_own(shelves.house, shelves.people.zhou, shelves.shop_id, BLUE, Own(barcodes=("690",)), shelves.now)


def test_two_rows_that_count_the_same_otherwise_are_told_and_not_the_last_of_them_taken(shelves: Shelves, tmp_path: Path) -> None:
    shelves.tell(sku(RED), sku(BLUE))
    sheet = tmp_path / "stock.csv"
    sheet.write_text("规格ID,数量,库位\n7001,30,\n7001,20,\n7001,20,B-2\n7002,5,\n7002,5,\n", "utf-8")

    taken = take_stock_sheet(shelves.house, shelves.people.zhou, shelves.shop_id, sheet, shelves.now)

    assert [(one.place.row, one.reason.slots) for one in taken.refused] == [(3, {"row": 2, "pieces": 30})]
    assert taken.counted == 3
