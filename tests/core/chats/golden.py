"""Conversations as people paste them, and how they are to be read: tables that a merchant could check."""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from zhanggui.core.chats import Chat, Mark, Message, When, Who
from zhanggui.core.moments import from_shanghai, in_shanghai
from zhanggui.core.promises import Exactness, Promise, PromiseKind

FOLDER = Path(__file__).parent / "pastes"
_NOW = "2026-11-21 20:00"
_LINE_ENDS = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}
_WHO = {Who.BUYER: "买家", Who.REP: "客服", Who.BOT: "机器人", Who.SYSTEM: "系统", Who.UNKNOWN: "不明"}
_WHEN = {When.WRITTEN: "", When.RECKONED: "~", When.ASSUMED: "?"}
_KIND = {
    PromiseKind.SHIP: "发货",
    PromiseKind.REFUND: "退款",
    PromiseKind.REPLY: "回复",
    PromiseKind.RESEND: "补发",
    PromiseKind.ARRIVE: "送达",
    PromiseKind.PAY: "赔付",
}
_EXACT = {
    Exactness.EXACT: "准",
    Exactness.ABOUT: "约",
    Exactness.PART_OF_DAY: "时段",
    Exactness.DAY: "当日",
    Exactness.EVENT: "事后",
    Exactness.VAGUE: "含糊",
}


class Pasted(NamedTuple):
    """One conversation of a table."""

    file: str
    name: str
    text: str
    now: datetime
    reps: tuple[str, ...]
    reads: tuple[str, ...]
    unread: tuple[str, ...]
    orders: tuple[str, ...]
    tracking: tuple[str, ...]
    masked: tuple[str, ...]


def pastes() -> Iterator[Pasted]:
    for path in sorted(FOLDER.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["conversation"]:
            lists = {name: tuple(case.get(name, ())) for name in ("reps", "unread", "orders", "tracking", "masked")}
            yield Pasted(
                file=path.stem,
                name=case["name"],
                text=case["paste"].replace("\n", _LINE_ENDS[case.get("line_ends", "lf")]),
                now=from_shanghai(datetime.fromisoformat(case.get("now", _NOW))),
                reads=tuple(line for line in case["reads"].splitlines() if line),
                **lists,
            )


def told(chat: Chat) -> tuple[str, ...]:
    """The conversation as the tables write it."""
    return tuple(_row(chat, message) for message in chat.messages)


def _row(chat: Chat, message: Message) -> str:
    name = "-" if message.speaker is None else chat.speakers[message.speaker].name
    at = "-" if message.at is None else f"{_WHEN[message.when]}{_wall(message.at)}"
    marks = " ".join(mark.value for mark in Mark if mark in message.marks)
    row = " | ".join((_WHO[message.who], name, at, message.text.replace("\n", " / "), *([marks] if marks else [])))
    return f"{row} => {'; '.join(map(_promise, message.promises))}" if message.promises else row


def _promise(promise: Promise) -> str:
    return " ".join((_KIND[promise.kind], _EXACT[promise.exactness], *([] if promise.due_at is None else [_wall(promise.due_at)])))


def _wall(moment: datetime) -> str:
    told = in_shanghai(moment)
    return told.strftime(("" if told.year == 2026 else "%Y-") + "%m-%d %H:%M" + (":%S" if told.second else ""))
