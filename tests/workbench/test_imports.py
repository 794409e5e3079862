"""The Imports pages: a preview that stores nothing, confirming, undoing, and mending what was refused."""

from tests.cast import Cast
from tests.workbench.conftest import NOW, import_files, preview_files
from tests.workbench.seat import Seat
from tests.workbench.shop_files import LATE, ORDER_HEADERS, csv_bytes, order_file, orders
from zhanggui.actions.house import House
from zhanggui.records import batches


def test_it_shows_what_was_recognised_and_stores_nothing_yet(lin: Seat, people: Cast) -> None:
    path = preview_files(lin, people, order_file(NOW))

    page = lin.get(path).text

    assert "预览" in page
    assert "用到 17 列" in page
    assert "确认导入" in page
    assert LATE not in lin.get("/orders").text


def test_it_stores_the_orders_once_they_are_confirmed(lin: Seat, people: Cast) -> None:
    path = import_files(lin, people, order_file(NOW))

    assert "已完成" in lin.get(path).text
    assert LATE in lin.get("/orders").text


def test_it_makes_the_preview_again_with_the_moment_a_person_tells(lin: Seat, people: Cast) -> None:
    path = preview_files(lin, people, order_file(NOW))

    answer = lin.send_form(f"{path}/as_of", {"as_of": "2026-11-21T13:05"}, page=path)

    assert answer.status_code == 303
    again = lin.get(answer.headers["location"]).text
    assert "2026-11-21 13:05" in again
    assert "人工填写" in again
    assert "已放弃" in lin.get(path).text


def test_it_warns_of_a_file_that_looks_older_than_what_is_known(lin: Seat, people: Cast, stocked: str) -> None:
    path = preview_files(lin, people, order_file(NOW, no_261121_100000000000003={"售后状态": "售后处理中"}))

    assert "“export0.csv”没有写明导出时间" in lin.get(path).text
    assert "没有写明导出时间" not in lin.get(stocked).text


def test_it_drops_a_preview(lin: Seat, people: Cast) -> None:
    path = preview_files(lin, people, order_file(NOW))

    lin.send_form(f"{path}/refusal", page=path)

    assert "没有写入任何数据" in lin.get(path).text
    assert LATE not in lin.get("/orders").text


def test_it_takes_a_whole_import_back(lin: Seat, people: Cast, stocked: str) -> None:
    lin.send_form(f"{stocked}/reversal", page=stocked)

    assert "已撤销" in lin.get(stocked).text
    assert LATE not in lin.get("/orders").text


def test_it_mends_a_refused_row_and_takes_it_in(lin: Seat, people: Cast) -> None:
    rows = orders(NOW)
    rows[0]["用户实付金额(元)"] = "8x.90"
    path = import_files(lin, people, csv_bytes(ORDER_HEADERS, rows))
    page = lin.get(f"{path}/quarantine").text
    assert "8x.90" in page
    assert LATE not in lin.get("/orders").text

    cells = {f"cell:{name}": value for name, value in (rows[0] | {"用户实付金额(元)": "89.90"}).items()}
    answer = lin.send_form(f"{path}/quarantine/1/correction", cells, page=f"{path}/quarantine")

    assert answer.status_code == 303
    assert "没有待修正的行" in lin.get(answer.headers["location"]).text
    assert LATE in lin.get("/orders").text


def test_it_says_why_a_mended_row_is_refused_again(lin: Seat, people: Cast) -> None:
    rows = orders(NOW)
    rows[0]["用户实付金额(元)"] = "8x.90"
    path = import_files(lin, people, csv_bytes(ORDER_HEADERS, rows))

    cells = {f"cell:{name}": value for name, value in (rows[0] | {"用户实付金额(元)": "9y.90"}).items()}
    answer = lin.send_form(f"{path}/quarantine/1/correction", cells, page=f"{path}/quarantine")

    assert answer.status_code == 422
    assert "9y.90" in answer.text
    assert LATE not in lin.get("/orders").text


def test_it_asks_for_files_where_none_were_chosen(lin: Seat, people: Cast) -> None:
    token = lin.form_token("/imports")
    answer = lin.post("/imports", data={"shop": str(people.shop_id), "_csrf_token": token}, files=[("files", ("", b"", "application/octet-stream"))])

    assert answer.status_code == 422
    assert "请先选择导出文件" in answer.text


def test_it_leaves_no_upload_behind(lin: Seat, people: Cast, house: House, stocked: str) -> None:
    left = [path for path in (house.home / "spool").rglob("*") if path.is_file()]

    assert left == []


def test_it_shows_how_far_a_long_import_is_and_loads_anew_at_its_end(lin: Seat, people: Cast, house: House) -> None:
    path = preview_files(lin, people, order_file(NOW))
    batch_id = int(path.rsplit("/", 1)[1])
    with house.pool.connection() as tx:
        batches.move(tx, people.shop_id, batch_id, "previewed", "running")
        batches.progress(tx, people.shop_id, batch_id, 3)

    page, piece = lin.get(path).text, lin.get(path, headers={"HX-Request": "true"})

    assert 'value="3"' in page
    assert '<meta http-equiv="refresh"' in page
    assert "hx-trigger" in piece.text
    assert "HX-Refresh" not in piece.headers

    with house.pool.connection() as tx:
        batches.move(tx, people.shop_id, batch_id, "running", "failed")
    assert lin.get(path, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
