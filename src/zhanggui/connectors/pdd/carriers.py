"""The platform's carriers: their ids in orders, their codes in traces, their names in files."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import msgspec


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
        return None if not word else self.by_name.get(word) or self.by_code.get(word.upper()) or self.by_id.get(word)


def carriers_of(told: Iterable[Carrier]) -> Carriers:
    """Carriers to be looked up; where two share a word, the first that is available has it."""
    found = sorted(told, key=lambda carrier: not carrier.is_available)
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
    """The carriers that carriers.toml holds: for names until the platform's own list has been read, which always goes before it."""
    text = (files("zhanggui.connectors.pdd") / "carriers.toml").read_text("utf-8")
    return carriers_of(msgspec.convert([dict(zip(("id", "code", "name"), row, strict=True)) for row in tomllib.loads(text)["carriers"]], list[Carrier]))
