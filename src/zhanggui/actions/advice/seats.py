"""What advice on these cases rests on, read for all of them at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.advice.buyers import buyers_of
from zhanggui.actions.advice.goods import GRADES, Goods
from zhanggui.actions.advice.stopping import with_recalls
from zhanggui.actions.advice.terms import terms_in
from zhanggui.actions.advice.vault import held_of, pictures_elsewhere, shown_of
from zhanggui.actions.cases.exceptions import exceptions_of
from zhanggui.actions.returns.known import as_complained, ceiling_for, counted_of, standing
from zhanggui.core.advice.case import ReturnGrade
from zhanggui.core.advice.seat import Beside, Seat
from zhanggui.core.advice.together import others_of
from zhanggui.core.cases.arrival import return_delivered_at, says_delivered
from zhanggui.core.claims.states import Leg, Loss
from zhanggui.core.facts import AftersaleFacts, AftersaleState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.recalls.states import RecallState
from zhanggui.core.returns.grades import PAID_BY_ITSELF, Counted
from zhanggui.core.rules import Rulebook
from zhanggui.people.permissions import ShopId
from zhanggui.records import advice, case_moves, claims, outbox, recalls, returns
from zhanggui.records.claims import ClaimRecord
from zhanggui.records.db import Tx
from zhanggui.records.returns import ReturnRow, ReturnState

_WORST = (ReturnGrade.WRONG, ReturnGrade.DAMAGED, ReturnGrade.WORN, ReturnGrade.OPENED, ReturnGrade.AS_NEW)
_SETTLED = (AftersaleState.REFUNDED, AftersaleState.CLOSED)


def seat_for(tx: Tx, shop_id: ShopId, cases: Sequence[AftersaleFacts], orders: Mapping[str, OrderKnowledge], rulebook: Rulebook, now: datetime) -> Seat:
    """The terms and the standing of the shop, and what people and other rooms found out about these cases."""
    terms = terms_in(tx, shop_id, rulebook, now)
    if not cases:
        return Seat(terms=terms)
    case_nos = [case.case_no for case in cases]
    order_nos = sorted({case.order_no for case in cases if case.order_no})
    found = advice.findings(tx, shop_id, case_nos)
    recalled: dict[str, list[tuple[str, RecallState]]] = {}
    for no, number, state in recalls.standing(tx, shop_id, order_nos):
        recalled.setdefault(no, []).append((number, RecallState(state)))
    opened: dict[str, list[ReturnRow]] = {}
    for row in returns.of_cases(tx, shop_id, case_nos):
        opened.setdefault(row.case_no or "", []).append(row)
    loose = {row.order_no for row in returns.without_case(tx, shop_id, order_nos)}
    held = held_of(tx, shop_id, order_nos)
    elsewhere = pictures_elsewhere(tx, shop_id, held)
    goods = Goods.of(tx, shop_id, cases, orders)
    buyers = buyers_of(tx, shop_id, {no: known.order for no, known in orders.items() if no in set(order_nos)})
    exempt = exceptions_of(tx, shop_id, sorted({goods_id for case in cases if (goods_id := _goods_id(case, orders))}))
    rejected = case_moves.rejections(tx, shop_id, case_nos)
    paying = outbox.paying_by_case(tx, shop_id, order_nos)
    claimed = claims.of_orders(tx, shop_id, order_nos)
    beside = {}
    for case in cases:
        told, no = found.get(case.case_no, Beside()), case.order_no or ""
        told = with_recalls(told, orders.get(no), recalled.get(no, ()))
        told = msgspec.structs.replace(
            told,
            evidence=held[no].pieces if no in held else None,
            shown=shown_of(case, held.get(no), rulebook, now),
            goods_cost=told.goods_cost if told.goods_cost is not None else goods.cost(case, orders.get(no)),
            graded=goods.graded(case, orders.get(no)),
            same_picture_elsewhere=told.same_picture_elsewhere if told.same_picture_elsewhere is not None else no in elsewhere or None,
            under_way=_under_way(case, orders.get(no), paying.get(no, {})),
            buyer=buyers.get(no),
            is_lost=told.is_lost or any(one.order_no == no and one.leg == Leg.OUTGOING and one.loss == Loss.LOST for one in claimed),
            return_is_lost=told.return_is_lost or _is_claimed(case, orders.get(no), claimed),
            no_reason_exempt=told.no_reason_exempt if told.no_reason_exempt is not None else _goods_id(case, orders) in exempt or None,
            refused_before=told.refused_before if told.refused_before is not None else case.case_no in rejected or None,
        )
        rows = standing(tx, shop_id, case) if no in loose else opened.get(case.case_no, [])
        beside[case.case_no] = _with_return(tx, shop_id, case, rows, told)
    return Seat(terms=terms, standing=advice.standing(tx, shop_id), beside=beside)


def _under_way(case: AftersaleFacts, known: OrderKnowledge | None, paying: Mapping[str, int]) -> Fen | None:
    """What the house is paying back in other cases of the order, or has paid there, and the facts do not show yet; for a closed case nothing goes any more."""
    shown = {each.case_no for each in others_of(case, known) if each.state in _SETTLED}
    return Fen(sum(money for case_no, money in paying.items() if case_no != case.case_no and case_no not in shown)) or None


def _is_claimed(case: AftersaleFacts, known: OrderKnowledge | None, claimed: Sequence[ClaimRecord]) -> bool:
    """Whether the return parcel is claimed for: as broken, or as lost and has not arrived after all."""
    losses = {one.loss for one in claimed if one.case_no == case.case_no and one.leg == Leg.RETURN}
    is_here = return_delivered_at(case, known) is not None or says_delivered(case)
    return Loss.DAMAGED in losses or (Loss.LOST in losses and not is_here)


def _goods_id(case: AftersaleFacts, orders: Mapping[str, OrderKnowledge]) -> str | None:
    """The product a case is about."""
    order = orders.get(case.order_no or "")
    return case.goods_id or (None if order is None else order.order.goods_id)


def _with_return(tx: Tx, shop_id: ShopId, case: AftersaleFacts, rows: Sequence[ReturnRow], told: Beside) -> Beside:
    """What was counted of a return, where somebody opened it."""
    counted = counted_of(tx, shop_id, rows) if rows else None
    if counted is None:
        return told
    fair = PAID_BY_ITSELF | as_complained(tx, shop_id, case, counted)
    return msgspec.structs.replace(
        told,
        return_grade=_grade(counted),
        counted=ceiling_for(tx, shop_id, case).fen,
        is_as_complained=bool(counted) and all(one.grade in fair for one in counted if one.pieces),
        is_waived=any(row.state == ReturnState.WAIVED for row in rows),
    )


def _grade(counted: Sequence[Counted]) -> ReturnGrade:
    """The worst that lay in it; nothing at all is an empty parcel."""
    found = {GRADES[one.grade] for one in counted if one.pieces > 0}
    return next((grade for grade in _WORST if grade in found), ReturnGrade.EMPTY)
