"""The group bots of WeCom, DingTalk and Feishu: what is posted, how it is signed, and what their answers mean."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

import msgspec

from zhanggui.connectors.notify.letters import Letter, cut_to
from zhanggui.connectors.notify.services import Service, about
from zhanggui.connectors.notify.ways import DingTalk, Feishu, WeCom
from zhanggui.connectors.notify.wire import Answer, Post, check_code, check_status


def to_wecom(way: WeCom, letter: Letter) -> Post:
    """The message for WeCom. What opens the way stands in the address."""
    known = about(Service.WECOM)
    body = {"msgtype": "text", "text": {"content": _text(letter, known.longest)}}
    return Post(f"{known.address}?{urlencode({'key': way.key})}", msgspec.json.encode(body))


def to_dingtalk(way: DingTalk, letter: Letter) -> Post:
    """The message for DingTalk, signed in the address."""
    known = about(Service.DINGTALK)
    query = {"access_token": way.token}
    if way.secret:
        stamp = str(round(letter.at.timestamp() * 1000))
        # encoded once, with the rest of the address
        query |= {"timestamp": stamp, "sign": dingtalk_sign(way.secret, stamp)}
    body = {"msgtype": "text", "text": {"content": _text(letter, known.longest)}}
    return Post(f"{known.address}?{urlencode(query)}", msgspec.json.encode(body))


def to_feishu(way: Feishu, letter: Letter) -> Post:
    """The message for Feishu, signed in the body."""
    known = about(Service.FEISHU)
    # its texts may call on everybody by a tag, and the words of a letter are not only ours
    body: dict[str, object] = {"msg_type": "text", "content": {"text": _text(letter, known.longest).replace("<", "＜")}}
    if way.secret:
        stamp = str(int(letter.at.timestamp()))
        body |= {"timestamp": stamp, "sign": feishu_sign(way.secret, stamp)}
    return Post(f"{known.address}/{way.token}", msgspec.json.encode(body))


def dingtalk_sign(secret: str, stamp: str) -> str:
    """DingTalk's signature: the secret signs the moment (in milliseconds) and itself."""
    return base64.b64encode(hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)).decode()


def feishu_sign(secret: str, stamp: str) -> str:
    """Feishu's signature: the moment (in seconds) and the secret sign nothing at all."""
    return base64.b64encode(hmac.digest(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256)).decode()


def heard_from_wecom(answer: Answer) -> None:
    """Raises NotifyError unless the message was taken."""
    check_code(answer, about(Service.WECOM), code="errcode", text="errmsg")


def heard_from_dingtalk(answer: Answer) -> None:
    """Raises NotifyError unless the message was taken."""
    check_code(answer, about(Service.DINGTALK), code="errcode", text="errmsg")


def heard_from_feishu(answer: Answer) -> None:
    """Raises NotifyError unless the message was taken."""
    # older answers bear their code under another name only
    check_code(answer, about(Service.FEISHU), code="code", text="msg", also="StatusCode")


def heard_from_webhook(answer: Answer) -> None:
    """Raises NotifyError unless the status says that the message was taken."""
    check_status(answer, about(Service.WEBHOOK))


def _text(letter: Letter, longest: int) -> str:
    return cut_to(f"{letter.title}\n{letter.text}", longest)
