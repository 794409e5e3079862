"""A message to somebody's own program, signed as Standard Webhooks does: id, moment and body, so that it can be neither forged nor played again."""

import base64
import hashlib
import hmac

import msgspec

from zhanggui.connectors.notify.letters import Letter, cut_to
from zhanggui.connectors.notify.services import Service, about
from zhanggui.connectors.notify.ways import Webhook
from zhanggui.connectors.notify.wire import Post


def to_webhook(way: Webhook, letter: Letter) -> Post:
    """The message for the address, with its signature in the headers."""
    stamp = str(int(letter.at.timestamp()))
    text = cut_to(letter.text, about(Service.WEBHOOK).longest)
    body = msgspec.json.encode({"type": "alerts", "id": letter.id, "title": letter.title, "text": text, **letter.data})
    signature = webhook_sign(way.secret, letter.id, stamp, body)
    return Post(way.url, body, {"webhook-id": letter.id, "webhook-timestamp": stamp, "webhook-signature": signature})


def webhook_sign(secret: str, letter_id: str, stamp: str, body: bytes) -> str:
    """The signature that Standard Webhooks asks for. A secret that begins with whsec_ is base64, any other is taken as it is."""
    key = secret.encode()
    if secret.startswith("whsec_"):
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except ValueError:
            key = secret.encode()
    return "v1," + base64.b64encode(hmac.digest(key, f"{letter_id}.{stamp}.".encode() + body, hashlib.sha256)).decode()
