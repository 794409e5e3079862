"""The door of the gateway: six parameter forms in, one answer out, and the mishaps of the mood around it."""

import asyncio
from collections.abc import Callable
from functools import partial

import msgspec
from litestar import asgi
from litestar.enums import ScopeType
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from zhanggui.emulator.doors.reading import BodyTooLargeError, Sent, sent_with
from zhanggui.emulator.doors.replies import hang_up, reply
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.wire.envelope import in_type
from zhanggui.emulator.wire.errors import Refused
from zhanggui.emulator.wire.gateway import Answered, answer, sealed_refusal
from zhanggui.emulator.wire.parameters import UnreadableBodyError

CATCH_UP_SECONDS = 0.1


def door(path: str, act: Callable[[Platform, Sent], Answered]) -> ASGIRouteHandler:
    """A route that reads whatever is sent, suffers the mood, and answers with an act, for any method and with or without a slash at its end."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        platform: Platform = scope["litestar_app"].state.platform
        if scope["type"] == ScopeType.HTTP and scope["method"] == "HEAD":
            await reply(send, b"{}", at=platform.dated(), with_body=False)
            return
        try:
            sent = await sent_with(scope, receive)
        except UnreadableBodyError as failed:
            await _refuse(platform, send, Refused(10000, sub_msg=str(failed)))
        except BodyTooLargeError:
            await _refuse(platform, send, Refused(52004))
        else:
            await suffer(platform, sent.parameters, send, partial(act, platform, sent))

    return asgi(path, copy_scope=False)(serve)


gateway_door = door("/api/router", lambda platform, sent: answer(platform, sent.parameters, sent.client, sent.base_url))


async def _refuse(platform: Platform, send: Send, refused: Refused) -> None:
    """Refuse what cannot even be read."""
    await reply(send, sealed_refusal(refused, platform.note("", {}, str(refused.code))), at=platform.dated())


async def suffer(platform: Platform, parameters: dict[str, str], send: Send, act: "partial[Answered]") -> None:
    """Let the mood strike before the act, act, let it strike after, and write it all down."""
    temper = platform.temper
    platform.catch_up(CATCH_UP_SECONDS)
    if temper.mood.delay_seconds:
        await asyncio.sleep(temper.mood.delay_seconds)
    for mishap in ("server_error", "timeout_before", "cut_before"):
        if temper.strikes(mishap):
            platform.note(parameters.get("type", ""), {}, "unheard", answered=mishap)
            await _strike(platform, send, mishap)
            return
    answered = act()
    for mishap in ("timeout_after", "cut_after"):
        if temper.strikes(mishap):
            write_down(platform, answered, mishap)
            await _strike(platform, send, mishap)
            return
    body = temper.distorted(answered.body)
    write_down(platform, answered, "whole" if body is answered.body else "distorted")
    whole, content_type = (body, b"application/json;charset=UTF-8") if answered.data_type != "XML" else in_type(answered.body, "XML")
    await reply(send, whole, at=platform.dated(), content_type=content_type)


def write_down(platform: Platform, answered: Answered, how: str) -> None:
    """Write down a call and how its answer went out, before it goes."""
    platform.write_down(msgspec.structs.replace(answered.entry, answered=how), "call" if answered.done else "", answered.done)


async def _strike(platform: Platform, send: Send, mishap: str) -> None:
    """What the caller sees of a mishap."""
    if mishap == "server_error":
        await reply(send, b"<html><body><h1>502 Bad Gateway</h1></body></html>", at=platform.dated(), status=502, content_type=b"text/html")
        return
    if mishap.startswith("timeout"):
        await asyncio.sleep(platform.temper.mood.hold_seconds)
    await hang_up(send)
