"""One message over https: posted once, to the machine that was checked, no redirects followed, a bounded answer read."""

import logging
import ssl
from collections.abc import Collection, Mapping
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import msgspec

from zhanggui.connectors.notify.errors import NotifyError
from zhanggui.connectors.notify.leash import Leash
from zhanggui.connectors.notify.reaching import reached
from zhanggui.connectors.notify.services import About
from zhanggui.connectors.pdd.errors import Trouble
from zhanggui.connectors.pdd.line import NOT_SENT

_PATIENCE = httpx.Timeout(5.0)
_LONGEST_SECONDS = 10.0
_LARGEST = 64_000
_PORT, _PLAIN_PORT = 443, 80
_LONGEST_WAIT = 3_600

# they write down whole addresses, and some of ours hold a key
for _talkative in ("httpx", "httpcore"):
    logging.getLogger(_talkative).setLevel(logging.WARNING)


class Post(msgspec.Struct, frozen=True):
    """What is posted where. Its address may hold a key, so it is never shown."""

    url: str
    body: bytes
    headers: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return "Post(***)"


class Answer(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    body: bytes
    retry_after: str = ""


def post(what: Post, context: ssl.SSLContext, *, allowed: Collection[str] | None) -> Answer:
    """The service's answer. Raises NotifyError."""
    parts = urlsplit(what.url)
    host = parts.hostname or ""
    ip, port = reached(host, parts.port or (_PLAIN_PORT if parts.scheme == "http" else _PORT), allowed=allowed)
    there = f"[{ip}]" if ":" in ip else ip
    url = httpx.URL(what.url).copy_with(host=there.strip("[]"), port=port)
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "zhanggui", **what.headers, "Host": parts.netloc}
    try:
        # a client of its own: messages are few, and no connection is kept to a machine that may have moved
        with (
            Leash(_LONGEST_SECONDS) as leash,
            httpx.Client(verify=context, timeout=_PATIENCE, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", url, content=what.body, headers=headers, extensions={"sni_hostname": host, "trace": leash.trace}) as answer,
        ):
            return Answer(answer.status_code, _whole(answer), answer.headers.get("Retry-After", ""))
    except NOT_SENT as problem:
        raise NotifyError(Trouble.RETRY, "no_way", text=f"{host}: {type(problem).__name__}") from None
    except httpx.TimeoutException as problem:
        raise NotifyError(Trouble.RETRY, "no_answer", text=type(problem).__name__, may_have_arrived=True) from None
    except httpx.HTTPError as problem:
        raise NotifyError(Trouble.RETRY, "strange", text=type(problem).__name__, may_have_arrived=True) from None


def check_status(answer: Answer, about: About) -> None:
    """Raises NotifyError for a status that says the message was not taken."""
    status = answer.status
    if status in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE):
        raise NotifyError(Trouble.SLOW_DOWN, "slow", code=str(status), wait=_wait(answer, about))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise NotifyError(Trouble.RETRY, "strange", code=str(status), may_have_arrived=True)
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND, httpx.codes.GONE):
        raise NotifyError(Trouble.PERSON, "address", code=str(status))
    if httpx.codes.MULTIPLE_CHOICES <= status < httpx.codes.BAD_REQUEST:
        raise NotifyError(Trouble.PERSON, "astray", code=str(status))
    if status >= httpx.codes.BAD_REQUEST:
        raise NotifyError(Trouble.FOREVER, "refused", code=str(status))


def check_code(answer: Answer, about: About, *, code: str, text: str, also: str = "") -> None:
    """Raises NotifyError where the answer, whatever its status, bears a code other than 0 under either name, or none at all."""
    try:
        said = msgspec.json.decode(answer.body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        check_status(answer, about)
        raise NotifyError(Trouble.RETRY, "strange", text="no JSON", may_have_arrived=True) from None
    number = said.get(code, said.get(also))
    if number == 0:
        return
    words = str(said.get(text, ""))
    if not isinstance(number, int) or isinstance(number, bool):
        check_status(answer, about)
        raise NotifyError(Trouble.RETRY, "strange", text=words, may_have_arrived=True)
    known = about.codes.get(str(number))
    if known is None:
        # the services add codes; one that we do not know was at any rate an answer, so the message did not arrive
        raise NotifyError(Trouble.RETRY, "unknown", code=str(number), text=words)
    wait = timedelta(seconds=about.pause) if known.trouble is Trouble.SLOW_DOWN else timedelta(0)
    raise NotifyError(known.trouble, known.do, code=str(number), text=words or known.means, wait=wait)


def _whole(answer: httpx.Response) -> bytes:
    size, parts = 0, []
    for part in answer.iter_raw():
        parts.append(part)
        size += len(part)
        if size > _LARGEST:
            raise httpx.ReadTimeout("the answer does not end")
    return b"".join(parts)


def _wait(answer: Answer, about: About) -> timedelta:
    asked = answer.retry_after
    seconds = int(asked) if asked.isdecimal() and len(asked) < 6 else about.pause
    return timedelta(seconds=min(max(seconds, 1), _LONGEST_WAIT))
