"""What the facts say now of an act or of a to-do: the verdict, the act it calls for, and what an act that was decided rests on."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.advice.seats import seat_for
from zhanggui.actions.automation.behind import decided_by_rule, objection_of_rule
from zhanggui.actions.house import House
from zhanggui.actions.interlock.stepping import repaid_among
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.outbox.kinds import act_terms
from zhanggui.actions.returns.known import ceiling_for
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.acts import AddParcels, AgreeRefund, AgreeReturn, CancelSending, CannotHold, ChangeShip, Request, Ship
from zhanggui.core.acts.goods import OF_GOODS
from zhanggui.core.acts.grounds import Grounds, changed, grounds_of
from zhanggui.core.acts.happened import Happened, happened
from zhanggui.core.acts.proposing import Proposal, proposals
from zhanggui.core.acts.requests import KIND_OF
from zhanggui.core.advice.branches import not_stopped_yet, over_the_order
from zhanggui.core.advice.seat import case_to_advise
from zhanggui.core.deadlines import Band, SubjectKind
from zhanggui.core.decide import verdict
from zhanggui.core.dispatch.acting import not_by_itself, not_to_send
from zhanggui.core.facts import AftersaleFacts, SkuFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Verdict
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, deadlines, dispatches, order_goods
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.outbox import StoredAct
from zhanggui.rulebook import scripts

_SETTLED_BY_HAND = frozenset({Band.SAID_DONE, Band.NOT_OURS})


class Facts(msgspec.Struct, frozen=True):
    """What is known of an order and a case of it."""

    order: OrderKnowledge | None
    case: AftersaleFacts | None
    skus: tuple[SkuFacts, ...] = ()
    """The variants of the product that an act is about."""

    def grounds(self, request: Request) -> Grounds:
        """What an act rests on, as things stand."""
        return grounds_of(request, self.order.order if self.order else None, self.case, self.order.dispatch if self.order else None, self.skus)

    def in_the_way(self, request: Request, *, by_itself: bool) -> Say | None:
        """Why the act must not be sent by where the parcels are."""
        why = not_to_send(request, self.order.dispatch if self.order else None, by_itself=by_itself)
        return why or (not_by_itself(request, self.order) if by_itself and self.order else None)


def facts_of(tx: Tx, shop_id: int, order_no: str | None, case_no: str | None) -> Facts:
    """What is known of the order and the case now."""
    case = around.cases_by_no(tx, shop_id, [case_no]).get(case_no) if case_no else None
    no = order_no or (case.facts.order_no if case else None)
    order = orders_known(tx, shop_id, [no]).get(no) if no else None
    return Facts(order, case.facts if case else None)


def facts_for(tx: Tx, shop_id: int, request: Request) -> Facts:
    """What is known of whatever this act is about."""
    if isinstance(request, OF_GOODS):
        return Facts(None, None, tuple(order_goods.told_by(tx, shop_id, (), [request.goods_id])))
    return facts_of(tx, shop_id, request.order_no, _case_no(request))


def called_for(tx: Tx, house: House, shop_id: ShopId, row: StoredDeadline, now: datetime) -> tuple[Verdict, tuple[Proposal, ...]]:
    """The verdict on a to-do, and the acts it leaves open, the one it calls for first."""
    return next(called_for_each(tx, house, shop_id, [row], now))


def called_for_each(tx: Tx, house: House, shop_id: ShopId, rows: Sequence[StoredDeadline], now: datetime) -> Iterator[tuple[Verdict, tuple[Proposal, ...]]]:
    """The same of many to-dos, in their order, with what they rest on read for all of them at once."""
    case_nos = [row.subject_no for row in rows if row.subject_kind == SubjectKind.AFTERSALE]
    cases = {no: known.facts for no, known in around.cases_by_no(tx, shop_id, case_nos).items()} if case_nos else {}
    abouts = [(row, case, row.order_no or (case.order_no if case else None)) for row in rows for case in [_case_of(row, cases)]]
    known = orders_known(tx, shop_id, sorted({no for _, _, no in abouts if no}))
    book = rulebook_in(tx, house, shop_id)
    seat = seat_for(tx, shop_id, list(cases.values()), known, book, now)
    for row, case, no in abouts:
        order = known.get(no) if no else None
        judged = verdict(row.deadline(), order=order, case=case, messages=(), review=None, now=now, rulebook=book, scripts=scripts(), seat=seat)
        yield judged, proposals(judged, order, case, act_terms())


def _case_of(row: StoredDeadline, cases: Mapping[str, AftersaleFacts]) -> AftersaleFacts | None:
    return cases.get(row.subject_no) if row.subject_kind == SubjectKind.AFTERSALE else None


def shown(tx: Tx, act: StoredAct) -> Happened:
    """Whether the facts at hand show that the act happened."""
    facts = facts_for(tx, act.shop_id, act.asked)
    return happened(act.asked, facts.order.order if facts.order else None, facts.case, act.rests_on.seller_note, facts.skus, act.rests_on.offer)


def objection(tx: Tx, house: House, act: StoredAct, now: datetime) -> Say | None:
    """Why the act must not be sent after all, by the facts at hand; None where it still stands."""
    match shown(tx, act):
        case Happened.YES:
            return say("It is done already: somebody else did it, as the platform shows.")
        case Happened.OTHERWISE:
            return say("Something else was done meanwhile, so that it makes no sense any more.")
    facts = facts_for(tx, act.shop_id, act.asked)
    before = act.rests_on
    return changed(before, facts.grounds(act.asked)) or (
        facts.in_the_way(act.asked, by_itself=act.by_itself)
        or over_the_count(tx, act.shop_id, act.asked, facts, by_itself=act.by_itself)
        or out_of_turn(tx, house, act.shop_id, act.asked, facts, now)
        or crossing(tx, act.shop_id, act.asked, facts)
        or objection_of_rule(tx, house, act, now)
        or _against_todo(tx, house, act, now)
    )


def out_of_turn(tx: Tx, house: House, shop_id: int, request: Request, facts: Facts, now: datetime) -> Say | None:
    """Why money must not go whoever sends it: its parcel is still being called back, or the order's other cases have left less of its money."""
    if not isinstance(request, AgreeRefund | CancelSending) or facts.case is None:
        return None
    book = rulebook_in(tx, house, ShopId(shop_id))
    orders = {} if facts.order is None else {facts.order.order.order_no: facts.order}
    case = case_to_advise(facts.case, facts.order, seat_for(tx, ShopId(shop_id), [facts.case], orders, book, now), None, now, book)
    return not_stopped_yet(case) or over_the_order(case, request.amount)


