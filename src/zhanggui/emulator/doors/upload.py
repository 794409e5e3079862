"""The upload gateway: multipart, the file part outside the signature."""

import hashlib

from litestar.handlers import ASGIRouteHandler

from zhanggui.emulator.doors.gateway import door
from zhanggui.emulator.doors.reading import Sent
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.wire.gateway import Answered, answer


def upload_door(platform: Platform) -> ASGIRouteHandler:
    """The route of the upload gateway; the file is known by its digest."""

    def act(sent: Sent) -> Answered:
        uploaded = sent.files.get("file")
        digest = hashlib.sha256(uploaded).hexdigest()[:32] if uploaded is not None else ""
        return answer(platform, sent.parameters, sent.client, sent.base_url, digest)

    return door("/api/upload", platform, act)
