"""Whatever is told, taken back, said and ruled, in whatever order, and whenever it is counted: counting along gives what counting whole gives."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.actions.measures.equal import kept
from tests.cast import Cast
from zhanggui.actions import importing, rules
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.conversations.threading import link_order
from zhanggui.actions.house import House
from zhanggui.actions.intake.mending import store_by_hand
from zhanggui.actions.intake.standing import Standing
from zhanggui.actions.measures import catch_up, recount
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.chats.shapes import Who
from zhanggui.core.facts import (
    AftersaleFacts,
    AftersaleKind,
    AftersaleState,
    Facts,
    MessageFacts,
    OrderFacts,
    OrderStage,
    Place,
    ReviewFacts,
    ScanFacts,
    ScanStage,
    Sighting,
    Speaker,
)
from zhanggui.people.permissions import Person, Role, ShopId
from zhanggui.records import locks

BEGAN = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
"""22:00 in Shanghai: what comes some hours later is of the next day, and of the next month where it began on the last."""
OWN: dict[str, Any] = {
    "id": "shop.ship_by",
    "question": "ship_by",
    "title": {"zh": "本店 20 小时内发货", "en": "We ship within 20 hours"},
    "effective_from": "2026-01-01",
    "counts_from": ["group_formed_at"],
    "term": {"hours": 20},
    "source": "the shop",
    "checked": "2026-01-01",
    "basis": "observed",
}
_PLACE = Place("told")
_names = count(1)

moments = st.integers(-30, 90).map(lambda hours: BEGAN + timedelta(hours=hours))
orders = st.sampled_from([f"260301-{number}" for number in range(4)])
parcels = st.sampled_from(["YT1", "YT2", "YT3"])
maybe = st.none()


def facts(struct: type[Facts], keys: dict[str, Any], **fields: Any) -> st.SearchStrategy[Sighting[Any]]:
    """Some fields of a thing, as a source of that day tells them."""

    def sighting(told: tuple[dict[str, Any], dict[str, Any], datetime]) -> Sighting[Any]:
        named, more, as_of = told
        return Sighting(struct(**named, **more), frozenset({*named, *more}), _PLACE, as_of)

    given_fields = st.fixed_dictionaries({}, optional=fields)
    return st.tuples(st.fixed_dictionaries(keys), given_fields, moments).map(sighting)


an_order = facts(
    OrderFacts,
    {"order_no": orders, "group_formed_at": moments, "stage": st.sampled_from([*OrderStage, OrderStage.SHIPPED, OrderStage.SHIPPED])},
    paid_at=moments,
    shipped_at=moments,
    ship_by=moments | maybe,
    received_at=moments | maybe,
    picked_up_at=moments,
    tracking_no=parcels | maybe,
    receiver_masked=st.sampled_from(["张* 1380000", "李* 1390000"]),
)
a_case = facts(
    AftersaleFacts,
    {
        "case_no": st.sampled_from(["C1", "C2", "C3"]),
        "order_no": orders | st.just("260301-9"),
        "kind": st.sampled_from([*AftersaleKind, AftersaleKind.REFUND_ONLY, AftersaleKind.RETURN_AND_REFUND]),
        "state": st.sampled_from([*AftersaleState, *[AftersaleState.REFUNDED] * 9]),
        "reason": st.sampled_from(["商品质量问题", "假冒品牌", "七天无理由", "未收到货"]),
    },
    shipped=st.booleans(),
    applied_at=moments,
    agreed_at=moments,
    updated_at=moments,
    is_disputed=st.booleans() | maybe,
    has_joined=st.booleans(),
    return_tracking_no=parcels,
    return_delivered_at=moments | maybe,
)
a_review = facts(
    ReviewFacts,
    {"review_no": st.sampled_from(["R1", "R2"]), "order_no": orders, "score": st.integers(0, 5), "created_at": moments | maybe},
    text=st.sampled_from(["很好", "系统默认好评"]),
    buyer=st.sampled_from(["b1"]) | maybe,
    is_default=st.booleans() | maybe,
)
a_scan = st.tuples(parcels, moments, st.sampled_from(ScanStage)).map(
    lambda told: Sighting(ScanFacts(tracking_no=told[0], at=told[1], text=told[2].value, stage=told[2]), frozenset({"stage"}), _PLACE, told[1])
)
a_message = st.tuples(st.integers(1, 5), st.sampled_from(Speaker), moments, orders).map(
    lambda told: Sighting(
        MessageFacts(message_no=f"M{told[0]}", speaker=told[1], at=told[2], text="在吗", order_no=told[3]),
        frozenset({"speaker", "at", "text", "order_no"}),
        _PLACE,
        told[2],
    )
)
sightings = st.lists(st.one_of(an_order, an_order, a_case, a_review, a_scan, a_message), min_size=1, max_size=6)
said = st.tuples(st.just("say"), st.sampled_from(["t1", "t2"]), st.sampled_from([Who.BUYER, Who.REP]), st.integers(0, 40), orders | maybe)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), sightings),
        st.tuples(st.just("tell"), sightings),
        st.tuples(st.just("platform"), sightings),
        st.tuples(st.just("undo"), st.integers(0, 9)),
        said,
        st.tuples(st.just("link"), st.integers(0, 9), orders),
        st.tuples(st.just("rule")),
        st.tuples(st.just("count")),
    ),
    min_size=4,
    max_size=12,
)


class Shop:
    """A shop of its own in which things happen."""

    def __init__(self, house: House, people: Cast) -> None:
        self.house = house
        with house.pool.connection() as tx:
            made = tx.execute("insert into shops (name, made_at) values (%s, %s) returning shop_id", (f"shop {next(_names)}", BEGAN)).fetchone()
        assert made is not None
        self.shop_id = ShopId(made[0])
        self.by: Person = msgspec.structs.replace(people.lin, roles={self.shop_id: Role.OWNER})
        self.now = BEGAN + timedelta(days=4)
        self.stored: list[int] = []
        self.threads: list[int] = []
        self.told = 0
        self.has_rule = False

    def step(self, name: str, *about: Any) -> None:
        """One thing more happens; what the shop would refuse does not."""
        self.now += timedelta(minutes=7)
        does: dict[str, Callable[..., None]] = {
            "tell": self.tell, "platform": self.platform, "undo": self.undo, "say": self.say, "link": self.link, "rule": self.rule, "count": self.count,
        }  # fmt: skip
        with suppress(Refused):
            does[name](*about)

    def tell(self, told: list[Sighting[Any]]) -> None:
        with self.house.pool.connection() as tx:
            self.stored.append(store_by_hand(self.house, tx, self.by, self.shop_id, told, self.now, self.now, profile="facts"))

    def platform(self, told: list[Sighting[Any]]) -> None:
        with self.house.pool.connection() as tx:
            locks.hold_shop(tx, self.shop_id)
            Standing(tx, self.shop_id, rulebook_in(tx, self.house, self.shop_id), self.now).store(told, self.now)

    def undo(self, number: int) -> None:
        if self.stored:
            importing.undo(self.house, self.by, self.shop_id, self.stored.pop(number % len(self.stored)), self.now)

    def say(self, talk: str, who: Who, minutes: int, order_no: str | None) -> None:
        self.told += 1
        at = BEGAN + timedelta(minutes=2 * minutes)
        name = "快乐的鱼" if who is Who.BUYER else "小美"
        told = Incoming(message_id=f"m{self.told}", who=who, said=f"第{self.told}句", at=at, external_id=talk, name=name, order_no=order_no)
        self.threads.append(take_message(self.house, self.by, self.shop_id, told, self.now).thread_no)

    def link(self, number: int, order_no: str) -> None:
        if self.threads:
            link_order(self.house, self.by, self.shop_id, self.threads[number % len(self.threads)], order_no, self.now)

    def rule(self) -> None:
        if self.has_rule:
            rules.remove_override(self.house, self.by, self.shop_id, "shop.ship_by@2026-01-01", self.now)
        else:
            rules.add_override(self.house, self.by, self.shop_id, OWN, self.now)
        self.has_rule = not self.has_rule

    def count(self) -> None:
        catch_up(self.house, self.shop_id, self.now)


def run(house: House, people: Cast, happened: list[tuple[Any, ...]]) -> None:
    """Lets it all happen in a shop that was counted while it was empty, and compares in the end and once more when all imports are taken back."""
    shop = Shop(house, people)
    shop.count()
    for one in happened:
        shop.step(*one)
    compare(shop)
    while shop.stored:
        shop.undo(0)
    compare(shop)


def compare(shop: Shop) -> None:
    shop.count()
    along = kept(shop.house, shop.shop_id)
    recount(shop.house, shop.shop_id, shop.now)
    assert kept(shop.house, shop.shop_id) == along


def test_counting_along_gives_what_counting_whole_gives(house: House, people: Cast) -> None:
    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(steps)
    def holds(happened: list[tuple[Any, ...]]) -> None:
        run(house, people, happened)

    holds()
