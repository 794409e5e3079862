"""Pictures that the platform names by their address are fetched: from its own hosts only, of a bounded size, and only what is a picture."""

import tomllib
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

import httpx
import msgspec

from zhanggui.connectors.pdd.case_facts import LONGEST_ADDRESS
from zhanggui.connectors.pdd.doors import Doors, UnsafeDoor, production_doors, safe_address
from zhanggui.connectors.pdd.line import NOT_SENT, Line
from zhanggui.core.say import Say, say

LARGEST = 10 * 1024 * 1024
_HEADS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"))


class Picture(msgspec.Struct, frozen=True):
    """A picture as it came, byte for byte."""

    content: bytes
    media_type: str


class NoPicture(Exception):
    """It could not be had; `is_final` where trying again cannot help."""

    def __init__(self, sentence: Say, *, is_final: bool) -> None:
        super().__init__(sentence.text)
        self.say = sentence
        self.is_final = is_final


def fetch_picture(line: Line, doors: Doors, address: str) -> Picture:
    """The picture at this address of the platform. Raises NoPicture."""
    try:
        status, content = line.fetch(picture_address(doors, address), LARGEST)
    except NOT_SENT:
        raise NoPicture(say("The platform's picture server could not be reached."), is_final=False) from None
    except httpx.HTTPError:
        raise NoPicture(say("The platform's picture server broke off."), is_final=False) from None
    # an address that was signed for some hours is forbidden afterwards, and the next reading of the case brings another
    if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        raise NoPicture(
            say("The platform no longer shows the picture (HTTP {status}). Save it in the back office and bring it here.", status=status), is_final=True
        )
    if status != httpx.codes.OK:
        raise NoPicture(say("The platform's picture server answered HTTP {status}.", status=status), is_final=False)
    if content is None:
        raise NoPicture(say("The picture is larger than {most} MB; nothing was kept.", most=LARGEST // 1024 // 1024), is_final=True)
    media_type = media_type_of(content)
    if media_type is None:
        raise NoPicture(say("What lies there is no picture; nothing was kept."), is_final=True)
    return Picture(content, media_type)


def picture_address(doors: Doors, address: str) -> str:
    """Where the picture is fetched: at its own address, where that is of the platform; an emulator has all of them on its port. Raises NoPicture."""
    try:
        parts = urlsplit(safe_address(address) if len(address) <= LONGEST_ADDRESS else "")
    except UnsafeDoor:
        raise NoPicture(_STRANGE, is_final=True) from None
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" or parts.port not in (None, 443) or not any(host == own or host.endswith(f".{own}") for own in picture_hosts()):
        raise NoPicture(_STRANGE, is_final=True)
    if doors.router == production_doors().router:
        return address
    gateway = urlsplit(doors.router)
    return f"{gateway.scheme}://{gateway.netloc}/pictures{parts.path}"


def media_type_of(content: bytes) -> str | None:
    """What sort of picture begins so; None for anything else, whatever its name says."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((media_type for head, media_type in _HEADS if content.startswith(head)), None)


@cache
def picture_hosts() -> tuple[str, ...]:
    """The hosts that the platform keeps pictures on."""
    text = (files("zhanggui.connectors.pdd") / "doors.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text)["pictures"]["hosts"], tuple[str, ...])


_STRANGE = say("The address of the picture is none of the platform's; nothing was fetched.")
