"""`zhanggui shops`: the shops of this home."""

import click
import msgspec

from zhanggui.actions.shops import shops_seen
from zhanggui.cli.desk import DONE, Desk, with_desk


class ShopShape(msgspec.Struct, frozen=True):
    """One shop."""

    shop_id: int
    name: str


class ShopsShape(msgspec.Struct, frozen=True):
    """Every shop of the home."""

    shops: tuple[ShopShape, ...]


@click.command("shops")
@with_desk
def shops(desk: Desk) -> int:
    """List the shops of this home."""
    with desk.house() as house:
        seen = shops_seen(house, desk.by)
    desk.document(ShopsShape(tuple(ShopShape(shop.shop_id, shop.name) for shop in seen)))
    desk.lines(shop.name for shop in seen)
    if not seen:
        desk.line("There is no shop yet. An import with --create makes one.")
    return DONE
