"""Amounts of yuan as files write them, in whole fen."""

import pytest

from zhanggui.core.money import NotMoney, fen_from_yuan


@pytest.mark.parametrize(("text", "fen"), [("29.90", 2990), ("¥1,234.5", 123450), ("-0.01", -1), ("1e3", 100_000), ("99,999,999.99", 9_999_999_999)])
def test_it_reads_an_amount_to_the_fen(text: str, fen: int) -> None:
    assert fen_from_yuan(text) == fen


@pytest.mark.parametrize("text", ["", "1.234", "NaN", "Infinity", "二十", "1E+9999999", "1E+999999", "9" * 5000, "1E-5"])
def test_it_takes_nothing_for_money_that_is_none(text: str) -> None:
    with pytest.raises(NotMoney):
        fen_from_yuan(text)
