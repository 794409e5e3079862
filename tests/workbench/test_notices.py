"""The page of notices and texts: every list in both languages, what is typed wrong, and who may do what."""

from collections.abc import Callable

from tests.cast import Cast
from tests.workbench.seat import Seat
from tests.workbench.test_inbox import asks
from zhanggui.actions.house import House
from zhanggui.people.permissions import Person

VIEWS = ("queue", "copy", "sent", "left", "texts")


def test_its_lists_stand_in_both_languages_and_what_is_let_go_is_sent_and_kept(
    stocked: str, lin: Seat, mei: Seat, at_desk: Callable[[Person], Seat], people: Cast, house: House
) -> None:
    assert stocked
    shop = f"/shops/{people.shop_id}"
    queue = mei.get("/notices").text
    order_no = queue.split('name="orders" value="')[1].split('"')[0]
    step = queue.split(f'action="{shop}/notices/')[1].split('"')[0]

    gone = mei.send_form(f"{shop}/notices/{step}", {"orders": [order_no], "do": "release"}, page="/notices")
    copy = mei.get("/notices?view=copy").text
    sent = mei.send_form(f"{shop}/notices/{step}/sent", {"order_no": order_no, "do": "sent"}, page="/notices?view=copy")
    told = mei.get(sent.headers["location"]).text.split('<p class="notice" role="status">')[1]
    again = mei.send_form(f"{shop}/notices/{step}", {"orders": [order_no], "do": "release"}, page="/notices")
    lin.send_form("/language", {"language": "en"})
    zheng = at_desk(people.zheng)

    assert (gone.headers["location"], sent.headers["location"]) == (
        f"/notices?view=copy&shop={people.shop_id}&done=released",
        f"/notices?view=copy&shop={people.shop_id}&done=sent&whom={order_no}",
    )
    assert order_no in copy
    assert order_no in told.split("</p>")[0]
    assert again.headers["location"].endswith("done=none")
    assert [who.get(f"/notices?view={view}").status_code for view in VIEWS for who in (lin, mei, zheng)] == [200] * 15
    assert "Told" in lin.get("/notices?view=sent").text
    assert order_no not in zheng.get("/notices?view=sent").text


def test_it_says_so_where_the_buyer_waits_for_an_answer(stocked: str, mei: Seat, people: Cast, house: House) -> None:
    assert stocked
    queue = mei.get("/notices").text
    order_no = queue.split('name="orders" value="')[1].split('"')[0]
    step = queue.split(f'action="/shops/{people.shop_id}/notices/')[1].split('"')[0]
    mei.send_form(f"/shops/{people.shop_id}/notices/{step}", {"orders": [order_no], "do": "release"}, page="/notices")
    before = mei.get("/notices?view=copy").text

    thread_no = asks(house, people, "王小明", "地址写错了，能改吗", 1, order_no)

    after = mei.get("/notices?view=copy").text
    assert "这位买家正在等回复" not in before
    assert "“地址写错了，能改吗”" in after
    assert f'href="/shops/{people.shop_id}/threads/{thread_no}"' in after


def test_an_owner_sets_texts_up_and_no_secret_comes_back(stocked: str, lin: Seat, mei: Seat, people: Cast) -> None:
    assert stocked
    texts = f"/shops/{people.shop_id}/texts"
    page = "/notices?view=texts"

    way = lin.send_form(f"{texts}/ways", {"way": "text_aliyun", "sign": "林记坚果", "key_id": "LTAI-x", "secret": "very-secret", "on": "1"}, page=page)
    template = lin.send_form(
        f"{texts}/templates", {"kind": "text_shipped", "way": "text_aliyun", "code": "SMS_1", "content": "您的${title}已发出。"}, page=page
    )
    wrong = lin.send_form(f"{texts}/templates", {"kind": "text_received", "way": "text_aliyun", "code": "SMS_2", "content": "五星好评返现5元"}, page=page)
    numbers = lin.send_form(f"{texts}/numbers", {"numbers": "261121-000000000000004,13812345678,是\nodd"}, page=page)
    bounds = {"price_li": "50", "monthly_yuan": "20", "a_day": "1", "a_month": "3", "opens": "9", "closes": "20", "keep_days": "7"}
    terms = lin.send_form(f"{texts}/terms", bounds, page=page)
    late = lin.send_form(f"{texts}/terms", bounds | {"closes": "24"}, page=page)
    shown = lin.get(page).text

    assert [each.status_code for each in (way, template, wrong, numbers, terms, late)] == [303, 303, 422, 303, 303, 422]
    assert numbers.headers["location"].endswith("done=some_numbers")
    assert "very-secret" not in shown
    assert "13812345678" not in shown
    assert 'value="SMS_1"' in shown
    assert 'value="50"' in shown
    assert "LTAI-x" not in mei.get(page).text
    assert mei.send_form(f"{texts}/ways", {"way": "text_aliyun", "sign": "别家"}, page=page).status_code == 404
    assert lin.send_form(f"{texts}/ways", {"way": "pigeon", "sign": "林记"}, page=page).status_code == 404
