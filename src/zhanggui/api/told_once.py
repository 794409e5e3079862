"""A request with an Idempotency-Key is done once: asked again with the same key it is told what it was told, and nothing is done."""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Request
from litestar.response import Response

from zhanggui import clock
from zhanggui.actions.bridge_answers import Turn, answer_begun, held, keep_answer, let_answer_go
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.api.bearing import words_for
from zhanggui.api.problems import problem
from zhanggui.core.say import say

LONGEST_KEY = 200
_AT_IT = (say("Being answered"), say("The same request under this Idempotency-Key is being answered just now. Ask again in a moment."))


def told_once(request: Request[Any, Any, Any], house: House, asked: object, work: Callable[[], msgspec.Struct]) -> Response[Any]:
    """What `work` returns, as JSON; the answer of before where this token asked the same under this Idempotency-Key.

    The same is what goes to the same address by the same method and is `asked` with the same words. Asked again while it is still being answered: 409.
    Raises Refused for a key of another request.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return _answer(msgspec.json.encode(work()))
    if not 0 < len(key) <= LONGEST_KEY:
        raise Refused(say("An Idempotency-Key has between 1 and {longest} characters.", longest=LONGEST_KEY))
    digest = hashlib.sha256(msgspec.json.encode([request.method, request.url.path, asked])).digest()
    turn = answer_begun(house, request.auth, key, digest, clock.unwound())
    if isinstance(turn, Turn):
        return _answer(_told(turn, work))
    if turn.digest != digest:
        raise Refused(say("This Idempotency-Key was used for another request."))
    if not turn.status:
        words, (title, detail) = words_for(request.headers), _AT_IT
        return problem(409, words.render(title), words.render(detail), headers={"retry-after": "1"})
    return _answer(turn.answer.encode())


def _told(turn: Turn, work: Callable[[], msgspec.Struct]) -> bytes:
    try:
        with held(turn, clock.unwound):
            told = msgspec.json.encode(work())
    except BaseException:
        let_answer_go(turn)
        raise
    keep_answer(turn, told, clock.unwound())
    return told


def _answer(told: bytes) -> Response[Any]:
    return Response(told, media_type="application/json", status_code=200)
