"""The labelled turns of the open set as the house would get them: what was cut out of them for anonymity is filled with something of its kind."""

import csv
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

from proofs.support import ROOT
from zhanggui.core.intents.kinds import Intent, Said, Speaker
from zhanggui.estimates.intents_learning import Case

DIALOGUES = ROOT.parent / "shared" / "data" / "jddc_intent_dialogues.jsonl.gz"
TURNS = ROOT / "tests" / "estimates" / "intents" / "turns.csv"
BEFORE = 3
"""So many exchanges before a turn its readers saw."""
_FILLED = [
    (re.compile(pattern), filling)
    for pattern, filling in (
        (r"\[ORDERID_(\d+)\]", r"2\1"),
        (r"#E-s\[数字x\]\d*", "[表情]"),
        (r"&nbsp;?", " "),
        (r"\[数字x\]", "12"),
        (r"\[金额x\]", "88"),
        (r"\[日期x\]", "10月1日"),
        (r"\[时间x\]", "12:00"),
        (r"\[电话x\]", "13800000000"),
        (r"\[姓名x\]", "张三"),
        (r"\[地址x\]", "某地"),
        (r"\[站点x\]", "站点"),
        (r"\[组织机构x\]", "某公司"),
        (r"\[[^\[\]]{1,6}x\]", "某"),
    )
]


class Turn(Case, frozen=True, kw_only=True):
    """A labelled turn: which, of which part, how it was drawn, what both readers said, and the source's own label."""

    dialogue: str
    part: str
    uniform: bool
    readers: tuple[frozenset[Intent], frozenset[Intent]]
    theirs: str


def are_there() -> bool:
    """Whether the open set lies where it is expected."""
    return DIALOGUES.exists()


def turns(part: str) -> list[Turn]:
    """The turns of one part. What is held is not looked at while the other part is used: it is left out of what went before."""
    with TURNS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    unseen = {(row["dialogue_id"], int(row["turn"])) for row in rows if row["part"] == "held" and part != "held"}
    dialogues = dict(_dialogues({row["dialogue_id"] for row in rows}))
    return [_turn(row, dialogues[row["dialogue_id"]], unseen) for row in rows if row["part"] == part]


def _turn(row: dict[str, str], said: list[dict[str, str]], unseen: set[tuple[str, int]]) -> Turn:
    dialogue, number = row["dialogue_id"], int(row["turn"])
    before: list[Said] = []
    for place in range(max(0, number - BEFORE), number):
        if (dialogue, place) not in unseen:
            before.append(Said(filled(said[place]["user"])))
        if said[place]["agent"]:
            before.append(Said(filled(said[place]["agent"]), Speaker.REP))
    return Turn(
        text=filled(said[number]["user"]),
        intents=_labels(row["label"]),
        before=tuple(before),
        dialogue=dialogue,
        part=row["part"],
        uniform=row["drawn"] == "uniform",
        readers=(_labels(row["reader_a"]), _labels(row["reader_b"])),
        theirs=said[number]["intent"],
    )


def filled(text: str) -> str:
    """The text with something in place of what was cut out."""
    for pattern, filling in _FILLED:
        text = pattern.sub(filling, text)
    return text


def _labels(text: str) -> frozenset[Intent]:
    return frozenset(Intent(code) for code in text.split("+"))


def _dialogues(wanted: set[str]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    with gzip.open(Path(DIALOGUES), "rt", encoding="utf-8") as file:
        for line in file:
            dialogue = json.loads(line)
            if dialogue["dialogue_id"] in wanted:
                yield dialogue["dialogue_id"], dialogue["turns"]
