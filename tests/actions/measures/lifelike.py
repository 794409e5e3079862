"""A shop's two months as lines of facts: orders late and in time, parcels that stand still, cases, reviews of one buyer and of many, messages by night."""

import random
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

BEGAN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
REASONS = ("商品质量问题", "假冒品牌", "描述不符", "不想要了", "未收到货")


def lines(seed: int, orders: int) -> list[dict[str, Any]]:
    """The lines of one shop."""
    chance = random.Random(seed)
    return [line for number in range(orders) for line in _of_order(chance, number)]


def _of_order(chance: random.Random, number: int) -> Iterator[dict[str, Any]]:
    no = f"2603{number % 28 + 1:02d}-{number:015d}"
    formed = BEGAN + timedelta(minutes=chance.randrange(60 * 24 * 60))
    due = formed + 48 * HOUR
    order: dict[str, Any] = {"fact": "order", "order_no": no, "stage": "to_ship", "group_formed_at": _text(formed), "ship_by": _text(due), "pay_amount": 2990}
    sent = formed + timedelta(minutes=chance.randrange(60 * 60)) if chance.random() < 0.9 else None
    kind = chance.choice(("untold", "whole", "whole", "late_pickup", "stands", "no_pickup"))
    if chance.random() < 0.04:
        sent = due + timedelta(hours=chance.choice((71, 73)))
    there: datetime | None = None
    if sent is not None:
        order |= {"stage": "shipped", "shipped_at": _text(sent), "tracking_no": f"YT{number:08d}"}
        there = yield from _way(chance, order["tracking_no"], sent, kind)
        if kind == "untold" and chance.random() < 0.7:
            there = sent + timedelta(hours=chance.randrange(20, 120))
        if there is not None:
            order |= {"stage": "received", "received_at": _text(there)}
    yield order
    if kind in ("untold", "whole") and chance.random() < 0.35:
        yield from _case(chance, no, formed, sent, there)
    if there is not None and chance.random() < 0.5:
        yield from _reviews(chance, no, there)
    if chance.random() < 0.4:
        yield from _messages(chance, no, formed)


def _way(chance: random.Random, tracking_no: str, sent: datetime, kind: str) -> Generator[dict[str, Any], None, datetime | None]:
    """The tracking events; the moment of delivery, where there is one."""
    if kind == "untold":
        return None
    moment = sent + timedelta(minutes=chance.randrange(60, 60 * 23 if kind != "late_pickup" else 60 * 40))
    stages = ["picked_up", "in_transit", "arrived", "out_for_delivery", "delivered"]
    if kind == "no_pickup":
        stages = stages[1:]
    if kind == "stands":
        stages = stages[: chance.randrange(1, 4)]
    for stage in stages:
        yield {"fact": "scan", "tracking_no": tracking_no, "at": _text(moment), "text": "快件", "stage": stage}
        last = moment
        moment += timedelta(hours=chance.randrange(2, 22))
    return last if stages[-1] == "delivered" else None


def _case(chance: random.Random, no: str, formed: datetime, sent: datetime | None, there: datetime | None) -> Iterator[dict[str, Any]]:
    applied = (there or sent or formed) + timedelta(minutes=chance.randrange(-600, 6000))
    applied = max(applied, formed)
    kind = "refund_only" if sent is None else chance.choice(("refund_only", "refund_only", "return_and_refund", "exchange"))
    state = "refunded" if sent is None else chance.choice(("refunded", "refunded", "refunded", "closed", "platform_handles"))
    agreed = applied + timedelta(minutes=chance.randrange(5, 9000))
    case: dict[str, Any] = {
        "fact": "aftersale", "case_no": f"C{no}", "order_no": no, "kind": kind, "state": state, "reason": chance.choice(REASONS),
        "shipped": sent is not None and sent <= applied, "applied_at": _text(applied), "updated_at": _text(agreed + HOUR),
    }  # fmt: skip
    if state == "refunded":
        case["agreed_at"] = _text(agreed)
        case["is_disputed"] = chance.random() < 0.2
        case["has_joined"] = case["is_disputed"] or chance.random() < 0.1
        if kind == "return_and_refund":
            case["return_delivered_at"] = _text(agreed - timedelta(minutes=chance.randrange(-200, 2000)))
    yield case


def _reviews(chance: random.Random, no: str, there: datetime) -> Iterator[dict[str, Any]]:
    for number in range(chance.choice((1, 1, 2, 5))):
        told: dict[str, Any] = {
            "fact": "review", "review_no": f"R{number}", "order_no": no, "score": chance.choice((0, 1, 2, 3, 4, 5, 5, 5, 6)),
            "created_at": _text(there + timedelta(hours=chance.choice((1, 1, 30, 200, 500)))), "text": chance.choice(("很好", "很好", "系统默认好评")),
        }  # fmt: skip
        if chance.random() < 0.4:
            told["buyer"] = f"{chance.randrange(4):032x}"
        if chance.random() < 0.1:
            told["is_default"] = True
        yield told


def _messages(chance: random.Random, no: str, formed: datetime) -> Iterator[dict[str, Any]]:
    moment = formed + timedelta(minutes=chance.randrange(1, 900))
    for number in range(chance.randrange(1, 5)):
        who = "buyer" if number == 0 else chance.choice(("buyer", "rep", "rep", "bot"))
        yield {"fact": "message", "message_no": f"M{no}-{number}", "order_no": no, "speaker": who, "at": _text(moment), "text": "在吗"}
        moment += timedelta(seconds=chance.choice((30, 150, 200, 290, 400)))


def _text(moment: datetime) -> str:
    return moment.isoformat()
