"""One case seen whole: the facts, the advice with every answer weighed, what counts, what was found out, and the steps that a person does by hand."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from zhanggui.actions.access import shops_with
from zhanggui.actions.advice.seats import seat_for
from zhanggui.actions.cases.guiding import GuidedStep, open_step, steps_of
from zhanggui.actions.house import House
from zhanggui.actions.items import items
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.links import link_to
from zhanggui.actions.outbox.judging import called_for
from zhanggui.actions.outbox.kinds import limits_in
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.scripts.library import scripts_of
from zhanggui.actions.shops import settings_of
from zhanggui.actions.views import TodoItem
from zhanggui.core.acts import ActLevel
from zhanggui.core.acts.proposing import Proposal
from zhanggui.core.advice.advising import Told, advise, told
from zhanggui.core.advice.case import CaseToAdvise
from zhanggui.core.advice.gifts import gifts_of
from zhanggui.core.advice.indicators import QUALITY, Guarded, guarded
from zhanggui.core.advice.reading import complaint_of
from zhanggui.core.advice.seat import Beside, Seat, case_to_advise
from zhanggui.core.cases.guided import MAKES_SENSE, Step, StepKind
from zhanggui.core.cases.mapping import state_of
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import AftersaleFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import say
from zhanggui.core.scripts import Both, Scripts, type_of_fill
from zhanggui.core.verdicts import Act, Verdict, Weighed
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import advice, around, case_lists
from zhanggui.records.db import Tx, transact
from zhanggui.records.deadlines import StoredDeadline

BY_HAND: Mapping[Act, StepKind] = {
    Act.REFUSE: StepKind.REFUSE,
    Act.FIX_NUMBER: StepKind.REFUSE,
    Act.OFFER_PARTIAL: StepKind.NEGOTIATE,
    Act.OFFER_RETURN: StepKind.NEGOTIATE,
    Act.GIVE_AWAY: StepKind.NEGOTIATE,
    Act.RESEND: StepKind.NEGOTIATE,
    Act.REFUND_COUNTED: StepKind.NEGOTIATE,
    Act.AGREE_EXCHANGE: StepKind.AGREE_GOODS,
}
"""The answers that no door of the platform takes, and the step by which a person gives them."""


class Answer(msgspec.Struct, frozen=True):
    """One answer as the page shows it: its cost, its texts, and whether a person may give it by hand now."""

    weighed: Weighed
    told: Told
    is_by_hand: bool


class CaseSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page of a case shows."""

    shop_id: ShopId
    shop_name: str
    case: AftersaleFacts
    order: OrderKnowledge | None
    facts: CaseToAdvise
    verdict: Verdict
    todo: TodoItem | None
    """The to-do that the case has open; None where there is none."""
    answers: tuple[Answer, ...]
    guards: tuple[Guarded, ...]
    """Whether the refund counts, by each version of the quality refund rate."""
    found: Beside
    """What people found out; what other rooms know stands in the facts."""
    steps: tuple[GuidedStep, ...]
    proposals: tuple[Proposal, ...]
    """What could be sent through the platform's door, by a person."""
    link: str | None
    as_of: datetime | None

    @property
    def is_by_hand(self) -> bool:
        """Whether what is advised is given by hand, and may be now."""
        return any(answer.is_by_hand for answer in self.answers if answer.weighed.act is self.verdict.act)


