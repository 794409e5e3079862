"""The line to the tracking services: sends a question as a form and hands back what the question makes of the answer.

What the platform's line knows of sending (which troubles come before the first byte, what an HTTP status means, how long an answer may grow) holds here too.
"""

import weakref
from collections.abc import Iterable
from threading import Lock
from typing import TypeVar

import httpx

from zhanggui.connectors.carriers.errors import TrackerError
from zhanggui.connectors.certificates import trusted
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.line import NOT_SENT, check_status, whole

T = TypeVar("T")
_PATIENCE = httpx.Timeout(5.0)


class TrackerLine:
    """Carries questions to tracking services, over connections that are kept open. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._client: httpx.Client | None = None

    def ask(self, address: str, question: Call[T], *, secrets: Iterable[str] = ()) -> T:
        """What the question brings. Raises TrackerError, in whose words the secrets are starred out."""
        try:
            return question.decode(self._post(address, question))
        except TrackerError as problem:
            problem.hide(secrets)
            raise

    def close(self) -> None:
        """Close the connections; the next question opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _post(self, address: str, question: Call[T]) -> bytes:
        try:
            with self._open().stream("POST", address, data=dict(question.params)) as answer:
                check_status(question, answer.status_code)
                return whole(question, answer)
        except PlatformError as problem:
            raise TrackerError(question.method, problem.trouble, problem.do, text=problem.text) from None
        except NOT_SENT as problem:
            raise TrackerError(question.method, Trouble.RETRY, "no_way", text=type(problem).__name__) from None
        except httpx.TimeoutException as problem:
            raise TrackerError(question.method, Trouble.RETRY, "no_answer", text=type(problem).__name__) from None
        except httpx.HTTPError as problem:
            raise TrackerError(question.method, Trouble.RETRY, "strange", text=type(problem).__name__) from None

    def _open(self) -> httpx.Client:
        """The client, made when first needed: it reads certificates, which takes a while."""
        with self._lock:
            if self._client is None:
                self._client = httpx.Client(verify=trusted(), timeout=_PATIENCE, follow_redirects=False, trust_env=False)
                weakref.finalize(self, self._client.close)
            return self._client
