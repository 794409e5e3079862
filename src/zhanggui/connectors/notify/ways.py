"""Ways: what opens each kind of channel, read from what a person typed or pasted. They are sealed before they are stored, and never shown again."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

import msgspec

from zhanggui.connectors.notify.services import Service, others
from zhanggui.core.say import Say, say

LONGEST = 500
MOST_RECEIVERS = 20
_KEY = re.compile(r"[A-Za-z0-9_-]{6,200}")
_HOST = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*\.?")
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,253}\Z)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_PLAIN = re.compile(r"[\x21-\x7e]+")
_LARGEST_PORT = 65_535


class NoWay(ValueError):
    """What was typed opens nothing; `say` tells what is missing."""

    def __init__(self, sentence: Say) -> None:
        super().__init__(sentence.text)
        self.say = sentence


class Closed(msgspec.Struct, frozen=True, tag_field="service"):
    """What every way is: it never shows what it holds."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be repeated."""
        return ()


class WeCom(Closed, frozen=True, tag="wecom"):
    """A group bot of WeCom."""

    key: str

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.key,)


class DingTalk(Closed, frozen=True, tag="dingtalk"):
    """A group bot of DingTalk; signed where it has a secret."""

    token: str
    secret: str = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.token, self.secret


class Feishu(Closed, frozen=True, tag="feishu"):
    """A group bot of Feishu; signed where it has a secret."""

    token: str
    secret: str = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.token, self.secret


class Webhook(Closed, frozen=True, tag="webhook"):
    """An address of somebody's own program, every message signed."""

    url: str
    secret: str

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.secret, urlsplit(self.url).query


class Safety(StrEnum):
    """How a mail server is spoken to: never in the clear."""

    TLS = "tls"
    STARTTLS = "starttls"


class Mail(Closed, frozen=True, tag="email"):
    """A mail server, and who writes to whom through it."""

    host: str
    port: int
    safety: Safety
    user: str
    password: str
    sender: str
    receivers: tuple[str, ...]

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.password,)


class OtherService(Closed, frozen=True, tag="other"):
    """A service that goes through Apprise, by Apprise's address."""

    address: str

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.address.partition("://")[2],)


Way = WeCom | DingTalk | Feishu | Webhook | Mail | OtherService


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What a person typed of a channel; which fields count depends on the service."""

    address: str = ""
    secret: str = ""
    host: str = ""
    port: str = ""
    safety: str = ""
    user: str = ""
    sender: str = ""
    receivers: str = ""

    def __repr__(self) -> str:
        return "Typed(***)"


def way_of(service: Service, typed: Typed) -> Way:
    """The way that was typed. Raises NoWay."""
    if max(len(getattr(typed, name)) for name in Typed.__struct_fields__) > LONGEST:
        raise NoWay(say("That is longer than any address or key: at most {longest} characters.", longest=LONGEST))
    return _READERS[service](typed)


def shown_of(way: Way) -> str:
    """What people may see of the way: enough to tell two of them apart, too little to use one."""
    match way:
        case Mail():
            return ", ".join(way.receivers)
        case Webhook():
            return urlsplit(way.url).hostname or ""
        case OtherService():
            return others()[way.address.partition("://")[0]].name
        case WeCom():
            return f"···{way.key[-4:]}"
        case DingTalk() | Feishu():
            return f"···{way.token[-4:]}"


def _wecom(typed: Typed) -> WeCom:
    key = _of_query(typed.address, "qyapi.weixin.qq.com", "key")
    return WeCom(_checked(key, say("Paste the whole address of the WeCom bot; it looks like https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…")))


def _dingtalk(typed: Typed) -> DingTalk:
    token = _of_query(typed.address, "oapi.dingtalk.com", "access_token")
    checked = _checked(token, say("Paste the whole address of the DingTalk bot; it looks like https://oapi.dingtalk.com/robot/send?access_token=…"))
    return DingTalk(checked, _secret(typed.secret))


def _feishu(typed: Typed) -> Feishu:
    parts = _split(typed.address)
    is_theirs = parts is not None and parts[0] == "open.feishu.cn"
    token = parts[1].rstrip("/").rpartition("/bot/v2/hook/")[2] if parts and is_theirs else typed.address.strip()
    checked = _checked(token, say("Paste the whole address of the Feishu bot; it looks like https://open.feishu.cn/open-apis/bot/v2/hook/…"))
    return Feishu(checked, _secret(typed.secret))


def checked_address(typed: str) -> str:
    """The address of somebody's own program. Raises NoWay."""
    url = typed.strip()
    parts = _split(url)
    if parts is None or not _HOST.fullmatch(parts[0]) or not _PLAIN.fullmatch(url) or "\\" in url or "@" in urlsplit(url).netloc:
        raise NoWay(say("Give the address of your own program, beginning with https:// and without a name or password in it."))
    return url


