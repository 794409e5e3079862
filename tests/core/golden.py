"""Reads the golden cases: tables a merchant could check, Shanghai wall clock and fen."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from zhanggui import rulebook
from zhanggui.core.connection import Authorisation
from zhanggui.core.deadlines import DeadlineKind, Explanation
from zhanggui.core.explain import explain_authorisation, explain_case, explain_conversation, explain_freshness, explain_order, explain_review
from zhanggui.core.facts import AftersaleFacts, FactKind, MessageFacts, OrderFacts, ReviewFacts, ScanFacts
from zhanggui.core.knowledge import OrderKnowledge, PromisedHours
from zhanggui.core.moments import from_shanghai
from zhanggui.core.rules import Rulebook

T = TypeVar("T", bound=msgspec.Struct)

FOLDER = Path(__file__).parent / "cases"
SORTS = ("order", "case", "conversation", "review", "source", "connection", "lookup")


class Golden(NamedTuple):
    """One case of a table, its sort, and where it stands."""

    sort: str
    data: dict[str, Any]
    file: str

    @property
    def name(self) -> str:
        return f"{self.file}: {self.data['name']}"

    @property
    def cites(self) -> set[str]:
        """The rules this case bears on."""
        cites = {cite for kind in DeadlineKind for name in ("rule", "risk_rule") if (cite := self.data.get(kind.value, {}).get(name))}
        return cites | set(self.data.get("cites", ())) | {self.data.get("rule", "none")} - {"none"}


def goldens() -> Iterator[Golden]:
    for path in sorted(FOLDER.glob("*.toml")):
        tables = tomllib.loads(path.read_text("utf-8"))
        assert set(tables) <= set(SORTS), f"{path.name} holds an unknown sort of case"
        for sort, cases in tables.items():
            for case in cases:
                yield Golden(sort, case, path.stem)


def moment(text: str) -> datetime:
    return from_shanghai(datetime.fromisoformat(text))


def explained(golden: Golden) -> dict[str, Explanation]:
    """The explanations of the case, by the kind of their deadline."""
    data = golden.data
    rules = _rules(data)
    now = moment("2026-11-21 12:00:00")
    match golden.sort:
        case "order":
            found: tuple[Explanation, ...] = explain_order(_known(data, data["facts"]), rules, now)
        case "case":
            case = facts({"case_no": "S1", "order_no": "O1", **data["facts"]}, AftersaleFacts)
            found = explain_case(case, _known(data, data["order"]) if "order" in data else None, rules, now)
        case "conversation":
            messages = [facts({"message_no": str(number), **message}, MessageFacts) for number, message in enumerate(data["messages"])]
            found = explain_conversation("O1", messages, rules, now)
        case "review":
            found = explain_review(facts({"review_no": "R1", "order_no": "O1", **data["facts"]}, ReviewFacts), rules, now)
        case "connection":
            ends, lapsed = (moment(data[name]) if name in data else None for name in ("ends_at", "lapsed_at"))
            found = (explain_authorisation(Authorisation(granted_at=moment(data["granted_at"]), ends_at=ends, lapsed_at=lapsed), rules, now),)
        case _:
            found = (explain_freshness(FactKind(data["kind"]), moment(data["as_of"]), rules, now),)
    return {explanation.deadline.kind.value: explanation for explanation in found}


def facts(data: Mapping[str, Any], shape: type[T]) -> T:
    """Facts from a table: text that is a wall clock becomes a moment."""
    hints = {field.name: str(field.type) for field in msgspec.structs.fields(shape)}
    return msgspec.convert({name: moment(value) if "datetime" in hints[name] else value for name, value in data.items()}, shape)


def _known(data: Mapping[str, Any], order: Mapping[str, Any]) -> OrderKnowledge:
    return OrderKnowledge(
        order=facts({"order_no": "O1", **order}, OrderFacts),
        data_as_of=moment(data.get("as_of", "2026-11-21 00:00:00")),
        lines_ship_by=moment(data["lines_ship_by"]) if "lines_ship_by" in data else None,
        scans=tuple(facts(scan, ScanFacts) for scan in data.get("scans", ())),
        cases=tuple(facts({"case_no": "S1", "order_no": "O1", **case}, AftersaleFacts) for case in data.get("cases", ())),
        promised=msgspec.convert(data["promised"], PromisedHours) if "promised" in data else None,
    )


def _rules(data: Mapping[str, Any]) -> Rulebook:
    overrides = [rulebook.rule_from_data(override, "override") for override in data.get("overrides", ())]
    return rulebook.load().with_overrides(overrides)
