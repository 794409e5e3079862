"""Forbidden speech: our own written sentences with their evasions, and every staff turn of the shared chats as sentences that may be said."""

import csv
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from proofs.support import ROOT, Proof
from zhanggui.core.speech import Finding, SpeechBook, check
from zhanggui.rulebook.speech import speech_book

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CASES = ROOT / "tests" / "core" / "speech" / "cases.csv"
LATER = ROOT / "tests" / "core" / "speech" / "written_later.csv"
JUDGED = Path(__file__).parent / "speech_judged.csv"
DATA = ROOT.parent / "shared" / "data"
QUICK_EVERY = 20
"""A quick run looks at each twentieth turn."""
LEAST_FOUND, MOST_FLAGGED = 0.97, 0.005
UNSEEN = "96.3% (180 of 187), and 96.8% (181) once the words had been widened"
"""Measured once; it cannot be measured again."""
LIMIT_MS = 10.0
"""What a message may take at most, on the mean, on one quiet core."""
_HISTORY = (
    "A third of the written sentences was held back: written with the others before there was a check, and not looked at while it was made. Measured on",
    "them before any was read: 180 of 187 (96.3 %) with the first words, 181 (96.8 %) after the words had been widened by sentences written later. The",
    "misses were then read and mended, so that the figure of the table above no longer says how new sentences fare. For that, nine batches of later",
    "sentences were each put to the check as it stood before it had seen them. Found at first sight: 46 of 107 and 65 of 82 with the first words; 35 of 62",
    "and 41 of 63 written on purpose in unusual words; 96 of 111, 95 of 109, 55 of 68 and 49 of 57 written as most people put it. All were then mended.",
    "Of the 158 later sentences that may be said, 2 were flagged at first sight. The ninth batch is by somebody who had not seen the check: 94 of 150 were",
    "found at first sight, and 6 of 60 that may be said were flagged. Disguises are found well; new ways of putting a thing are not all found.",
    "",
)
_FILLED = {
    "数字x": "1",
    "金额x": "5",
    "电话x": "13800138000",
    "姓名x": "小王",
    "站点x": "城东站",
    "地址x": "幸福路",
    "时间x": "18点",
    "日期x": "5月6日",
    "订单x": "123456789012",
    "链接x": "",
    "邮箱x": "a@b.com",
    "组织机构x": "公司",
    "身份证号x": "110101199001011234",
}
"""The chats come masked; a mask hides what the check would look at, so something of the kind is put in its place."""


class Turn(NamedTuple):
    """One turn of the staff and its place."""

    file: str
    dialogue: str
    turn: int
    text: str


class Case(NamedTuple):
    """One written sentence: the rule it breaks (none where it may be said), how it hides, and whether it was held back."""

    text: str
    rule: str
    evasion: str
    held: bool


def prove(seed: int, *, quick: bool) -> Proof:  # noqa: ARG001 - nothing is drawn by lot
    """Found and falsely flagged shares, the held sentences by themselves, and each flagged turn held against how a person judged it."""
    book = speech_book()
    counts: dict[str, int | float | str] = {}
    failures: list[str] = []
    notes: list[str] = []
    _written(book, counts, failures, notes)
    turns = list(staff_turns())
    if turns:
        _real(book, turns[:: QUICK_EVERY if quick else 1], counts, failures, notes)
    else:
        counts["staff turns"] = "the shared chats are not here"
    return Proof(
        claim="The check finds forbidden speech through its disguises, and leaves what staff really write alone.", counts=counts, failures=failures, notes=notes
    )


def cases(file: Path = CASES) -> list[Case]:
    """The written sentences."""
    with file.open(encoding="utf-8", newline="") as rows:
        return [Case(row["text"], row["rule"], row["evasion"], row.get("held") == "yes") for row in csv.DictReader(rows)]


def staff_turns() -> Iterator[Turn]:
    """Every turn of the staff in the shared chats that are here, with something in the place of each mask."""
    for number, row in enumerate(_rows("jddc2018_context_answer"), 1):
        yield Turn("jddc2018_context_answer", str(number), 0, _filled(row["answer"]))
    for row in _rows("jddc2019_sessions"):
        yield from (Turn("jddc2019_sessions", row["session_id"], at, _filled(turn["text"])) for at, turn in enumerate(row["turns"]) if turn["role"] != "user")
    for row in _rows("jddc_intent_dialogues"):
        turns = enumerate(row["turns"])
        yield from (Turn("jddc_intent_dialogues", row["dialogue_id"], at, _filled(turn["agent"])) for at, turn in turns if turn["agent"].strip())
    for number, row in enumerate(_rows("ecd_taobao_sample"), 1):
        yield from (Turn("ecd_taobao_sample", str(number), at, text) for at, text in enumerate(row["turns"]) if at % 2)


