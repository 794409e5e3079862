"""Room to concede: limits that the owner sets, and what reps gave within them, counted so that two of them never give the same room twice."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.money.given import give, take_gifts_back
from zhanggui.actions.once import Once, need_first
from zhanggui.actions.refused import Refused
from zhanggui.actions.scripts.replying import goods_of
from zhanggui.core.ledger.costs import Cost, CostCause, speaks_of_ratings
from zhanggui.core.money import Fen
from zhanggui.core.privacy.remarks import remark
from zhanggui.core.say import say
from zhanggui.core.scripting.conceding import COST_OF, Concession, Limit, Room, room
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import concessions, journal, locks
from zhanggui.records.concessions import ConcessionRow, NewConcession
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.scripts import Conceded, ConcessionLimitSet, ConcessionTakenBack
from zhanggui.rulebook.money import money_terms

MONTH = timedelta(days=30)
MOST_FEN = 10_000_000
LONGEST_NOTE, LONGEST_GOODS = 200, 64
SHOWN = 50


class Conceding(msgspec.Struct, frozen=True, kw_only=True):
    """What a rep concedes, to whom, on what."""

    kind: Concession
    fen: Fen
    order_no: str | None = None
    thread_no: int | None = None
    sku: str | None = None
    """The variant that is haggled over, where there is no order yet."""
    note: str = ""


def room_for(tx: Tx, shop_id: ShopId, now: datetime, *, order_no: str | None = None, thread_no: int | None = None, sku: str | None = None) -> Room:
    """What may still be conceded to this buyer. Drafters that offer a coupon ask here."""
    return _room(tx, shop_id, now, order_no, thread_no, sku)[0]


def concede(house: House, by: Person, shop_id: ShopId, what: Conceding, now: datetime, *, once: Once | None = None) -> Room:
    """Writes down what was conceded; the room that is left. Raises Refused beyond the room, and for a note that ties it to a rating; DoneBefore for a form
    that wrote it down already.
    """
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    if what.order_no is None and what.thread_no is None:
        raise Refused(say("Say to whom: the order or the conversation."))
    if len(what.note) > LONGEST_NOTE or (word := speaks_of_ratings(what.note, money_terms().costs.never_for)) is not None:
        word = word if len(what.note) <= LONGEST_NOTE else "…"
        raise Refused(say("Nothing is given for a rating ({word}). Say in at most {longest} characters what it is for.", word=word, longest=LONGEST_NOTE))

    def work(tx: Tx) -> Room:
        locks.hold_shop(tx, shop_id)
        need_first(tx, once)
        left, goods_id = _room(tx, shop_id, now, what.order_no, what.thread_no, what.sku)
        if not 0 < what.fen <= left.left:
            raise Refused(say("At most {left_fen} may be conceded to this buyer now.", left_fen=left.left))
        _write(tx, by, shop_id, what, goods_id, now)
        return _room(tx, shop_id, now, what.order_no, what.thread_no, what.sku)[0]

    return transact(house.pool, work)


def take_concession_back(house: House, by: Person, shop_id: ShopId, concession_no: int, now: datetime) -> None:
    """What was written down did not happen. Raises Refused where it does not stand."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        gone = concessions.void(tx, shop_id, concession_no, by.person_id, now)
        if gone is None:
            raise Refused(say("That concession does not stand any more."))
        kind, fen, order_no = gone
        if order_no is not None:
            take_gifts_back(tx, by, shop_id, order_no, _origin(concession_no), now)
        journal.write(tx, shop_id, ConcessionTakenBack(kind, fen), at=now, by=by.person_id)

    transact(house.pool, work)


def set_limit(house: House, by: Person, shop_id: ShopId, limit: Limit, now: datetime) -> None:
    """Sets the room of a product, or of the shop. Raises Refused for sums that are none."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    if not (0 <= limit.most_fen <= MOST_FEN and 0 <= limit.most_percent <= 100 and 0 <= (limit.month_fen or 0) <= 100 * MOST_FEN):
        raise Refused(say("Give a sum of at most {most_fen} and a share from 0 to 100 %.", most_fen=Fen(MOST_FEN)))
    if len(limit.goods_id) > LONGEST_GOODS:
        raise Refused(say("Which product? Its id stands in the order export."))

    def work(tx: Tx) -> None:
        concessions.keep_limit(tx, shop_id, limit, by.person_id, now)
        journal.write(tx, shop_id, ConcessionLimitSet(limit.goods_id, limit.most_fen, limit.most_percent), at=now, by=by.person_id)

    transact(house.pool, work)


def drop_limit(house: House, by: Person, shop_id: ShopId, goods_id: str, now: datetime) -> None:
    """Takes a limit away: the product goes by the shop's again, and without one of the shop nothing may be conceded."""
    by.need(Permission.SETTINGS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        if concessions.drop_limit(tx, shop_id, goods_id):
            journal.write(tx, shop_id, ConcessionLimitSet(goods_id, None, None), at=now, by=by.person_id)

    transact(house.pool, work)


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """The limits, what was given under each within thirty days, and the newest concessions."""

    limits: tuple[tuple[Limit, Fen], ...]
    rows: tuple[ConcessionRow, ...]


def concessions_seen(house: House, by: Person, shop_id: ShopId, now: datetime) -> Given:
    """Limits and concessions of the shop."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        limits = tuple((limit, concessions.given_since(tx, shop_id, limit.goods_id, now - MONTH)) for limit in concessions.limits(tx, shop_id))
        return Given(limits=limits, rows=tuple(concessions.newest(tx, shop_id, SHOWN)))


def _room(tx: Tx, shop_id: ShopId, now: datetime, order_no: str | None, thread_no: int | None, sku: str | None) -> tuple[Room, str]:
    known = orders_known(tx, shop_id, [order_no]).get(order_no) if order_no is not None else None
    if order_no is not None and known is None:
        raise Refused(say("The shop has no order {order_no}.", order_no=order_no))
    goods = goods_of(tx, shop_id, known, sku)
    goods_id = "" if goods is None else goods.goods_id
    limit = concessions.limit_for(tx, shop_id, goods_id)
    price = known.order.pay_amount if known is not None else (None if goods is None else goods.price)
    given = concessions.given_to(tx, shop_id, thread_no, order_no, now - MONTH)
    in_month = concessions.given_since(tx, shop_id, limit.goods_id, now - MONTH) if limit is not None else Fen(0)
    return room(limit, price, given, in_month), goods_id


def _write(tx: Tx, by: Person, shop_id: ShopId, what: Conceding, goods_id: str, now: datetime) -> None:
    new = NewConcession(
        goods_id=goods_id,
        thread_no=what.thread_no,
        order_no=what.order_no,
        kind=what.kind.value,
        fen=what.fen,
        note=remark(what.note),
        at=now,
        made_by=by.person_id,
    )
    number = concessions.insert(tx, shop_id, new)
    if what.order_no is not None and what.kind in COST_OF:
        cost = Cost(
            order_no=what.order_no, kind=COST_OF[what.kind], cause=CostCause.SERVICE, fen=what.fen, note=remark(what.note), once=f"{_origin(number)}:given"
        )
        give(tx, by, shop_id, cost, now)
    journal.write(tx, shop_id, Conceded(what.kind.value, what.fen), at=now, by=by.person_id)


def _origin(concession_no: int) -> str:
    return f"concession:{concession_no}"
