"""What tracking numbers of each carrier look like, decoded once from the table beside this file."""

import re
import unicodedata
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import msgspec


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """One shape of a carrier's numbers: the pattern, how sure it is, and how to say it in short."""

    pattern: str = msgspec.field(name="is")
    grade: str = "C"
    like: str = ""
    old: bool = False

    @cached_property
    def whole(self) -> re.Pattern[str]:
        """The pattern, ready to be tried on a whole number."""
        return re.compile(self.pattern, re.ASCII)


class CarrierShapes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A carrier by its code on the platform, the other names it goes by, and its shapes."""

    code: str
    names: tuple[str, ...]
    shapes: tuple[Shape, ...]

    def fits(self, number: str, *, old: bool = True) -> bool:
        """Whether this could be one of the carrier's numbers; `old=False` looks at the shapes given out today alone."""
        return any(shape.whole.fullmatch(number) for shape in self.shapes if old or not shape.old)

    @property
    def likes(self) -> str:
        """The shapes of today in short, or all where none is given out any more."""
        today = [shape.like for shape in self.shapes if not shape.old]
        return ", ".join(today or [shape.like for shape in self.shapes])


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    checked: date
    carrier: tuple[CarrierShapes, ...]


@cache
def every_carrier() -> tuple[CarrierShapes, ...]:
    """Every carrier whose shapes are known."""
    return msgspec.toml.decode(Path(__file__).with_name("shapes.toml").read_bytes(), type=_Table).carrier


def carrier_of(name: str) -> CarrierShapes | None:
    """The carrier by its code or any name it goes by; None where nothing is known of it."""
    return _by_name().get(name.strip().casefold())


def carriers_that_fit(number: str) -> tuple[str, ...]:
    """The codes of the carriers whose number this could be, those first whose shape of today it is."""
    today = [each.code for each in every_carrier() if each.fits(number, old=False)]
    return (*today, *(each.code for each in every_carrier() if each.code not in today and each.fits(number)))


def as_number(text: str) -> str:
    """The number as carriers write it: half width, capitals, without blanks and without invisible characters."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(char for char in folded if not char.isspace() and unicodedata.category(char) not in {"Cf", "Cc"})


@cache
def _by_name() -> dict[str, CarrierShapes]:
    return {name.casefold(): carrier for carrier in every_carrier() for name in (carrier.code, *carrier.names)}