def _rows(name: str) -> Iterator[dict[str, Any]]:
    file = DATA / f"{name}.jsonl.gz"
    if file.exists():
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _filled(text: str) -> str:
    return re.sub(r"\[([^\[\]]{1,8})\]", lambda mask: _FILLED.get(mask[1], mask[0]), text)


def _written(book: SpeechBook, counts: dict[str, int | float | str], failures: list[str], notes: list[str]) -> None:
    every = cases()
    forbidden, allowed = [case for case in every if case.rule], [case for case in every if not case.rule]
    missed = [case for case in forbidden if not _finds(case, book)]
    flagged = [case for case in allowed if check(case.text, book, NOW)]
    counts["written sentences that must not be said"] = len(forbidden)
    for named, chosen in (("all", forbidden), ("held back", [c for c in forbidden if c.held]), ("not held", [c for c in forbidden if not c.held])):
        hits = sum(case not in missed for case in chosen)
        counts[f"found: {named}"] = f"{hits / len(chosen):.2%} ({hits} of {len(chosen)})"
    counts["found: held back, before any of them was read"] = UNSEEN
    counts["written sentences that may be said"] = len(allowed)
    counts["falsely flagged of these"] = f"{len(flagged)} ({sum(case.held for case in flagged)} of {sum(case.held for case in allowed)} held)"
    later = [case for case in cases(LATER) if case.rule]
    counts["written later in nine batches, found"] = f"{sum(_finds(case, book) for case in later)} of {len(later)}"
    if len(missed) > (1 - LEAST_FOUND) * len(forbidden):
        failures.append(f"{len(missed)} of {len(forbidden)} written sentences are not found")
    failures += [f"flagged, though it may be said: {case.text}" for case in flagged]
    notes += [*_HISTORY, *_by_kind(forbidden, missed)]
    lost = [*missed, *(case for case in later if not _finds(case, book))]
    notes += ["Not found:", "", *(f"- {case.rule}, {case.evasion}: {case.text}" for case in lost), ""]


def _finds(case: Case, book: SpeechBook) -> bool:
    return case.rule in {finding.rule.id for finding in check(case.text, book, NOW)}


def _by_kind(forbidden: Sequence[Case], missed: Sequence[Case]) -> list[str]:
    rules, lost = Counter(case.rule for case in forbidden), Counter(case.rule for case in missed)
    ways, lost_ways = Counter(case.evasion for case in forbidden), Counter(case.evasion for case in missed)
    return [
        "| rule | sentences | found |",
        "|---|---|---|",
        *(f"| {rule} | {number} | {number - lost[rule]} |" for rule, number in rules.items()),
        "",
        "| hidden by | sentences | found |",
        "|---|---|---|",
        *(f"| {way} | {number} | {number - lost_ways[way]} |" for way, number in ways.items()),
        "",
    ]


def _real(book: SpeechBook, turns: Sequence[Turn], counts: dict[str, int | float | str], failures: list[str], notes: list[str]) -> None:
    began = time.perf_counter()
    flagged = [(turn, found) for turn in turns if (found := check(turn.text, book, NOW))]
    mean = (time.perf_counter() - began) / len(turns) * 1000
    judged = _judgements()
    false = [turn for turn, _ in flagged if judged.get(_place(turn)) == "false"]
    counts["staff turns"] = len(turns)
    counts["flagged"] = f"{len(flagged)} ({len(flagged) / len(turns):.3%})"
    counts["of them judged false by reading"] = f"{len(false)} ({len(false) / len(turns):.3%})"
    counts["milliseconds a message"] = f"{mean:.2f}, {mean / LIMIT_MS:.2f} of the limit of {LIMIT_MS:g}"
    if len(flagged) > MOST_FLAGGED * len(turns):
        failures.append(f"{len(flagged)} of {len(turns)} staff turns are flagged")
    failures += [f"flagged and judged by nobody: {_named(turn)}" for turn, _ in flagged if _place(turn) not in judged]
    notes += ["Flagged turns and how a person judged them (forbidden: the same sentence from a shop on this platform would be):", ""]
    notes += ["| file | dialogue | turn | rule | judged |", "|---|---|---|---|---|"]
    notes += [f"| {turn.file} | {turn.dialogue} | {turn.turn} | {_rules(found)} | {judged.get(_place(turn), 'not yet')} |" for turn, found in flagged]


def _judgements() -> dict[tuple[str, str, int], str]:
    with JUDGED.open(encoding="utf-8", newline="") as rows:
        return {(row["file"], row["dialogue"], int(row["turn"])): row["judged"] for row in csv.DictReader(rows)}


def _place(turn: Turn) -> tuple[str, str, int]:
    return turn.file, turn.dialogue, turn.turn


def _named(turn: Turn) -> str:
    return f"{turn.file} {turn.dialogue} turn {turn.turn}"


def _rules(found: Sequence[Finding]) -> str:
    return ", ".join(sorted({finding.rule.id for finding in found}))
