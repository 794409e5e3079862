"""Changes of products at the platform: decided by a person, sent once through the door out, compared with what the platform offers by then."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.outbox.deciding import decide
from zhanggui.actions.platform import access_to
from zhanggui.actions.refused import Refused
from zhanggui.core.acts.goods import GoodsRequest, PutPrices, PutStock
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import order_goods
from zhanggui.records.db import transact

MOST_OFFERED = 100_000_000
DEAREST = Fen(99_999_900)


def tell_platform(house: House, by: Person, shop_id: ShopId, request: GoodsRequest, now: datetime) -> int:
    """The number of the act that tells the platform. Raises Refused where the shop is not connected, or the platform would not take it for sure."""
    by.need(Permission.ACTS_SEND, shop_id)
    access_to(house, shop_id, now)
    _check(request)
    with house.pool.connection() as tx:
        if not order_goods.told_by(tx, shop_id, (), [request.goods_id]):
            raise Refused(say("The platform has told of no such product. Read the products first."))
    return transact(house.pool, lambda tx: decide(tx, house, by, shop_id, request, now))


def _check(request: GoodsRequest) -> None:
    match request:
        case PutStock() if not 0 <= request.pieces <= MOST_OFFERED:
            raise Refused(say("Give a whole number of pieces from {least} to {most}.", least=0, most=MOST_OFFERED))
        case PutPrices() if not 0 < request.group_price < request.single_price <= DEAREST:
            raise Refused(say("The price for a group has to be above nothing and below the price for one buyer alone."))
        case _:
            pass
