"""A request with an Idempotency-Key is done once: asked again with the same key it is told what it was told, and nothing is done."""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
from litestar.response import Response

from zhanggui import clock
from zhanggui.actions.bridge_answers import answer_kept, keep_answer
from zhanggui.actions.bridge_tokens import Bearer
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say

LONGEST_KEY = 200


def told_once(house: House, bearer: Bearer, key: str | None, asked: bytes, work: Callable[[], msgspec.Struct]) -> Response[Any]:
    """What `work` returns, as JSON; the answer of before where this token asked the same under this key. Raises Refused for a key of another request."""
    if key is None:
        return _answer(msgspec.json.encode(work()))
    if not 0 < len(key) <= LONGEST_KEY:
        raise Refused(say("An Idempotency-Key has between 1 and {longest} characters.", longest=LONGEST_KEY))
    digest = hashlib.sha256(asked).digest()
    before = answer_kept(house, bearer, key)
    if before is not None:
        if before.digest != digest:
            raise Refused(say("This Idempotency-Key was used for another request."))
        return _answer(before.answer.encode())
    told = msgspec.json.encode(work())
    keep_answer(house, bearer, key, digest, told, clock.unwound())
    return _answer(told)


def _answer(told: bytes) -> Response[Any]:
    return Response(told, media_type="application/json", status_code=200)
