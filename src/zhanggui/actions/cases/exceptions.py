"""A product is marked as one that the seven days without a reason are not for."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.cases.no_reason import NoReasonException
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, no_reason
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.cases import NoReasonExceptionSet

_LONGEST = 128


def exceptions_of(tx: Tx, shop_id: int, goods_ids: Sequence[str]) -> Mapping[str, NoReasonException]:
    """The exception of each of these products that has one."""
    return {goods_id: NoReasonException(word) for goods_id, word in no_reason.of_goods(tx, shop_id, goods_ids).items()}


def goods_exception(house: House, by: Person, shop_id: ShopId, goods_id: str) -> NoReasonException | None:
    """The exception of a product, for its page."""
    by.need(Permission.GOODS_READ, shop_id)
    with house.pool.connection() as tx:
        return exceptions_of(tx, shop_id, [goods_id]).get(goods_id)


def mark_goods(house: House, by: Person, shop_id: ShopId, goods_id: str, exception: NoReasonException | None, now: datetime) -> None:
    """Keeps the exception of a product, or that there is none. Raises Refused for a product without a number."""
    by.need(Permission.GOODS_WRITE, shop_id)
    goods_id = goods_id.strip()
    if not goods_id or len(goods_id) > _LONGEST:
        raise Refused(say("The product has no number of the platform, so that cases cannot be told to be about it."))

    def work(tx: Tx) -> None:
        if no_reason.of_goods(tx, shop_id, [goods_id]).get(goods_id) == exception:
            return
        no_reason.put(tx, shop_id, goods_id, None if exception is None else exception.value, now, by.person_id)
        entry = NoReasonExceptionSet(goods_id, exception)
        journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.GOODS.value, subject_no=goods_id)

    transact(house.pool, work)
