"""The service tool of the shift: brings what buyers write to the house, and takes what reps answer back to the buyers."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.emulator.caller import NO_CERTIFICATES, Caller

AT_ONCE = 100


@dataclass
class Waiting:
    """A buyer who waits: since when by the world's clock, and in which thread of the house."""

    conversation: str
    since: int
    thread_no: int
    told_at: float
    """When the house knew of the latest message, by `time.monotonic`."""


@dataclass
class Tool:
    """What stands between the buyers' chat and the house; it knows nothing that such a tool would not know."""

    platform: Caller
    address: str
    token: str
    place: int = 0
    waiting: dict[str, Waiting] = field(default_factory=dict)
    threads: dict[str, int] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    """Seconds of each request that brought messages and got drafts back."""
    waited: list[int] = field(default_factory=list)
    """Seconds of the world from a buyer's first unanswered message to the answer."""
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._house = httpx.Client(base_url=self.address, headers={"authorization": f"Bearer {self.token}"}, timeout=60, verify=NO_CERTIFICATES)

    def close(self) -> None:
        """Ends the line to the house."""
        self._house.close()

    def brings(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Brings what was written since; each draft the house gave back, with the last message it answers."""
        while messages := self._written():
            for first in range(0, len(messages), AT_ONCE):
                yield from self._brought(messages[first : first + AT_ONCE])

    def takes(self) -> None:
        """Takes the answers that reps gave out to their buyers, each once."""
        for answer in self._ask("GET", "/api/v1/answers")["answers"]:
            key = answer["key"]
            self._ask("POST", f"/api/v1/answers/{key}/fetched")
            given = self.platform.http.post(f"/chats/{answer['conversation_id']}/answers", json={"text": answer["said"], "rep": answer["rep"], "key": key})
            if given.status_code != 200:
                self.failures.append(f"the buyer's side took no answer: {given.text[:200]}")
                self._ask("POST", f"/api/v1/answers/{key}/failed")
                continue
            told = given.json()
            self._ask("POST", f"/api/v1/answers/{key}/sent", {"message_id": told["message_id"], "at": _moment(told["at"])})
            self.counts["answers taken to buyers"] += 1
            been = self.waiting.pop(answer["conversation_id"], None)
            if been is not None:
                self.waited.append(told["at"] - been.since)

    def _written(self) -> list[dict[str, Any]]:
        told = self.platform.http.get("/chats/next", params={"after": self.place, "limit": 500}).json()
        self.place = told["next"]
        messages: list[dict[str, Any]] = told["messages"]
        return messages

    def _brought(self, messages: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        began = time.monotonic()
        told = self._ask("POST", "/api/v1/messages?drafts=true", {"messages": [_as_told(message) for message in messages]})
        told_at = time.monotonic()
        self.took.append(told_at - began)
        self.counts["messages brought"] += len(messages)
        last: dict[int, dict[str, Any]] = {}
        for message, taken in zip(messages, told["messages"], strict=True):
            conversation, thread_no = message["conversation_id"], taken["thread_no"]
            if self.threads.setdefault(conversation, thread_no) != thread_no:
                self.failures.append(f"conversation {conversation} stands in two threads")
            if not taken["is_new"]:
                self.failures.append(f"message {message['message_id']} was taken for one that is known")
            waits = self.waiting.setdefault(conversation, Waiting(conversation, message["at"], thread_no, told_at))
            waits.told_at = told_at
            last[thread_no] = message
        for thread in told["drafts"]:
            for draft in thread["drafts"]:
                yield last[thread["thread_no"]], draft

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self._house.request(method, path, json=body)
        if answer.status_code == 429:
            time.sleep(float(answer.headers["retry-after"]))
            return self._ask(method, path, body)
        if answer.status_code >= 400:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        told: dict[str, Any] = answer.json()
        return told


def _as_told(message: dict[str, Any]) -> dict[str, Any]:
    """A message as the house takes it."""
    told = {
        "message_id": message["message_id"],
        "conversation_id": message["conversation_id"],
        "who": "buyer",
        "said": message["text"],
        "at": _moment(message["at"]),
        "name": message["nick"],
    }
    return told | ({"order_no": message["order_sn"]} if message["order_sn"] else {})


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
