"""How after-sales go wrong and right in a world: who asks for what, who lies, how the platform rules, what it costs. Base and settings are data files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

BASE = Path(__file__).parent / "data" / "aftersales.toml"
SETTINGS = Path(__file__).parent / "data" / "aftersales_settings.toml"
Span = tuple[int, int]


class Shop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What goods and their ways cost the shop: a share of the price, freights in fen, the platform's fee as a share."""

    goods_cost: float
    freight_out: int
    freight_back: int
    fee: float
    price_factor: float


class Grades(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number for each thing that may be in a returned parcel: how likely it is, or what it is worth."""

    as_new: float
    opened: float
    worn: float
    damaged: float
    short: float
    wrong: float
    empty: float

    def of(self, content: str) -> float:
        """The number of one."""
        return float(getattr(self, content))


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an indicator costs, in fen, for one more order counted, or for an hour."""

    quality: float
    dispute: float
    intervention: float
    bad_rating: float
    hour_in_transit: float
    hour_after_return: float


class Problem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be the matter with an order."""

    name: str
    when: str
    weight: float
    reasons: tuple[str, ...]
    kinds: dict[str, float]
    fault: str
    lies: float
    partial: float = 0.0
    pictures_true: float = 0.0
    pictures_lie: float = 0.0
    says_not_received: bool = False
    threatens: float = 0.0


class Often(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often buyers speak up, as shares of their orders."""

    unshipped: float
    in_transit: float
    received: float
    stuck: float
    refused_at_door: float
    again: float


class Temper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one kind of buyer takes a refusal, an offer, and the end."""

    persists: float
    more_per_100_yuan: float
    takes_offer: float
    takes_return: float
    takes_resend: float
    answers: float
    hours_to_react: Span
    rates: float
    angry: float
    angry_though_paid: float


class Buyer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The three kinds of buyers: who tells the truth, who does not, and who has changed their mind."""

    honest: Temper
    liar: Temper
    taste: Temper


class Ruling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How likely the seller wins: by what is true, and by what is shown."""

    none: float
    lie: float
    honest_seller: float
    honest_carrier: float
    honest_buyer: float
    lawful_return: float
    picture: float
    picture_against_honest: float
    words: float
    words_from: int
    signed_against_not_received: float
    buyer_shows_pictures: float
    most: float
    hours: Span
    keeps_goods: float


class Appeal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an appeal against a ruling goes."""

    days: int
    lie: float
    honest: float
    no_evidence_before: float
    hours: Span


class Complaint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How complaints of the seller go."""

    days: int
    instant_refund_wrong: float
    instant_refund_right: float
    abnormal_return_true: float
    abnormal_return_false: float
    malicious_lie: float
    malicious_honest: float
    no_pictures: float
    hours: Span


class Instant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How likely the platform refunds at once where it may."""

    unshipped: float
    return_on_the_way: float
    silent_parcel: float
    hours_return: Span


class Returns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the goods come back, when, and as what."""

    sends: float
    hours_to_send: Span
    hours_on_the_way: Span
    lost: float
    damaged_on_the_way: float
    honest: Grades
    liar: Grades
    taste: Grades


class Carrier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a carrier pays for a lost or broken parcel."""

    pays: float
    most: int
    days: int


class Aftersales(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything at once; `since`, `basis` and `source` say what it rests on."""

    since: str
    basis: str
    source: str
    shop: Shop
    salvage: Grades
    price: Price
    problem: tuple[Problem, ...]
    often: Often
    buyer: Buyer
    ruling: Ruling
    appeal: Appeal
    complaint: Complaint
    instant: Instant
    returns: Returns
    carrier: Carrier


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One world: what it is about, which numbers it changes, which it multiplies, and what the shop sells."""

    name: str
    about: str
    changes: dict[str, float] = {}
    times: dict[str, float] = {}
    goods: str = "plain"

    @property
    def parcels_factor(self) -> float:
        """How much oftener parcels go astray than in the base."""
        return self.times.get("parcels", 1.0)


class _Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    setting: tuple[Setting, ...]


GOODS = {"plain": 1.0, "cheap": 1 / 3, "dear": 4.0}
SHARES = frozenset({"lies", "persists", "takes_offer", "lie", "unshipped", "return_on_the_way", "silent_parcel"})


def settings() -> tuple[Setting, ...]:
    """Every setting of the file, the base first."""
    return msgspec.toml.decode(SETTINGS.read_bytes(), type=_Settings).setting


def aftersales_of(setting: Setting) -> Aftersales:
    """The base as this setting turns it."""
    table: dict[str, Any] = msgspec.toml.decode(BASE.read_bytes())
    for path, factor in setting.times.items():
        if path != "parcels":
            _each(table, path.split("."), lambda old, by=factor: old * by)
    for path, value in setting.changes.items():
        _each(table, path.split("."), lambda _, new=value: new)
    table["shop"]["price_factor"] *= GOODS[setting.goods]
    return msgspec.convert(table, Aftersales)


def _each(held: Any, path: list[str], change: Any) -> None:
    """Change the numbers a path names: one, or all of that name further down; a path that names none is a mistake."""
    if not path:
        keys = [key for key, value in held.items() if isinstance(value, (int, float)) and not isinstance(value, bool)]
        if not keys:
            raise KeyError("nothing to change")
        for key in keys:
            _set(held, key, change)
        return
    first, *rest = path
    if isinstance(held, list):
        named = [each for each in held if each["name"] == first]
        for each in named or held:
            _each(each, rest if named else path, change)
    elif not rest and not isinstance(held.get(first, {}), dict):
        _set(held, first, change)
    elif first in held:
        _each(held[first], rest, change)
    else:
        parts = [part for part in held.values() if isinstance(part, Mapping) and first in part]
        if not parts:
            raise KeyError(first)
        for part in parts:
            _each(part, path, change)


def _set(held: dict[str, Any], key: str, change: Any) -> None:
    """One number anew; a share stays one."""
    value = change(held[key])
    held[key] = min(1.0, value) if key in SHARES else value
