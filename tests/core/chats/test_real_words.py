"""What people really wrote, laid out in five shapes of a paste, comes back message by message."""

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from zhanggui.core.chats import read_chat

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST = datetime(2026, 11, 21, 2, tzinfo=UTC)
SESSIONS = 60
SHAPES = {
    "workbench": "{masked} {day} {clock}:00\n{text}\n已读",
    "brackets": "{account} ({day} {clock}:00):\n{text}",
    "plain": "{side}：{text}",
    "table": "{day} {clock}\t{side}\t{text}",
    "times first": "[{clock}] {side}: {text}",
}


def sessions(data: Path) -> list[list[tuple[str, str]]]:
    with gzip.open(data / "jddc2019_sessions.jsonl.gz", "rt", encoding="utf-8") as lines:
        told = [json.loads(line)["turns"] for line in islice(lines, SESSIONS)]
    return [[("buyer" if turn["role"] == "user" else "rep", " ".join(turn["text"].replace('"', "").split())) for turn in turns] for turns in told]


def pasted(turns: Sequence[tuple[str, str]], shape: str) -> str:
    lines = []
    for number, (who, text) in enumerate(turns):
        at = FIRST + timedelta(minutes=number)
        is_buyer = who == "buyer"
        slots = {"masked": "张**", "account": "tb88**", "side": "买家"} if is_buyer else {"masked": "客服小美", "account": "好再来旗舰店:小美", "side": "客服"}
        lines.append(SHAPES[shape].format(text=text, day=f"{at:%Y-%m-%d}", clock=f"{at:%H:%M}", **slots))
    return "\n".join(lines)


@pytest.mark.parametrize("shape", list(SHAPES))
def test_it_comes_back_message_by_message(data: Path, shape: str) -> None:
    every = [[turn for turn in turns if turn[1]] for turns in sessions(data)]

    read = [[message.who.value for message in read_chat(pasted(turns, shape), NOW).messages] for turns in every]

    whole = sum(found == [who for who, _ in turns] for found, turns in zip(read, every, strict=True))
    assert whole >= SESSIONS - 1
