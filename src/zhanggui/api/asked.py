"""One request of a program: who asks, in which words, and how it is answered."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Request
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Response

from zhanggui.actions.bridge_tokens import Bearer
from zhanggui.actions.house import House
from zhanggui.api.bearing import words_for
from zhanggui.api.told_once import told_once
from zhanggui.core.say import Say
from zhanggui.people.permissions import Person, ShopId
from zhanggui.words import Catalog

T = TypeVar("T", bound=msgspec.Struct)

LARGEST_PAGE = 200
Limit = Annotated[int, QueryParameter(ge=1, le=LARGEST_PAGE, description="How many rows a page has at most.")]
Cursor = Annotated[str, QueryParameter(max_length=2000, description="The `next_cursor` of the page before; without it the first page. It is opaque.")]


@dataclass(frozen=True)
class Asked:
    """Who asks for what, at which moment."""

    request: Request[Any, Any, Any]
    house: House
    now: datetime

    @property
    def bearer(self) -> Bearer:
        """The program, by its token."""
        bearer: Bearer = self.request.auth
        return bearer

    @property
    def by(self) -> Person:
        """The program, as somebody who acts."""
        return self.bearer.person

    @property
    def shop_id(self) -> ShopId:
        """The one shop it sees."""
        return self.bearer.shop_id

    @property
    def words(self) -> Catalog:
        """The words it reads."""
        return words_for(self.request.headers)

    def said(self, sentence: Say | None) -> str | None:
        """The sentence in its words, where there is one."""
        return None if sentence is None else self.words.render(sentence)

    def told(self, answer: T) -> Response[T]:
        """The answer with its mark; without a body where the program holds the same already."""
        content = msgspec.json.encode(answer)
        mark = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
        headers = {"etag": mark, "cache-control": "private, no-cache", "vary": "authorization, accept-language"}
        held = [each.strip().removeprefix("W/") for each in self.request.headers.get("if-none-match", "").split(",")]
        if mark in held or "*" in held:
            return Response(b"", status_code=304, headers=headers)  # type: ignore[arg-type]  # nothing is told twice
        return Response(content, media_type="application/json", headers=headers)  # type: ignore[arg-type]  # told in bytes

    def once(self, asked: object, work: Callable[[], T]) -> Response[T]:
        """What `work` returns; under an Idempotency-Key it is done once. `asked` is what was asked beside the address."""
        told: Response[T] = told_once(self.request, self.house, asked, work)
        return told


AtAsked = NamedDependency[Asked]


def provide_asked(request: Request[Any, Any, Any], house: NamedDependency[House], now: NamedDependency[datetime]) -> Asked:
    """The request, with what answers it."""
    return Asked(request, house, now)
