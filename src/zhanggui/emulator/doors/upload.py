"""The upload gateway: multipart, the file part outside the signature."""

import hashlib
from functools import partial

from litestar import Request, asgi
from litestar.datastructures import UploadFile
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from zhanggui.emulator.doors.asking import Asking
from zhanggui.emulator.doors.gateway import suffer
from zhanggui.emulator.doors.replies import reply
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.wire.gateway import Answered, answer
from zhanggui.emulator.wire.parameters import from_parts, from_query


def upload_door(platform: Platform) -> ASGIRouteHandler:
    """The route of the upload gateway."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        request: Asking = Request(scope, receive=receive, send=send)
        if request.method == "HEAD":
            await reply(send, b"{}", with_body=False)
            return
        form = await request.form()
        parameters = from_query(scope["query_string"]) | from_parts({name: value for name, value in form.multi_items() if not isinstance(value, UploadFile)})
        sent = form.get("file")
        digest = hashlib.sha256(await sent.read()).hexdigest()[:32] if isinstance(sent, UploadFile) else ""
        await suffer(platform, parameters, send, partial(_answer, platform, parameters, digest))

    return asgi("/api/upload", copy_scope=False)(serve)


def _answer(platform: Platform, parameters: dict[str, str], digest: str) -> Answered:
    """The ordinary answer, with the digest of the file put beside the signed parameters once they have been checked."""
    return answer(platform, parameters, "", file_digest=digest)

