"""The API asked what its own description allows: requests made by schemathesis, answers held against what was promised."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.specs.openapi.checks import response_schema_conformance

from zhanggui.api.routes import described

_KNOWN = frozenset({"method", "url", "params", "json", "headers", "files"})


@dataclass(frozen=True)
class Answered:
    """What was asked, and what came of it."""

    about: str
    status: int
    problem: str

    @property
    def is_wrong(self) -> bool:
        """Whether it broke, or came otherwise than described."""
        return self.status >= httpx.codes.INTERNAL_SERVER_ERROR or bool(self.problem)


def ask_as_described(http: httpx.Client, address: str, token: str, *, examples: int, dice: int) -> Iterator[Answered]:
    """Every operation, asked so many things."""
    schema = schemathesis.openapi.from_dict(msgspec.json.decode(described()))
    headers = {"authorization": f"Bearer {token}", "accept": "application/json"}
    for found in schema.get_all_operations():
        operation: Any = found
        yield from _asked(http.request, address, operation.ok(), headers, examples, dice)


def _asked(request: Callable[..., httpx.Response], address: str, operation: Any, headers: dict[str, str], examples: int, dice: int) -> list[Answered]:
    answers: list[Answered] = []

    @seed(dice)
    @given(case=operation.as_strategy())
    @settings(max_examples=examples, database=None, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    def ask(case: schemathesis.Case[Any]) -> None:
        sent = case.as_transport_kwargs(base_url=address, headers=headers)
        body = {"content": sent["data"]} if isinstance(sent.get("data"), bytes | str) else {"data": sent.get("data")}
        files = sent.get("files") or ()
        parts = [(name, _sendable(part)) for name, part in (files.items() if isinstance(files, dict) else files)]
        answer = request(**{name: value for name, value in sent.items() if name in _KNOWN} | ({"files": parts} if parts else {}), **body)
        about = f"{case.method} {case.path} {sent.get('params')} {sent.get('json', body)!r:.200}"
        answers.append(Answered(about, answer.status_code, _problem(case, answer)))

    ask()
    return answers


def _sendable(part: Any) -> Any:
    """A part of a form as bytes: the description's strategies also make numbers, which a form can only carry as text."""
    if isinstance(part, tuple):
        name, content, *more = part
        return (name, _sendable(content), *more)
    return part if isinstance(part, bytes | str) or hasattr(part, "read") else str(part).encode()


def _problem(case: schemathesis.Case[Any], answer: httpx.Response) -> str:
    """How an answer differs from what was promised; nothing where it does not."""
    if answer.status_code >= httpx.codes.BAD_REQUEST:
        return "" if answer.headers.get("content-type", "").startswith("application/problem+json") else "no problem+json"
    if answer.status_code != httpx.codes.OK:
        return ""
    try:
        case.validate_response(answer, checks=[response_schema_conformance])
    except (ExceptionGroup, AssertionError, schemathesis.errors.SchemathesisError) as problem:
        return str(problem)[:400]
    return ""
