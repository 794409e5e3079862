"""Asks an endpoint once: to the machine that was checked, within a bounded time, no redirect followed, a bounded answer read."""

import ssl
from collections.abc import Collection
from threading import Lock
from time import monotonic
from urllib.parse import urlsplit

import httpx

from zhanggui.connectors.drafting.asking import Endpoint, Prompt, body, headers, heard
from zhanggui.connectors.drafting.errors import DraftingError
from zhanggui.connectors.notify.errors import NotifyError
from zhanggui.connectors.notify.leash import Leash
from zhanggui.connectors.notify.reaching import reached
from zhanggui.connectors.pdd.line import NOT_SENT

LONGEST_SECONDS = 20.0
"""Somebody waits at a screen: a text that comes later is of no use."""
_LARGEST = 64_000
_CONNECT_SECONDS = 5.0
_BESIDES = 1.0
"""What drips before its text begins is cut off; what drips while it writes is told so a moment earlier."""
_PORTS = {"https": 443, "http": 80}


class Drafter:
    """Carries questions to endpoints. Who else than the public authorities vouches for a certificate can be given, and how long is waited."""

    def __init__(self, context: ssl.SSLContext | None = None, longest_seconds: float = LONGEST_SECONDS) -> None:
        self._context = context
        self._longest = longest_seconds
        self._lock = Lock()

    def ask(self, endpoint: Endpoint, prompt: Prompt, *, allowed: Collection[str] = ()) -> str:
        """The text that the endpoint wrote. `allowed` names hosts that may lie in a private network. Raises DraftingError."""
        parts = urlsplit(endpoint.url)
        host = parts.hostname or ""
        try:
            ip, port = reached(host, parts.port or _PORTS[parts.scheme], allowed=allowed)
        except NotifyError as problem:
            raise DraftingError("private" if problem.do == "private" else "no_way", host) from None
        try:
            return heard(*self._post(endpoint, prompt, host, ip, port))
        except NOT_SENT as problem:
            raise DraftingError("no_way", f"{host}: {type(problem).__name__}") from None
        except httpx.TimeoutException as problem:
            raise DraftingError("no_answer", type(problem).__name__) from None
        except httpx.HTTPError as problem:
            raise DraftingError("strange", type(problem).__name__) from None

    def _post(self, endpoint: Endpoint, prompt: Prompt, host: str, ip: str, port: int) -> tuple[int, bytes]:
        url = httpx.URL(endpoint.url).copy_with(host=ip, port=port)
        told = headers(endpoint) | {"Host": urlsplit(endpoint.url).netloc}
        patience = httpx.Timeout(self._longest, connect=_CONNECT_SECONDS)
        began = monotonic()
        with (
            Leash(self._longest + _BESIDES) as leash,
            httpx.Client(verify=self._certificates(), timeout=patience, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", url, content=body(endpoint, prompt), headers=told, extensions={"sni_hostname": host, "trace": leash.trace}) as answer,
        ):
            parts, size = [], 0
            for part in answer.iter_bytes():
                size += len(part)
                parts.append(part)
                if size > _LARGEST:
                    raise DraftingError("strange", f"more than {_LARGEST} bytes")
                if monotonic() - began > self._longest:
                    raise DraftingError("no_answer", "the answer drips")
            return answer.status_code, b"".join(parts)

    def _certificates(self) -> ssl.SSLContext:
        """What vouches for certificates, read when first needed: that takes a while."""
        with self._lock:
            if self._context is None:
                self._context = httpx.create_ssl_context()
            return self._context
