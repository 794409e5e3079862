"""The upload gateway: multipart, the file part outside the signature."""

import hashlib

from zhanggui.emulator.doors.gateway import door
from zhanggui.emulator.doors.reading import Sent
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.wire.gateway import Answered, answer


def _take(platform: Platform, sent: Sent) -> Answered:
    """The answer to a file, which is known by its digest."""
    uploaded = sent.files.get("file")
    digest = hashlib.sha256(uploaded).hexdigest()[:32] if uploaded is not None else ""
    return answer(platform, sent.parameters, sent.client, sent.base_url, digest)


upload_door = door("/api/upload", _take)
