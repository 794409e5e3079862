"""The Money page: refunds held against the bill, codes nobody knows, cash, what after-sales cost, what orders left; and who sees it."""

from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.workbench.conftest import NOW, import_files
from tests.workbench.seat import Seat, once_on
from zhanggui.actions.house import House
from zhanggui.people.permissions import Person
from zhanggui.words import Language
from zhanggui.workbench.live.views import OrderView, eyes_of

ONE, TWO = "261101-100000000000001", "261101-100000000000002"
ORDERS = (
    (
        "订单号,订单状态,商品id,样式ID,商品规格,商品数量(件),订单成交时间,发货时间,快递单号,快递公司,用户实付金额(元),商家实收金额(元),售后状态\n"
        f"{ONE},已发货，退款成功,801,80101,原味,1,2026-11-01 09:00:00,2026-11-01 20:00:00,YT1000000000001,圆通快递,59.80,59.80,退款成功\n"
        f"{TWO},已发货，待收货,801,80101,原味,1,2026-11-01 10:00:00,2026-11-01 20:00:00,YT1000000000002,圆通快递,29.90,29.90,无售后或售后取消\n"
    )
    .replace("已发货，", '"已发货，')
    .replace("退款成功,801", '退款成功",801')
    .replace("待收货,801", '待收货",801')
)
CASES = (
    "售后编号,订单编号,交易金额,退款金额,售后状态,订单状态,退款类型,申请时间,同意退款时间\n"
    f"7001,{ONE},59.80,59.80,退款成功,已发货,仅退款,2026-11-05 09:00:00,2026-11-06 09:00:00\n"
)
BILL = (
    "商户订单号,发生时间,收入金额（+元）,支出金额（-元）,账务类型,备注,业务描述\n"
    f"{ONE},2026-11-05 10:00:00,59.80,,交易收入,,0010002|交易收入-订单收入\n"
    f"{ONE},2026-11-06 10:00:00,,-59.79,退款,,0020002|退款-订单退款\n"
    f"{TWO},2026-11-09 10:00:00,29.90,,交易收入,,0010002|交易收入-订单收入\n"
    ",2026-11-10 10:00:00,,-5.00,其他,,0990001|新业务\n"
)
SUMS = ("¥4,321.10", "¥4,321.20", "¥4,321.30", "¥4.32")


@pytest.fixture(autouse=True)
def books(lin: Seat, people: Cast) -> None:
    """Two orders, a refund that is short by a fen in the bill, and a line nobody knows."""
    import_files(lin, people, ORDERS.encode(), CASES.encode(), BILL.encode(), as_of="2026-11-21T14:20")


def test_refunds_stand_with_their_difference(lin: Seat) -> None:
    page = lin.get("/money")

    assert page.status_code == 200
    assert ["部分对上" in page.text, ONE in page.text, "-¥0.01" in page.text, "账单金额少了" in page.text, "7001" in page.text] == [True] * 5


def test_a_code_nobody_knows_is_classed_by_the_shop(lin: Seat, people: Cast) -> None:
    before = lin.get("/money?view=bill")

    answer = lin.send_form(f"/shops/{people.shop_id}/bill_classes", {"code": "0990001", "bill_class": "fee"}, page="/money?view=bill")

    after = lin.get("/money?view=bill&stand=fee")
    assert answer.status_code == 303
    assert ["unknown-title" in before.text, "unknown-title" in after.text, "取消归类" in after.text] == [True, False, True]
    assert "¥24.91" in after.text  # 59.80 - 59.79 + 29.90 - 5.00


def test_cash_and_bound_money_are_written_down(lin: Seat, people: Cast) -> None:
    for path, fields in (
        ("balances", {"balance": "100.00", "at": "2026-11-08T00:00"}),
        ("withdrawals", {"amount": "50", "account": "工行 1234"}),
        ("holds", {"kind": "activity_deposit", "amount": "5000", "reason": "秒杀"}),
    ):
        assert lin.send_form(f"/shops/{people.shop_id}/{path}", fields, page="/money?view=cash").status_code == 303

    page = lin.get("/money?view=cash")
    ended = lin.send_form(f"/shops/{people.shop_id}/holds/1/step", {"stand": "hold_lost", "lost": "20"}, page="/money?view=cash")

    assert ["¥124.90" in page.text, "工行 1234" in page.text, "秒杀" in page.text, "¥5,000.00" in page.text] == [True] * 4
    assert ended.status_code == 303
    assert "被扣 ¥20.00" in lin.get("/money?view=cash").text


def test_what_was_given_is_written_down_on_the_orders_page(lin: Seat, mei: Seat, people: Cast) -> None:
    here = f"/shops/{people.shop_id}/orders/{ONE}"
    fields = {"order_no": ONE, "kind": "goodwill_payment", "cause": "cause_missing", "amount": "3.50", "note": "少一包", "back": here}

    answer = mei.send_form(f"/shops/{people.shop_id}/costs", fields, page=here)

    assert answer.headers["location"] == f"{here}#costs"
    assert ["少一包" in mei.get(here).text, "本单利润" in mei.get(here).text, "本单利润" in lin.get(here).text] == [True, False, True]
    assert "¥3.50" in lin.get("/money?view=costs&month=2026-11").text
    taken = lin.send_form(f"/shops/{people.shop_id}/costs/1/back", {}, page="/money?view=costs")
    assert taken.status_code == 303
    assert "已撤回" in lin.get("/money?view=costs").text


