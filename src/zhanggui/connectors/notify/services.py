"""What each service takes and answers, as data."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.connectors.pdd.errors import Trouble


class Service(StrEnum):
    """What carries a message."""

    EMAIL = "email"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WEBHOOK = "webhook"
    OTHER = "other"


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What follows from one code of a service."""

    trouble: Trouble
    do: str
    means: str
    grade: str


class About(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of one service."""

    address: str = ""
    limits: tuple[tuple[int, int], ...]
    longest: int
    pause: int
    grade: str
    codes: Mapping[str, Code] = {}

    def free_at(self, recent: tuple[datetime, ...], wall: datetime) -> datetime:
        """When the next message may leave, after those that left at these moments: now, or later where the service's limit is used up."""
        at = wall
        for most, seconds in self.limits:
            span = timedelta(seconds=seconds)
            inside = sorted(moment for moment in recent if wall - span < moment <= wall)
            if len(inside) >= most:
                at = max(at, inside[-most] + span)
        return at

    def counted(self, recent: tuple[datetime, ...], wall: datetime) -> tuple[datetime, ...]:
        """Those of these moments that any limit still counts."""
        longest = timedelta(seconds=max(seconds for _, seconds in self.limits))
        return tuple(moment for moment in recent if wall - longest < moment <= wall)


class Other(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A service that Apprise knows."""

    scheme: str
    name: str
    module: str
    plugin: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    checked: date
    wecom: About
    dingtalk: About
    feishu: About
    webhook: About
    email: About
    other: About
    others: tuple[Other, ...]


@cache
def _read() -> _File:
    return msgspec.convert(tomllib.loads((files("zhanggui.connectors.notify") / "services.toml").read_text("utf-8")), _File)


def about(service: Service) -> About:
    """What is known of the service."""
    found: About = getattr(_read(), service.value)
    return found


def others() -> Mapping[str, Other]:
    """The services that go through Apprise, by the beginning of their addresses."""
    return {other.scheme: other for other in _read().others}
