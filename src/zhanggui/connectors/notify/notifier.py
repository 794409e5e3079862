"""Delivers a letter by whatever way it goes. One serves all shops and threads."""

import ssl
from collections.abc import Collection
from threading import Lock

import httpx

from zhanggui.connectors.notify.bots import heard_from_dingtalk, heard_from_feishu, heard_from_webhook, heard_from_wecom, to_dingtalk, to_feishu, to_wecom
from zhanggui.connectors.notify.errors import NotifyError
from zhanggui.connectors.notify.letters import Letter
from zhanggui.connectors.notify.mail import send_mail
from zhanggui.connectors.notify.others import send_through_apprise
from zhanggui.connectors.notify.ways import DingTalk, Feishu, Mail, OtherService, Way, Webhook, WeCom
from zhanggui.connectors.notify.webhook import to_webhook
from zhanggui.connectors.notify.wire import Answer, Post, post


class Notifier:
    """Carries letters; who else than the public authorities vouches for a certificate can be given."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        self._lock = Lock()

    def deliver(self, way: Way, letter: Letter, *, allowed: Collection[str] = ()) -> None:
        """Delivers the letter. `allowed` names hosts that may lie in a private network. Raises NotifyError, in whose words secrets are starred out."""
        try:
            self._deliver(way, letter, allowed)
        except NotifyError as problem:
            problem.hide(way.secrets)
            raise

    def carry(self, what: Post, *, allowed: Collection[str] = ()) -> Answer:
        """What came back for something that is no letter. `allowed` names hosts that may lie in a private network. Raises NotifyError."""
        return post(what, self._certificates(), allowed=allowed)

    def _deliver(self, way: Way, letter: Letter, allowed: Collection[str]) -> None:
        match way:
            case WeCom():
                heard_from_wecom(post(to_wecom(way, letter), self._certificates(), allowed=None))
            case DingTalk():
                heard_from_dingtalk(post(to_dingtalk(way, letter), self._certificates(), allowed=None))
            case Feishu():
                heard_from_feishu(post(to_feishu(way, letter), self._certificates(), allowed=None))
            case Webhook():
                heard_from_webhook(post(to_webhook(way, letter), self._certificates(), allowed=allowed))
            case Mail():
                send_mail(way, letter, self._certificates(), allowed=allowed)
            case OtherService():
                send_through_apprise(way, letter)

    def _certificates(self) -> ssl.SSLContext:
        """What vouches for certificates, read when first needed: that takes a while."""
        with self._lock:
            if self._context is None:
                self._context = httpx.create_ssl_context()
            return self._context