def over_the_count(tx: Tx, shop_id: int, request: Request, facts: Facts, *, by_itself: bool) -> Say | None:
    """Why so much money must not go by what came back of the goods; whoever counts holds the shop, so that this stays true until the transaction ends."""
    if not isinstance(request, AgreeRefund) or facts.case is None:
        return None
    return ceiling_for(tx, shop_id, facts.case).against(request.amount, by_itself=by_itself)


def crossing(tx: Tx, shop_id: int, request: Request, facts: Facts) -> Say | None:
    """Another act under way that this one would cross: a number is not uploaded while the money goes back, nor the other way round."""
    if facts.order is None:
        return None
    no = facts.order.order.order_no
    match request:
        case Ship() if repaid_among(tx, shop_id, {no: facts.order}):
            return say("The house is paying the buyer back at this moment, or has done so.")
        case AgreeRefund() | CancelSending() if dispatches.uploading(tx, shop_id, [no]):
            return say("Its tracking number is being uploaded at this moment.")
        case _:
            return None


def _against_todo(tx: Tx, house: House, act: StoredAct, now: datetime) -> Say | None:
    """The same by the to-do that the act answers: still open, not settled by a person, and still calling for this very act."""
    if act.todo is None:
        return None
    row = deadlines.one(tx, act.shop_id, act.subject, act.todo) or _of_order(tx, act)
    if row is None or row.band is None:
        return say("The to-do is closed: nothing has to be done any more.")
    if row.band in _SETTLED_BY_HAND:
        return say("Somebody has said of the to-do that it is done, or not ours.")
    judged, found = called_for(tx, house, ShopId(act.shop_id), row, now)
    proposed = next((each for each in found if each.kind is act.act_kind and _same_thing(each.request, act.asked)), None)
    if proposed is None:
        return say("The verdict is another now: {act}.", act=judged.act)
    if act.by_itself and not proposed.by_itself and not decided_by_rule(tx, act):
        return say("By the verdict of now a person has to decide it.")
    return None


def _of_order(tx: Tx, act: StoredAct) -> StoredDeadline | None:
    """The to-do of the order, where the act about its case was sent from there."""
    if act.order_no is None or act.todo is None:
        return None
    return next((row for row in deadlines.of_orders(tx, act.shop_id, [act.order_no]) if row.kind == act.deadline_kind), None)


def _same_thing(proposed: Request, asked: Request) -> bool:
    """Whether both would do the same; what was looked up with the platform since, and notes, make no difference."""
    return KIND_OF[type(proposed)] is KIND_OF[type(asked)] and _bare(proposed) == _bare(asked)


def _bare(request: Request) -> Request:
    match request:
        case AgreeRefund():
            return msgspec.structs.replace(request, note="")
        case AgreeReturn():
            return msgspec.structs.replace(request, note="", address_id=None)
        case Ship() | ChangeShip() | AddParcels():
            return msgspec.structs.replace(request, carrier_id=None)
        case _:
            return request


def _case_no(request: Request) -> str | None:
    return request.case_no if isinstance(request, AgreeRefund | AgreeReturn | CancelSending | CannotHold) else None
