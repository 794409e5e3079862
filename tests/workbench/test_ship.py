"""The to-ship desk and the packing check as pages: from the list to a batch, to its numbers, to the bench, to the file."""

import re
from datetime import timedelta

import pytest

from tests.actions.dispatching.warehouse import YTO, Warehouse
from tests.cast import Cast
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from zhanggui.actions.goods.changing import Count, count_stock
from zhanggui.actions.house import House
from zhanggui.actions.shipdesk.numbering import write_numbers

A, B, C, REFUND = "261121-351946208153001", "261121-882371904552002", "261121-640918273645003", "261121-519283746152005"
FIRST, SECOND = "YT7351946208153", "YT8823719045526"


@pytest.fixture
def shop(house: House, people: Cast) -> Warehouse:
    """Three orders to be shipped, and one with a refund asked for."""
    shop = Warehouse(house, people)
    shop.now = NOW - timedelta(minutes=5)
    shop.comes(
        A, ship_by=NOW + timedelta(hours=2), title="每日坚果", spec="750g", outer_sku="NUT-750", sku_id="91", goods_id="7", quantity=2, receiver_masked="李**"
    )
    shop.comes(
        B, ship_by=NOW + timedelta(hours=1), title="每日坚果", spec="750g", outer_sku="NUT-750", sku_id="91", goods_id="7", quantity=1, receiver_masked="王**"
    )
    shop.comes(C, ship_by=NOW + timedelta(hours=40), title="松子", spec="250g", receiver_masked="赵**", buyer_note="请发圆通")
    shop.comes(REFUND, ship_by=NOW + timedelta(hours=3), title="松子")
    shop.asks_back(REFUND)
    return shop


def of_main(page: str) -> str:
    return page[page.index("<main") :]


def listed(page: str) -> list[str]:
    return re.findall(r'name="order_no" value="([^"]+)"', of_main(page))


def bench(who: Seat, shop: Warehouse, **data: str) -> str:
    answer = who.send_form(f"/shops/{shop.shop_id}/ship/pack", data, page="/ship/pack")
    assert answer.status_code == 200, answer.text
    return of_main(answer.text)


def carried(page: str) -> dict[str, str]:
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page).group(1) for name in ("code", "counts", "weight")}  # type: ignore[union-attr]


def test_every_list_of_the_desk_opens(lin: Seat, shop: Warehouse) -> None:
    pages = {view: lin.get(f"/ship?view={view}") for view in ("print", "batch", "pack", "hand_over", "tell", "kept", "destroy")}

    assert {view: page.status_code for view, page in pages.items()} == dict.fromkeys(pages, 200)
    assert listed(pages["print"].text) == [B, A, C]
    assert REFUND in of_main(pages["kept"].text)
    assert "NUT-750 每日坚果 750g ×2" in of_main(lin.get("/ship?group=goods").text)


def test_orders_go_from_the_list_to_the_file_by_pages_alone(lin: Seat, shop: Warehouse) -> None:
    made = lin.send_form(f"/shops/{shop.shop_id}/ship/batches", {"order_no": [A, B], "combine": "1", "carrier_named": YTO}, page="/ship")
    path = made.headers["location"]
    assert made.status_code == 303, made.text

    wrote = lin.send_form(f"{path}/numbers", {"column": f"{FIRST}\n{SECOND}", "carrier": YTO}, page=path)
    assert wrote.status_code == 303, wrote.text
    assert FIRST in lin.get(path).text
    paper = lin.send_form(f"{path}/papers", {"paper": "label", "form": "zpl", "size": "100x180", "dpi": "203"}, page=path)
    assert paper.content.startswith(b"^XA") or b"^XA" in paper.content
    packed = lin.send_form(f"/shops/{shop.shop_id}/ship/steps", {"step": "pack", "view": "pack", "all": "1"}, page="/ship?view=pack")
    assert packed.headers["location"] == f"/ship?shop={shop.shop_id}&view=pack&did=pack&n=2"
    handed = lin.send_form(f"/shops/{shop.shop_id}/ship/steps", {"step": "hand_over", "view": "hand_over", "order_no": [A, B]}, page="/ship?view=hand_over")
    assert handed.status_code == 303
    file = lin.send_form(f"/shops/{shop.shop_id}/ship/told", {"step": "csv", "view": "tell", "all": "1"}, page="/ship?view=tell")

    assert FIRST in file.text
    assert SECOND in file.text
    assert listed(lin.get("/ship?view=tell").text) == []


