"""A shop's bill is read through: deductions are matched to their orders and judged, given-back money is set off, and codes nobody knows are told."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast
from zhanggui import words
from zhanggui.actions import importing
from zhanggui.actions.deductions import CheckedBill, appeal_of, check_deductions
from zhanggui.actions.house import House
from zhanggui.core.bill import Judgment
from zhanggui.people.permissions import NotAllowed

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
LATE, PUNCTUAL, FALSE = "260301-100000000000001", "260301-100000000000002", "260301-100000000000003"


def _order(order_no: str, shipped_at: str, **more: Any) -> dict[str, Any]:
    told = {"fact": "order", "order_no": order_no, "stage": "shipped", "group_formed_at": "2026-03-01 10:00:00", "ship_by": "2026-03-03 10:00:00"}
    return {**told, "shipped_at": shipped_at, "receive_amount": 12000, "tracking_no": f"YT{order_no[-13:]}", **more}


def _line(number: int, order_no: str | None, **more: Any) -> dict[str, Any]:
    return {"fact": "bill_line", "line_no": f"b{number}", "order_no": order_no, "happened_at": f"2026-03-{10 + number:02} 09:00:00", **more}


def _scan(order_no: str, at: str) -> dict[str, Any]:
    return {"fact": "scan", "tracking_no": f"YT{order_no[-13:]}", "at": at, "text": "已揽收", "stage": "picked_up"}


TOLD = (
    _order(LATE, "2026-03-03 18:00:00"),
    _order(PUNCTUAL, "2026-03-02 18:00:00"),
    _order(FALSE, "2026-03-02 18:00:00"),
    _scan(PUNCTUAL, "2026-03-02 20:00:00"),
    _scan(FALSE, "2026-03-04 20:00:00"),
    _line(1, LATE, expense=300, description="延迟发货_扣款"),
    _line(2, PUNCTUAL, expense=300, description="延迟发货_扣款"),
    _line(3, FALSE, expense=2500, description="虚假轨迹_扣款"),
    _line(4, LATE, expense=300, description="延迟发货_扣款"),
    _line(5, None, expense=500, description="缺货扣款"),
    _line(6, FALSE, income=12000, code="0010002", description="0010002|交易收入-订单收入"),
    _line(7, None, expense=77, code="9990001", description="9990001|新业务"),
    _line(8, None, expense=23, code="9990001", description="9990001|新业务"),
    _line(9, None, expense=88, description="提现"),
)


@pytest.fixture
def checked(house: House, people: Cast, tmp_path: Path) -> CheckedBill:
    """The bill of three orders, checked."""
    _tell(house, people, tmp_path, TOLD)
    return check_deductions(house, people.lin, people.shop_id)


def _tell(house: House, people: Cast, folder: Path, told: tuple[dict[str, Any], ...]) -> None:
    path = folder / f"told{len(told)}.jsonl"
    lines = ({**each, "as_of": "2026-03-20T08:00:00+08:00"} for each in told)
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    batch = importing.preview(house, people.lin, people.shop_id, [path], NOW)
    importing.confirm(house, people.lin, people.shop_id, batch.batch_id, NOW)


def test_it_judges_every_deduction(checked: CheckedBill) -> None:
    told = {each.judged.deduction.line_no: (each.judged.judgment, each.judged.expected) for each in checked.deductions}

    assert told == {
        "b1": (Judgment.RIGHT, 300),
        "b2": (Judgment.WRONG, 0),  # it left in time and was picked up in time
        "b3": (Judgment.WRONG, 600),  # 5 % of 120.00, not the 20 % that were taken
        "b4": (Judgment.WRONG, 0),  # the same lateness was paid for by b1
        "b5": (Judgment.CANNOT_TELL, None),  # no order
    }
    assert checked.too_much == 300 + 1900 + 300


def test_it_guesses_no_code(checked: CheckedBill) -> None:
    (unknown,) = checked.unknown

    assert (unknown.code, unknown.lines, unknown.income, unknown.expense, checked.lines) == ("9990001", 2, 0, 100, 9)


def test_it_writes_the_appeal(checked: CheckedBill) -> None:
    (wrong,) = (each for each in checked.deductions if each.judged.deduction.line_no == "b3")
    (right,) = (each for each in checked.deductions if each.judged.deduction.line_no == "b1")

    text = appeal_of(wrong, words.load("zh_Hans"))

    assert text is not None
    assert text.splitlines() == [
        f"订单 {FALSE}：2026-03-13 09:00 因虚假发货被扣款 ¥25.00，现申请复核。",
        "应在 2026-03-03 18:00 前揽收，没有按时揽收。",
        "按 pdd.compensation.false_shipment@2025-05-15：实收 ¥120.00 应扣 ¥6.00，实际扣了 ¥25.00。",
        "按规则应扣 ¥6.00，请退回 ¥19.00。",
    ]
    assert appeal_of(right, words.load("zh_Hans")) is None


def test_what_was_given_back_is_no_loss(house: House, people: Cast, tmp_path: Path) -> None:
    _tell(house, people, tmp_path, (*TOLD, _line(10, PUNCTUAL, income=300, description="延迟发货_返还")))

    checked = check_deductions(house, people.lin, people.shop_id)

    assert {each.judged.deduction.line_no: each.judged.judgment for each in checked.deductions}["b2"] is Judgment.RIGHT


@pytest.mark.parametrize(
    ("back", "judged", "still"),
    [(1900, Judgment.RIGHT, 0), (2400, Judgment.RIGHT, 0), (1000, Judgment.WRONG, 900)],
    ids=["all that was too much", "more than was too much", "some of it"],
)
def test_a_part_given_back_is_set_off(house: House, people: Cast, tmp_path: Path, back: int, judged: Judgment, still: int) -> None:
    _tell(house, people, tmp_path, (*TOLD, _line(10, FALSE, income=back, description="虚假轨迹_返还")))

    checked = check_deductions(house, people.lin, people.shop_id)

    (found,) = (each for each in checked.deductions if each.judged.deduction.line_no == "b3")
    assert (found.judged.judgment, found.judged.too_much) == (judged, still)
    assert checked.too_much == 300 + 300 + still
    text = appeal_of(found, words.load("zh_Hans"))
    if judged is Judgment.WRONG:
        assert text is not None
        assert text.splitlines()[-2:] == ["其中 ¥10.00 已退回。", "按规则应扣 ¥6.00，请退回 ¥9.00。"]
    else:
        assert text is None


def test_a_part_given_back_goes_to_the_deduction_that_is_wrong(house: House, people: Cast, tmp_path: Path) -> None:
    """The first was right; what came back later is of the second, for the same lateness."""
    _tell(house, people, tmp_path, (*TOLD, _line(10, LATE, income=200, description="延迟发货_返还")))

    checked = check_deductions(house, people.lin, people.shop_id)

    found = {each.judged.deduction.line_no: (each.judged.judgment, each.judged.given_back) for each in checked.deductions}
    assert (found["b1"], found["b4"]) == ((Judgment.RIGHT, 0), (Judgment.WRONG, 200))


def test_only_those_who_see_money_see_it(house: House, people: Cast) -> None:
    for outsider in (people.zheng, people.zhou):
        with pytest.raises(NotAllowed):
            check_deductions(house, outsider, people.shop_id)
