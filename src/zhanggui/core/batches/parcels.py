"""Which orders of a batch go in one parcel."""

from collections.abc import Mapping, Sequence


def parcels_of(order_nos: Sequence[str], doors: Mapping[str, str | None], *, combine: bool) -> tuple[tuple[str, ...], ...]:
    """The orders, parcel by parcel, in the order given. Those with the same door share a parcel where `combine` says so; one without a door travels alone."""
    found: dict[tuple[str, str], list[str]] = {}
    for no in dict.fromkeys(order_nos):
        door = doors.get(no) if combine else None
        found.setdefault(("door", door) if door else ("order", no), []).append(no)
    return tuple(tuple(together) for together in found.values())
