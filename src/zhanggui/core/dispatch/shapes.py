"""What is kept of an order on its way out, and what a step answers."""

from datetime import datetime

import msgspec

from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.facts import FurtherParcel, OrderFacts, OrderStage
from zhanggui.core.numbers import as_number
from zhanggui.core.say import Say


class Dispatch(msgspec.Struct, frozen=True, kw_only=True):
    """One order on its way out: how far it is, and who did which step when. Who is a person's number; names are read beside it."""

    order_no: str
    state: DispatchState | None = None
    """None where nothing was printed; a slot may be open, though."""
    carrier: str | None = None
    tracking_no: str | None = None
    batch_no: int | None = None
    slot_at: datetime | None = None
    """When somebody was last let print it, and has not yet said what came out."""
    slot_by: int | None = None
    printed_at: datetime | None = None
    printed_by: int | None = None
    packed_at: datetime | None = None
    packed_by: int | None = None
    weight_g: int | None = None
    handed_at: datetime | None = None
    handed_by: int | None = None
    halted_at: datetime | None = None
    """When it was put on the destroy list."""
    destroyed_at: datetime | None = None
    destroyed_by: int | None = None
    recall_asked_at: datetime | None = None
    """When it turned out that the parcel should come back, after it had left."""
    recalled_at: datetime | None = None
    recalled_by: int | None = None
    moved_at: datetime | None = None
    """When it came into its state."""
    because: Say | None = None
    """Why it was halted, or should come back."""
    further: tuple[FurtherParcel, ...] = ()
    """The parcels beside its own of which a label was printed, or that somebody named: they share its fate."""
    version: int = 0

    @property
    def may_be_on_paper(self) -> bool:
        """Whether somebody was let print it and never said what came out."""
        return self.slot_at is not None

    @property
    def has_label(self) -> bool:
        """Whether a label is known to have come out and nobody has said that it is gone."""
        return self.printed_at is not None and self.destroyed_at is None and self.recalled_at is None

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number that something of it travels under, its own first."""
        own = () if self.tracking_no is None else (self.tracking_no,)
        return (*own, *(parcel.tracking_no for parcel in self.further))

    @property
    def is_about(self) -> bool:
        """Whether anything of it exists, or may."""
        return self.state is not None or self.slot_at is not None


_NOT_GONE = frozenset({DispatchState.PRINTED, DispatchState.PACKED, DispatchState.TO_DESTROY, DispatchState.DESTROYED})
_NO_MORE = frozenset({DispatchState.DESTROYED, DispatchState.RECALLED})


def has_not_gone(order: OrderFacts, dispatch: Dispatch | None) -> bool:
    """Whether the goods are in the house by what was done with them here, even where the platform shows the order as shipped under that very number."""
    return dispatch is not None and dispatch.state in _NOT_GONE and is_of_label(order, dispatch)


def is_back_in_the_house(order: OrderFacts, dispatch: Dispatch | None) -> bool:
    """Whether the platform shows the order as shipped under a label that was destroyed, or whose parcel came back: nothing of it is on its way."""
    return dispatch is not None and dispatch.state in _NO_MORE and order.stage is OrderStage.SHIPPED and is_of_label(order, dispatch)


def is_of_label(order: OrderFacts, dispatch: Dispatch) -> bool:
    """Whether the platform knows the order by no other number than those of its labels."""
    return order.tracking_no is None or as_number(order.tracking_no) in {as_number(number) for number in dispatch.numbers}


class PrintedPaper(msgspec.Struct, frozen=True):
    """A label that came out of the printer: of which order, which carrier's, with which number."""

    order_no: str
    carrier: str | None = None
    tracking_no: str | None = None
    part: int = 1
    """From 2 on: a further parcel of the order."""


class StepOutcome(msgspec.Struct, frozen=True):
    """What became of one order in a step: whether it was done, why not (or what to mind), and where the order stands now."""

    order_no: str
    done: bool
    why: Say | None = None
    state: DispatchState | None = None
