"""Somebody says that a buyer needs no answer: the talk leaves the list at once, and the to-do of its orders with it."""

from datetime import datetime

import msgspec

from zhanggui.actions.conversations.telling import tell_orders
from zhanggui.actions.conversations.threading import brought_up, held_thread
from zhanggui.actions.house import House
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import threads
from zhanggui.records.db import Tx, transact


def settle(house: House, by: Person, shop_id: ShopId, thread_no: int, now: datetime, *, seen_to: datetime | None = None) -> None:
    """Notes that what the buyer wrote so far needs no answer; where told, only up to the last message the person had before them."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        thread = held_thread(tx, shop_id, thread_no)
        if thread.waiting_since is None:
            # an older page does not excuse the answer that was given meanwhile
            return
        # up to the last message that is here, or was seen: what was written meanwhile, or comes in later, was seen by nobody
        settled_at = thread.last_at if seen_to is None else min(seen_to, thread.last_at)
        brought_up(tx, msgspec.structs.replace(thread, settled_at=max(settled_at, thread.settled_at or settled_at)))
        threads.tell_again(tx, shop_id, thread_no)

    transact(house.pool, work)
    tell_orders(house, shop_id, now)
