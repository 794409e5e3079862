"""The weeks before the story: what the shop sold since it opened, what came back, and its first reviews. Everything of it had ended when the story begins."""

import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.demo.story_data import CaseStep, CaseTold, OrderTold, story
from zhanggui.demo.world import World, world_of

_ON_ITS_WAY, _SLOWLY = timedelta(days=3), timedelta(days=6)
_TO_THE_REVIEW = timedelta(hours=3)
_TO_THE_CASE = timedelta(hours=2)
_PICKED_UP_AFTER = timedelta(hours=2)
_SHIPPED_AFTER = timedelta(hours=18)
_FIRST_CASE = 61_8801_5400_1000


class Slow(msgspec.Struct, frozen=True):
    """The carrier that takes longer than the others, and by how much."""

    carrier: str
    hours: int


class ReviewPast(msgspec.Struct, frozen=True, kw_only=True):
    """One review of those weeks, of an order of its own."""

    at: datetime
    goods: str
    stars: int
    text: str
    spec: int = 0
    carrier: str = ""
    pictures: int = 0
    reply: str = ""
    follow_up: str = ""
    follow_up_days: int = 0
    is_default: bool = False


class CasePast(msgspec.Struct, frozen=True, kw_only=True):
    """One case of those weeks, of an order of its own."""

    at: datetime
    goods: str
    kind: str
    reason: str
    spec: int = 0
    carrier: str = ""
    part: int | None = None

    @property
    def has_arrived(self) -> bool:
        """Whether the goods were there when it was opened."""
        return "快递" not in self.reason


class LatePast(msgspec.Struct, frozen=True, kw_only=True):
    """One order of those weeks that left late."""

    formed_at: datetime
    goods: str
    hours: int
    spec: int = 0


class Past(msgspec.Struct, frozen=True):
    """Everything of past.toml."""

    first_day: date
    seed: int
    orders_a_day: tuple[int, ...]
    exported_at: datetime
    tracked_since: date
    slow: Slow
    reviews: tuple[ReviewPast, ...]
    cases: tuple[CasePast, ...]
    late: tuple[LatePast, ...]


@cache
def past_told() -> Past:
    """The script of those weeks."""
    return msgspec.convert(tomllib.loads((files("zhanggui.demo") / "story" / "past.toml").read_text("utf-8")), Past)


@cache
def past_world() -> World:
    """Their orders and cases. The same on every machine."""
    told, script = past_told(), story()
    reviewed, asked = map(_reviewed, range(len(told.reviews)), told.reviews), map(_asked, range(len(told.cases)), told.cases)
    orders = (*reviewed, *asked, *map(_late, range(len(told.late)), told.late))
    cases = tuple(_case(number, case) for number, case in enumerate(told.cases))
    shop = msgspec.structs.replace(script.shop, seed=told.seed, first_day=told.first_day, orders_a_day=told.orders_a_day)
    made = world_of(msgspec.structs.replace(script, shop=shop, orders=orders, cases=cases), first_case=_FIRST_CASE)
    late = timedelta(hours=told.slow.hours)
    slowed = tuple(
        msgspec.structs.replace(sold, told=msgspec.structs.replace(sold.told, received_at=sold.told.received_at + late))
        if sold.carrier == told.slow.carrier and sold.told.carrier is None and sold.told.received_at
        else sold
        for sold in made.orders
    )
    return msgspec.structs.replace(made, orders=slowed)


def _reviewed(number: int, review: ReviewPast) -> OrderTold:
    return _arrived(f"past_review_{number}", review, review.at - _TO_THE_REVIEW)


def _asked(number: int, case: CasePast) -> OrderTold:
    arrived = _arrived(f"past_case_{number}", case, case.at - _TO_THE_CASE)
    return arrived if case.has_arrived else msgspec.structs.replace(arrived, received_at=None)


def _arrived(key: str, about: ReviewPast | CasePast, received: datetime) -> OrderTold:
    """An order that reached its buyer then, after the usual while; one that went with the slow carrier after its own."""
    picked_up = received - (_SLOWLY if about.carrier else _ON_ITS_WAY)
    shipped = picked_up - _PICKED_UP_AFTER
    return OrderTold(
        key=key,
        goods=about.goods,
        spec=about.spec,
        quantity=1,
        formed_at=shipped - _SHIPPED_AFTER,
        shipped_at=shipped,
        picked_up_at=picked_up,
        received_at=received,
        carrier=about.carrier or None,
    )


def _late(number: int, late: LatePast) -> OrderTold:
    shipped = late.formed_at + timedelta(hours=late.hours)
    return OrderTold(
        key=f"past_late_{number}",
        goods=late.goods,
        spec=late.spec,
        quantity=1,
        formed_at=late.formed_at,
        shipped_at=shipped,
        picked_up_at=shipped + _PICKED_UP_AFTER,
        received_at=shipped + _ON_ITS_WAY,
    )


def _case(number: int, case: CasePast) -> CaseTold:
    asked = CaseStep(at=case.at, state="待商家处理")
    steps: tuple[CaseStep, ...]
    if case.kind == "仅退款":
        steps = (asked, CaseStep(at=case.at + timedelta(hours=4), state="退款成功", agreed=True))
    else:
        back = f"YT88{number:02d}16402275{number:02d}"
        agreed = CaseStep(at=case.at + timedelta(hours=5), state="待消费者发货", agreed=True)
        sent = CaseStep(at=case.at + timedelta(days=2), state="待商家收货", return_tracking_no=back, return_state="运输中")
        paid = CaseStep(at=case.at + timedelta(days=4), state="退款成功", return_tracking_no=back, return_state="已签收")
        steps = (asked, agreed, sent, paid)
    return CaseTold(order=f"past_case_{number}", kind=case.kind, reason=case.reason, steps=steps, part=case.part)
