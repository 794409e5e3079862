"""The door of the gateway: six parameter forms in, one answer out, and the mishaps of the mood around it."""

import asyncio
from functools import partial

import msgspec
from litestar import Request, asgi
from litestar.datastructures import UploadFile
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from zhanggui.emulator.doors.asking import Asking
from zhanggui.emulator.doors.replies import hang_up, reply
from zhanggui.emulator.ledger import Entry
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.wire.envelope import in_type, request_id
from zhanggui.emulator.wire.errors import Refused
from zhanggui.emulator.wire.gateway import Answered, answer, sealed_refusal
from zhanggui.emulator.wire.parameters import UnreadableBodyError, from_body, from_parts, from_query

LARGEST_BODY = 8 * 1024 * 1024
CATCH_UP_SECONDS = 0.1


def gateway_door(platform: Platform) -> ASGIRouteHandler:
    """The route of the gateway, for any method and with or without a slash at its end."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await _serve(platform, scope, receive, send)

    return asgi("/api/router", copy_scope=False)(serve)


async def _serve(platform: Platform, scope: Scope, receive: Receive, send: Send) -> None:
    """One request: read it, suffer the mood, answer it."""
    request: Asking = Request(scope, receive=receive, send=send)
    if request.method == "HEAD":
        await reply(send, b"{}", with_body=False)
        return
    try:
        parameters = await read_parameters(request)
    except UnreadableBodyError as failed:
        refusal = Refused(10000, sub_msg=str(failed))
        await reply(send, sealed_refusal(refusal, request_id(int(platform.clock.wall()), platform.next_call())))
        return
    except BodyTooLargeError:
        await reply(send, sealed_refusal(Refused(52004), request_id(int(platform.clock.wall()), platform.next_call())))
        return
    client = request.client.host if request.client else ""
    await suffer(platform, parameters, send, partial(answer, platform, parameters, client, base_url_of(request)))


class BodyTooLargeError(Exception):
    """The body is larger than the gateway takes."""


def base_url_of(request: Asking) -> str:
    """Where the caller reaches us."""
    return f"{request.url.scheme}://{request.headers.get('host', '127.0.0.1')}"


async def read_parameters(request: Asking) -> dict[str, str]:
    """The parameters of query and body together; the body wins."""
    found = from_query(request.scope["query_string"])
    content_type = request.headers.get("content-type", "")
    if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
        raise BodyTooLargeError
    if content_type.startswith("multipart/"):
        form = await request.form()
        return found | from_parts({name: value for name, value in form.multi_items() if not isinstance(value, UploadFile)})
    return found | from_body(content_type, await request.body())


async def suffer(platform: Platform, parameters: dict[str, str], send: Send, act: "partial[Answered]") -> None:
    """Let the mood strike before the act, act, let it strike after, and write it all down."""
    temper = platform.temper
    platform.catch_up(CATCH_UP_SECONDS)
    if temper.mood.delay_seconds:
        await asyncio.sleep(temper.mood.delay_seconds)
    for mishap in ("server_error", "timeout_before", "cut_before"):
        if temper.strikes(mishap):
            _note_unheard(platform, parameters, mishap)
            await _strike(platform, send, mishap)
            return
    answered = act()
    for mishap in ("timeout_after", "cut_after"):
        if temper.strikes(mishap):
            platform.ledger.write(msgspec.structs.replace(answered.entry, answered=mishap))
            await _strike(platform, send, mishap)
            return
    body = temper.distorted(answered.body)
    platform.ledger.write(answered.entry if body is answered.body else msgspec.structs.replace(answered.entry, answered="distorted"))
    whole, content_type = (body, b"application/json;charset=UTF-8") if answered.data_type != "XML" else in_type(answered.body, "XML")
    await reply(send, whole, content_type=content_type)


async def _strike(platform: Platform, send: Send, mishap: str) -> None:
    """What the caller sees of a mishap."""
    if mishap == "server_error":
        await reply(send, b"<html><body><h1>502 Bad Gateway</h1></body></html>", status=502, content_type=b"text/html")
        return
    if mishap.startswith("timeout"):
        await asyncio.sleep(platform.temper.mood.hold_seconds)
    await hang_up(send)


def _note_unheard(platform: Platform, parameters: dict[str, str], mishap: str) -> None:
    """Write down a call that never reached the business behind the gateway."""
    wall = platform.clock.wall()
    seq = platform.next_call()
    entry = Entry(seq, float(platform.first.now), round(wall, 3), parameters.get("type", ""), 0, {}, "unheard", request_id(int(wall), seq), answered=mishap)
    platform.ledger.write(entry)
