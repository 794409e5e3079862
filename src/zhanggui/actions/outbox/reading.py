"""The facts an act is about, read from the platform again: before it is sent, and to learn what became of it."""

from datetime import datetime

from zhanggui.actions.goods.reading import read_goods_of
from zhanggui.actions.house import House
from zhanggui.actions.outbox.kinds import terms_of
from zhanggui.actions.syncing import read_again
from zhanggui.core.acts import Asks
from zhanggui.core.acts.goods import OF_GOODS
from zhanggui.people.permissions import ShopId
from zhanggui.records.outbox import StoredAct


def read_facts(house: House, act: StoredAct, now: datetime, wall: datetime) -> bool:
    """Whether everything the act rests on has just been read. Raises what the platform's trouble raises."""
    if terms_of(act.act_kind).follows:
        return True  # it tells what was done here: nothing at the platform can make that untrue
    shop_id = ShopId(act.shop_id)
    request = act.asked
    if isinstance(request, OF_GOODS):
        return read_goods_of(house, shop_id, request.goods_id, now, wall)
    if act.order_no is not None and not read_again(house, shop_id, "order", act.order_no, now, wall):
        return False
    return terms_of(act.act_kind).asks is not Asks.CASE or read_again(house, shop_id, "case", act.subject_no, now, wall)
