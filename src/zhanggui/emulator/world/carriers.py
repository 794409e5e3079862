"""Carriers: the platform's table of ids and codes, the shapes of their numbers, and their stations."""

import re
from functools import lru_cache
from pathlib import Path

import msgspec

from zhanggui.emulator.seeded import mixed

TABLE = Path(__file__).parent.parent / "data" / "carriers.toml"


class Carrier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One carrier of the platform's table; `shape` is empty where no shape of its numbers is known."""

    id: int
    code: str
    name: str
    shape: str = ""
    prefix: str = ""
    digits: int = 0
    kdniao: str = ""
    kuaidi100: str = ""
    is_main: bool = False
    is_available: bool = True


class _Table(msgspec.Struct, frozen=True):
    """The whole file."""

    carrier: tuple[Carrier, ...]


@lru_cache(maxsize=1)
def carriers() -> tuple[Carrier, ...]:
    """Every carrier the platform knows."""
    return msgspec.toml.decode(TABLE.read_bytes(), type=_Table).carrier


@lru_cache(maxsize=1)
def main_carriers() -> tuple[Carrier, ...]:
    """The carriers that carry nearly everything."""
    return tuple(carrier for carrier in carriers() if carrier.is_main)


@lru_cache(maxsize=1)
def by_id() -> dict[int, Carrier]:
    """The carriers by their logistics id."""
    return {carrier.id: carrier for carrier in carriers()}


@lru_cache(maxsize=1)
def by_code() -> dict[str, Carrier]:
    """The carriers by the platform's code."""
    return {carrier.code: carrier for carrier in carriers()}


def fits(carrier: Carrier, number: str) -> bool:
    """Whether this could be a number of the carrier: by its shape, or by length where no shape is known."""
    return bool(re.fullmatch(carrier.shape or "[A-Za-z0-9]{8,25}", number))


def fresh_number(carrier: Carrier, seed: int, serial: int) -> str:
    """A tracking number in the carrier's shape."""
    digits = carrier.digits or 13
    return f"{carrier.prefix}{mixed(seed, serial, carrier.id) % 10**digits:0{digits}d}"
