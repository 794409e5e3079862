"""What a program is told where something cannot be done: problem+json (RFC 9457), a sentence in its language, and which field was wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar.response import Response

MEDIA = "application/problem+json"


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a request was not answered. `errors` names the fields that could not be read."""

    status: int
    title: str
    detail: str
    errors: tuple[str, ...] = ()


def problem(status: int, title: str, detail: str, errors: Sequence[str] = (), headers: Mapping[str, str] | None = None) -> Response[Any]:
    """The answer to a program."""
    content = msgspec.json.encode(Problem(status, title, detail, tuple(errors)))
    return Response(content, status_code=status, media_type=MEDIA, headers=dict(headers or {}))