def test_a_file_says_what_it_would_leave_out_before_it_is_made(lin: Seat, shop: Warehouse) -> None:
    doubtful, tell = "JT5028164739206", f"/shops/{shop.shop_id}/ship/told"
    made = lin.send_form(f"/shops/{shop.shop_id}/ship/batches", {"order_no": [A, B], "carrier_named": YTO}, page="/ship")
    path = made.headers["location"]
    lin.send_form(f"{path}/numbers", {"order_no": [A, B], "number": [FIRST, doubtful], "carrier": YTO}, page=path)
    lin.send_form(f"{path}/papers", {"paper": "label", "form": "zpl", "size": "100x180", "dpi": "203"}, page=path)
    for step in ("pack", "hand_over"):
        lin.send_form(f"/shops/{shop.shop_id}/ship/steps", {"step": step, "view": step, "order_no": [A, B]}, page=f"/ship?view={step}")

    asked = lin.send_form(tell, {"step": "csv", "view": "tell", "all": "1"}, page="/ship?view=tell")
    still_there = listed(lin.get("/ship?view=tell").text)
    forms = [form for form in of_main(asked.text).split("<form")[1:] if 'value="csv"' in form and "/ship/told" in form and "hidden" in form][:2]
    with_doubts, without = ({name: re.findall(rf'name="{name}" value="([^"]*)"', form) for name in ("step", "order_no", "include")} for form in forms)
    files = [lin.send_form(tell, form, page="/ship?view=tell").text for form in (without, with_doubts)]
    nothing_left = lin.send_form(tell, {"step": "csv", "order_no": C}, page="/ship?view=tell")

    assert asked.headers["content-type"].startswith("text/html")
    assert ["文件还没有生成：有 1 单不会放进去" in asked.text, "JTSD" in asked.text] == [True, True]
    assert still_there == [B, A]
    assert [with_doubts["include"], without["order_no"], without["include"]] == [[B], [A], []]
    assert [(FIRST in file, doubtful in file) for file in files] == [(True, False), (True, True)]
    assert nothing_left.status_code == 422


def test_a_number_or_carrier_longer_than_any_is_refused(lin: Seat, shop: Warehouse) -> None:
    path = lin.send_form(f"/shops/{shop.shop_id}/ship/batches", {"order_no": [A], "carrier_named": YTO}, page="/ship").headers["location"]
    long = "".join(str(place * place) for place in range(3000))

    answers = [
        lin.send_form(f"{path}/numbers", {"order_no": A, "number": FIRST, "row_carrier": YTO} | {name: long}, page=path) for name in ("number", "row_carrier")
    ]
    answers.append(lin.send_form(f"/shops/{shop.shop_id}/number_changes", {"order_no": A, "carrier": YTO, "number": long}, page="/chase"))
    answers.append(lin.send_form(f"/shops/{shop.shop_id}/ship/batches", {"order_no": [B], "carrier_named": long}, page="/ship"))

    assert [answer.status_code for answer in answers] == [422] * 4


def test_a_step_that_is_refused_says_of_which_order_and_why(lin: Seat, shop: Warehouse) -> None:
    answer = lin.send_form(f"/shops/{shop.shop_id}/ship/steps", {"step": "hand_over", "view": "hand_over", "order_no": A}, page="/ship")

    assert answer.status_code == 200
    assert "这里还没有打印过它的面单" in of_main(answer.text) or A in of_main(answer.text)


def test_the_bench_counts_stops_wrong_goods_and_closes_the_parcel(lin: Seat, shop: Warehouse) -> None:
    shop.prints(A)
    number = shop.dispatch(A).tracking_no or ""  # type: ignore[union-attr]  # it was printed

    page = bench(lin, shop, scanned=number)
    assert "verdict calm" in page
    page = bench(lin, shop, scanned="NUT-751", **carried(page))
    assert "verdict stop" in page
    page = bench(lin, shop, scanned="NUT-750", **carried(page))
    assert carried(page)["counts"] == "1"
    page = bench(lin, shop, scanned="nut-750", **carried(page))

    assert "verdict good" in page
    assert shop.state(A) == "packed"
    page = bench(lin, shop, undo=A)
    assert shop.state(A) == "printed"


def test_a_refund_that_came_meanwhile_stops_the_parcel_at_the_bench(lin: Seat, shop: Warehouse) -> None:
    shop.prints(B)
    number = shop.dispatch(B).tracking_no or ""  # type: ignore[union-attr]  # it was printed
    page = bench(lin, shop, scanned=number)

    shop.asks_back(B)
    page = bench(lin, shop, scanned="NUT-750", **carried(page))

    assert "verdict stop" in page
    assert shop.state(B) == "to_destroy"
    assert B in of_main(lin.get("/ship?view=destroy").text)


