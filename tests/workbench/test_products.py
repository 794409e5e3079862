"""The pages of products: raised, looked at, ranked, compared with themselves; in both languages, and who may do what."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.actions.goods.shelves import no_of, order
from tests.actions.returns.bench import Bench
from tests.cast import Cast
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from zhanggui.actions.house import House
from zhanggui.actions.products.raising import watch_shop
from zhanggui.people.permissions import Person

GOODS = "902"


def _stock(house: House, people: Cast, folder: Path) -> None:
    """A product with three one-star orders, one of them paid back."""
    bench = Bench(house, people, folder)
    bench.tell(*(order(number, goods_id=GOODS, title="秋月梨5斤") for number in (1, 2, 3)))
    paid = {"fact": "aftersale", "case_no": "1", "order_no": no_of(1), "kind": "refund_only", "state": "refunded", "reason": "质量问题", "refund_amount": 2990}
    bench.tell(paid | {"applied_at": "2026-03-01T12:00:00+08:00"})
    bench.tell(
        *(
            {
                "fact": "review",
                "review_no": f"R{number}",
                "order_no": no_of(number),
                "score": 1,
                "text": "<b>里面全坏了</b>，包装简陋",
                "goods_id": GOODS,
                "created_at": (NOW - timedelta(days=number)).isoformat(),
            }
            for number in (1, 2, 3)
        )
    )
    watch_shop(house, people.shop_id, NOW)


def test_a_raised_product_is_opened_looked_at_and_compared_with_its_page(house: House, people: Cast, lin: Seat, tmp_path: Path) -> None:
    _stock(house, people, tmp_path)
    one, shop = f"/shops/{people.shop_id}/products?goods={GOODS}", f"/shops/{people.shop_id}/products"

    listed = lin.get("/products").text
    page = lin.get(one).text
    todo = lin.get("/today?kind=fix_product").text
    checked = lin.send_form(f"{shop}/checks", {"goods": GOODS, "note": "冷库坏了，已换批次"}, page=one)
    again = lin.send_form(f"{shop}/checks", {"goods": GOODS, "note": "又看"}, page=one)
    kept = lin.send_form(f"{shop}/pages", {"goods": GOODS, "title": "秋月梨5斤", "detail": "净含量5kg，全网最低价", "since": ""}, page=one)
    after = lin.get(kept.headers["location"]).text
    empty = lin.send_form(f"{shop}/pages", {"goods": GOODS, "title": " ", "detail": ""}, page=one)
    lin.send_form("/language", {"language": "en"})
    english = lin.get(one).text

    assert "被评价预警" in listed
    assert "秋月梨5斤" in listed
    assert ("里面" in page, "<mark>全坏</mark>" in page, "<b>里面" in page) == (True, True, False)
    assert f"goods={GOODS}" in todo
    assert checked.headers["location"] == f"{one}&done=checked"
    assert again.status_code == 422
    assert "数字同、单位异" in after
    assert "冷库坏了" in after
    assert empty.status_code == 422
    assert "Same number, other unit" in english
    assert "surely" not in english
    assert lin.get("/products?days=30").status_code == 200


def test_an_outsider_learns_nothing_and_a_viewer_changes_nothing(
    house: House, people: Cast, lin: Seat, at_desk: Callable[[Person], Seat], tmp_path: Path
) -> None:
    _stock(house, people, tmp_path)
    one, shop = f"/shops/{people.shop_id}/products?goods={GOODS}", f"/shops/{people.shop_id}/products"
    zheng = at_desk(people.zheng)

    assert zheng.get(one).status_code == 404
    assert "秋月梨" not in zheng.get("/products").text
    assert zheng.send_form(f"{shop}/checks", {"goods": GOODS}, page="/products").status_code == 404
    assert zheng.send_form(f"{shop}/pages", {"goods": GOODS, "title": "x"}, page="/products").status_code == 404
    assert lin.get(f"/shops/{people.shop_id}/products?goods=none").status_code == 404
