"""A person looks at suspected orders: clears them, writes down that the platform was asked not to have them shipped, and what it answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from zhanggui.actions.abnormal.moving import moved
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.abnormal import AbnormalEvent
from zhanggui.core.facts import OrderStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.privacy.remarks import remark
from zhanggui.core.rules import Question
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId

LONGEST_REASON = 500
Told = Mapping[str, Say | None]


def ask(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], reason: str, now: datetime, *, asked_at: datetime | None = None) -> Told:
    """Writes down that the platform was asked that these orders need not be shipped: from here they are kept back. For each why not, None where it was done.

    `asked_at` is when it was asked in the back office, now where nobody says: the term is held against that moment."""
    by.need(Permission.SHIPPING_WRITE, shop_id)
    at = asked_at or now
    if at > now:
        raise Refused(say("It cannot have been asked later than now. Mend the moment."))
    if len(reason) > LONGEST_REASON:
        raise Refused(say("The reason is longer than {longest} characters.", longest=LONGEST_REASON))
    with house.pool.connection() as tx:
        rulebook = rulebook_in(tx, house, shop_id)

    def objects(known: OrderKnowledge) -> Say | None:
        order = known.order
        if order.stage is not OrderStage.TO_SHIP:
            return say("It does not wait to be shipped.")
        if order.group_formed_at is None:
            return say("Nobody knows when its group formed, so that the term cannot be told. Ask in the back office.")
        if asked_at is not None and asked_at < order.group_formed_at.replace(second=0, microsecond=0):
            return say("Its group had not formed yet at {at}. Mend the moment.", at=asked_at)
        rule = rulebook.in_force(Question.ASK_NOT_TO_SHIP, at=order.group_formed_at)
        due_at = None if rule is None or rule.term is None else order.group_formed_at + rule.term.length
        if due_at is None or at <= due_at:
            return None
        if asked_at is None:
            return say("The request could be filed until {due_at}. Ship it anyway, or say when it was asked.", due_at=due_at)
        return say("The request could be filed until {due_at}. Ship it anyway.", due_at=due_at)

    asked = {"asked_at": at, "asked_by": by.person_id, "reason": remark(reason), "answered_at": None, "answered_by": None}
    return moved(house, shop_id, order_nos, AbnormalEvent.ASK, now, by.person_id, asked, objects)


def answer(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime, *, is_approved: bool) -> Told:
    """Writes down what the platform answered. Approved orders leave the to-ship list and the sales; refused ones come back and must be shipped in time."""
    by.need(Permission.SHIPPING_WRITE, shop_id)
    event = AbnormalEvent.APPROVE if is_approved else AbnormalEvent.REFUSE
    return moved(house, shop_id, order_nos, event, now, by.person_id, {"answered_at": now, "answered_by": by.person_id})


def withdraw(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> Told:
    """Takes the request back: the orders are shipped."""
    by.need(Permission.SHIPPING_WRITE, shop_id)
    return moved(house, shop_id, order_nos, AbnormalEvent.WITHDRAW, now, by.person_id, {"answered_at": now, "answered_by": by.person_id})


def clear(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> Told:
    """Nothing is wrong with these orders."""
    by.need(Permission.SHIPPING_WRITE, shop_id)
    return moved(house, shop_id, order_nos, AbnormalEvent.CLEAR, now, by.person_id, {})


def look_again(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> Told:
    """Takes the last word on these orders back: somebody clicked wrongly."""
    by.need(Permission.SHIPPING_WRITE, shop_id)
    return moved(house, shop_id, order_nos, AbnormalEvent.LOOK_AGAIN, now, by.person_id, {"answered_at": None, "answered_by": None})
