"""What is kept of a shop's measures, to be compared."""

from typing import Any

from zhanggui.actions.house import House
from zhanggui.actions.measures import catch_up, recount
from zhanggui.people.permissions import ShopId

DAYS = "select what, day, many, amount from measure_days where shop_id = %s order by what, day"
ORDERS = "select order_no, keys, amounts from measure_orders where shop_id = %s order by order_no"
RATINGS = "select order_no, review_no, buyer, month, day, at, score, counts from measure_ratings where shop_id = %s order by order_no, review_no"


def kept(house: House, shop_id: ShopId) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is kept."""
    with house.pool.connection() as tx:
        return {name: tx.execute(sql, (shop_id,)).fetchall() for name, sql in (("days", DAYS), ("orders", ORDERS), ("ratings", RATINGS))}


def along_and_whole(house: House, shop_id: ShopId, now: Any) -> tuple[dict[str, list[tuple[Any, ...]]], dict[str, list[tuple[Any, ...]]]]:
    """What counting along kept, and what counting whole keeps."""
    catch_up(house, shop_id, now)
    along = kept(house, shop_id)
    recount(house, shop_id, now)
    return along, kept(house, shop_id)
