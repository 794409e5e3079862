"""The labelled conversations, and the faults that the grading finds in them."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from zhanggui.core.grading import OrderKnown, Party, Spoke, grade
from zhanggui.core.grading.grading import Grade, Judging
from zhanggui.core.grading.reaching import reach_of
from zhanggui.core.intents.kinds import Said, Speaker, Wanted
from zhanggui.core.moments import from_shanghai
from zhanggui.estimates.intents import intents_of
from zhanggui.rulebook import load
from zhanggui.rulebook.quality import quality_book
from zhanggui.rulebook.speech import speech_book

DAY = "2026-11-20"
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
PARTIES = {"B": Party.BUYER, "R": Party.REP, "A": Party.BOT}


class Labelled(msgspec.Struct, frozen=True):
    """One conversation with what is wrong of it."""

    id: str
    lines: tuple[str, ...]
    faults: tuple[str, ...]
    order: dict[str, str | list[str]] | None = None


def read(name: str) -> tuple[Labelled, ...]:
    """The conversations of a part: `build` or `held`."""
    path = Path(__file__).parent / f"talks_{name}.toml"
    return tuple(msgspec.convert(tomllib.loads(path.read_text("utf-8"))["talk"], tuple[Labelled, ...]))


def graded(labelled: Labelled) -> Grade:
    """Its grade."""
    talk = _talk(labelled)
    judging = Judging(book=quality_book(), speech=speech_book(), reach=reach_of(load()), now=NOW)
    return grade(talk, _wants(talk), _order(labelled), judging)


def faults_of(labelled: Labelled) -> set[str]:
    """The faults found, as they are labelled."""
    return {f"{fault.kind.value}@{fault.place}" for fault in graded(labelled).faults}


def _talk(labelled: Labelled) -> list[Spoke]:
    talk: list[Spoke] = []
    for line in labelled.lines:
        clock, who, text = line.split(" ", 2)
        at = _moment(clock)
        while talk and talk[-1].at is not None and at < talk[-1].at:
            at += timedelta(days=1)
        talk.append(Spoke(PARTIES[who], at, text, "小美" if who == "R" else ""))
    return talk


def _wants(talk: list[Spoke]) -> list[list[Wanted]]:
    said = [Said(each.text, Speaker.BUYER if each.party is Party.BUYER else Speaker.REP) for each in talk]
    return [intents_of(each.text, said[max(0, place - 6) : place], vectors=False) if each.party is Party.BUYER else [] for place, each in enumerate(talk)]


def _order(labelled: Labelled) -> OrderKnown | None:
    told = labelled.order
    if told is None:
        return None
    moments = {key: _moment(str(told[key])) for key in ("ship_by", "shipped", "received", "refunded") if key in told}
    return OrderKnown(
        ship_by=moments.get("ship_by"),
        shipped_at=moments.get("shipped"),
        received_at=moments.get("received"),
        refunded_at=moments.get("refunded"),
        tracking_nos=tuple(told.get("numbers", ())),
    )


def _moment(text: str) -> datetime:
    """HH:MM[:SS] of the day, or D HH:MM of its month."""
    day, _, clock = text.rpartition(" ")
    return from_shanghai(datetime.fromisoformat(f"{DAY[:8]}{int(day):02d} {clock}" if day else f"{DAY} {clock}"))
