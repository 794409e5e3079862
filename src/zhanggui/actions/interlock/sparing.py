"""The destroy list is looked at again now and then: a refund that was on its way may have been declined, so that the parcel may leave after all."""

from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import islice

from psycopg import errors

from zhanggui.actions.house import House
from zhanggui.actions.interlock.following import look_again
from zhanggui.records import dispatches, shops
from zhanggui.records.db import transact

_AT_A_TIME = 200


def spare_parcels(house: House, now: datetime) -> None:
    """Lets every order on the destroy lists follow what is known of it now. A shop into which facts are just being stored comes next time."""
    with house.pool.connection() as tx:
        every = [shop.shop_id for shop in shops.every(tx)]
    for shop_id in every:
        with suppress(errors.LockNotAvailable):
            spare_in(house, shop_id, now)


def spare_in(house: House, shop_id: int, now: datetime) -> None:
    """The same in one shop."""
    with house.pool.connection() as tx:
        waiting = iter(dispatches.to_destroy(tx, shop_id))
    while some := list(islice(waiting, _AT_A_TIME)):
        transact(house.pool, partial(look_again, shop_id=shop_id, order_nos=some, now=now))
