"""What a product page tells in two ways, and what it does not; and whether a change brought anything."""

import tomllib
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from zhanggui.core.products.amounts import Amounts, amounts_in
from zhanggui.core.products.changes import Changed, Side
from zhanggui.core.products.consistency import Flaw, PageTold, Variant, contradictions

CASES = tomllib.loads((Path(__file__).parent / "pages.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_it_names_what_contradicts_itself_and_nothing_else(case: dict[str, Any]) -> None:
    weights = case.get("weights", [None] * len(case["specs"]))
    variants = tuple(Variant(str(number), spec, weight) for number, (spec, weight) in enumerate(zip(case["specs"], weights, strict=True)))

    found = contradictions(PageTold(case["title"], variants, case["detail"]))

    assert [each.flaw.value for each in found] == case["flaws"]


def test_it_tells_both_places_with_their_words() -> None:
    (found,) = contradictions(PageTold("抽纸10包", (Variant("a", "8包"),)))

    assert (found.first, found.second, found.is_sure) == (("title", "10包"), ("spec", "8包"), True)


def test_two_weights_of_one_variant_are_told() -> None:
    (found,) = contradictions(PageTold("筐", (Variant("a", "大号", 300, 900),)))

    assert (found.flaw, found.first[1], found.second[1]) == (Flaw.WEIGHTS_DIFFER, "300 g", "900 g")


def test_one_picture_for_two_variants_is_worth_a_look() -> None:
    (found,) = contradictions(PageTold("杯", (Variant("a", "红", picture="x.jpg"), Variant("b", "蓝", picture="x.jpg"), Variant("c", "绿", picture="y.jpg"))))

    assert (found.flaw, found.is_sure) == (Flaw.SAME_PICTURE, False)


def test_amounts_are_read_in_one_unit_with_their_places() -> None:
    text = "净重2斤半，500ML，30cm，10包"

    found = amounts_in(text)

    assert [(each.kind, each.low, text[each.start : each.end]) for each in found] == [
        (Amounts.WEIGHT, 1250, "2斤半"),
        (Amounts.VOLUME, 500, "500ML"),
        (Amounts.LENGTH, 300, "30cm"),
        (Amounts.PIECES, 10, "10包"),
    ]


def test_a_change_is_sure_only_where_luck_hardly_makes_it() -> None:
    fewer = Changed(Side(200, 40), Side(200, 10))
    same = Changed(Side(20, 3), Side(20, 2))
    none = Changed(Side(0, 0), Side(20, 2))

    assert (fewer.is_sure, same.is_sure, none.is_sure) == (True, False, False)
    assert none.chance_of_luck is None
    assert Changed(Side(10, 0), Side(10, 0)).chance_of_luck == 1.0


@pytest.mark.parametrize(
    "text", ["1" * 20_000, "1 " * 10_000, "1." * 10_000, "1-" * 10_000, "5" + " " * 20_000 + "斤"], ids=["digits", "blanks", "points", "dashes", "gap"]
)
def test_a_text_full_of_digits_is_read_at_once(text: str) -> None:
    began = process_time()

    assert amounts_in(text) == ()
    assert process_time() - began < 2


def test_a_number_too_long_for_goods_is_no_amount_and_its_end_is_none_either() -> None:
    assert [amount.number for amount in amounts_in("货号12345678克，净重500克")] == ["500"]
