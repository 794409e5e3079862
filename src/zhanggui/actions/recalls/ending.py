"""A parcel that was called back is here again: its recalls end, in the transaction that says so."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.recalls.changed import changed
from zhanggui.core.recalls.states import RecallState
from zhanggui.people.permissions import PersonId
from zhanggui.records import recalls
from zhanggui.records.db import Tx


def came_back(tx: Tx, shop_id: int, parcels: Sequence[tuple[str, str]], now: datetime, by: PersonId | None) -> tuple[int, ...]:
    """The recalls of these parcels (order, number) that end with this; whoever calls computes their deadlines anew."""
    ended = recalls.of_parcels(tx, shop_id, parcels)
    for recall in ended:
        state = RecallState.BACK.value
        changed(tx, msgspec.structs.replace(recall, said=state, said_at=now, state=state, stepped_at=now, needless=None), now, by)
    return tuple(recall.recall_no for recall in ended)
