"""The service tool of the shift: the example client that comes with the house, watched as it brings messages and takes answers to the buyers."""

import importlib.util
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType
from typing import Any

from proofs.support import ROOT
from tests.emulator.caller import Caller

Told = dict[str, Any]


@dataclass
class Waiting:
    """A buyer who waits: since when by the world's clock, and in which thread of the house."""

    since: datetime
    thread_no: int
    told_at: float
    """When the house knew of the latest message, by `time.monotonic`."""


@dataclass
class Tool:
    """What the client did, and who waits by what it saw."""

    platform: Caller
    address: str
    token: str
    waiting: dict[str, Waiting] = field(default_factory=dict)
    threads: dict[str, int] = field(default_factory=dict)
    drafted: list[tuple[Told, Told]] = field(default_factory=list)
    """The drafts that came back with messages and were not judged yet, each with the last message it answers."""
    took: list[float] = field(default_factory=list)
    """Seconds of each request that brought messages and got drafts back."""
    waited: list[float] = field(default_factory=list)
    """Seconds of the world from a buyer's first unanswered message to the answer."""
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._client = _client()
        self._house, self._tool = _watched(self._client, self)

    def brings(self) -> Iterator[tuple[Told, Told]]:
        """Brings what was written since; each draft the house gave back, with the last message it answers."""
        while self._client.pass_messages(self._house, self._tool, 0):
            yield from self.drafted
            self.drafted.clear()

    def takes(self) -> None:
        """Takes the answers that reps gave out to their buyers."""
        self.counts["answers taken to buyers"] += self._client.send_answers(self._house, self._tool)

    def lets_be(self, thread_no: int) -> None:
        """Nobody waits there any more: a rep says that no answer is needed."""
        self.waiting = {conversation: waits for conversation, waits in self.waiting.items() if waits.thread_no != thread_no}

    def note_brought(self, messages: list[Told], told: Told, began: float) -> None:
        """Keeps who waits now, and what the house drafted."""
        told_at = time.monotonic()
        self.took.append(told_at - began)
        self.counts["messages brought"] += len(messages)
        last: dict[int, Told] = {}
        for message, taken in zip(messages, told["messages"], strict=True):
            conversation, thread_no = message["conversation_id"], taken["thread_no"]
            if self.threads.setdefault(conversation, thread_no) != thread_no:
                self.failures.append(f"conversation {conversation} stands in two threads")
            if not taken["is_new"]:
                self.failures.append(f"message {message['message_id']} was taken for one that is known")
            waits = self.waiting.setdefault(conversation, Waiting(datetime.fromisoformat(message["at"]), thread_no, told_at))
            waits.told_at = told_at
            last[thread_no] = message
        self.drafted += [(last[thread["thread_no"]], draft) for thread in told["drafts"] for draft in thread["drafts"]]

    def note_sent(self, conversation: str) -> None:
        """Keeps how long the buyer waited."""
        been = self.waiting.pop(conversation, None)
        if been is not None:
            self.waited.append(self.platform.now() - been.since.timestamp())


def _client() -> ModuleType:
    """The example client, as somebody else would start from it."""
    told = importlib.util.spec_from_file_location("bridge_client", ROOT / "examples" / "bridge_client.py")
    assert told is not None
    assert told.loader is not None
    client = importlib.util.module_from_spec(told)
    told.loader.exec_module(client)
    return client


def _watched(client: ModuleType, tool: Tool) -> tuple[Any, Any]:
    """Both ends of the client; it asks for drafts with every message, and whatever passes is noted."""
    house = client.Zhanggui(tool.address, tool.token)
    chats = client.Tool(tool.platform.base, "")
    bring, send = house.bring, chats.send

    def brings(messages: list[Told]) -> Told:
        began = time.monotonic()
        told: Told = bring(messages, drafts=True)
        tool.note_brought(messages, told, began)
        return told

    def sends(answer: Told) -> str:
        message_id: str = send(answer)
        tool.note_sent(answer["conversation_id"])
        return message_id

    house.bring, chats.send = brings, sends
    return house, chats
