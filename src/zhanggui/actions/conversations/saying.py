"""What a person says of a promise: kept, broken, no longer holding, or nothing any more."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.keeping_up import kept_up
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.promises.keeping import PromiseSaid
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import locks, promises
from zhanggui.records.db import Tx, transact


def say_of_promise(house: House, by: Person, shop_id: ShopId, promise_no: int, said: PromiseSaid, now: datetime) -> None:
    """Notes what somebody says of a promise; saying nothing leaves it to the facts again. Saying the same twice changes nothing.

    Raises Refused where the shop has no such promise.
    """
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        locks.do_not_wait_long(tx)
        found = promises.locked(tx, shop_id, [promise_no])
        if not found:
            raise Refused(say("The shop has no promise no. {number}.", number=str(promise_no)))
        promise = found[0]
        if promise.said == said.value:
            return
        word = {"said": said.value, "said_at": now, "said_by": by.person_id} if said else {"said": "", "said_at": None, "said_by": None}
        if not promises.save(tx, msgspec.structs.replace(promise, **word)):
            raise Refused(say("Somebody changed this meanwhile. Look at it again."))
        kept_up(tx, house, shop_id, now, lambda followed: followed.by_number({SubjectKind.PROMISE.value: [promise_no]}))

    transact(house.pool, work)