def test_a_weight_far_from_what_such_parcels_weigh_stops_until_somebody_says_otherwise(lin: Seat, shop: Warehouse) -> None:
    for no, grams in ((A, "1530g"), (B, "760g")):
        shop.prints(no)
        page = bench(lin, shop, scanned=shop.dispatch(no).tracking_no or "", weighs="1")  # type: ignore[union-attr]  # it was printed
        page = bench(lin, shop, scanned="2*NUT-750" if no == A else "NUT-750", weighs="1", **carried(page))
        assert "verdict calm" in page
        page = bench(lin, shop, scanned=grams, weighs="1", **carried(page))
        assert "verdict good" in page

    assert (shop.dispatch(A).weight_g, shop.dispatch(B).weight_g) == (1530, 760)  # type: ignore[union-attr]  # both were printed


def test_goods_whose_code_looks_like_a_weight_are_counted_and_not_weighed(lin: Seat, shop: Warehouse) -> None:
    shop.changes(C, outer_sku="500G", quantity=2)
    shop.prints(C)
    page = bench(lin, shop, scanned=shop.dispatch(C).tracking_no or "")  # type: ignore[union-attr]  # it was printed

    page = bench(lin, shop, scanned="500g", **carried(page))

    assert (carried(page)["counts"], carried(page)["weight"]) == ("1", "")


def test_another_shops_people_find_nothing_there(at_desk: object, people: Cast, shop: Warehouse) -> None:
    zheng: Seat = at_desk(people.zheng)  # type: ignore[operator]  # a fixture that sits people down

    assert zheng.get(f"/ship?shop={shop.shop_id}").status_code == 404
    assert zheng.send_form(f"/shops/{shop.shop_id}/ship/steps", {"step": "pack", "order_no": A}, page="/ship").status_code == 404
    assert zheng.send_form(f"/shops/{shop.shop_id}/ship/pack", {"scanned": A}, page="/ship").status_code == 404


def test_a_label_that_was_not_destroyed_after_all_goes_back_on_the_list(lin: Seat, shop: Warehouse) -> None:
    shop.prints(A)
    shop.asks_back(A)
    shop.now = NOW
    steps = f"/shops/{shop.shop_id}/ship/steps"
    lin.send_form(steps, {"step": "destroy", "view": "destroy", "order_no": A}, page="/ship?view=destroy")
    page = of_main(lin.get("/ship?view=destroy").text)

    undone = lin.send_form(steps, {"step": "keep", "view": "destroy", "order_no": A}, page="/ship?view=destroy")

    assert 'value="keep"' in page
    assert undone.status_code == 303
    assert listed(lin.get("/ship?view=destroy").text) == [A]


def test_an_order_whose_goods_are_not_there_says_so_and_what_is_kept_back_is_shown_by_reason(lin: Seat, shop: Warehouse) -> None:
    with shop.house.pool.connection() as tx:
        sku = str(tx.execute("select sku from order_goods where shop_id = %s and order_no = %s", (shop.shop_id, A)).fetchone()[0])  # type: ignore[index]
    count_stock(shop.house, shop.people.lin, shop.shop_id, [Count(sku=sku, pieces=1)], NOW)

    page = of_main(lin.get("/ship").text)
    rows = dict(zip(listed(page), re.split(r"<tr data-row", page)[1:], strict=True))
    refunds, reviews = (of_main(lin.get(f"/ship?view=kept&why={why}").text) for why in ("refund", "review"))

    assert {no: "缺货" in row for no, row in rows.items()} == {B: False, A: True, C: False}
    assert (REFUND in refunds, REFUND in reviews) == (True, False)


def row_fields(page: str) -> dict[str, list[str]]:
    """What the rows of a batch would send, as the page fills them in."""
    rows = page[page.index('id="batchrows"') :]
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', rows) for name in ("order_no", "number", "number_was", "row_carrier", "carrier_was")}


