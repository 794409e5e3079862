"""The answers to what a buyer wants: what is known is read in one go, the tree of core decides, what may be sent from here is found beside it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.advice.seats import seat_for
from zhanggui.actions.answers.promising import hour_for
from zhanggui.actions.cases.exceptions import exceptions_of
from zhanggui.actions.goods.short_orders import short_orders
from zhanggui.actions.house import House
from zhanggui.actions.interlock.stepping import repaid_among
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.outbox.judging import called_for_each
from zhanggui.actions.outbox.kinds import limits_in
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.scripts import scripts_of
from zhanggui.actions.scripts.conceding import MONTH, room_for
from zhanggui.actions.shops import late_coupon_of, settings_of
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.acts.requests import target_of
from zhanggui.core.answers import Answer, Books, GoodsSeen, Ground, Offer, OfferKind, answers
from zhanggui.core.answers.tree import CHASES
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.facts import OrderStage
from zhanggui.core.intents.kinds import Wanted
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import case_lists, deadlines, dispatches, order_goods, outbox, scripts, stock, threads
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.rulebook.speech import speech_book

_DOORS = {
    OfferKind.ENTER_NUMBER: frozenset({ActKind.SHIP_UPLOAD}),
    OfferKind.SHIP_NOW: frozenset({ActKind.SHIP_UPLOAD}),
    OfferKind.REFUND_NOW: frozenset({ActKind.REFUND_AGREE, ActKind.SENDING_CANCEL}),
    OfferKind.ANSWER_CASE: frozenset({ActKind.REFUND_AGREE, ActKind.SENDING_CANCEL, ActKind.RETURN_AGREE}),
}
"""The acts of the platform's door that carry an offer out."""
_COUPON_SAID = "answer_late_with_coupon"
"""Whoever was sent these words was offered the coupon."""


