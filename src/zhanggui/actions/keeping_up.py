"""The deadlines of what a person has just moved on, stored in the same transaction."""

from collections.abc import Callable
from datetime import datetime

from zhanggui.actions.following import Followed
from zhanggui.actions.house import House
from zhanggui.actions.reckoning import Reckoning
from zhanggui.actions.rules import rulebook_in
from zhanggui.people.permissions import ShopId
from zhanggui.records.db import Tx

MOST_TEXT = 1000
"""The longest note, answer or ticket that is kept."""


def kept_up(tx: Tx, house: House, shop_id: ShopId, now: datetime, fill: Callable[[Followed], None]) -> None:
    """Stores the deadlines of whatever `fill` names."""
    rulebook = rulebook_in(tx, house, shop_id)
    followed = Followed(tx, shop_id, rulebook, now)
    fill(followed)
    reckoning = Reckoning(tx, shop_id, rulebook, now)
    reckoning.store(followed.computed, followed.subjects)
    reckoning.finish()