@pytest.mark.parametrize(
    ("path", "fields", "page"),
    [
        ("costs", {"order_no": ONE, "kind": "goodwill_payment", "cause": "cause_missing", "amount": "3.50"}, "/money?view=costs"),
        ("withdrawals", {"amount": "50", "account": "工行 1234"}, "/money?view=cash"),
        ("holds", {"kind": "activity_deposit", "amount": "5000", "reason": "秒杀"}, "/money?view=cash"),
    ],
)
def test_a_form_that_is_sent_twice_is_written_down_once(lin: Seat, house: House, people: Cast, path: str, fields: dict[str, str], page: str) -> None:
    key = once_on(lin.get(page).text, f"/{path}")

    answers = [lin.send_form(f"/shops/{people.shop_id}/{path}", {**fields, "once": key}, page=page) for _ in range(2)]
    once = _written(house)
    lin.send_form(f"/shops/{people.shop_id}/{path}", {**fields, "amount": "60", "once": key}, page=page)
    lin.send_form(f"/shops/{people.shop_id}/{path}", {**fields, "once": once_on(lin.get(page).text, f"/{path}")}, page=page)

    assert [(answer.status_code, answer.headers["location"]) for answer in answers] == [(303, answers[0].headers["location"])] * 2
    assert (once, _written(house)) == (1, 3)


def test_a_page_has_a_key_of_its_own_and_what_is_drawn_for_everybody_has_none(mei: Seat, house: House, people: Cast) -> None:
    here = f"/shops/{people.shop_id}/orders/{ONE}"
    first, second = mei.get(here).text, mei.get(here).text

    view = OrderView(eyes_of(people.mei, Language.ZH_HANS), people.shop_id, ONE)
    one, other = ("".join(view.draw(house, NOW).frame) for _ in range(2))

    assert once_on(first, "/costs") != once_on(second, "/costs")
    assert 'name="once" value=""' in one
    assert one == other


def _written(house: House) -> int:
    with house.pool.connection() as tx:
        row = tx.execute("select (select count(*) from costs) + (select count(*) from withdrawals) + (select count(*) from holds)").fetchone()
    assert row is not None
    return int(row[0])


def test_profit_says_what_is_unknown(lin: Seat, people: Cast) -> None:
    lin.send_form(f"/shops/{people.shop_id}/money_settings", {"cap": "20.00", "days": "7"}, page="/money?view=costs")

    page = lin.get("/money?view=profit")

    assert [ONE in page.text, TWO in page.text, "?" in page.text, "已知 ¥29.90" in page.text] == [True] * 4
    assert 'value="20.00"' in lin.get("/money?view=costs").text


def test_only_those_who_see_money_see_the_page(mei: Seat, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    zheng = at_desk(people.zheng)

    assert "/money" not in mei.get("/today").text
    assert ONE not in mei.get("/money").text
    assert mei.get(f"/money?shop={people.shop_id}").status_code == 404
    assert zheng.get(f"/money?shop={people.shop_id}").status_code == 404
    assert zheng.send_form(f"/shops/{people.shop_id}/balances", {"balance": "1"}, page="/money").status_code == 404


def test_the_journal_tells_sums_to_nobody_who_may_not_see_them(lin: Seat, mei: Seat, at_desk: Callable[[Person], Seat], people: Cast, house: House) -> None:
    money, here = f"/shops/{people.shop_id}", f"/shops/{people.shop_id}/orders/{ONE}"
    lin.send_form(f"{money}/balances", {"balance": "4321.10"}, page="/money?view=cash")
    lin.send_form(f"{money}/withdrawals", {"amount": "4321.20", "account": "工行"}, page="/money?view=cash")
    lin.send_form(f"{money}/holds", {"kind": "shop_deposit", "amount": "4321.30"}, page="/money?view=cash")
    lin.send_form(f"{money}/costs", {"order_no": ONE, "kind": "coupon", "cause": "cause_late", "amount": "4.32"}, page="/money?view=costs")
    with house.pool.connection() as tx:
        tx.execute("update memberships set role = 'viewer' where person_id = %s", (people.zhou.person_id,))
    zhou = at_desk(people.zhou)

    told = [[text in seat.get("/journal").text for text in SUMS] for seat in (lin, mei, zhou)]
    of_order = ["¥4.32" in seat.get(here).text for seat in (lin, mei, zhou)]

    assert told == [[True] * 4, [False, False, False, True], [False] * 4]
    assert of_order == [True, True, False]


def test_a_line_nobody_knows_says_what_it_says_of_itself_and_no_class_is_chosen_for_it(lin: Seat) -> None:
    page = lin.get("/money?view=bill").text

    assert ["新业务" in page, '<option value="">选择类别</option>' in page] == [True, True]
