"""How far a change of number has come, and a further parcel of an order."""

from datetime import datetime
from enum import StrEnum

from zhanggui.core.facts import OrderFacts


class ChangeState(StrEnum):
    """How far a change of number has come."""

    PLANNED = "number_planned"
    """The right number is known here; the platform still shows the wrong one."""
    SAID_DONE = "number_said_done"
    """Somebody changed it in the back office; the next reading confirms or contradicts."""
    DONE = "number_done"
    """The platform shows the right number."""
    DROPPED = "number_dropped"


class ExtraState(StrEnum):
    """How far a further parcel has come."""

    NOTED = "parcel_noted"
    """Known here; the platform has not been told."""
    TOLD = "parcel_told"
    """The platform knows it."""
    DROPPED = "parcel_dropped"


LIVE_CHANGES = frozenset({ChangeState.PLANNED, ChangeState.SAID_DONE})


def change_stands(said: ChangeState, said_at: datetime | None, new_no: str, order: OrderFacts | None, data_as_of: datetime | None) -> ChangeState:
    """Where the change stands: done once the order bears the new number; back to planned where newer data than the person's word show another."""
    if said is ChangeState.DROPPED or order is None:
        return said
    if order.tracking_no == new_no:
        return ChangeState.DONE
    if said in (ChangeState.SAID_DONE, ChangeState.DONE) and said_at is not None and data_as_of is not None and data_as_of > said_at:
        return ChangeState.PLANNED
    return ChangeState.PLANNED if said is ChangeState.DONE else said
