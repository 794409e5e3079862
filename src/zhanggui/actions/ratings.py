"""The shop rating, replayed from the shop's stored reviews."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.reviews.reading import read_reviews
from zhanggui.core.moments import start_of_day
from zhanggui.core.ratings.replay import RatingReplay, needed_since, replay
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import reviews
from zhanggui.rulebook.ratings import rating_book

MOST_READ = 20_000
"""So many are read first, to know whose they are; the worker reads the rest."""


def rating_of(house: House, by: Person, shop_id: ShopId, now: datetime) -> RatingReplay | None:
    """The rating of today and of the next midnight. None where no rule is known to have been in force.

    Where nothing tells buyers apart, an order stands for its own.
    """
    by.need(Permission.ORDERS_READ, shop_id)
    book = rating_book()
    read_reviews(house, shop_id, now, MOST_READ)
    with house.pool.connection() as tx:
        return replay(reviews.between(tx, shop_id, start_of_day(needed_since(book, now)), now), book, now)
