"""The list of what to mend, and the page of one product."""

from urllib.parse import urlencode

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.products.fixing import PERIODS, product_fixes
from zhanggui.actions.products.raising import check_product, rule_of
from zhanggui.actions.products.seeing import RIPE, SIDE_DAYS, drop_product_page, product_seen, put_product_page
from zhanggui.core.moments import in_shanghai
from zhanggui.core.products.raising import told
from zhanggui.core.returns.reasons import FIXES
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.workbench.charts import Bar
from zhanggui.workbench.desk import AtDesk, back_to, number_in, shop_number
from zhanggui.workbench.places import product_path, review_path
from zhanggui.workbench.products.wording import FLAWS, PLACES, aspect_words, pieces_of

HERE = "/products"
DONE = {
    "checked": say("Noted: somebody has looked at it. Only reviews from now on can raise it again."),
    "kept": say("Kept. What the page contradicts is below."),
    "dropped": say("The version was taken away."),
}


class CheckForm(msgspec.Struct, frozen=True):
    """What was found of a raised product."""

    goods: str = ""
    note: str = ""


class PageForm(msgspec.Struct, frozen=True):
    """What a product page says, and since when; or which version goes."""

    goods: str = ""
    title: str = ""
    detail: str = ""
    since: str = ""
    drop: str = ""


@get(HERE, sync_to_thread=True)
def products_page(desk: AtDesk, shop: FromQuery[str] = "", days: FromQuery[str] = "") -> Template:
    """The products of one shop, the dearest first."""
    shops = desk.shops(Permission.AFTERSALES_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    typed = number_in(days)
    period = typed if typed in PERIODS else PERIODS[1]
    here = {"shop": str(chosen.shop_id)} if chosen else {}
    return desk.page(
        "products/page.html",
        shops=shops,
        shop=chosen,
        seen=product_fixes(desk.house, desk.by, chosen.shop_id, desk.now, days=period) if chosen else None,
        periods=tuple((each, f"{HERE}?{urlencode(here | {'days': each})}") for each in PERIODS),
        told=told,
        fixes=FIXES,
        rule=rule_of(desk.now),
        product_path=product_path,
        reviews_path=reviews_path,
        aspect_words=aspect_words,
    )


@get("/shops/{shop_id:int}/products", sync_to_thread=True)
def product_page(desk: AtDesk, shop_id: FromPath[int], goods: FromQuery[str] = "", done: FromQuery[str] = "") -> Template:
    """One product."""
    shop = desk.chosen(desk.shops(Permission.AFTERSALES_READ), str(shop_id))
    seen = product_seen(desk.house, desk.by, shop.shop_id, goods, desk.now) if shop else None
    if shop is None or seen is None:
        raise NotFoundException
    months = [Bar(month, bad / every, f"{bad} / {every}", tone="bad") for month, bad, every in seen.by_month]
    return desk.page(
        "products/product.html",
        shop=shop,
        seen=seen,
        told=told,
        months=months,
        done=DONE.get(done),
        since=in_shanghai(desk.now).strftime("%Y-%m-%d %H:%M"),
        may_check=desk.by.may(Permission.TODO_MARK, shop.shop_id),
        may_write=desk.by.may(Permission.GOODS_WRITE, shop.shop_id),
        side_days=SIDE_DAYS,
        ripe_days=RIPE.days,
        places=PLACES,
        flaws=FLAWS,
        pieces_of=pieces_of,
        review_path=review_path,
        reviews_path=reviews_path,
        aspect_words=aspect_words,
    )


@post("/shops/{shop_id:int}/products/checks", sync_to_thread=True)
def put_product_check(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[CheckForm]) -> Redirect:
    """Says that somebody has looked at a raised product."""
    shop = shop_number(shop_id)
    check_product(desk.house, desk.by, shop, data.goods, data.note, desk.now)
    return back_to(product_path(shop, data.goods), done="checked")


@post("/shops/{shop_id:int}/products/pages", sync_to_thread=True)
def put_page_of_product(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[PageForm]) -> Redirect:
    """Keeps what a product page says, or takes a version away."""
    shop = desk.by.need(Permission.GOODS_WRITE, shop_number(shop_id))
    number = number_in(data.drop)
    if number is not None:
        drop_product_page(desk.house, desk.by, shop, data.goods, number, desk.now)
        return back_to(product_path(shop, data.goods), done="dropped")
    since = desk.moment(data.since) if data.since.strip() else desk.now
    put_product_page(desk.house, desk.by, shop, data.goods, data.title, data.detail, since, desk.now)
    return back_to(product_path(shop, data.goods), done="kept")


def reviews_path(shop_id: ShopId, goods_id: str, **asked: str) -> str:
    """The reviews of a product on the page of reviews."""
    return f"/reviews?{urlencode({'view': 'all', 'shop': shop_id, 'goods': goods_id, **asked})}"