def case_seen(house: House, by: Person, shop_id: ShopId, case_no: str, now: datetime) -> CaseSeen:
    """One case of the shop. Raises NotAllowed where the person may not see it, or there is none."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    with house.pool.connection() as tx:
        known = around.cases_by_no(tx, shop_id, [case_no]).get(case_no)
        if known is None:
            raise NotAllowed(Permission.AFTERSALES_READ.value)
        case, book = known.facts, rulebook_in(tx, house, shop_id)
        order, seat, row = _around(tx, shop_id, case, book, now)
        todo = _todo(tx, house, by, shop_id, row, now) if row is not None else None
        facts = case_to_advise(case, order, seat, None if row is None else row.due_at, now, book)
        words = scripts_of(tx, shop_id, now)
        verdict = todo.verdict if todo is not None else advise(facts, seat.terms, book, now, scripts=words, more=_fills(order))
        grievance = complaint_of(facts, book.advice).kind
        return CaseSeen(
            shop_id=shop_id,
            shop_name=shops_with(tx, by, Permission.AFTERSALES_READ, [shop_id])[shop_id].name,
            case=case,
            order=order,
            facts=facts,
            verdict=verdict,
            todo=todo,
            answers=tuple(Answer(each, _told(facts, seat, book, now, each, order, words), _may_be_given(each, case, order)) for each in verdict.weighed),
            guards=tuple(guarded(facts, grievance, version, now) for version in book.advice.versions_of(QUALITY)),
            found=advice.findings(tx, shop_id, [case_no]).get(case_no, Beside()),
            steps=steps_of(tx, shop_id, case_no=case_no),
            proposals=_proposals(tx, house, by, shop_id, row, now),
            link=link_to(settings_of(tx, shop_id), SubjectKind.AFTERSALE, order_no=case.order_no, case_no=case_no),
            as_of=known.as_of,
        )


def begin_by_hand(house: House, by: Person, shop_id: ShopId, case_no: str, act: Act, now: datetime) -> int:
    """Makes the step ready by which a person gives this answer; its number. Raises Refused where it is none of the answers any more."""
    by.need(Permission.CASES_WRITE, shop_id)

    def work(tx: Tx) -> int:
        known = around.cases_by_no(tx, shop_id, [case_no]).get(case_no)
        if known is None:
            raise NotAllowed(Permission.CASES_WRITE.value)
        case, book = known.facts, rulebook_in(tx, house, shop_id)
        order, seat, row = _around(tx, shop_id, case, book, now)
        facts = case_to_advise(case, order, seat, None if row is None else row.due_at, now, book)
        weighed = next((each for each in advise(facts, seat.terms, book, now).weighed if each.act is act), None)
        if weighed is None or act not in BY_HAND or case.order_no is None:
            raise Refused(say("This is none of the answers any more. Look at the case again."))
        if weighed.barred is not None:
            raise Refused(weighed.barred)
        if not _may_be_given(weighed, case, order):
            raise Refused(say("This cannot be done in the state the case is in. Look at it again."))
        said = _told(facts, seat, book, now, weighed, order, scripts_of(tx, shop_id, now))
        step = Step(
            kind=BY_HAND[act],
            order_no=case.order_no,
            case_no=case_no,
            title=said.headline,
            because=said.check,
            form=said.form.zh if said.form is not None else said.message.zh if said.message is not None else "",
            message=said.message.zh if said.message is not None else "",
            amount=weighed.amount,
            due_at=None if row is None else row.due_at,
            due_rule=None if row is None else row.rule,
            gives=gifts_of(weighed, facts, complaint_of(facts, book.advice).kind, seat.terms),
        )
        return open_step(tx, by, shop_id, step, now)

    return transact(house.pool, work)


def _around(tx: Tx, shop_id: ShopId, case: AftersaleFacts, book: Rulebook, now: datetime) -> tuple[OrderKnowledge | None, Seat, StoredDeadline | None]:
    orders = orders_known(tx, shop_id, [case.order_no]) if case.order_no else {}
    seat = seat_for(tx, shop_id, [case], orders, book, now)
    return orders.get(case.order_no or ""), seat, case_lists.most_urgent(tx, [(shop_id, case.case_no)]).get((shop_id, case.case_no))


def _todo(tx: Tx, house: House, by: Person, shop_id: ShopId, row: StoredDeadline, now: datetime) -> TodoItem | None:
    shops = shops_with(tx, by, Permission.AFTERSALES_READ, [shop_id])
    return items(tx, house, by, shops, [row], now)[0]


def _told(facts: CaseToAdvise, seat: Seat, book: Rulebook, now: datetime, weighed: Weighed, order: OrderKnowledge | None, words: Scripts) -> Told:
    return told(facts, seat.terms, book, now, weighed, words, _fills(order))


def _may_be_given(weighed: Weighed, case: AftersaleFacts, order: OrderKnowledge | None) -> bool:
    """Whether a person may give this answer by hand: neither a rule, nor the shop's limits, nor the state of the case is against it."""
    return weighed.act in BY_HAND and weighed.barred is None and state_of(case, order) in MAKES_SENSE[BY_HAND[weighed.act]]


def _proposals(tx: Tx, house: House, by: Person, shop_id: ShopId, row: StoredDeadline | None, now: datetime) -> tuple[Proposal, ...]:
    """What a person may send through the door, where the level of its kind lets it be offered."""
    if row is None or row.band is None or not by.may(Permission.ACTS_READ, shop_id):
        return ()
    limits = limits_in(tx, [shop_id])
    return tuple(each for each in called_for(tx, house, shop_id, row, now)[1] if limits[shop_id, each.kind].level is not ActLevel.OFF)


def _fills(order: OrderKnowledge | None) -> dict[str, type_of_fill]:
    """What the messages are filled with from the order."""
    if order is None:
        return {}
    facts = order.order
    return {
        "carrier": facts.carrier or Both("快递公司", "the carrier"),
        "tracking_no": facts.tracking_no or Both("见订单详情", "shown in the order"),
    }
