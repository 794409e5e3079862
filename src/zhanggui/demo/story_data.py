"""The shapes of the story: the shop, its people and goods, the orders that matter, the cases, what was heard, and the chapters. Read from story/*.toml."""

import tomllib
from datetime import date, datetime
from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.core.moments import from_shanghai


class Worded(msgspec.Struct, frozen=True):
    """A text in both languages."""

    zh: str
    en: str


class PersonTold(msgspec.Struct, frozen=True):
    """Somebody who works in the shop."""

    login: str
    name: str
    role: str


class Spec(msgspec.Struct, frozen=True):
    """One way a thing is sold, and its price in fen."""

    name: str
    price: int


class Goods(msgspec.Struct, frozen=True):
    """One thing on the shelf. `weight` is how often passers-by buy it."""

    key: str
    goods_id: str
    title: str
    code: str
    ship_hours: int
    weight: int
    specs: tuple[Spec, ...]


class Carrier(msgspec.Struct, frozen=True):
    """Who fetches the parcels, and how its numbers look."""

    name: str
    prefix: str
    digits: int
    depot: str


class Where(msgspec.Struct, frozen=True):
    """Where a buyer lives."""

    province: str
    city: str
    district: str


class ShopTold(msgspec.Struct, frozen=True):
    """The shop itself."""

    name: str
    seed: int
    first_day: date
    orders_a_day: tuple[int, ...]
    batches_at: tuple[str, ...]
    people: tuple[PersonTold, ...]
    goods: tuple[Goods, ...]
    carriers: tuple[Carrier, ...]
    places: tuple[Where, ...]


class OrderTold(msgspec.Struct, frozen=True, kw_only=True):
    """One order that the story speaks of; moments are Shanghai wall clocks."""

    key: str
    goods: str
    spec: int
    quantity: int
    formed_at: datetime
    forming_since: datetime | None = None
    presale_ship_at: datetime | None = None
    review_until: datetime | None = None
    printed_at: datetime | None = None
    shipped_at: datetime | None = None
    picked_up_at: datetime | None = None
    received_at: datetime | None = None
    deliver_by: datetime | None = None
    buyer_note: str = ""
    carrier: str | None = None
    """Who brings it, where the story says so."""


class CaseStep(msgspec.Struct, frozen=True, kw_only=True):
    """What the after-sales export says of a case from this moment on."""

    at: datetime
    state: str
    agreed: bool = False
    return_tracking_no: str = ""
    return_state: str = ""


class CaseTold(msgspec.Struct, frozen=True, kw_only=True):
    """One after-sales case. `part` is the refund in fen where it is not the whole amount."""

    order: str
    kind: str
    reason: str
    steps: tuple[CaseStep, ...]
    part: int | None = None


class ScanTold(msgspec.Struct, frozen=True):
    """One tracking event; of the order's own parcel where no number is named."""

    order: str
    at: datetime
    stage: str
    text: str
    tracking_no: str = ""


class Notice(msgspec.Struct, frozen=True):
    """The platform's notice that it has stepped into an order's case, or has given the money back by itself."""

    order: str
    at: datetime
    instant: bool = False


class BillLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the bill that follows from nothing else; money is fen."""

    at: datetime
    kind: str
    what: str
    order: str = ""
    income: int = 0
    expense: int = 0
    is_refund: bool = False
    """Whether it takes what the order's case asks for, once more."""


class BillTold(msgspec.Struct, frozen=True):
    """What the bill shows beside the orders of the story: the weeks before it, and lines that want to be looked at."""

    before_first: date
    before_last: date
    before_withdrawn: int
    lines: tuple[BillLine, ...]


class MessageTold(msgspec.Struct, frozen=True):
    """One message of a talk: about an order, or by somebody who has none yet."""

    at: datetime
    speaker: str
    text: str
    buyer: str
    order: str | None = None


class ReviewTold(msgspec.Struct, frozen=True):
    """One review of an order."""

    order: str
    at: datetime
    score: int
    text: str


class Damage(msgspec.Struct, frozen=True):
    """A cell that somebody spoilt."""

    order: str
    column: str
    text: str


class FileTold(msgspec.Struct, frozen=True, kw_only=True):
    """One file that comes in: an export as of the chapter's moment (or of its own), or what was heard since the last chapter."""

    name: str
    kind: str
    encoding: str = "utf-8"
    columns: str = "full"
    as_of: datetime | None = None
    damage: Damage | None = None


class Chapter(msgspec.Struct, frozen=True):
    """A moment of the week, what happened since the last one, and the files that come in."""

    id: str
    at: datetime
    title: Worded
    text: Worded
    files: tuple[FileTold, ...]

    @property
    def moment(self) -> datetime:
        """The chapter's moment in UTC."""
        return from_shanghai(self.at)


class _Orders(msgspec.Struct, frozen=True):
    orders: tuple[OrderTold, ...]


class _Cases(msgspec.Struct, frozen=True):
    cases: tuple[CaseTold, ...]


class Heard(msgspec.Struct, frozen=True):
    """What no export of the back office carries."""

    notices: tuple[Notice, ...]
    scans: tuple[ScanTold, ...]
    messages: tuple[MessageTold, ...]
    reviews: tuple[ReviewTold, ...]


class _Chapters(msgspec.Struct, frozen=True):
    chapters: tuple[Chapter, ...]


class Story(msgspec.Struct, frozen=True):
    """The whole script."""

    shop: ShopTold
    orders: tuple[OrderTold, ...]
    cases: tuple[CaseTold, ...]
    heard: Heard
    bill: BillTold
    chapters: tuple[Chapter, ...]


@cache
def story() -> Story:
    """The story that comes along."""
    return Story(
        shop=msgspec.convert(_read("shop.toml"), ShopTold),
        orders=msgspec.convert(_read("orders.toml"), _Orders).orders,
        cases=msgspec.convert(_read("cases.toml"), _Cases).cases,
        heard=msgspec.convert(_read("heard.toml"), Heard),
        bill=msgspec.convert(_read("bill.toml"), BillTold),
        chapters=msgspec.convert(_read("chapters.toml"), _Chapters).chapters,
    )


@cache
def second_shop_name() -> str:
    """The name of the shop that lives on the platform behind the demo."""
    names = _read("platform.toml")["shop_names"]
    assert isinstance(names, list)
    return str(names[0])


def _read(name: str) -> dict[str, object]:
    return tomllib.loads((files("zhanggui.demo") / "story" / name).read_text("utf-8"))
