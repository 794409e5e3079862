"""Products, the shop, the platform's time and the bill."""

import io
import zipfile

from tests.emulator.caller import DAY, Caller


def test_it_lists_products_and_shows_one(shop: Caller) -> None:
    page = shop.call("pdd.goods.list.get", page=2, page_size=3)
    product = page["goods_list"][0]

    detail = shop.call("pdd.goods.detail.get", goods_id=product["goods_id"])

    assert (page["total_count"], len(page["goods_list"])) == (4, 1)
    assert [sku["sku_id"] for sku in detail["sku_list"]] == [sku["sku_id"] for sku in product["sku_list"]]
    assert detail["shipment_limit_second"] in (24 * 3600, 48 * 3600)
    assert shop.call("pdd.goods.list.get", outer_id=product["sku_list"][0]["outer_id"])["total_count"] == 1


def test_it_changes_shelf_stock_and_price(shop: Caller) -> None:
    product = shop.call("pdd.goods.list.get")["goods_list"][0]
    goods_id, sku = product["goods_id"], product["sku_list"][0]
    shop.call("pdd.goods.sale.status.set", goods_id=goods_id, is_onsale=0)
    shop.call("pdd.goods.quantity.update", goods_id=goods_id, sku_id=sku["sku_id"], quantity=7)
    shop.call("pdd.goods.quantity.update", goods_id=goods_id, outer_id=sku["outer_id"], quantity=-2, update_type=2)
    negative = shop.refusal("pdd.goods.quantity.update", goods_id=goods_id, sku_id=sku["sku_id"], quantity=-1)
    upside_down = shop.refusal(
        "pdd.goods.sku.price.update", goods_id=goods_id, sku_price_list=[{"sku_id": sku["sku_id"], "group_price": 900, "single_price": 800}]
    )
    shop.call("pdd.goods.sku.price.update", goods_id=goods_id, sku_price_list=[{"sku_id": sku["sku_id"], "group_price": 900, "single_price": 1000}])

    changed = shop.call("pdd.goods.detail.get", goods_id=goods_id)["sku_list"][0]

    assert (negative["sub_code"], upside_down["sub_code"]) == ("QUANTITY_NEGATIVE", "PRICE_INVALID")
    assert (changed["quantity"], changed["multi_price"], changed["price"]) == (5, 900, 1000)
    assert shop.call("pdd.goods.list.get", is_onsale=1)["total_count"] == 3


def test_it_tells_the_shop_and_the_time(shop: Caller) -> None:
    shop.step(61)

    assert str(shop.call("pdd.mall.info.get")["mall_id"]) == shop.line.shop_id
    assert shop.raw("pdd.time.get", token=False)["time_get_response"]["time"] == "2026-03-02 09:01:01"


def test_it_gives_yesterdays_bill_and_not_todays(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    shop.ship(order_sn, "YT7600000000001")
    shop.step(9 * DAY)
    day = shop.order(order_sn)["receive_time"][:10]

    url = shop.call("pdd.finance.balance.daily.bill.url.get", bill_date=day)["download_url"]
    archive = zipfile.ZipFile(io.BytesIO(shop.http.get(url).content))
    text = archive.read(archive.namelist()[0]).decode("utf-8-sig")

    assert text.splitlines()[0] == "商户订单号,发生时间,收入金额（+元）,支出金额（-元）,账务类型,备注,业务描述"
    assert order_sn in text
    assert shop.refusal("pdd.finance.balance.daily.bill.url.get", bill_date="2026-03-11")["sub_code"] == "BILL_NOT_READY"


def test_it_takes_uploads_with_the_file_outside_the_signature(shop: Caller) -> None:
    sent = shop.signed("pdd.goods.img.upload")

    answer = shop.http.post("/api/upload", data=sent, files={"file": ("a.jpeg", b"\xff\xd8\xff\x00\r\n\x01", "image/jpeg")}).json()
    other = shop.http.post("/api/upload", data=sent, files={"file": ("a.jpeg", b"\xff\xd8\xff\x01", "image/jpeg")}).json()

    assert answer["goods_img_upload_response"]["url"].startswith("https://img.pddpic.com/")
    assert answer["goods_img_upload_response"]["url"] != other["goods_img_upload_response"]["url"]
    assert shop.http.post("/api/upload", data=sent | {"sign": "0"}, files={"file": ("a", b"1")}).json()["error_response"]["error_code"] == 20004
    assert shop.call("pdd.goods.image.upload", image="data:image/png;base64,AAAA")["image_url"].startswith("https://img.pddpic.com/")
