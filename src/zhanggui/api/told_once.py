"""A request with an Idempotency-Key is done once: asked again with the same key it is told what it was told, and nothing is done."""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
from litestar.response import Response

from zhanggui import clock
from zhanggui.actions.bridge_answers import answer_begun, keep_answer, let_answer_go
from zhanggui.actions.bridge_tokens import Bearer
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.api.problems import problem
from zhanggui.core.say import say
from zhanggui.words import Catalog

LONGEST_KEY = 200
_AT_IT = (say("Being answered"), say("The same request under this Idempotency-Key is being answered just now. Ask again in a moment."))


def told_once(house: House, bearer: Bearer, words: Catalog, key: str | None, asked: bytes, work: Callable[[], msgspec.Struct]) -> Response[Any]:
    """What `work` returns, as JSON; the answer of before where this token asked the same under this key.

    Asked again while it is still being answered: 409. Raises Refused for a key of another request.
    """
    if key is None:
        return _answer(msgspec.json.encode(work()))
    if not 0 < len(key) <= LONGEST_KEY:
        raise Refused(say("An Idempotency-Key has between 1 and {longest} characters.", longest=LONGEST_KEY))
    digest = hashlib.sha256(asked).digest()
    before = answer_begun(house, bearer, key, digest, clock.unwound())
    if before is not None:
        if before.digest != digest:
            raise Refused(say("This Idempotency-Key was used for another request."))
        if not before.status:
            title, detail = _AT_IT
            return problem(409, words.render(title), words.render(detail), headers={"retry-after": "1"})
        return _answer(before.answer.encode())
    try:
        told = msgspec.json.encode(work())
    except BaseException:
        let_answer_go(house, bearer, key)
        raise
    keep_answer(house, bearer, key, digest, told, clock.unwound())
    return _answer(told)


def _answer(told: bytes) -> Response[Any]:
    return Response(told, media_type="application/json", status_code=200)
