"""The line to the provider of texts: sends a signed form over TLS and hands back what the call makes of the answer."""

import ssl
import weakref
from collections.abc import Iterable
from datetime import timedelta
from threading import Lock

import httpx

from zhanggui.connectors.certificates import trusted
from zhanggui.connectors.pdd.line import NOT_SENT
from zhanggui.connectors.sms.aliyun import ADDRESS, SERVICE, Asked
from zhanggui.connectors.sms.errors import TextError, TextTrouble

_PATIENCE = httpx.Timeout(10.0)
_LARGEST_ANSWER = 1_000_000


class SmsLine:
    """Carries calls to 阿里云短信, over connections that are kept open. Safe to use from several threads."""

    def __init__(self, context: ssl.SSLContext | None = None, patience: httpx.Timeout = _PATIENCE) -> None:
        """`context`: the certificates that are trusted; those that come with httpx where none is given."""
        self._context, self._patience = context, patience
        self._lock = Lock()
        self._client: httpx.Client | None = None

    def ask(self, asked: Asked, *, secrets: Iterable[str] = ()) -> str:
        """What the call brings. Raises TextError, in whose words the secrets are starred out."""
        try:
            return asked.decode(*self._post(asked))
        except TextError as problem:
            problem.hide(secrets)
            raise

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _post(self, asked: Asked) -> tuple[int, bytes]:
        try:
            with self._open().stream("POST", ADDRESS, data=dict(asked.form)) as answer:
                body = bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > _LARGEST_ANSWER:
                        raise TextError(SERVICE, TextTrouble.UNSURE, text="too long an answer")
                return answer.status_code, bytes(body)
        except NOT_SENT as problem:
            raise TextError(SERVICE, TextTrouble.BUSY, text=type(problem).__name__, wait=timedelta(minutes=1)) from None
        except httpx.HTTPError as problem:
            raise TextError(SERVICE, TextTrouble.UNSURE, text=type(problem).__name__) from None

    def _open(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                verify = trusted() if self._context is None else self._context
                self._client = httpx.Client(timeout=self._patience, follow_redirects=False, trust_env=False, verify=verify)
                weakref.finalize(self, self._client.close)
            return self._client
