"""The facts of an order that only a shop's own rules are scoped by."""

from collections.abc import Mapping

from zhanggui.core.facts import OrderFacts
from zhanggui.core.rules import Rulebook

_NOTHING: Mapping[str, str] = {}


def own_scope(order: OrderFacts, rulebook: Rulebook) -> Mapping[str, str]:
    """The product and province of the order, as far as any rule asks for them; most rulebooks ask for neither, and gathering them costs time."""
    if "goods" not in rulebook.scoped_by and "province" not in rulebook.scoped_by:
        return _NOTHING
    facts = {"goods": order.goods_id, "province": order.province}
    return {name: value for name, value in facts.items() if value is not None and name in rulebook.scoped_by}
