"""Folds one more sighting into what is known: older news never overwrites newer, and a file without a column never wipes out what another file knew."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Generic

import msgspec

from zhanggui.core.facts import AftersaleFacts, F, Facts, FurtherParcel, OrderFacts, OrderStage, ParcelKind


class News(StrEnum):
    """What a sighting brought."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    OLDER = "older"


class Merged(msgspec.Struct, Generic[F], frozen=True):
    """The facts after a sighting, what it brought, and the fields that changed."""

    facts: F
    news: News
    changed: tuple[str, ...] = ()
    ages: Mapping[str, datetime] = msgspec.field(default_factory=dict)


Ages = datetime | Mapping[str, datetime]
"""How old what is known is: one moment for all of it, or one per field that was ever given."""

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_ORDER_OF_STAGES = (OrderStage.UNKNOWN, OrderStage.FORMING, OrderStage.TO_SHIP, OrderStage.SHIPPED, OrderStage.RECEIVED, OrderStage.CANCELLED)


def merge(known: F | None, known_as_of: Ages | None, facts: F, given: Collection[str], as_of: datetime) -> Merged[F]:
    """What is known after a sighting of this age.

    Of two sightings that give a field, the newer wins, blank or not; a field it does not give stays. Told with one age for all that is known, an older
    sighting fills only what is still blank, a moment cut to its minute, as spreadsheets save it, does not go over the whole one, and a file, which
    names numbers alone, leaves what the platform told of further parcels; told with an age per field (`Merged.ages`), sightings may come in any order and
    the outcome is the same.
    A source of the same age that would take an order back to an earlier stage is treated like older news, in all its fields.
    """
    fields = _given(facts, given)
    if known is None or known_as_of is None:
        return Merged(facts, News.NEW, tuple(sorted(fields)), dict.fromkeys(fields, as_of))
    goes_back = "stage" in fields and _goes_back(known, known_as_of, facts, as_of)
    taken = {name: getattr(facts, name) for name in fields if _takes(known, known_as_of, name, as_of, goes_back, getattr(facts, name))}
    _mind_the_turn(known, facts, fields, taken)
    if isinstance(known, OrderFacts) and isinstance(known_as_of, datetime) and taken.get("further_parcels"):
        taken["further_parcels"] = _named_before(known, facts)
    changed = tuple(sorted(name for name, value in taken.items() if value != getattr(known, name)))
    ages = _ages_after(known_as_of, taken, as_of)
    if changed:
        return Merged(msgspec.structs.replace(known, **taken), News.CHANGED, changed, ages)
    return Merged(known, News.OLDER if as_of < _newest(known_as_of) else News.UNCHANGED, (), ages)


def fold(sightings: Iterable[tuple[F, Collection[str], datetime]]) -> tuple[F, datetime]:
    """The facts that sightings add up to, oldest first, and the age of the newest. Raises ValueError where there are none."""
    known: F | None = None
    known_as_of: datetime | None = None
    for facts, given, as_of in sorted(sightings, key=lambda sighting: sighting[2]):
        known, known_as_of = merge(known, known_as_of, facts, given, as_of).facts, as_of
    if known is None or known_as_of is None:
        raise ValueError("nothing was seen")
    return known, known_as_of


def _takes(known: F, known_as_of: Ages, name: str, as_of: datetime, goes_back: bool, told: object) -> bool:
    """Whether the sighting's value of this field goes over the known one."""
    if isinstance(known_as_of, datetime):
        before = getattr(known, name)
        return (as_of >= known_as_of and not goes_back and not _is_cut(told, before)) or before is None
    age = known_as_of.get(name)
    return age is None or as_of > age or (as_of == age and not goes_back)


def _is_cut(told: object, known: object) -> bool:
    """Whether the moment is the known one without its seconds."""
    return isinstance(told, datetime) and isinstance(known, datetime) and told != known and told == known.replace(second=0, microsecond=0)


def _named_before(known: OrderFacts, facts: F) -> tuple[FurtherParcel, ...]:
    """The further parcels as they are told; files know numbers alone, so that what the platform told of a parcel stands, also where a file leaves it out."""
    told: tuple[FurtherParcel, ...] = getattr(facts, "further_parcels", None) or ()
    by_platform = {parcel.tracking_no: parcel for parcel in known.further_parcels or () if _is_known_by_more(parcel, known.carrier)}
    carrier = getattr(facts, "carrier", None)
    if any(_is_known_by_more(parcel, carrier) for parcel in told):
        return told
    named = {getattr(facts, "tracking_no", None), *(parcel.tracking_no for parcel in told)}
    return (*(by_platform.get(parcel.tracking_no, parcel) for parcel in told), *(parcel for no, parcel in by_platform.items() if no not in named))


def _is_known_by_more(parcel: FurtherParcel, carrier: str | None) -> bool:
    """Whether more is known of the parcel than a file tells, which gives every number the carrier of the order."""
    return parcel.kind is not ParcelKind.EXTRA or parcel.carrier not in (None, carrier)


def _goes_back(known: F, known_as_of: Ages, facts: F, as_of: datetime) -> bool:
    """Whether an order's stage would go backwards, which only a newer source may say."""
    if not isinstance(known, OrderFacts) or not isinstance(facts, OrderFacts):
        return False
    age = known_as_of if isinstance(known_as_of, datetime) else known_as_of.get("stage")
    return as_of == age and _rank(facts.stage) < _rank(known.stage)


def _mind_the_turn(known: F, facts: F, fields: Collection[str], taken: dict[str, object]) -> None:
    """The platform's deadline in a case is of the turn it was told with: it goes when the turn passes, and one of an earlier turn does not come in."""
    if not isinstance(known, AftersaleFacts) or not isinstance(facts, AftersaleFacts) or "state" not in fields or known.state in (None, facts.state):
        return
    if "state" not in taken:
        taken.pop("expire_at", None)
    elif "expire_at" not in fields:
        taken["expire_at"] = None


def _rank(stage: OrderStage | None) -> int:
    return -1 if stage is None else _ORDER_OF_STAGES.index(stage)


def _given(facts: F, given: Collection[str]) -> tuple[str, ...]:
    """The given fields that may change; the keys of the fact itself never do."""
    return tuple(name for name in _optional(facts) if name in given)


@cache
def _optional_of(kind: type[Facts]) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(kind) if not field.required)


def _optional(facts: Facts) -> tuple[str, ...]:
    """The fields that a source may lack, which are all but the keys."""
    return _optional_of(type(facts))


def _newest(known_as_of: Ages) -> datetime:
    return known_as_of if isinstance(known_as_of, datetime) else max(known_as_of.values(), default=_BEFORE_ALL)


def _ages_after(known_as_of: Ages, taken: Mapping[str, object], as_of: datetime) -> Mapping[str, datetime]:
    """The age of every field afterwards, where ages per field are kept."""
    return {} if isinstance(known_as_of, datetime) else {**known_as_of, **dict.fromkeys(taken, as_of)}
