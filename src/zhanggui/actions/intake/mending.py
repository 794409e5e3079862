"""Stores single rows after the fact: a refused row that was mended, or events pasted by hand. Each is an import of its own;
pasted events are undone like one, a mended row with the import it stood in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.intake.ageing import set_ages
from zhanggui.actions.intake.confirming import finish
from zhanggui.actions.intake.storing import Storing
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.facts import Sighting
from zhanggui.people.permissions import Person, ShopId
from zhanggui.records import batches, locks
from zhanggui.records.db import Tx


def store_by_hand(
    house: House,
    tx: Tx,
    by: Person,
    shop_id: ShopId,
    sightings: Sequence[Sighting[Any]],
    as_of: datetime,
    now: datetime,
    *,
    profile: str,
    part_of: int | None = None,
) -> int:
    """Stores these sightings as an import of its own, and returns its number."""
    locks.hold_shop(tx, shop_id)
    batch_id = batches.insert(tx, shop_id, profile, by.person_id, now, state="running", part_of=part_of)
    empty = msgspec.json.encode([])
    batches.describe(tx, shop_id, batch_id, profile=profile, files=empty, as_of=as_of, as_of_source="told", of_rows=len(sightings), outcome=b"{}")
    rulebook = rulebook_in(tx, house, shop_id)
    storing = Storing(tx, shop_id, batch_id, rulebook, now, by.person_id)
    storing.take(sightings, as_of)
    finish(tx, shop_id, storing, [], now)
    set_ages(tx, shop_id, rulebook, now)
    return batch_id
