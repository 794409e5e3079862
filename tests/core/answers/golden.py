"""Reads the golden cases of answers: tables a merchant could check, Shanghai wall clock and fen."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tests.core.golden import facts, moment
from zhanggui import rulebook
from zhanggui.core.abnormal.states import Abnormal, AbnormalState
from zhanggui.core.answers import Answer, Books, GoodsSeen, Ground, answers
from zhanggui.core.answers.hours import ship_hour
from zhanggui.core.dispatch.shapes import Dispatch
from zhanggui.core.facts import AftersaleFacts, OrderFacts, ScanFacts
from zhanggui.core.intents.kinds import Intent, Wanted
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.rules import Rulebook
from zhanggui.rulebook.speech import speech_book

FOLDER = Path(__file__).parent
STANDS = tomllib.loads((FOLDER / "stands.toml").read_text("utf-8"))
TRACKING_NO = "78512345678901"


class Golden(NamedTuple):
    """One case of a table, and where it stands."""

    data: dict[str, Any]
    file: str

    @property
    def name(self) -> str:
        return f"{self.file}: {self.data['name']}"

    @property
    def now(self) -> datetime:
        return moment(self.data.get("now", STANDS["now"]["at"]))


def goldens() -> Iterator[Golden]:
    for path in sorted(FOLDER.glob("*.toml")):
        if path.stem != "stands":
            yield from (Golden(case, path.stem) for case in tomllib.loads(path.read_text("utf-8"))["case"])


@cache
def rules() -> Rulebook:
    return rulebook.load()


@cache
def books() -> Books:
    return Books(rulebook.scripts(), speech_book())


_ANSWERED: dict[str, tuple[Answer, ...]] = {}


def answered(golden: Golden) -> tuple[Answer, ...]:
    """What is answered in this case; worked out once."""
    if golden.name not in _ANSWERED:
        _ANSWERED[golden.name] = answers([wanted(word) for word in golden.data["want"]], ground(golden), books())
    return _ANSWERED[golden.name]


def wanted(word: str) -> Wanted:
    """A want of the table; one with a question mark is not sure."""
    return Wanted(Intent(word.rstrip("?")), 0.4 if word.endswith("?") else 0.9, sure=not word.endswith("?"))


def ground(golden: Golden) -> Ground:
    """What the answers of this case rest on."""
    data, now = golden.data, golden.now
    goods = msgspec.convert({name: data[name] for name in ("in_stock", "is_free", "on_shelf", "exception", "title") if name in data}, GoodsSeen)
    if "stand" not in data:
        return Ground(known=None, rulebook=rules(), now=now, goods=goods)
    stand = STANDS[data["stand"]]
    found = Ground(
        known=known(stand, data, now),
        rulebook=rules(),
        now=now,
        goods=goods,
        prints_here=data.get("prints_here", True),
        coupon=Fen(data.get("coupon", 0)),
        is_repaid=data.get("is_repaid", False),
    )
    leaves_at = data.get("leaves_at", stand.get("leaves_at"))
    if leaves_at is None:
        return found
    due = found.due
    return msgspec.structs.replace(found, hour=ship_hour(None if leaves_at == "never" else moment(leaves_at), None if due is None else due.due_at, now))


def known(stand: Mapping[str, Any], data: Mapping[str, Any], now: datetime) -> OrderKnowledge:
    order = {"order_no": "O1", **STANDS["base"], **stand["order"], **data.get("order", {})}
    dispatch = {**stand.get("dispatch", {}), **data.get("dispatch", {})}
    cases = tuple(facts({"case_no": f"S{number}", "order_no": "O1", **case}, AftersaleFacts) for number, case in enumerate(data.get("cases", ()), 1))
    abnormal = data.get("abnormal")
    return OrderKnowledge(
        order=facts({name: value for name, value in order.items() if value != ""}, OrderFacts),
        data_as_of=moment(data["as_of"]) if "as_of" in data else now,
        scans=_scans(data.get("scans", stand.get("scans", ()))),
        label_scans=_scans(stand.get("label_scans", ())),
        cases=cases,
        dispatch=facts({"order_no": "O1", **dispatch}, Dispatch) if dispatch else None,
        abnormal=Abnormal(order_no="O1", state=AbnormalState(abnormal), found_at=now, moved_at=now) if abnormal else None,
    )


def _scans(told: Any) -> tuple[ScanFacts, ...]:
    return tuple(facts({"tracking_no": TRACKING_NO, **scan}, ScanFacts) for scan in told)
