"""The platform's carriers: their ids in orders, their codes in traces, their names in files."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import msgspec

NAMELESS = "logistics_id "
"""Stands before the id of a carrier that nobody has a name for."""


class Carrier(msgspec.Struct, frozen=True):
    """One carrier."""

    id: str
    code: str
    name: str
    is_available: bool = True


class Carriers(msgspec.Struct, frozen=True):
    """All carriers, found by any of their three words."""

    by_id: Mapping[str, Carrier]
    by_code: Mapping[str, Carrier]
    by_name: Mapping[str, Carrier]

    def named(self, word: str | None) -> Carrier | None:
        """The carrier of this name, code or id."""
        return None if not word else self.by_name.get(word) or self.by_code.get(word.upper()) or self.by_id.get(word.removeprefix(NAMELESS))

    def offers(self, code: str) -> bool:
        """Whether parcels may be sent with the carrier of this code."""
        found = self.by_code.get(code.upper())
        return found is not None and found.is_available


def carriers_of(told: Iterable[Carrier]) -> Carriers:
    """Carriers to be looked up; where two share a word, one that is available has it, and of several the one with the lowest id."""
    found = sorted(told, key=lambda carrier: (not carrier.is_available, len(carrier.id), carrier.id))
    by_id: dict[str, Carrier] = {}
    by_code: dict[str, Carrier] = {}
    by_name: dict[str, Carrier] = {}
    for carrier in found:
        by_id.setdefault(carrier.id, carrier)
        by_code.setdefault(carrier.code.upper(), carrier)
        by_name.setdefault(carrier.name, carrier)
    return Carriers(by_id, by_code, by_name)


@cache
def usual_carriers() -> Carriers:
    """The carriers that carriers.toml holds: what shops go by that are not connected, and what the platform's own list is laid over."""
    text = (files("zhanggui.connectors.pdd") / "carriers.toml").read_text("utf-8")
    return carriers_of(msgspec.convert([dict(zip(("id", "code", "name"), row, strict=True)) for row in tomllib.loads(text)["carriers"]], list[Carrier]))


def laid_over(told: Iterable[Carrier]) -> Carriers:
    """The platform's own list laid over the usual carriers: its row is what an id means. A usual carrier goes by its usual words, too, where the list holds it
    by its code or its name; one that it does not hold any more is still known, but not available.
    """
    theirs = carriers_of(told)
    by_id, by_code, by_name = dict(theirs.by_id), dict(theirs.by_code), dict(theirs.by_name)
    for each in usual_carriers().by_id.values():
        gone = msgspec.structs.replace(each, is_available=False)
        meant = theirs.by_code.get(each.code.upper()) or theirs.by_name.get(each.name) or gone
        by_id.setdefault(each.id, gone)
        by_code.setdefault(each.code.upper(), meant)
        by_name.setdefault(each.name, meant)
    return Carriers(by_id, by_code, by_name)
