"""The shop a command is about, found by the name the person typed."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import click

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.shops import create_shop, shops_seen
from zhanggui.core.say import say
from zhanggui.people.permissions import Person, ShopId

C = TypeVar("C", bound=Callable[..., object])


def shop_option(command: C) -> C:
    """The `--shop NAME` that most commands need."""
    return click.option("--shop", "shop_name", required=True, metavar="NAME", help="The shop's name.")(command)


def shop_of(house: House, by: Person, name: str) -> ShopId:
    """The shop of that name. Raises Refused, naming the shops there are."""
    seen = {shop.name: shop.shop_id for shop in shops_seen(house, by)}
    if name in seen:
        return seen[name]
    if not seen:
        raise Refused(say("There is no shop yet. Import a file with --create to make the shop {name}.", name=name))
    raise Refused(say("There is no shop called {name}. The shops here: {names}.", name=name, names=", ".join(sorted(seen))))


def shop_or_new(house: House, by: Person, name: str, now: datetime, *, create: bool) -> ShopId:
    """The shop of that name, made where it is missing and `create` was said."""
    seen = {shop.name: shop.shop_id for shop in shops_seen(house, by)}
    if name not in seen and create:
        return create_shop(house, by, name, now)
    return shop_of(house, by, name)
