"""Every order of the two weeks with its whole course, told and made up: what an export written at any moment would show."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from random import Random

import msgspec

from zhanggui.demo.passersby import passers_by
from zhanggui.demo.story_data import CaseStep, CaseTold, Goods, OrderTold, Story, story


class Sold(msgspec.Struct, frozen=True, kw_only=True):
    """One order and its whole course. Moments are Shanghai wall clocks, as the export writes them; money is fen."""

    order_no: str
    told: OrderTold
    goods: Goods
    province: str
    city: str
    district: str
    carrier: str
    depot: str
    tracking_no: str
    seller_discount: int
    platform_discount: int
    refund_asked_at: datetime | None
    refunded_at: datetime | None
    refund_closed_at: datetime | None
    """When the case ended without a refund."""

    @property
    def goods_amount(self) -> int:
        """Price times quantity."""
        return self.goods.specs[self.told.spec].price * self.told.quantity

    @property
    def pay_amount(self) -> int:
        """What the buyer paid."""
        return self.goods_amount - self.seller_discount - self.platform_discount

    @property
    def receive_amount(self) -> int:
        """What the seller gets."""
        return self.goods_amount - self.seller_discount

    @property
    def ship_by(self) -> datetime:
        """The platform's promise to the buyer."""
        return self.told.presale_ship_at or self.told.formed_at + timedelta(hours=self.goods.ship_hours)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One after-sales case with its number."""

    case_no: str
    sold: Sold
    told: CaseTold

    def step_at(self, moment: datetime) -> CaseStep | None:
        """The step the case stands at, None before it was opened."""
        return next((step for step in reversed(self.told.steps) if step.at <= moment), None)

    @property
    def refund_amount(self) -> int:
        """The money asked back."""
        return self.told.part if self.told.part is not None else self.sold.pay_amount


class World(msgspec.Struct, frozen=True):
    """All orders in the order they formed, the told ones by key, and the cases."""

    orders: tuple[Sold, ...]
    told: Mapping[str, Sold]
    cases: tuple[Case, ...]


@cache
def world() -> World:
    """The world of the story that comes along. The same on every machine: the seed is part of the story."""
    return world_of(story())


FIRST_CASE = 61_8801_5500_1000


def world_of(script: Story, first_case: int = FIRST_CASE) -> World:
    """The world of a story; its cases are numbered from the first on."""
    chance = Random(script.shop.seed)  # noqa: S311 - a story wants the same dice every time, not secret ones
    cases = {case.order: case for case in script.cases}
    goods = {goods.key: goods for goods in script.shop.goods}
    everything = (*script.orders, *passers_by(script.shop, chance))
    sold = sorted((_sold(order, goods[order.goods], cases.get(order.key), script, chance) for order in everything), key=lambda one: one.told.formed_at)
    by_key = {one.told.key: one for one in sold}
    numbered = tuple(Case(case_no=str(first_case + 37 * number), sold=by_key[case.order], told=case) for number, case in enumerate(script.cases))
    return World(orders=tuple(sold), told=by_key, cases=numbered)


def _sold(order: OrderTold, goods: Goods, case: CaseTold | None, script: Story, chance: Random) -> Sold:
    drawn = chance.choice(script.shop.carriers)
    carrier = next((each for each in script.shop.carriers if each.name == order.carrier), drawn)
    place = chance.choice(script.shop.places)
    ended = {} if case is None else {step.state: step.at for step in case.steps}
    return Sold(
        order_no=f"{order.formed_at:%y%m%d}-{chance.randrange(10**14, 10**15)}",
        told=order,
        goods=goods,
        province=place.province,
        city=place.city,
        district=place.district,
        carrier=carrier.name,
        depot=carrier.depot,
        tracking_no=carrier.prefix + str(chance.randrange(10 ** (carrier.digits - 1), 10**carrier.digits)),
        seller_discount=chance.choice((0, 0, 0, 100, 200)),
        platform_discount=chance.choice((0, 0, 0, 0, 300)),
        refund_asked_at=None if case is None else case.steps[0].at,
        refunded_at=ended.get("退款成功"),
        refund_closed_at=ended.get("退款关闭"),
    )
