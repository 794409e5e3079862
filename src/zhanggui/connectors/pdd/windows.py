"""How the platform is read window by window: sizes, margins, how far back; from windows.toml."""

from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import msgspec


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One list of the platform that is read by windows of time."""

    name: str
    watches: str
    """The kind of fact whose age its horizon is."""
    window_seconds: int
    margin_seconds: int
    settle_seconds: int
    every_seconds: int
    back_seconds: int
    page_size: int
    most_pages: int
    rank: int
    as_of: date
    daily_at: int | None = None
    """The second of the day in Shanghai from which everything is to be read anew; None for a source that is read on from where it stood."""

    @property
    def window(self) -> timedelta:
        """The longest window allowed."""
        return timedelta(seconds=self.window_seconds)

    @property
    def margin(self) -> timedelta:
        """How long before the platform's time a window ends."""
        return timedelta(seconds=self.margin_seconds)

    @property
    def settle(self) -> timedelta:
        """How long the read side may lag."""
        return timedelta(seconds=self.settle_seconds)

    @property
    def every(self) -> timedelta:
        """How often the newest minutes are read."""
        return timedelta(seconds=self.every_seconds)

    @property
    def back(self) -> timedelta:
        """How far back a first connection reads."""
        return timedelta(seconds=self.back_seconds)


class _PlatformTime(msgspec.Struct, frozen=True):
    kept_seconds: int
    as_of: date


class _File(msgspec.Struct, frozen=True):
    platform_time: _PlatformTime
    source: tuple[Source, ...]


REACH = timedelta(days=90)
"""Nothing older can be read at all."""


@cache
def sources() -> dict[str, Source]:
    """Every source by name."""
    return {source.name: source for source in _file().source}


def platform_time_kept() -> timedelta:
    """How long a measured difference between the platform's clock and ours is believed."""
    return timedelta(seconds=_file().platform_time.kept_seconds)


@cache
def _file() -> _File:
    return msgspec.toml.decode((files("zhanggui.connectors.pdd") / "windows.toml").read_bytes(), type=_File)


class _Numbered(msgspec.Struct, frozen=True):
    order_sn: int | str | None = None


_NUMBERED = msgspec.json.Decoder(_Numbered)


def order_no_of(order: msgspec.Raw) -> str:
    """The number of an order as it came, without reading anything else of it; what has none goes by its own bytes."""
    try:
        return str(_NUMBERED.decode(order).order_sn or hash(bytes(order)))
    except msgspec.DecodeError:
        return str(hash(bytes(order)))


class _Bearing(msgspec.Struct, frozen=True):
    after_sales_status: int | str | None = None


def bears_case(order: msgspec.Raw) -> bool:
    """Whether an order as it came says that it has, or had, an after-sales case."""
    try:
        return str(msgspec.json.decode(order, type=_Bearing).after_sales_status or 0) != "0"
    except msgspec.DecodeError:
        return False
