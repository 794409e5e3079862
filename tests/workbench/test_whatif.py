"""The page of what-if: open decisions tried by the address alone, and notices read, drafted, tried, adopted and taken back."""

import re

import pytest

from tests.cast import Cast
from tests.workbench.seat import Seat
from zhanggui.actions.whatif import trying

SAID = "现货商品的发货时限由48小时调整为24小时。\n本规则自2026年12月15日0时起生效。\n发布日期：2026年11月20日"


def test_a_decision_is_tried_and_nothing_is_kept(lin: Seat, people: Cast, stocked: str) -> None:
    listed = lin.get("/whatif").text
    choice = re.search(r'value="(refuse:[^"]+)"', listed)

    assert choice is not None
    tried = lin.get(f"/whatif?shop={people.shop_id}&d={choice[1]}").text
    again = lin.get("/whatif").text

    assert "试算结果" in tried
    assert f'value="{choice[1]}" selected' in tried
    assert "试算结果" not in again


def test_all_of_a_sort_is_tried_at_once(lin: Seat, people: Cast, stocked: str) -> None:
    tried = lin.get(f"/whatif?shop={people.shop_id}&cases=agree&kind=refund_only&most=500&orders=ship")

    assert tried.status_code == 200
    assert "试算结果" in tried.text


def test_it_says_where_there_was_more_than_is_tried(lin: Seat, people: Cast, stocked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"/whatif?shop={people.shop_id}&orders=ship"
    whole = lin.get(page).text
    monkeypatch.setattr(trying, "MOST_EACH", 1)
    monkeypatch.setattr(trying, "PAST_ORDERS", 1)

    cut = lin.get(page).text

    assert [["同类事项不止这些" in text, "上月不止这些" in text] for text in (whole, cut)] == [[False, False], [True, True]]


def test_what_is_no_decision_is_refused_with_a_sentence(lin: Seat, people: Cast) -> None:
    answers = [lin.get(f"/whatif?shop={people.shop_id}&{query}") for query in ("d=burn:1", "cases=agree&most=x1", "d=agree:")]

    assert [answer.status_code for answer in answers] == [422, 422, 422]


def test_a_notice_goes_its_way_from_paste_to_withdrawal(lin: Seat, people: Cast, stocked: str) -> None:
    page = "/whatif/notices"
    read = lin.send_form(f"/shops/{people.shop_id}/rule_notices/reading", {"text": SAID}, page=page)
    form = {"text": SAID, "over": "pdd.ship_by.spot@2015-09-01", "starts": "2026-12-15T00:00", "published": "2026-11-20", "hours": "24"}
    kept = lin.send_form(f"/shops/{people.shop_id}/rule_notices", form, page=page)
    place = kept.headers["location"]
    number = place.rpartition("-")[2]
    tried = lin.get(place.partition("#")[0]).text

    assert '<mark class="m-number"' in read.text
    assert 'value="2026-12-15T00:00"' in read.text
    assert "按此规则重算上个月" in tried
    assert "草稿" in tried
    lin.send_form(f"/shops/{people.shop_id}/rule_notices/{number}/adoption", {}, page=page)
    assert "已采用" in lin.get(page).text
    assert "为即将变更的规则做好准备" in lin.get("/today").text
    for _ in range(2):  # the second from a page that was open before
        lin.send_form(f"/shops/{people.shop_id}/rule_notices/{number}/readiness", {"ready": "yes"}, page=page)
        assert "已准备" in lin.get(page).text
    assert '<button name="ready" value="no">' in lin.get(page).text
    lin.send_form(f"/shops/{people.shop_id}/rule_notices/{number}/readiness", {"ready": "no"}, page=page)
    assert "已准备" not in lin.get(page).text
    lin.send_form(f"/shops/{people.shop_id}/rule_notices/{number}/withdrawal", {}, page=page)
    assert "已撤回" in lin.get(page).text


def test_whoever_may_only_read_rules_sees_no_form(mei: Seat, people: Cast) -> None:
    text = mei.get("/whatif/notices").text
    answer = mei.post(f"/shops/{people.shop_id}/rule_notices/reading", data={"text": SAID, "_csrf_token": mei.form_token("/account")})

    assert "rule_notices/reading" not in text
    assert answer.status_code == 404


def test_days_and_numbers_beyond_any_calendar_leave_the_page_whole(lin: Seat, people: Cast) -> None:
    page, shop = "/whatif/notices", f"/shops/{people.shop_id}"
    nines = "9" * 400
    texts = (
        "9999-12-31",
        "0001-01-01",
        "自9999年12月31日24时起生效",
        f"发布之日起{nines}日后施行",
        f"现货发货时限调整为{nines}小时。",
        f"延迟发货赔付{nines}元。",
    )
    form = {"text": SAID, "over": "pdd.ship_by.spot@2015-09-01", "starts": "2026-12-15T00:00", "hours": "24"}

    read = [lin.send_form(f"{shop}/rule_notices/reading", {"text": text}, page=page).status_code for text in texts]
    drafted = [lin.send_form(f"{shop}/rule_notices", form | {"published": day}, page=page).status_code for day in ("9999-12-31", "0001-01-01")]

    assert (read, drafted, lin.get(page).status_code) == ([200] * 6, [422, 422], 200)
