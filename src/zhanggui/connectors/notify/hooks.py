"""An event for somebody's own program, signed as Standard Webhooks does; while a secret is being changed, by both."""

from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from zhanggui.connectors.notify.errors import NotifyError
from zhanggui.connectors.notify.services import Service, about
from zhanggui.connectors.notify.ways import NoWay, checked_address
from zhanggui.connectors.notify.webhook import webhook_sign
from zhanggui.connectors.notify.wire import Answer, Post, check_status
from zhanggui.connectors.pdd.errors import Trouble
from zhanggui.core.say import say

LONGEST_ADDRESS = 500
_GONE = 410


class HookWay(msgspec.Struct, frozen=True, kw_only=True):
    """What opens the way: the address and the secret, and the one before for as long as it still signs, too."""

    url: str
    secret: str
    old_secret: str = ""
    old_until: datetime | None = None

    def __repr__(self) -> str:
        return "HookWay(***)"

    def keys(self, wall: datetime) -> tuple[str, ...]:
        """The secrets that sign now."""
        is_old_good = self.old_until is not None and wall < self.old_until
        return (self.secret, self.old_secret) if is_old_good and self.old_secret else (self.secret,)

    @property
    def host(self) -> str:
        """The machine it leads to."""
        return (urlsplit(self.url).hostname or "").rstrip(".")


def address_of(typed: str, allowed: Collection[str]) -> str:
    """The address that was typed. Without TLS only to the hosts that whoever runs the house has named. Raises NoWay."""
    url = typed.strip()
    if len(url) > LONGEST_ADDRESS:
        raise NoWay(say("That is longer than any address or key: at most {longest} characters.", longest=LONGEST_ADDRESS))
    if url.startswith("http://"):
        checked_address(f"https://{url.removeprefix('http://')}")
        if (urlsplit(url).hostname or "").rstrip(".") not in allowed:
            raise NoWay(say("Without TLS events are only sent to hosts that whoever runs the house has named in ZHANGGUI_NOTIFY_HOSTS."))
        return url
    return checked_address(url)


def to_hook(way: HookWay, event_id: str, body: bytes, wall: datetime, allowed: Collection[str]) -> Post:
    """The event for the address, with its signatures in the headers. Raises NotifyError for an address that lost its leave to do without TLS."""
    if way.url.startswith("http://") and way.host not in allowed:
        raise NotifyError(Trouble.PERSON, "private", text=way.host)
    stamp = str(int(wall.timestamp()))
    signatures = " ".join(webhook_sign(key, event_id, stamp, body) for key in way.keys(wall))
    return Post(way.url, body, {"webhook-id": event_id, "webhook-timestamp": stamp, "webhook-signature": signatures})


def heard_from_hook(answer: Answer) -> None:
    """Raises NotifyError for every answer but one that says the event was taken."""
    check_status(answer, about(Service.WEBHOOK))


def is_gone(answer: Answer) -> bool:
    """Whether the program says that it wants no more events, ever."""
    return answer.status == _GONE
