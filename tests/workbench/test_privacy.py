"""The page of personal data: what is held, who opened what, a buyer forgotten; and the page that opens a number, once, with a reason."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.actions.privacy.scene import LATER, MARK, NAME, PHONE, A, dumped, lived
from tests.cast import Cast
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from zhanggui.actions.conversations.taking import take_paste
from zhanggui.actions.house import House
from zhanggui.actions.privacy.opening import open_personal
from zhanggui.actions.refused import Refused
from zhanggui.actions.texts.settling import bring_numbers
from zhanggui.core.privacy.opening import IN_AN_HOUR, Opening
from zhanggui.people.permissions import Person


def test_a_number_is_opened_once_for_a_reason_and_whoever_looks_after_the_data_sees_it(
    lin: Seat, mei: Seat, at_desk: Callable[[Person], Seat], people: Cast, house: House
) -> None:
    bring_numbers(house, people.lin, people.shop_id, f"{A},{PHONE},否", NOW)
    page = f"/shops/{people.shop_id}/orders/{A}/number"

    asked, short = mei.get(page), mei.send_form(page, {"reason": "看"}, page=page)
    opened = mei.send_form(page, {"reason": "买家要求回电"}, page=page)
    seen = lin.get(f"/privacy?shop={people.shop_id}")
    again = mei.get(page)
    strangers = [at_desk(who).get(page).status_code for who in (people.zhou, people.zheng)]

    assert (asked.status_code, short.status_code, opened.status_code) == (200, 422, 200)
    assert (PHONE in asked.text, PHONE in opened.text, PHONE in again.text, PHONE in seen.text) == (False, True, False, False)
    assert "买家要求回电" in seen.text
    assert opened.headers["cache-control"] == "no-store"
    assert strangers == [404, 404]
    assert at_desk(people.mei).get(f"/privacy?shop={people.shop_id}").status_code == 404


def test_nobody_opens_more_than_a_person_needs_and_the_last_one_says_so(house: House, people: Cast) -> None:
    bring_numbers(house, people.lin, people.shop_id, f"{A},{PHONE},否", NOW)
    for number in range(IN_AN_HOUR):
        _open(house, people, number)

    with pytest.raises(Refused, match="You opened"):
        _open(house, people, IN_AN_HOUR)


def _open(house: House, people: Cast, number: int) -> None:
    open_personal(house, people.mei, people.shop_id, Opening.NUMBER, A, "买家要求回电", NOW + timedelta(seconds=number))


def test_an_owner_looks_whose_orders_are_meant_and_then_forgets_the_buyer(lin: Seat, people: Cast, house: House, tmp_path: Path) -> None:
    lived(house, people, tmp_path)
    assert NOW > LATER
    at = f"/shops/{people.shop_id}/privacy"

    looked = lin.send_form(f"{at}/forgotten", {"by": "name", "told": NAME}, page="/privacy")
    nobody = lin.send_form(f"{at}/forgotten", {"by": "name", "told": "别人"}, page="/privacy")
    done = lin.send_form(f"{at}/forgotten", {"by": "order_no", "told": A, "sure": "1", "reason": "买家来信", "with_evidence": "1"}, page="/privacy")
    page = lin.get(done.headers["location"])
    journal = lin.get("/journal").text

    assert (looked.status_code, nobody.status_code, done.status_code) == (200, 422, 303)
    assert (A in looked.text, NAME in looked.text) == (True, False)
    assert MARK not in dumped(house)
    assert "已删除" in page.text
    assert "买家来信" in page.text
    assert "删除一位买家" in journal


def test_a_buyer_of_no_order_is_forgotten_by_the_name_told_twice(lin: Seat, people: Cast, house: House) -> None:
    take_paste(house, people.mei, people.shop_id, "路过的丹顶鹤 2026-03-03 16:00\n丹顶鹤想问问\n客服小美 2026-03-03 16:02\n您好\n", LATER)
    at, whom = f"/shops/{people.shop_id}/privacy", {"by": "name", "told": "路过的丹顶鹤"}

    looked = lin.send_form(f"{at}/forgotten", whom, page="/privacy")
    done = lin.send_form(f"{at}/forgotten", whom | {"sure": "1"}, page="/privacy")
    again = lin.send_form(f"{at}/forgotten", whom, page="/privacy")

    assert (looked.status_code, done.status_code, again.status_code) == (200, 303, 422)
    assert ("不涉及订单的聊天：1 个" in looked.text, "再填一遍" in looked.text, "路过的丹顶鹤" in looked.text) == (True, True, False)
    assert "丹顶鹤" not in dumped(house)


def test_terms_and_keys_are_set_on_the_page_in_both_languages(lin: Seat, people: Cast, house: House) -> None:
    at = f"/shops/{people.shop_id}/privacy"

    kept = lin.send_form(f"{at}/terms", {"kind": "talks", "days": "300"}, page="/privacy")
    wrong = [lin.send_form(f"{at}/terms", form, page="/privacy").status_code for form in ({"kind": "talks", "days": "0"}, {"kind": "x", "days": "3"})]
    key = lin.send_form(f"{at}/key", {}, page="/privacy")
    zh = lin.get("/privacy").text
    lin.send_form("/language", {"language": "en"})
    en = lin.get("/privacy").text

    assert (kept.status_code, wrong, key.status_code) == (303, [422, 422], 303)
    assert ('value="300"' in zh, "买家说的话" in zh, "What buyers write" in en, "Who opened what" in en) == (True, True, True, True)
