"""The scripts that hold for a shop at a moment: those that come along, with the shop's own versions laid over them."""

from datetime import datetime

from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.core.scripts import Scripts
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import scripts
from zhanggui.records.db import Tx


def scripts_of(tx: Tx, shop_id: ShopId, now: datetime) -> Scripts:
    """Every script of the shop in the words that hold now; `Script.version` says whose they are. Drafters of every room ask here."""
    built_in = rulebook.scripts()
    own = scripts.in_force(tx, shop_id, now)
    return Scripts({**built_in.by_id, **{row.script_id: row.script for row in own}}) if own else built_in


def scripts_in(house: House, by: Person, shop_id: ShopId, now: datetime) -> Scripts:
    """The same for whoever has no transaction at hand."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        return scripts_of(tx, shop_id, now)
