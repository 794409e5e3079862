"""Whether this home holds the keys of what lies sealed in its database, before a process begins to seal with keys that no other opens."""

from zhanggui.actions.house import House
from zhanggui.actions.key_door import HouseKeys
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say
from zhanggui.records import shops
from zhanggui.records.sealing import keys_of


def refuse_without_keys(house: House) -> None:
    """Raises Refused where something was sealed and no key at hand opens any of it."""
    door = HouseKeys(house.pool, house.home)
    with house.pool.connection() as tx:
        found = (door.opened(wrapped) is not None for shop in shops.every(tx) for _, wrapped in keys_of(tx, shop.shop_id))
        is_shut = next(found, True) is False and not any(found)
    if is_shut:
        raise Refused(
            say(
                "The home folder {home} holds no keys of the vault that open anything: what lies sealed was sealed with those of another. Bring that home's "
                "keys/vault.keys here, or name them in ZHANGGUI_VAULT_KEY. Where they are lost for good, zhanggui up --new-keys goes on with new ones.",
                home=str(house.home),
            )
        )


def make_new_keys(house: House) -> None:
    """A new key for each shop none of whose keys opens, so that every process with the keys of this home goes on; what was sealed before stays as it lies."""
    door = HouseKeys(house.pool, house.home)
    with house.pool.connection() as tx:
        found = {shop.shop_id: keys_of(tx, shop.shop_id) for shop in shops.every(tx)}
    for shop_id, keys in found.items():
        if keys and all(door.opened(wrapped) is None for _, wrapped in keys):
            door.make(shop_id, above=max(number for number, _ in keys))
