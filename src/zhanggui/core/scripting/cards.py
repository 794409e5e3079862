"""Where a buyer sees a product. The platform documents no such address; this is the one its own app shares (seen 2026-11, assumed to last)."""

LINK = "https://mobile.yangkeduo.com/goods.html?goods_id={goods_id}"


def link_to(goods_id: str | None) -> str | None:
    """The page of a product, None where its number is not the platform's."""
    return LINK.format(goods_id=goods_id) if goods_id and goods_id.isascii() and goods_id.isdigit() else None
