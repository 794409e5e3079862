"""Whatever happens to a shop in whatever order, its totals and deadlines are what its facts say, and nothing is left of imports taken back."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from tests.actions.recount import differences
from tests.cast import Cast
from zhanggui.actions import importing, marks, shops, today
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.facts import AftersaleKind, AftersaleState, OrderStage, RefundState, ScanStage, ShippingKind, Speaker

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
ORDERS = [f"260301-{number}" for number in range(6)]
PARCELS = ["YT1", "YT2", "YT3"]
STEPS = 40
_RUNNING = "select subject_kind, subject_no, kind from deadlines where shop_id = %s and band is not null order by subject_kind, subject_no, kind"
_LEFT = (
    *("orders", "order_lines", "aftersales", "scans", "messages", "reviews"),
    *("sightings", "deadlines", "deadline_totals", "order_totals", "goods_totals", "data_ages"),
)


@pytest.mark.parametrize("seed", range(3))
def test_it_stays_what_its_facts_say(house: House, people: Cast, tmp_path: Path, seed: int) -> None:
    life = Life(house, people, tmp_path, random.Random(seed))

    for _ in range(STEPS):
        life.step()
        today.settle(house, [people.shop_id], life.now)
        assert differences(house, people.shop_id, life.now) == [], life.last

    for batch_id in life.random.sample(life.stored, len(life.stored)):
        importing.undo(house, people.lin, people.shop_id, batch_id, life.now)
        assert differences(house, people.shop_id, life.now) == [], batch_id
    with house.pool.connection() as tx:
        assert {table: tx.execute(f"select count(*) from {table}").fetchone() for table in _LEFT} == dict.fromkeys(_LEFT, (0,))


class Life:
    """A shop to which things happen."""

    def __init__(self, house: House, people: Cast, folder: Path, chance: random.Random) -> None:
        self.house, self.people, self.folder, self.random = house, people, folder, chance
        self.now = BEGAN + timedelta(hours=12)
        self.stored: list[int] = []
        self.last: object = None

    def step(self) -> None:
        """One thing more happens, some time later."""
        self.now += timedelta(minutes=self.random.randrange(1, 300))
        happens: Callable[[], None] = self.random.choices([self.bring, self.take_back, self.mark, self.promise], [6, 2, 4, 1])[0]
        try:
            happens()
        except Refused as refusal:
            self.last = refusal

    def bring(self) -> None:
        lines = [self.line() for _ in range(self.random.randrange(1, 8))]
        as_of = self.now - timedelta(hours=self.random.choice([0, 0, 0, 5, 15]))
        self.last = (as_of, lines)
        path = self.folder / f"{self.now:%d%H%M}.jsonl"
        path.write_text("\n".join(json.dumps(one) for one in lines), "utf-8")
        seen = importing.preview(self.house, self.people.lin, self.people.shop_id, [path], self.now, profile="facts", as_of=as_of)
        self.stored.append(importing.confirm(self.house, self.people.lin, self.people.shop_id, seen.batch_id, self.now).batch_id)

    def take_back(self) -> None:
        if self.stored:
            self.last = ("undo", batch_id := self.stored.pop(self.random.randrange(len(self.stored))))
            importing.undo(self.house, self.people.lin, self.people.shop_id, batch_id, self.now)

    def mark(self) -> None:
        with self.house.pool.connection() as tx:
            running = tx.execute(_RUNNING, (self.people.shop_id,)).fetchall()
        if not running:
            return
        subject_kind, no, kind = self.last = self.random.choice(running)
        zhou = self.people.zhou.person_id
        assert zhou is not None
        todo = (self.house, self.people.lin, self.people.shop_id, Subject(SubjectKind(subject_kind), no), DeadlineKind(kind))
        match self.random.randrange(5):
            case 0:
                marks.mark_done(*todo, now=self.now)
            case 1:
                marks.snooze(*todo, until=self.now + timedelta(hours=self.random.randrange(1, 20)), now=self.now)
            case 2:
                marks.hand_over(*todo, assignee=zhou, now=self.now)
            case 3:
                marks.not_ours(*todo, now=self.now)
            case _:
                marks.take_back(*todo, now=self.now)

    def promise(self) -> None:
        shops.set_promised_hours(self.house, self.people.lin, self.people.shop_id, "901", self.random.choice([None, 24, 72]), self.now)

    def line(self) -> dict[str, Any]:
        """One line of the facts profile, of any kind, with some of its fields, now and then of a moment of its own."""
        told = self.random.choice([self.order, self.order, self.order, self.case, self.case, self.scan, self.message, self.review, self.order_line])()
        return told | ({"as_of": self.past()} if self.random.random() < 0.3 else {})

    def order(self) -> dict[str, Any]:
        pay = self.random.randrange(1, 9999)
        return {"fact": "order", "order_no": self.random.choice(ORDERS)} | self.some(
            stage=self.any(OrderStage), refund=self.any(RefundState), group_formed_at=self.past(), ship_by=self.maybe(self.around()),
            shipped_at=self.maybe(self.past()), received_at=self.maybe(self.past()), deliver_by=self.maybe(self.around()), pay_amount=pay,
            goods_id=self.maybe("901"), tracking_no=self.maybe(self.random.choice(PARCELS)), shipping_kind=self.maybe(self.any(ShippingKind)),
        )  # fmt: skip

    def case(self) -> dict[str, Any]:
        return {"fact": "aftersale", "case_no": f"A{self.random.randrange(4)}"} | self.some(
            order_no=self.random.choice(ORDERS), state=self.any(AftersaleState), kind=self.any(AftersaleKind), applied_at=self.past(),
            agreed_at=self.maybe(self.past()), refund_amount=self.random.randrange(1, 9999), expire_at=self.maybe(self.around()),
            return_tracking_no=self.random.choice(PARCELS), return_sent_at=self.maybe(self.past()), return_state_text=self.maybe("已签收"),
        )  # fmt: skip

    def scan(self) -> dict[str, Any]:
        return {"fact": "scan", "tracking_no": self.random.choice(PARCELS), "at": self.past(), "text": "快件", "stage": self.any(ScanStage)}

    def message(self) -> dict[str, Any]:
        no = f"M{self.random.randrange(6)}"
        return {"fact": "message", "message_no": no, "speaker": self.any(Speaker), "at": self.past(), "text": "?", "order_no": self.random.choice(ORDERS)}

    def review(self) -> dict[str, Any]:
        told = {"fact": "review", "review_no": "R1", "order_no": self.random.choice(ORDERS), "score": self.random.randrange(1, 6)}
        return told | {"created_at": self.past(), "answered_at": self.maybe(self.past())}

    def order_line(self) -> dict[str, Any]:
        return {"fact": "order_line", "order_no": self.random.choice(ORDERS), "line_no": "1"} | self.some(ship_by=self.maybe(self.around()))

    def some(self, **fields: object) -> dict[str, object]:
        return {name: value for name, value in fields.items() if self.random.random() < 0.65}

    def maybe(self, value: object) -> object:
        return self.random.choice([value, None])

    def any(self, words: type[StrEnum]) -> str:
        return self.random.choice(list(words)).value

    def past(self) -> str:
        return (BEGAN + timedelta(minutes=self.random.randrange(int((self.now - BEGAN) / timedelta(minutes=1))))).isoformat()

    def around(self) -> str:
        return (self.now + timedelta(hours=self.random.randrange(-30, 60))).isoformat()
