"""The tables of the tracking services: what they call the carriers, where they are, and what their answers mean."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from zhanggui.connectors.pdd.carriers import usual_carriers
from zhanggui.connectors.pdd.errors import Treatment
from zhanggui.core.facts import ScanStage
from zhanggui.core.numbers.shapes import carrier_of


class Codes(msgspec.Struct, frozen=True):
    """What the services call one carrier; `phone` names those that want the last four digits of a telephone number."""

    code: str
    kuaidi100: str = ""
    kdniao: str = ""
    phone: frozenset[str] = frozenset()


class Worded(msgspec.Struct, frozen=True):
    """What follows where the reason says this."""

    says: str
    answer: Treatment


class Answers(msgspec.Struct, frozen=True):
    """One service: its address, its refusals, and the stages that its codes name."""

    address: str
    codes: dict[int, Treatment]
    stages: dict[str, ScanStage]
    texts: tuple[Worded, ...] = ()

    def treatment(self, code: int, reason: str) -> Treatment | None:
        """What follows from a refusal; None where the table does not tell."""
        return next((each.answer for each in self.texts if each.says in reason), None) or self.codes.get(code)


def codes_of(carrier: str | None, told_code: str = "") -> Codes | None:
    """What the services call a carrier, by its code on the platform or any name under which orders know it; None where none of them has a code we know."""
    if not carrier:
        return None
    usual, shaped = usual_carriers().named(carrier), carrier_of(carrier)
    return next((found for code in (told_code, usual and usual.code, shaped and shaped.code) if code and (found := _codes().get(code))), None)


@cache
def answers_of(service: str) -> Answers:
    """What the service answers, as answers.toml holds it."""
    return msgspec.convert(_read("answers.toml")[service], Answers, strict=False)


@cache
def _codes() -> dict[str, Codes]:
    return {each.code: each for each in msgspec.convert(_read("codes.toml")["carriers"], list[Codes])}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("zhanggui.connectors.carriers") / name).read_text("utf-8"))
