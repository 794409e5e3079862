"""The Waybills page: accounts step by step by hand, balances, and what 郑 must not see."""

from collections.abc import Callable

from tests.cast import Cast
from tests.workbench.seat import Seat
from zhanggui.people.permissions import Person

NEW = {"carrier": "圆通快递", "branch": "义乌北苑网点", "state": "wished"}


def test_an_account_is_recorded_step_by_step_by_hand(lin: Seat, people: Cast) -> None:
    path = f"/shops/{people.shop_id}/waybill_accounts"
    kept = lin.send_form(path, NEW, page="/waybills")
    wished = lin.get("/waybills").text
    for event in ("apply", "approve"):
        lin.send_form(f"{path}/1/step", {"event": event}, page="/waybills")
    lin.send_form(f"{path}/1/balance", {"left": "120", "bought": "1000"}, page="/waybills")
    approved = lin.get("/waybills").text

    assert kept.status_code == 303
    assert ("待申请" in wished, "已开通" in approved, ">1120<" in approved) == (True, True, True)
    assert lin.send_form(f"{path}/1/step", {"event": "approve"}, page="/waybills").status_code == 422
    assert "购买了 1000 个单号" in lin.get("/journal").text


def test_the_owner_of_another_shop_neither_sees_nor_changes_it(lin: Seat, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    path = f"/shops/{people.shop_id}/waybill_accounts"
    lin.send_form(path, NEW, page="/waybills")
    zheng = at_desk(people.zheng)

    answers = [zheng.send_form(f"{path}/1/{part}", {"event": "apply", "left": "1"}, page="/settings").status_code for part in ("step", "balance", "label")]

    assert answers == [404, 404, 404]
    assert zheng.get(f"/waybills?shop={people.shop_id}").status_code == 404
    assert "义乌北苑网点" not in zheng.get("/waybills").text


def test_who_packs_sees_the_page_and_changes_no_account(at_desk: Callable[[Person], Seat], lin: Seat, people: Cast) -> None:
    path = f"/shops/{people.shop_id}/waybill_accounts"
    lin.send_form(path, NEW, page="/waybills")
    zhou = at_desk(people.zhou)

    page = zhou.get("/waybills").text

    assert ("义乌北苑网点" in page, "寄件电话" in page) == (True, False)
    assert zhou.send_form(f"{path}/1/step", {"event": "apply"}, page="/waybills").status_code == 404


def test_odd_input_is_refused_with_a_sentence(lin: Seat, people: Cast) -> None:
    path = f"/shops/{people.shop_id}"
    lin.send_form(f"{path}/waybill_accounts", NEW, page="/waybills")

    answers = [
        lin.send_form(f"{path}/waybill_accounts", NEW, page="/waybills"),
        lin.send_form(f"{path}/waybill_accounts", NEW | {"carrier": "no such"}, page="/waybills"),
        lin.send_form(f"{path}/waybill_accounts/1/balance", {"left": "many"}, page="/waybills"),
        lin.send_form(f"{path}/waybill_accounts/1/label", {"template_url": "http://x"}, page="/waybills"),
        lin.send_form(f"{path}/waybills", {"account": "1"}, page="/waybills"),
        lin.send_form(f"{path}/waybills", {"account": "1", "order_nos": "1"}, page="/waybills"),
        lin.send_form(f"{path}/waybill_returns", {"reason": "other"}, page="/waybills"),
        lin.send_form(f"{path}/print_runs", {"order_nos": "1"}, page="/waybills"),
        lin.send_form(f"{path}/print_runs/1/results", {"results": "{"}, page="/waybills"),
        lin.send_form(f"{path}/print_runs/1/results", {"results": '[{"document_id": "1", "status": "printed", "x": ' + "[" * 100_000}, page="/waybills"),
    ]

    assert [answer.status_code for answer in answers] == [422] * 10


def test_a_shop_without_keys_reads_what_the_page_is_for_and_is_not_told_to_ask_the_platform(lin: Seat) -> None:
    page = lin.get("/waybills").text

    assert ("这家店没有接入平台" in page, "向平台查询账户与余额" in page, "data-print-component" in page) == (True, False, False)
    assert page.index("中通快递") < page.index("DHL全球")
