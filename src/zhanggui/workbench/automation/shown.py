"""What pages of an order or a case show of rules that fired there."""

from typing import Any

from zhanggui.actions.automation.listing import firings_of_order
from zhanggui.actions.house import House
from zhanggui.core.automation.deeds import DEEDS
from zhanggui.core.automation.facts import FACTS
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.workbench.places import case_path, order_path


def fired_context(house: House, by: Person, shop_id: ShopId, order_no: str, case_no: str | None = None) -> dict[str, Any]:
    """The firings on an order, or on one of its cases alone, for whoever may see acts; and what they are worded with."""
    fired = firings_of_order(house, by, shop_id, order_no)
    return {
        "fired": tuple(row for row in fired if case_no is None or row.subject_no == case_no),
        "may_decide": by.may(Permission.TODO_MARK, shop_id),
        "FACTS": FACTS,
        "DEEDS": DEEDS,
        "order_path": order_path,
        "case_path": case_path,
    }
