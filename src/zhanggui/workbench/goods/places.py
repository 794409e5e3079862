"""Where a SKU is found on the desk."""

from urllib.parse import urlencode

from zhanggui.people.permissions import ShopId


def goods_path(shop_id: ShopId, sku: str) -> str:
    """The page of a SKU. Its name stands in the query, since it may hold any character."""
    return f"/shops/{shop_id}/goods?{urlencode({'sku': sku})}"
