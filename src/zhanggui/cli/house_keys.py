"""Whether this home holds the keys of what lies sealed in its database, before a process begins to seal with keys that no other opens."""

from zhanggui.actions.house import House
from zhanggui.actions.key_door import HouseKeys
from zhanggui.records import shops


def refuse_without_keys(house: House) -> None:
    """Raises Refused where something of a shop was sealed and no key at hand opens any of it."""
    with house.pool.connection() as tx:
        HouseKeys(house.pool, house.home).refuse_a_stranger(tx)


def make_new_keys(house: House) -> None:
    """A new key for each shop none of whose keys opens, so that every process with the keys of this home goes on; what was sealed before stays as it lies."""
    with house.pool.connection() as tx:
        every = [shop.shop_id for shop in shops.every(tx)]
    for shop_id in every:
        HouseKeys(house.pool, house.home).begin_anew(shop_id)
