"""What a notice rests on, and what it is."""

from datetime import date, datetime

import msgspec

from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.notices.steps import NoticeStep
from zhanggui.core.parcels.parcel import Parcel
from zhanggui.core.say import Say
from zhanggui.core.verdicts import Draft


class ShipEstimate(msgspec.Struct, frozen=True):
    """By when an order leaves: the full hour that can be promised, and the pickup it rests on."""

    at: datetime
    leaves_at: datetime
    carrier: str
    because: Say


class Transit(msgspec.Struct, frozen=True):
    """How long the shop's parcels take, from leaving to being there: nine in ten took no longer than `hours`."""

    hours: float
    seen: int
    because: Say


class NoticeGround(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a notice about one order is decided by."""

    known: OrderKnowledge
    ship_by: datetime | None = None
    """When it must have left."""
    estimate: ShipEstimate | None = None
    """When it leaves by the plan; None where nothing can be promised."""
    is_short: bool = False
    """Whether its goods are not on the shelves."""
    transit: Transit | None = None
    parcel: Parcel | None = None
    origin: str = ""
    """From where it leaves, such as 浙江金华; empty where nobody said so."""
    has_review: bool = False
    kept_promise: bool = False
    """Whether something that was promised about it was kept."""
    broken_promise: bool = False


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be told about an order, and why now."""

    order_no: str
    step: NoticeStep
    draft: Draft
    since: datetime
    """The moment of what is told of."""
    promise_at: datetime | None = None
    """What it promises, to the hour; None where it promises nothing."""
    arrives_on: date | None = None
    tracking_no: str | None = None
    """The parcel that it names."""
    because: tuple[Say, ...] = ()


class NotNow(msgspec.Struct, frozen=True):
    """Nothing is told, and why."""

    because: Say
