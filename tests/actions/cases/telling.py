"""Tells the house of cases and orders, as the platform or as a file does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from zhanggui.actions.house import House
from zhanggui.actions.intake.standing import Standing
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, Facts, OrderFacts, OrderStage, Place, RefundState, ScanFacts, Sighting
from zhanggui.core.money import Fen
from zhanggui.records import case_moves, locks
from zhanggui.records.case_moves import CaseMoveRecord

ORDER, CASE = "260301-111111111111111", "9000001"


def case_told(at: datetime, **fields: Any) -> Sighting[Facts]:
    """A case as the platform tells it at a moment."""
    told = {
        "case_no": CASE,
        "order_no": ORDER,
        "kind": AftersaleKind.REFUND_ONLY,
        "state": AftersaleState.SELLER_TO_ANSWER,
        "status_code": 2,
        "refund_amount": Fen(5990),
        "applied_at": at,
        "updated_at": at,
        **fields,
    }
    return Sighting(AftersaleFacts(**told), frozenset(told), Place("pdd.refund"), at)


def order_told(at: datetime, **fields: Any) -> Sighting[Facts]:
    """An order as the platform tells it."""
    told = {
        "order_no": ORDER,
        "stage": OrderStage.SHIPPED,
        "refund": RefundState.NONE,
        "group_formed_at": at,
        "shipped_at": at,
        "pay_amount": Fen(5990),
        "receive_amount": Fen(5990),
        "tracking_no": "YT7600000000001",
        "carrier": "圆通快递",
        "title": "山核桃 500g",
        **fields,
    }
    return Sighting(OrderFacts(**told), frozenset(told), Place("pdd.order"), at)


def scan_told(at: datetime, **fields: Any) -> Sighting[Facts]:
    """A tracking event."""
    told = {"at": at, **fields}
    return Sighting(ScanFacts(**told), frozenset(told), Place("pdd.trace"), at)


def platform_tells(house: House, shop_id: int, told: Sequence[Sighting[Facts]], now: datetime) -> None:
    """Stores what the platform told, in one transaction."""
    with house.pool.connection() as tx:
        locks.hold_shop(tx, shop_id)
        Standing(tx, shop_id, house.rulebook, now).store(told, now)


def moves(house: House, shop_id: int, case_no: str = CASE) -> list[CaseMoveRecord]:
    """The steps that were kept of the case."""
    with house.pool.connection() as tx:
        return case_moves.of_cases(tx, shop_id, [case_no]).get(case_no, [])


def steps(house: House, shop_id: int, case_no: str = CASE) -> list[tuple[str, str, str]]:
    """What happened, who did it, and what it led to."""
    return [(move.event, move.who, move.after) for move in moves(house, shop_id, case_no)]
