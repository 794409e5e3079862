"""A tracking number is checked against its carrier's shapes and the shop's other numbers; only what is certain blocks."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from zhanggui.core.numbers import Use, Verdict, as_number, carriers_that_fit, check_number, every_carrier, neighbours

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
ONE = "YT7351946208153"


def doubts(number: str, carrier: str | None = "YTO", *used: Use, order_no: str | None = None, receiver: str | None = None) -> list[tuple[str, bool]]:
    checked = check_number(number, carrier, used, now=NOW, order_no=order_no, receiver=receiver)
    return [(reason.doubt.value, reason.is_certain) for reason in checked.reasons]


@pytest.mark.parametrize(
    ("carrier", "number"),
    [
        ("SF", "SF1390274658213"),
        ("顺丰快递", "sf1390274658213"),
        ("YTO", "YT7351946208153"),
        ("圆通速递", "ＹＴ7351946208153"),
        ("JTSD", "JT5028164739206"),
        ("ZTO", "75120438576291"),
        ("zhongtong", "7512 0438 5762 91"),
        ("YUNDA", "4628051937264"),
        ("STO", "773028465190723"),
        ("EMS", "EB628405173CN"),
        ("YZXB", "9861520437182"),
        ("DB", "DPK364028517293"),
        ("JD", "JDVB28406153972"),
        ("JD", "JDX028406153972"),
    ],
)
def test_a_number_in_its_carrier_s_shape_is_fine(carrier: str, number: str) -> None:
    assert doubts(number, carrier) == []


@pytest.mark.parametrize(
    ("number", "doubt"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("261121-123456789012345", "order_number"),
        ("20190101-123456789", "order_number"),
        ("运单号", "odd_characters"),
        ("YT735194620815_", "odd_characters"),
        ("YT12", "wrong_length"),
        ("7" * 36, "wrong_length"),
    ],
)
def test_what_cannot_be_a_number_is_blocked(number: str, doubt: str) -> None:
    assert doubts(number) == [(doubt, True)]
    assert check_number(number, "YTO", now=NOW).verdict is Verdict.BLOCK


def test_a_number_of_another_carrier_is_warned_of_and_named() -> None:
    checked = check_number("JT5028164739206", "YTO", now=NOW)

    assert (checked.verdict, checked.fits) == (Verdict.WARN, ("JTSD",))
    assert [reason.doubt.value for reason in checked.reasons] == ["wrong_shape"]


def test_an_old_shape_is_warned_of_only_where_another_carrier_gives_it_out_today() -> None:
    assert doubts("805741829402", "SF") == []
    assert doubts("75120438576291", "HT") == [("old_shape", False)]


def test_a_telephone_number_and_a_made_up_one_are_warned_of() -> None:
    assert ("telephone", False) in doubts("13800001111", None)
    assert doubts("YT1111111111111") == [("placeholder", False)]
    assert doubts("YT1234567890123") == [("placeholder", False)]
    assert doubts("121231231231", "SF") == [("placeholder", False)]


def test_an_unknown_carrier_is_said_and_the_rest_is_checked() -> None:
    assert doubts(ONE, "闪送", Use(ONE, "O2")) == [("unknown_carrier", False), ("same_on_other_order", False)]


def test_the_same_number_for_another_receiver_blocks_within_thirty_days() -> None:
    lately, long_ago = NOW - timedelta(days=30), NOW - timedelta(days=30, seconds=1)

    assert doubts(ONE, "YTO", Use(ONE, "O2", "王*", lately), receiver="李*") == [("used_for_other_receiver", True)]
    assert doubts(ONE, "YTO", Use(ONE, "O2", "王*", long_ago), receiver="李*") == [("same_on_other_order", False)]
    assert doubts(ONE, "YTO", Use(ONE, "O2", None, lately), receiver="李*") == [("same_on_other_order", False)]
    assert doubts(ONE, "YTO", Use(ONE, "O2", "李*", lately), receiver="李*") == []


def test_the_order_itself_is_no_other_order() -> None:
    assert doubts(ONE, "YTO", Use(ONE, "O1"), order_no="O1") == []


def test_near_numbers_of_the_last_thirty_days_are_warned_of() -> None:
    assert doubts(ONE, "YTO", Use("YT7351946208253", "O2", at=NOW)) == [("one_digit_apart", False)]
    assert doubts(ONE, "YTO", Use("YT7351964208153", "O2", at=NOW)) == [("transposed", False)]
    assert doubts(ONE, "YTO", Use("YT7351964208153", "O2", at=NOW - timedelta(days=31))) == []
    assert doubts(ONE, "YTO", Use("YT7351946208999", "O2", at=NOW)) == []


def test_neighbours_in_a_running_pool_are_no_mistake() -> None:
    pool = [Use(f"YT73519462081{end:02}", f"P{end}", at=NOW) for end in (50, 51, 52, 54)]

    assert doubts(ONE, "YTO", *pool) == []
    assert doubts(ONE, "YTO", *pool, Use("YT7351946308153", "O9", at=NOW)) == [("one_digit_apart", False)]


def test_a_number_has_all_the_neighbours_one_slip_can_make() -> None:
    assert len(neighbours("YT12")) == 18 + 3
    assert "YT1" not in neighbours("YT12")
    assert {"YT21", "Y1T2", "TY12", "YT13"} <= neighbours("YT12")


def test_every_shape_is_its_own_carrier_s_and_graded() -> None:
    assert {shape.grade for carrier in every_carrier() for shape in carrier.shapes} <= {"A", "B", "C"}
    assert len({name.casefold() for carrier in every_carrier() for name in (carrier.code, *carrier.names)}) == sum(
        len({name.casefold() for name in (carrier.code, *carrier.names)}) for carrier in every_carrier()
    )


def test_it_finds_slips_and_seldom_warns_falsely() -> None:
    """Ten thousand made-up slips: swapped and mistyped digits of a number in use, a number used again, the wrong carrier."""
    dice = random.Random(26)
    makers = {
        "SF": lambda: f"SF{dice.randrange(10**12, 10**13)}",
        "YTO": lambda: f"YT{dice.randrange(10**12, 10**13)}",
        "JTSD": lambda: f"JT{dice.randrange(10**12, 10**13)}",
        "ZTO": lambda: f"7{dice.randrange(10**12, 10**13)}",
        "STO": lambda: f"77{dice.randrange(10**12, 10**13)}",
        "DB": lambda: f"DPK{dice.randrange(10**11, 10**12)}",
    }
    found, falsely = dict.fromkeys(("swapped", "mistyped", "reused", "carrier"), 0), 0
    for _ in range(2_500):
        carrier, other = dice.sample(sorted(makers), 2)
        number = makers[carrier]()
        use = Use(number, "O2", "王*", NOW - timedelta(days=dice.randrange(30)))
        falsely += bool(doubts(number, carrier, Use(makers[carrier](), "O3", "王*", NOW), receiver="李*"))
        slip = dice.choice(sorted(neighbours(number)))
        found["mistyped"] += bool(doubts(slip, carrier, use, receiver="李*"))
        place = dice.randrange(3, len(number) - 1)
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        found["swapped"] += bool(doubts(swapped, carrier, use, receiver="李*"))
        found["reused"] += check_number(number, carrier, (use,), now=NOW, receiver="李*").verdict is Verdict.BLOCK
        found["carrier"] += bool(doubts(number, other, receiver="李*"))

    assert (found["swapped"], found["mistyped"], found["reused"]) == (2_500, 2_500, 2_500)
    assert found["carrier"] >= 2_400
    assert falsely <= 5


def test_it_names_whose_number_it_could_be_the_shapes_of_today_first() -> None:
    assert carriers_that_fit("75120438576291") == ("ZTO", "HT")
    assert as_number(" ｙｔ１２\u200b3 ") == "YT123"
