"""The page of returns: a scan opens the parcel, one press keeps that all is there, pictures are kept, and nothing is shown to outsiders."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.actions.goods.shelves import RED, no_of
from tests.actions.returns.bench import PARCEL, PHOTO, Bench
from tests.cast import Cast
from tests.workbench.seat import Seat
from zhanggui.actions.evidence import NewFile
from zhanggui.actions.house import House
from zhanggui.actions.photos.finding import look_at_photos
from zhanggui.core.returns.grades import Grade
from zhanggui.people.permissions import Person


@pytest.fixture
def bench(house: House, people: Cast, tmp_path: Path) -> Bench:
    """A return on its way."""
    made = Bench(house, people, tmp_path)
    made.sent()
    made.asked(return_state_text="已签收", return_delivered_at="2026-03-02T09:00:00+08:00")
    return made


@pytest.fixture
def zhou(at_desk: Callable[[Person], Seat], people: Cast) -> Seat:
    """老周 at the bench."""
    return at_desk(people.zhou)


def _sends(zhou: Seat, people: Cast, **data: object) -> str:
    page = f"/returns?shop={people.shop_id}&code={PARCEL}"
    form = {"code": PARCEL, "shares": "case/1", "_csrf_token": zhou.form_token(page), **data}
    answer = zhou.post(f"/shops/{people.shop_id}/returns", data=form, files=[("photos", (PHOTO.name, PHOTO.content, "image/jpeg"))])
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_it_lists_what_waits_and_opens_it_by_a_scan(bench: Bench, zhou: Seat, people: Cast) -> None:
    listed, opened = zhou.get("/returns").text, zhou.get(f"/returns?shop={people.shop_id}&code={PARCEL.lower()}").text

    assert all(text in listed for text in (PARCEL, "已送达", "¥59.80"))
    assert all(text in opened for text in ("发出 2 件", "全部退回，完好", f"as_new|case/1|{RED}"))


def test_one_press_keeps_that_all_is_there(bench: Bench, zhou: Seat, people: Cast) -> None:
    kept = _sends(zhou, people, all="as_new")

    assert "无异常：退回 2 件" in zhou.get(kept).text
    assert (bench.ceiling().fen, "没有待开箱的退货" in zhou.get("/returns").text) == (5980, True)


def test_it_counts_by_goods_and_grade(bench: Bench, zhou: Seat, people: Cast) -> None:
    what = [f"as_new|case/1|{RED}", f"opened|case/1|{RED}", f"came_damaged|case/1|{RED}"]
    others = {"other_of": "case/1", "other": "一块砖", "other_grade": "foreign_goods", "other_pieces": ""}

    kept = _sends(zhou, people, what=what, pieces=["1", "", "1"], weight="0.53kg", **others)

    text = zhou.get(kept).text
    assert "退回的不是发出的商品" in text
    assert (bench.ceiling().fen, bench.ceiling().by_itself, bench.row(1).weight_g) == (5980, 2990, 530)
    assert all(shown in zhou.get(f"/returns?view=counted&shop={people.shop_id}").text for shown in ("一块砖", "box.jpg", "退错商品"))


def test_it_hands_over_the_picture_as_it_was_taken(bench: Bench, zhou: Seat, people: Cast) -> None:
    number = parse_qs(urlsplit(_sends(zhou, people, all="empty")).query)["kept"][0]
    text = zhou.get(f"/returns?view=counted&shop={people.shop_id}").text
    path = text.split(f'href="/shops/{people.shop_id}/returns/{number}/photos/')[1].split('"')[0]

    answer = zhou.get(f"/shops/{people.shop_id}/returns/{number}/photos/{path}")

    assert (answer.content, answer.headers["content-type"]) == (PHOTO.content, "image/jpeg")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_it_keeps_nothing_for_a_blank_count(bench: Bench, zhou: Seat, people: Cast) -> None:
    page = f"/returns?shop={people.shop_id}&code={PARCEL}"
    form = {"code": PARCEL, "shares": "case/1", "all": "", "_csrf_token": zhou.form_token(page)}

    answer = zhou.post(f"/shops/{people.shop_id}/returns", data=form, files=[("photos", ("", b"", ""))])

    assert (answer.status_code, bench.ceiling().because.text.startswith("Nobody has counted")) == (422, True)


@pytest.mark.parametrize("number", ["YT8816402275001", "YT8816402275002"])
def test_any_parcel_of_an_order_that_left_in_two_came_back_undelivered(bench: Bench, zhou: Seat, people: Cast, number: str) -> None:
    further = [{"kind": "extra", "carrier": "圆通快递", "tracking_no": "YT8816402275002"}]
    bench.sent(3, tracking_no="YT8816402275001", carrier="圆通快递", further_parcels=further)

    assert "这是本店发出后未能送达而退回的包裹" in zhou.get(f"/returns?shop={people.shop_id}&code={number}").text


def test_it_warns_of_what_was_opened_of_an_order_without_a_case(bench: Bench, zhou: Seat, people: Cast) -> None:
    order_no = bench.sent(3, tracking_no="YT8816402275001")
    bench.opens((RED, Grade.AS_NEW, 2), case_no=None, order_no=order_no, code="YT8816402275001")

    text = zhou.get(f"/returns?shop={people.shop_id}&code={order_no}").text

    assert "这个订单已有包裹开过箱（退货 1，老周）" in text


def test_it_keeps_an_unknown_parcel_as_nobodys(bench: Bench, zhou: Seat, people: Cast) -> None:
    page = f"/returns?shop={people.shop_id}&code=SF900"
    asked = zhou.get(page).text

    answer = zhou.post(
        f"/shops/{people.shop_id}/returns", data={"code": "SF900", "note": "一只碗", "_csrf_token": zhou.form_token(page)}, files=[("photos", ("", b"", ""))]
    )

    assert "作为无主包裹保存" in asked
    assert "请在上面写 1" in zhou.get(answer.headers["location"]).text
    assert "一只碗" in zhou.get(f"/returns?view=nobodys&shop={people.shop_id}").text


def test_a_count_is_taken_back(bench: Bench, zhou: Seat, people: Cast) -> None:
    _sends(zhou, people, all="as_new")

    answer = zhou.send_form(f"/shops/{people.shop_id}/returns/1/undo", page="/returns")

    assert (answer.status_code, bench.ceiling().fen) == (303, 0)


def test_whoever_may_not_send_money_is_not_offered_to_give_up_the_goods(bench: Bench, zhou: Seat, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    page = f"/returns?shop={people.shop_id}&code={PARCEL}"

    assert ("不退货也退款" in zhou.get(page).text, "不退货也退款" in at_desk(people.lin).get(page).text) == (False, True)


def test_after_a_count_that_stands_in_the_way_a_person_may_decide_to_pay_all_the_same(
    bench: Bench, zhou: Seat, at_desk: Callable[[Person], Seat], people: Cast
) -> None:
    page, lin = f"/returns?shop={people.shop_id}&code={PARCEL}", at_desk(people.lin)
    bench.opens((RED, Grade.AS_NEW, 1))
    short = ("仍然全额退款" in zhou.get(page).text, "仍然全额退款" in lin.get(page).text)

    answer = lin.send_form(f"/shops/{people.shop_id}/returns/waived", {"case_no": "1", "note": "老客户"}, page=page)

    assert (short, answer.status_code, bench.ceiling().fen) == ((False, True), 303, None)
    assert "仍然全额退款" not in lin.get(page).text


def test_what_may_be_paid_after_a_count_is_not_said_to_be_paid_without_the_goods(bench: Bench, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    lin = at_desk(people.lin)
    bench.opens((RED, Grade.AS_NEW, 1))

    answer = lin.send_form(f"/shops/{people.shop_id}/returns/waived", {"case_no": "1", "note": "老客户"}, page=f"/returns?shop={people.shop_id}&code={PARCEL}")

    told = lin.get(answer.headers["location"]).text
    text = told + lin.get(f"/returns?view=counted&shop={people.shop_id}").text
    assert all(shown in text for shown in ("已保存：仍可退款", ">仍可退款<", "决定仍然退款"))
    assert "不退货" not in text


def test_a_whole_count_leaves_nothing_to_pay_all_the_same(bench: Bench, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    bench.opens((RED, Grade.AS_NEW, 2))

    assert "仍然全额退款" not in at_desk(people.lin).get(f"/returns?shop={people.shop_id}&code={PARCEL}").text


def test_goods_that_came_back_as_the_buyer_complained_are_no_alarm(bench: Bench, zhou: Seat, people: Cast) -> None:
    bench.asked(reason="卖家发错货")

    kept = _sends(zhou, people, other_of="case/1", other="蓝碗", other_grade="wrong_goods", other_pieces="2")

    text = zhou.get(kept).text
    assert all(shown in text for shown in ("责任不在买家", 'data-tone="warn"', "最多可退 ¥59.80"))


def test_an_outsider_meets_a_wall(bench: Bench, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    zheng = at_desk(people.zheng)

    answers = [zheng.get(f"/returns?shop={people.shop_id}").status_code, zheng.send_form(f"/shops/{people.shop_id}/returns/1/undo").status_code]

    assert answers == [404, 404]


def test_the_page_of_reasons_shows_goods_and_nothing_to_outsiders(bench: Bench, zhou: Seat, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    text = zhou.get(f"/reasons?shop={people.shop_id}&days=180").text

    assert all(shown in text for shown in ("原因与商品", "质量问题", "发错商品"))
    assert at_desk(people.zheng).get(f"/reasons?shop={people.shop_id}").status_code == 404


@pytest.mark.parametrize("many", [1, 2])
def test_the_page_of_reasons_stands_with_pictures_that_nobody_can_read(bench: Bench, zhou: Seat, people: Cast, many: int) -> None:
    for each in range(many):
        bench.opens(
            (RED, Grade.AS_NEW, 1), code=f"{PARCEL}{each}", photos=(NewFile(name="x.jpg", media_type="image/jpeg", content=PHOTO.content + bytes([each])),)
        )
    look_at_photos(bench.house, bench.now)

    text = zhou.get(f"/reasons?shop={people.shop_id}").text

    assert f"{many} 张图片无法比对" in text


def test_the_page_of_the_order_shows_what_came_back_and_leads_to_the_case(bench: Bench, zhou: Seat, people: Cast) -> None:
    order = f"/shops/{people.shop_id}/orders/{no_of(1)}"
    before = zhou.get(order).text

    _sends(zhou, people, all="empty")

    after = zhou.get(order).text
    assert ["收到的退货" in before, f"/returns?shop={people.shop_id}&amp;code={PARCEL}" in before] == [False, True]
    assert ["收到的退货" in after, "空包裹" in after, f"code={PARCEL}" in after] == [True, True, False]
    assert f'href="/shops/{people.shop_id}/aftersales/1"' in after