def answers_for(
    house: House, by: Person, shop_id: ShopId, now: datetime, *, wants: Sequence[Wanted], thread_no: int | None = None, order_no: str | None = None
) -> tuple[Answer, ...]:
    """The answers to what is wanted in a thread, or about an order; the best first, three at most. Of a thread the order is taken that it is about now."""
    by.need(Permission.ORDERS_READ if thread_no is None else Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        if thread_no is not None and order_no is None:
            thread = threads.one(tx, shop_id, thread_no)
            order_no = None if thread is None else thread.order_no
        return answers_in(tx, house, shop_id, order_no, wants, now, by=by)


def answers_in(
    tx: Tx, house: House, shop_id: ShopId, order_no: str | None, wants: Sequence[Wanted], now: datetime, *, by: Person | None = None
) -> tuple[Answer, ...]:
    """The same inside a transaction. `by`: who looks at them, so that only what that person may send is offered to be sent; nobody: nothing is."""
    if not wants:
        return ()
    ground = _ground(tx, house, shop_id, order_no, wants, now)
    found = answers(wants, ground, Books(scripts_of(tx, shop_id, now), speech_book()))
    return found if by is None or order_no is None else tuple(_with_doors(tx, house, by, shop_id, each, now) for each in found)


def _ground(tx: Tx, house: House, shop_id: ShopId, order_no: str | None, wants: Sequence[Wanted], now: datetime) -> Ground:
    book = rulebook_in(tx, house, shop_id)
    known = orders_known(tx, shop_id, [order_no]) if order_no is not None else {}
    order = known.get(order_no or "")
    if order is None:
        return Ground(known=None, rulebook=book, now=now)
    ground = Ground(
        known=order,
        rulebook=book,
        now=now,
        goods=_goods(tx, shop_id, order),
        prints_here=dispatches.any_printed(tx, shop_id),
        is_repaid=bool(repaid_among(tx, shop_id, known)),
        coupon=_coupon(tx, shop_id, order.order.order_no, now),
        seat=seat_for(tx, shop_id, order.cases, known, book, now) if order.cases else None,
    )
    is_asked = any(want.intent in CHASES for want in wants)
    waits = order.order.stage in (OrderStage.TO_SHIP, OrderStage.SHIPPED) and ground.left == "no"
    return msgspec.structs.replace(ground, hour=hour_for(tx, shop_id, ground)) if is_asked and waits else ground


def _goods(tx: Tx, shop_id: ShopId, known: OrderKnowledge) -> GoodsSeen:
    """Whether the goods of the order lie there for it, whether they can be bought, and whether they may be sent back without a reason."""
    order = known.order
    taken = order_goods.of_orders(tx, shop_id, [order.order_no])
    told = order_goods.told_by(tx, shop_id, (), [order.goods_id]) if order.goods_id else []
    own = next((sku for sku in told if sku.sku_id == order.sku_id), None)
    exceptions = exceptions_of(tx, shop_id, [order.goods_id]) if order.goods_id else {}
    is_free = _is_free(tx, shop_id, [row.sku for row in taken])
    is_reserved = any(row.state == "reserved" for row in taken)
    return GoodsSeen(
        in_stock=_in_stock(tx, shop_id, order.order_no, is_free, is_reserved=is_reserved),
        is_free=is_free,
        on_shelf=None if own is None else own.on_shelf,
        exception=exceptions.get(order.goods_id or ""),
    )


def _in_stock(tx: Tx, shop_id: ShopId, order_no: str, is_free: bool | None, *, is_reserved: bool) -> bool | None:
    """Whether what the order is about lies there for it; None where nobody counted."""
    if is_reserved and short_orders(tx, shop_id, [order_no]):
        return False
    return None if is_free is None else is_reserved or is_free


def _is_free(tx: Tx, shop_id: ShopId, skus: Sequence[str]) -> bool | None:
    """Whether more lies there of each of these SKUs than orders have taken; None where nobody counted."""
    lying = list(stock.sums(tx, shop_id, skus).values())
    if not lying or any(each.on_hand is None for each in lying):
        return None
    return all((each.on_hand or 0) > each.reserved for each in lying)


def _coupon(tx: Tx, shop_id: ShopId, order_no: str, now: datetime) -> Fen:
    """What may be given for having waited: what the shop names, once to a buyer, within its room to concede."""
    named = late_coupon_of(settings_of(tx, shop_id))
    if not named or scripts.was_used(tx, shop_id, _COUPON_SAID, order_no, now - MONTH):
        return Fen(0)
    room = room_for(tx, shop_id, now, order_no=order_no)
    return Fen(0) if room.given else min(named, room.left)


def _with_doors(tx: Tx, house: House, by: Person, shop_id: ShopId, answer: Answer, now: datetime) -> Answer:
    """The answer with what the platform's door takes of its acts, as far as the shop lets it be offered and this person may see it."""
    if not by.may(Permission.ACTS_READ, shop_id) or not any(offer.kind in _DOORS for offer in answer.acts):
        return answer
    return msgspec.structs.replace(answer, acts=tuple(_with_door(tx, house, shop_id, offer, now) for offer in answer.acts))


def _with_door(tx: Tx, house: House, shop_id: ShopId, offer: Offer, now: datetime) -> Offer:
    row = _todo(tx, shop_id, offer) if offer.kind in _DOORS else None
    if row is None or row.band is None:
        return msgspec.structs.replace(offer, todo=None)
    about = Subject(SubjectKind(row.subject_kind), row.subject_no), DeadlineKind(row.kind)
    limits = limits_in(tx, [shop_id])
    open_kinds = {kind for kind in _DOORS[offer.kind] if limits[shop_id, kind].level is not ActLevel.OFF}
    if not open_kinds:
        return msgspec.structs.replace(offer, todo=about)
    ((_, proposed),) = called_for_each(tx, house, shop_id, [row], now)
    doors = tuple(each for each in proposed if each.kind in open_kinds)
    subjects = {about[0], *(target_of(each.request).subject for each in doors)}
    newest = max((act.act_no for act in outbox.of_subjects(tx, shop_id, sorted(subjects, key=str)).values()), default=0)
    return msgspec.structs.replace(offer, todo=about, doors=doors, after=newest)


def _todo(tx: Tx, shop_id: ShopId, offer: Offer) -> StoredDeadline | None:
    """The to-do that an offer belongs to."""
    if offer.todo is not None:
        return deadlines.one(tx, shop_id, *offer.todo)
    return None if offer.case_no is None else case_lists.most_urgent(tx, [(shop_id, offer.case_no)]).get((shop_id, offer.case_no))
