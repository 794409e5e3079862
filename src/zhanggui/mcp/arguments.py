"""What each tool takes. The descriptions are read by assistants."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from zhanggui.core.acts import ActKind
from zhanggui.core.deadlines import DeadlineKind, SubjectKind

Number = Annotated[str, Meta(min_length=1, max_length=128)]
Moment = Annotated[datetime, Meta(tz=True)]
Few = Annotated[int, Meta(ge=1, le=50)]
_NO = "The number exactly as another tool gave it."


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No arguments."""


class TodoIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many to-dos to list."""

    limit: Annotated[int, Meta(ge=1, le=50, description="How many, the one with the highest expected loss first.")] = 10


class FindIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to look for."""

    number: Annotated[str, Meta(min_length=4, max_length=128, description="An order number, a case number or a tracking number, whole.")]


class OrderIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which order."""

    order_no: Annotated[Number, Meta(description=f"The order's number. {_NO}")]


class CaseIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which after-sales case."""

    case_no: Annotated[Number, Meta(description=f"The case's number. {_NO}")]


class ParcelIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which parcel."""

    tracking_no: Annotated[Number, Meta(description=f"The tracking number. {_NO}")]


class MeasuresIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which measures."""

    ids: Annotated[tuple[str, ...], Meta(max_length=50, description="The ids of the measures wanted; all of them when left out.")] = ()


class RulesIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which rules."""

    cite: Annotated[str, Meta(max_length=200, description="A rule's id, or id@version as in `cites`: that one is explained whole.")] = ""
    text: Annotated[str, Meta(max_length=100, description="Words of the title or the id, Chinese or English, to list rules by.")] = ""
    at: Annotated[Moment | None, Meta(description="Only what was in force at this moment (ISO 8601 with a zone); now when left out.")] = None


class PromisesIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which promises."""

    cursor: Annotated[str, Meta(max_length=200, description="Goes on where another answer's `next_cursor` ended.")] = ""
    limit: Few = 20


class WaitingIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many waiting buyers to list."""

    limit: Few = 20


class DraftsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which conversation."""

    thread_no: Annotated[int, Meta(ge=1, le=2**63 - 1, description=f"The conversation's number. {_NO}")]


class CheckTextIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message to a buyer."""

    text: Annotated[str, Meta(min_length=1, max_length=4000, description="The message as it would be sent to the buyer.")]
    ship_within_hours: Annotated[int, Meta(ge=0, le=8760, description="How long the order may still take to leave; 0 for no limit.")] = 48


class ProposeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which to-do, and which of the acts it calls for."""

    subject: Annotated[SubjectKind, Meta(description="`subject` of the to-do.")]
    no: Annotated[Number, Meta(description="`no` of the to-do.")]
    kind: Annotated[DeadlineKind, Meta(description="`kind` of the to-do.")]
    act: Annotated[ActKind | None, Meta(description="Which act, where the to-do leaves several open; the one its verdict prefers when left out.")] = None


class NoteIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A note for the shop's people."""

    order_no: Annotated[Number, Meta(description=f"The order the note is about. {_NO}")]
    text: Annotated[str, Meta(min_length=1, max_length=2000, description="The note. Numbers and addresses of buyers are masked before it is kept.")]
