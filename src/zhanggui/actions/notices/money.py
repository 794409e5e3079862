"""A buyer who was told of a delay wants the money: it goes back at once, by the outbox where that may be, else by hand with minutes on the clock."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.cases.guiding import open_step
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.outbox.deciding import decide
from zhanggui.actions.outbox.kinds import right_to_send
from zhanggui.actions.platform import is_connected
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.scripts.library import scripts_of
from zhanggui.core.acts.requests import ActKind, AgreeRefund
from zhanggui.core.cases.guided import Step, StepKind
from zhanggui.core.clocks.shipping import GOODS_AGAIN
from zhanggui.core.deadlines import DeadlineKind, SubjectKind
from zhanggui.core.decide.situation import short_title
from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.dispatch.shapes import has_not_gone, is_back_in_the_house
from zhanggui.core.facts import AftersaleFacts, AftersaleState, OrderStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.notices.steps import NoticeState, NoticeStep
from zhanggui.core.rules import Question, Rule
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Draft
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, locks
from zhanggui.records import notices as records
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.notices import MoneyWanted
from zhanggui.records.notices import NoticeRecord

_WITHIN = timedelta(minutes=30)
AWAITED = say("No refund is asked for in the order yet: send the buyer this message, and agree as soon as it is.")

LEFT = say("The goods have left meanwhile: whoever has a parcel on its way is not paid back unasked. Answer the case as it is advised.")
_GONE = frozenset({OrderStage.SHIPPED, OrderStage.RECEIVED})


class MoneyBack(msgspec.Struct, frozen=True, kw_only=True):
    """How the money goes back: the act that was decided, or the step to be done by hand, or the message that asks the buyer to apply for it."""

    money_by: datetime
    act_no: int | None = None
    step_no: int | None = None
    message: Draft | None = None
    because: Say | None = None


def wants_money(house: House, by: Person, shop_id: ShopId, order_no: str, now: datetime) -> MoneyBack:
    """Notes that this buyer wants the money, and gives it back where a refund is asked for. Doing it again goes on from where it stands.

    Raises Refused where the buyer was not told of a delay.
    """
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    may_send = by.may(right_to_send(ActKind.REFUND_AGREE), shop_id) and is_connected(house, shop_id, now)

    def work(tx: Tx) -> MoneyBack:
        locks.do_not_wait_long(tx)
        rows = records.locked(tx, shop_id, NoticeStep.DELAYED, [order_no])
        if not rows or rows[0].state != NoticeState.SENT.value:
            raise Refused(say("This buyer was told of no delay."))
        rule = rulebook_in(tx, house, shop_id).in_force(Question.REFUND_AFTER_NOTICE, at=now)
        known = orders_known(tx, shop_id, [order_no]).get(order_no)
        if known is None:
            raise Refused(say("The shop has no order {order_no}.", order_no=order_no))
        if _has_left(known):
            raise Refused(LEFT)
        row = _noted(tx, by, shop_id, rows[0], rule, now)
        money_by = row.money_by or now
        message = _message(tx, shop_id, known, money_by, now)
        case = refund_asked(known)
        if case is None or case.refund_amount is None:
            return MoneyBack(money_by=money_by, message=message, because=AWAITED)
        return _given(tx, house, by, shop_id, row, case, rule, now, may_send=may_send)

    return transact(house.pool, work)


def refund_asked(known: OrderKnowledge) -> AftersaleFacts | None:
    """The case in which the buyer asks for the money and waits for our answer."""
    return next((case for case in known.cases if case.state is AftersaleState.SELLER_TO_ANSWER and case.kind not in GOODS_AGAIN), None)


def _has_left(known: OrderKnowledge) -> bool:
    """Whether the goods may be on their way or there: then money and goods would both be gone."""
    order, dispatch = known.order, known.dispatch
    if dispatch is not None and dispatch.state is DispatchState.HANDED_OVER:
        return True
    if has_not_gone(order, dispatch) or is_back_in_the_house(order, dispatch):
        return False
    return order.shipped_at is not None or order.stage in _GONE


def _given(
    tx: Tx, house: House, by: Person, shop_id: ShopId, row: NoticeRecord, case: AftersaleFacts, rule: Rule | None, now: datetime, *, may_send: bool
) -> MoneyBack:
    """By the outbox where the shop lets it and the person may, else as a step with its own minutes."""
    money_by, amount = row.money_by or now, Fen(case.refund_amount or 0)
    because = say("It cannot be sent from here: the shop is not connected to the platform, or you may not send acts.")
    if may_send:
        try:
            request = AgreeRefund(order_no=row.order_no, case_no=case.case_no, amount=amount)
            act_no = decide(tx, house, by, shop_id, request, now, todo=DeadlineKind.ANSWER_REFUND)
            _save(tx, msgspec.structs.replace(row, money_acted=True))
            return MoneyBack(money_by=money_by, act_no=act_no)
        except Refused as refused:
            because = refused.say
    step = Step(
        kind=StepKind.AGREE_REFUND,
        order_no=row.order_no,
        case_no=case.case_no,
        title=say("Agree to the refund of {amount_fen}", amount_fen=amount),
        because=(say("The buyer was told of a delay and would rather have the money."), because),
        form="已与买家沟通，同意退款。",
        amount=amount,
        due_at=money_by,
        due_rule=None if rule is None else rule.cite,
        ref="notice",
    )
    return MoneyBack(money_by=money_by, step_no=open_step(tx, by, shop_id, step, now), because=because)


def _noted(tx: Tx, by: Person, shop_id: ShopId, row: NoticeRecord, rule: Rule | None, now: datetime) -> NoticeRecord:
    """The notice with since when the money is wanted; the clock begins once and does not begin again."""
    if row.money_at is not None:
        return row
    within = rule.term.length if rule is not None and rule.term is not None else _WITHIN
    noted = msgspec.structs.replace(row, money_at=now, money_by=now + within)
    _save(tx, noted)
    entry = MoneyWanted(now + within)
    journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=row.order_no)
    return msgspec.structs.replace(noted, version=noted.version + 1)


def _message(tx: Tx, shop_id: ShopId, known: OrderKnowledge, money_by: datetime, now: datetime) -> Draft | None:
    """What the buyer is told: to apply in the order, and within how many minutes it is seen to."""
    minutes = max(1, -(-(money_by - now) // timedelta(minutes=1))) if money_by > now else 10
    written = scripts_of(tx, shop_id, now)
    return written.draft("notice_money", title=short_title(known.order.title), minutes=minutes)


def _save(tx: Tx, row: NoticeRecord) -> None:
    if not records.save(tx, row):
        raise Refused(say("Somebody changed this meanwhile. Look at it again."))
