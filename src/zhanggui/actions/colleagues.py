"""Who works in a shop beside the one who asks: names only, for handing to-dos over."""

from collections.abc import Sequence

import msgspec

from zhanggui.actions.access import shops_with
from zhanggui.actions.house import House
from zhanggui.people import members
from zhanggui.people.permissions import MAY, Permission, Person, PersonId, Role, ShopId


class Colleague(msgspec.Struct, frozen=True, order=True):
    """Somebody a to-do can be handed to."""

    display_name: str
    person_id: PersonId


def colleagues(house: House, by: Person, shop_ids: Sequence[ShopId] | None = None) -> tuple[Colleague, ...]:
    """Everybody in these shops who may mark to-dos, by name."""
    with house.pool.connection() as tx:
        seen = shops_with(tx, by, Permission.TODO_READ, shop_ids)
        found = [member for shop_id in seen for member in members.of_shop(tx, shop_id)]
    return tuple(sorted({Colleague(member.display_name, member.person_id) for member in found if Permission.TODO_MARK in MAY[Role(member.role)]}))
