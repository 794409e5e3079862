"""Random facts as JSON lines: few things told of again and again, with fields left out, blank, early, late and out of order."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from zhanggui.core.facts import AftersaleKind, AftersaleState, FactKind, OrderStage, RefundState, ScanStage

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
ORDERS = tuple(f"26030{day}-{day}{number}" for day in (1, 2) for number in range(4))
CASES = ("C0", "C1", "C2", "C3")
PARCELS = ("YT0", "YT1", "YT2", "YT3", "YT4")
GOODS = ("901", "902")
KINDS = (FactKind.ORDER,) * 4 + (FactKind.AFTERSALE,) * 3 + (FactKind.SCAN,) * 2 + (FactKind.MESSAGE, FactKind.REVIEW, FactKind.ORDER_LINE)
TOLD = 0.65
"""How likely a line tells of a field at all."""


class RandomFacts:
    """Tells random facts by a seed."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice

    def write(self, path: Path, now: datetime) -> None:
        """A file of one to seven lines, as they could be told at this moment."""
        lines = [json.dumps(self._line(now)) for _ in range(self._dice.randrange(1, 8))]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _line(self, now: datetime) -> dict[str, Any]:
        kind = self._dice.choice(KINDS)
        keys, fields = {
            FactKind.ORDER: self._order,
            FactKind.AFTERSALE: self._case,
            FactKind.SCAN: self._scan,
            FactKind.MESSAGE: self._message,
            FactKind.REVIEW: self._review,
            FactKind.ORDER_LINE: self._order_line,
        }[kind](now)
        age = {"as_of": self._past(now)} if self._dice.random() < 0.3 else {}
        return {"fact": kind.value, **age, **keys, **{name: value for name, value in fields.items() if self._dice.random() < TOLD}}

    def _order(self, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"order_no": self._dice.choice(ORDERS)}, {
            "stage": self._dice.choice(list(OrderStage)).value,
            "refund": self._dice.choice(list(RefundState)).value,
            "group_formed_at": self._past(now),
            "ship_by": self._or_blank(self._near(now)),
            "shipped_at": self._or_blank(self._past(now)),
            "received_at": self._or_blank(self._past(now)),
            "deliver_by": self._or_blank(self._near(now)),
            "pay_amount": self._dice.randrange(1, 9999),
            "receive_amount": self._dice.randrange(1, 9999),
            "goods_id": self._or_blank(self._dice.choice(GOODS)),
            "tracking_no": self._or_blank(self._dice.choice(PARCELS)),
            "delay_allowed": self._dice.random() < 0.5,
        }

    def _case(self, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"case_no": self._dice.choice(CASES)}, {
            "order_no": self._dice.choice(ORDERS),
            "state": self._dice.choice(list(AftersaleState)).value,
            "kind": self._dice.choice(list(AftersaleKind)).value,
            "applied_at": self._past(now),
            "refund_amount": self._dice.randrange(1, 9999),
            "shipped": self._dice.random() < 0.5,
            "return_tracking_no": self._or_blank(self._dice.choice(PARCELS)),
            "return_sent_at": self._or_blank(self._past(now)),
            "expire_at": self._or_blank(self._near(now)),
        }

    def _scan(self, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
        stage = self._dice.choice(list(ScanStage)).value
        return {"tracking_no": self._dice.choice(PARCELS), "at": self._past(now), "text": self._dice.choice("xy"), "stage": stage}, {}

    def _message(self, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
        keys = {"message_no": f"M{self._dice.randrange(6)}", "speaker": self._dice.choice(("buyer", "rep", "bot")), "at": self._past(now), "text": "?"}
        return keys, {"order_no": self._dice.choice(ORDERS)}

    def _review(self, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
        keys = {"review_no": f"R{self._dice.randrange(3)}", "order_no": self._dice.choice(ORDERS)}
        return keys, {"score": self._dice.randrange(1, 6), "created_at": self._past(now), "answered_at": self._or_blank(self._past(now))}

    def _order_line(self, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"order_no": self._dice.choice(ORDERS), "line_no": self._dice.choice("12")}, {"ship_by": self._or_blank(self._near(now))}

    def _past(self, now: datetime) -> str:
        return (BEGAN + timedelta(minutes=self._dice.randrange(max(1, (now - BEGAN) // timedelta(minutes=1))))).isoformat()

    def _near(self, now: datetime) -> str:
        return (now + timedelta(hours=self._dice.randrange(-30, 60))).isoformat()

    def _or_blank(self, value: str) -> str | None:
        return value if self._dice.random() < 0.6 else None
