"""The pages of automation rules: written in a form or as a file, tried, switched on, and what they suggest decided."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.core.automation import plainly
from tests.workbench.seat import Seat
from zhanggui import clock
from zhanggui.actions.automation.running import look_over
from zhanggui.actions.house import House
from zhanggui.core.automation.rules import AutoRule, GoldenCase
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.people import sign_ins
from zhanggui.records import automation_troubles
from zhanggui.words import load
from zhanggui.workbench.automation.forms import form_of, rule_of
from zhanggui.workbench.automation.wording import PLAIN, Wording, wording_of

RULES = (Path(__file__).parents[2] / "docs" / "automation.md").read_text("utf-8").split("```toml\n")[1].split("```")[0]
FORM: Mapping[str, Any] = {
    "id": "few",
    "title": "件数少的先看",
    "on": ["ship_by"],
    "a_day": "5",
    "money_a_day": "0",
    "fact": ["pieces", "hour", ""],
    "op": ["op_most", "op_between", "op_is"],
    "value": ["3", "0 … 23", ""],
    "act": ["remark", ""],
    "text": ["轻放", ""],
    "step": ["", ""],
    "to": ["", ""],
    "says": ["一件", "十件"],
    "fires": ["yes", "no"],
    "case_on": ["", ""],
    "facts": ["pieces = 1\nhour = 9", "pieces = 10"],
    "advise": ["", ""],
    "do": "keep",
}


@given(plainly.rule(), st.integers(0, 5000), st.booleans(), st.sampled_from((PLAIN, wording_of(load("zh_Hans")), wording_of(load("en")))))
@settings(max_examples=60, deadline=None)
def test_a_form_in_either_language_and_a_file_say_the_same_rule(rule: AutoRule, fen: int, fires: bool, wording: Wording) -> None:
    facts: dict[str, Any] = {"amount": fen, "threatens": fires, "reason": "多拍 = 错拍", "goods_at": "not_printed"}
    case = GoldenCase(says="例", fires=fires, facts=facts, advise={"kind": "refund_only", "goods": "back"})
    when, *either = ({name: _shortest(clause) for name, clause in box.items()} for box in (rule.when, *rule.either))
    told = msgspec.structs.replace(rule, when=when, either=tuple(either), money_a_day=fen, gives_way_to=("a", "b"), case=(case,))

    assert rule_of(form_of(told, wording), wording) == told


def test_it_is_written_in_a_form_tried_kept_and_switched_on(lin: Seat, house: House, people: Cast, stocked: str) -> None:
    shop = people.shop_id
    tried = lin.send_form(f"/shops/{shop}/automation", {**FORM, "do": "try"}, page=f"/shops/{shop}/automation/new")
    kept = lin.send_form(f"/shops/{shop}/automation", FORM, page=f"/shops/{shop}/automation/new", follow_redirects=False)
    page = re.sub(r"\?.*", "", kept.headers["location"])

    switched = lin.send_form(f"{page}/level", {"level": "suggest"}, page=page)
    fired = look_over(house, shop, clock.now(), clock.unwound())

    assert "会触发" in tried.text
    assert kept.status_code == 303
    assert (switched.status_code, switched.headers["location"]) == (303, f"{page}?done=level")
    assert 0 < fired <= 5
    assert lin.get(page).text.count("轻放") > 1


def test_a_rule_that_is_on_is_changed_only_by_who_shows_again_who_sits_there(lin: Seat, house: House, people: Cast, stocked: str) -> None:
    shop = people.shop_id
    kept = lin.send_form(f"/shops/{shop}/automation", FORM, page=f"/shops/{shop}/automation/new", follow_redirects=False)
    page = re.sub(r"\?.*", "", kept.headers["location"])
    file = lin.get(f"/shops/{shop}/automation.toml").text
    _is_long_ago(house)
    while_off = lin.send_form(page, {**FORM, "text": "小心"}, page=page, follow_redirects=False)
    with house.pool.connection() as tx:
        tx.execute("update automation_rules set level = 'suggest'")

    by_form = lin.send_form(page, {**FORM, "text": "易碎"}, page=page, follow_redirects=False)
    by_new_form = lin.send_form(f"/shops/{shop}/automation", {**FORM, "text": "易碎"}, page=page, follow_redirects=False)
    by_file = lin.send_form(f"/shops/{shop}/automation_file", {"text": file.replace("轻放", "易碎")}, page=page, follow_redirects=False)

    assert while_off.headers["location"].startswith(page)
    assert [answer.headers["location"].split("?")[0] for answer in (by_form, by_new_form, by_file)] == ["/account/confirmation"] * 3
    assert "易碎" not in lin.get(page).text


def test_a_form_of_an_older_version_takes_nothing_back_that_somebody_changed_since(lin: Seat, people: Cast) -> None:
    shop = people.shop_id
    kept = lin.send_form(f"/shops/{shop}/automation", FORM, page=f"/shops/{shop}/automation/new")
    page = re.sub(r"\?.*", "", kept.headers["location"])
    drawn = _version(lin.get(page).text)
    lowered = lin.send_form(page, {**FORM, "a_day": "2", "version": drawn}, page=page)

    stale = lin.send_form(page, {**FORM, "title": "件数少的", "version": drawn}, page=page)
    again_the_same = lin.send_form(page, {**FORM, "a_day": "2", "version": drawn}, page=page)
    after = lin.get(f"/shops/{shop}/automation.toml").text
    looked_at = lin.send_form(page, {**FORM, "title": "件数少的", "a_day": "2", "version": _version(stale.text)}, page=page)
    tried = lin.send_form(page, {**FORM, "do": "try", "version": drawn}, page=page)

    assert [answer.status_code for answer in (lowered, stale, again_the_same, looked_at)] == [303, 200, 303, 303]
    assert ["有人改过这条规则" in stale.text, 'value="件数少的"' in stale.text] == [True, True]
    assert ("a_day = 2" in after, "件数少的先看" in after) == (True, True)
    assert 'title = "件数少的"' in lin.get(f"/shops/{shop}/automation.toml").text
    assert (drawn, _version(stale.text), _version(tried.text)) == ("1", "2", "1")


def _version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_what_it_suggests_is_done_or_left_by_whoever_is_there(lin: Seat, mei: Seat, house: House, people: Cast, stocked: str) -> None:
    shop = people.shop_id
    kept = lin.send_form(f"/shops/{shop}/automation", FORM, page=f"/shops/{shop}/automation/new", follow_redirects=False)
    page = re.sub(r"\?.*", "", kept.headers["location"])
    lin.send_form(f"{page}/level", {"level": "suggest"}, page=page)
    look_over(house, shop, clock.now(), clock.unwound())
    waiting = f"/automation?view=waiting&shop={shop}"
    first, second = re.findall(r'action="(/shops/\d+/firings/\d+)"', mei.get(waiting).text)[:2]

    mei.send_form(first, {"do": "do"}, page=waiting)
    mei.send_form(second, {"do": "leave"}, page=waiting)
    again = mei.send_form(second, {"do": "do"}, page=waiting)

    left = mei.get(waiting).text
    assert first not in left
    assert second not in left
    assert again.status_code == 422


def test_what_is_wrong_is_told_and_what_was_typed_stays(lin: Seat, people: Cast) -> None:
    shop = people.shop_id
    new = f"/shops/{shop}/automation/new"

    answers = [
        lin.send_form(f"/shops/{shop}/automation", {**FORM, **change}, page=new).text
        for change in (
            {"value": ["few", "0 … 23", ""]},
            {"fact": ["pieces", "pieces", ""]},
            {"act": ["refund.agree", ""], "text": ["", ""]},
            {"facts": ["pieces 1", "pieces = 10"]},
        )
    ]

    assert all("件数少的先看" in answer for answer in answers)
    assert [answer.count('role="alert"') for answer in answers] == [1, 1, 2, 1]
    assert "还没有规则" in lin.get(f"/automation?shop={shop}").text


def test_it_carries_a_file_in_and_out_and_switches_nothing_on(lin: Seat, people: Cast) -> None:
    shop = people.shop_id
    page = f"/automation?view=file&shop={shop}"
    refused = lin.send_form(f"/shops/{shop}/automation_file", {"text": RULES.replace('to = "lin"', 'to = "nobody"')}, page=page)

    lin.send_form(f"/shops/{shop}/automation_file", {"text": RULES}, page=page)
    listed = lin.get(f"/automation?shop={shop}").text
    out = lin.get(f"/shops/{shop}/automation.toml")

    assert 'role="alert"' in refused.text
    assert listed.count('<span class="chip">关闭</span>') == 2
    assert out.headers["content-type"].startswith("application/toml")
    assert lin.send_form(f"/shops/{shop}/automation_file", {"text": out.text}, page=page).status_code == 303
    assert "第 1 版" in lin.get(f"/automation?shop={shop}").text


def test_it_asks_alternatives_and_words_in_a_text_and_shows_them_as_people_say_them(lin: Seat, people: Cast) -> None:
    shop = people.shop_id
    asked = {
        "id": "",
        "on": ["answer_refund"],
        "fact": ["case_kind", "reason", "pictures", "reason"],
        "op": ["op_is", "op_has", "op_least", "op_lacks"],
        "value": ["仅退款", "破损 | 漏", "3", "不想要"],
        "group": ["", "1", "2", "2"],
        "facts": ["售后类型 = 仅退款\n买家选的原因（平台原文） = 商品破损", "售后类型 = 仅退款\npictures = 1"],
    }

    kept = lin.send_form(f"/shops/{shop}/automation", {**FORM, **asked}, page=f"/shops/{shop}/automation/new", follow_redirects=False)
    page = lin.get(re.sub(r"\?.*", "", kept.headers["location"])).text
    file = lin.get(f"/shops/{shop}/automation.toml").text

    assert 'id = "rule_1"' in file
    assert 'case_kind = { is = "refund_only" }' in file
    assert '[[rule.either]]\nreason = { has = ["破损", "漏"] }' in file
    assert '[[rule.either]]\npictures = { least = 3 }\nreason = { lacks = "不想要" }' in file
    assert "并且至少满足其中一组" in page
    assert "含有 “破损” 或 “漏”" in page
    assert page.count(">对</span>") == 2


def test_what_fired_stands_on_the_order_and_becomes_a_golden_case_with_one_click(lin: Seat, house: House, people: Cast, stocked: str) -> None:
    shop = people.shop_id
    kept = lin.send_form(f"/shops/{shop}/automation", FORM, page=f"/shops/{shop}/automation/new", follow_redirects=False)
    page = re.sub(r"\?.*", "", kept.headers["location"])
    lin.send_form(f"{page}/level", {"level": "suggest"}, page=page)
    look_over(house, shop, clock.now(), clock.unwound())
    firing, order_no = next(iter(re.findall(r'id="firing-(\d+)".*?/orders/([\d-]+)"', lin.get(f"/automation?view=firings&shop={shop}").text, re.DOTALL)))
    order_page = lin.get(f"/shops/{shop}/orders/{order_no}").text

    right = lin.send_form(f"{page}/cases", {"firing": firing, "fires": "yes"}, page=page)
    again = lin.send_form(f"{page}/cases", {"firing": firing, "fires": "yes"}, page=page)
    unknown = lin.send_form(f"{page}/cases", {"no": "260101-999", "fires": "yes"}, page=page)
    wrong = lin.send_form(f"{page}/cases", {"no": order_no, "fires": "no", "says": "这单不该"}, page=page)

    told = lin.get(page).text
    assert f'href="{page}"' in order_page
    assert "触发过的自动化规则" in order_page
    assert "件数：" in order_page.replace(":", "：")
    assert right.headers["location"] == f"{page}?done=case"
    assert "已经有了" in again.text
    assert "260101-999" in unknown.text
    assert wrong.headers["location"] == f"{page}?done=kept_off"
    assert "这单不该" in told
    assert "请加一个条件" in told
    assert 'role="alert"' in lin.send_form(f"{page}/level", {"level": "suggest"}, page=page).text


def test_what_is_skipped_and_what_contradicts_is_told_without_names_of_the_program(lin: Seat, house: House, people: Cast) -> None:
    shop, new = people.shop_id, f"/shops/{people.shop_id}/automation/new"
    for title, to in (("给小美", "xiaomei"), ("给老周", "laozhou")):
        told = {**FORM, "id": "", "title": title, "act": ["hand_over", ""], "text": ["", ""], "to": [to, ""]}
        page = re.sub(r"\?.*", "", lin.send_form(f"/shops/{shop}/automation", told, page=new, follow_redirects=False).headers["location"])
        refused = lin.send_form(f"{page}/level", {"level": "suggest"}, page=page)
    with house.pool.connection() as tx:
        subject = Subject(SubjectKind.AFTERSALE, "7001")
        automation_troubles.keep(tx, shop, "answer_refund", subject, failures=3, problem="KeyError", now=clock.now(), next_at=clock.now())

    listed = lin.get(f"/automation?shop={shop}").text

    assert "“给小美”" in refused.text
    assert "“给老周”" in refused.text
    assert "订单件数: " in refused.text
    assert "有 1 条暂时没法判断" in listed
    assert f"/shops/{shop}/aftersales/7001" in listed


def test_who_may_not_change_a_rule_sees_it_all_the_same(lin: Seat, mei: Seat, people: Cast) -> None:
    shop = people.shop_id
    kept = lin.send_form(f"/shops/{shop}/automation", FORM, page=f"/shops/{shop}/automation/new", follow_redirects=False)
    page = re.sub(r"\?.*", "", kept.headers["location"])

    seen = mei.get(page)

    assert seen.status_code == 200
    assert "rule-form" not in seen.text
    assert mei.get(f"/shops/{shop}/automation/new").status_code == 404


def _shortest(clause: Any) -> Any:
    single = {name: told[0] for name in ("is_", "not_", "has", "lacks") if isinstance(told := getattr(clause, name), tuple) and len(told) == 1}
    return msgspec.structs.replace(clause, **single)


def _is_long_ago(house: House) -> None:
    with house.pool.connection() as tx:
        tx.execute("update sign_ins set confirmed_at = %s", (clock.unwound() - sign_ins.CONFIRMED_FOR,))