def test_an_old_page_of_a_batch_takes_back_nobodys_correction_and_says_what_it_left_out(lin: Seat, at_desk: object, people: Cast, shop: Warehouse) -> None:
    zhou: Seat = at_desk(people.zhou)  # type: ignore[operator]  # a fixture that sits people down
    path = lin.send_form(f"/shops/{shop.shop_id}/ship/batches", {"order_no": [A, B], "carrier_named": YTO}, page="/ship").headers["location"]
    lin.send_form(f"{path}/numbers", {"column": f"{FIRST}\n{SECOND}", "carrier": YTO}, page=path)
    old, new = row_fields(lin.get(path).text), row_fields(zhou.get(path).text)
    place = old["order_no"].index(A)
    right, typed = "YT6409182736459", "YT7366152940871"
    put_right, changed = ([*fields["number"][:place], number, *fields["number"][place + 1 :]] for fields, number in ((new, right), (old, typed)))

    first = zhou.send_form(f"{path}/numbers", new | {"number": put_right}, page=path)
    untouched = lin.send_form(f"{path}/numbers", old, page=path)
    stale = lin.send_form(f"{path}/numbers", old | {"number": changed}, page=path)

    assert (first.headers["location"], untouched.headers["location"]) == (f"{path}?wrote=1", f"{path}?wrote=0")
    assert stale.status_code == 200
    assert f"单号现在是 {right}。没有记下 {typed}" in of_main(stale.text)
    assert sorted(row_fields(lin.get(path).text)["number"]) == sorted([right, *(no for no in (FIRST, SECOND) if no != old["number"][place])])


@pytest.mark.parametrize(("button", "of"), [("part", A), ("put_back", B)])
def test_numbers_scanned_into_the_rows_are_kept_when_another_button_of_the_page_is_pressed(lin: Seat, shop: Warehouse, button: str, of: str) -> None:
    path = lin.send_form(f"/shops/{shop.shop_id}/ship/batches", {"order_no": [A, B], "carrier_named": YTO}, page="/ship").headers["location"]
    rows = row_fields(lin.get(path).text)
    scanned = [FIRST if no == A else "" for no in rows["order_no"]]

    answer = lin.send_form(f"{path}/{button}", rows | {"number": scanned, "one": of}, page=path)

    assert answer.headers["location"] == f"{path}?wrote=1"
    assert FIRST in row_fields(lin.get(path).text)["number"]


def test_a_batch_with_parcels_of_two_carriers_is_sent_untouched_and_stays_so(lin: Seat, shop: Warehouse) -> None:
    path = lin.send_form(f"/shops/{shop.shop_id}/ship/batches", {"order_no": [A, B], "carrier_named": YTO}, page="/ship").headers["location"]
    batch_no = int(path.rsplit("/", 1)[1])
    for no, number, carrier in ((A, FIRST, YTO), (B, "773412345678901", "申通快递")):
        write_numbers(shop.house, shop.people.lin, shop.shop_id, batch_no, carrier, {no: number}, NOW)
    before = row_fields(lin.get(path).text)

    answer = lin.send_form(f"{path}/numbers", before, page=path)

    assert set(before["carrier_was"]) == {YTO, "申通快递"}
    assert (answer.headers["location"], row_fields(lin.get(path).text)) == (f"{path}?wrote=0", before)


def test_a_list_with_two_numbers_for_one_parcel_is_named_and_not_taken(lin: Seat, shop: Warehouse) -> None:
    path = lin.send_form(f"/shops/{shop.shop_id}/ship/batches", {"order_no": [A, B], "carrier_named": YTO}, page="/ship").headers["location"]
    sheet = f"订单号,快递公司,快递单号\n{A},{YTO},{FIRST}\n{B},{YTO},{SECOND}\n{B},{YTO},YT6409182736459\n"

    answer = lin.send_form(f"{path}/list", page=path, files=[("files", ("面单.csv", sheet.encode(), "text/csv"))])

    assert answer.status_code == 200
    assert "单号（2 个）比包裹（1 个）多" in of_main(answer.text)
    numbers = row_fields(lin.get(path).text)
    assert dict(zip(numbers["order_no"], numbers["number"], strict=True)) == {A: FIRST, B: ""}


def test_one_number_is_told_as_one(lin: Seat, shop: Warehouse) -> None:
    path = lin.send_form(f"/shops/{shop.shop_id}/ship/batches", {"order_no": [A], "carrier_named": YTO}, page="/ship").headers["location"]
    lin.send_form("/language", {"language": "en"}, page="/ship")

    one, many = (of_main(lin.get(f"{path}?wrote={n}").text) for n in (1, 2))
    told, further = (of_main(lin.get(f"/ship?view=tell&did={did}&n=1").text) for did in ("told", "further"))

    assert ("1 number written down." in one, "2 numbers written down." in many) == (True, True)
    assert ("1 on the way to the platform." in told, "Further parcels told to the platform: 1." in further) == (True, True)