def _webhook(typed: Typed) -> Webhook:
    url = checked_address(typed.address)
    secret = typed.secret.strip()
    if not _PLAIN.fullmatch(secret) or len(secret) < 16:
        raise NoWay(say("Give a secret of at least 16 letters and digits; every message is signed with it, so that your program can tell ours from others."))
    return Webhook(url, secret)


def _mail(typed: Typed) -> Mail:
    host, port = typed.host.strip(), typed.port.strip()
    receivers = tuple(dict.fromkeys(part for part in re.split(r"[\s,;，；]+", typed.receivers) if part))
    if not _HOST.fullmatch(host):
        raise NoWay(say("Give the name of the mail server, such as smtp.example.com."))
    if typed.safety not in set(Safety) or not port.isdecimal() or not 0 < int(port) <= _LARGEST_PORT:
        raise NoWay(say("Give the port of the mail server and how it is spoken to: 465 with TLS from the start, 587 with STARTTLS."))
    if not receivers or len(receivers) > MOST_RECEIVERS or not all(map(_MAIL.fullmatch, (*receivers, typed.sender.strip()))):
        raise NoWay(say("Give the sender and at most {most} receivers as whole mail addresses.", most=MOST_RECEIVERS))
    if bool(typed.user.strip()) != bool(typed.secret):
        raise NoWay(say("Give the name and the password of the mail account, or neither."))
    return Mail(host, int(port), Safety(typed.safety), typed.user.strip(), typed.secret, typed.sender.strip(), receivers)


def _other(typed: Typed) -> OtherService:
    address = typed.address.strip()
    scheme, sign, rest = address.partition("://")
    # an address may not say how its service is spoken to: some words of Apprise's would have certificates ignored
    if not sign or scheme not in others() or not _PLAIN.fullmatch(rest) or "?" in rest or "#" in rest:
        known = ", ".join(f"{other.scheme}:// ({other.name})" for other in others().values())
        raise NoWay(
            say("Give the service's address as Apprise writes it, without anything after a question mark. It begins with one of: {known}.", known=known)
        )
    return OtherService(address)


_READERS: Mapping[Service, Callable[[Typed], Way]] = {
    Service.WECOM: _wecom,
    Service.DINGTALK: _dingtalk,
    Service.FEISHU: _feishu,
    Service.WEBHOOK: _webhook,
    Service.EMAIL: _mail,
    Service.OTHER: _other,
}


def _split(address: str) -> tuple[str, str] | None:
    """Host and path of an https address; None for what is none."""
    try:
        parts = urlsplit(address.strip())
        parts.port  # noqa: B018 - reading it is what raises for a port that is none
    except ValueError:
        return None
    return (parts.hostname or "", parts.path) if parts.scheme == "https" and parts.hostname else None


def _of_query(address: str, host: str, name: str) -> str:
    """The value in a pasted address of this host, or what was typed where only that was."""
    parts = _split(address)
    if parts is None or parts[0] != host:
        return address.strip()
    return (parse_qs(urlsplit(address.strip()).query).get(name) or [""])[0]


def _checked(key: str, otherwise: Say) -> str:
    if not _KEY.fullmatch(key):
        raise NoWay(otherwise)
    return key


def _secret(secret: str) -> str:
    typed = secret.strip()
    if typed and not _PLAIN.fullmatch(typed):
        raise NoWay(say("The secret holds letters and digits only; copy it again."))
    return typed
