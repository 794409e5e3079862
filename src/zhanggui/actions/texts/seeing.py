"""Texts as the page shows them: what could go, what went, how the doors are set up, and what the month has cost."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.texts.deciding import Offer, texts_offered
from zhanggui.actions.texts.settling import terms_of
from zhanggui.core.moments import in_shanghai, shanghai_day, start_of_day
from zhanggui.core.say import Say
from zhanggui.core.texts.kinds import TextKind, TextState, TextWay
from zhanggui.core.texts.terms import TextTerms
from zhanggui.core.working_time import UnknownYear
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import texts
from zhanggui.records.db import Tx
from zhanggui.records.says import unpacked
from zhanggui.records.texts import TemplateRecord, TextRecord

NEWEST = 50
AHEAD = timedelta(days=10)
_FIRST = 2**62


class WaySeen(msgspec.Struct, frozen=True, kw_only=True):
    """How a door is set up; it holds no secret."""

    way: TextWay
    sign: str = ""
    key_id: str = ""
    has_secret: bool = False
    is_on: bool = False
    rests_until: datetime | None = None
    problem: Say | None = None
    problem_at: datetime | None = None


class TextSeen(msgspec.Struct, frozen=True):
    """A text, and what was said of it."""

    text: TextRecord
    answer: Say | None

    @property
    def may_be_stopped(self) -> bool:
        """Whether it still waits."""
        return self.text.state == TextState.WAITS.value


class TextsSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about the texts of a shop."""

    offers: tuple[Offer, ...]
    newest: tuple[TextSeen, ...]
    ways: tuple[WaySeen, ...]
    templates: dict[tuple[str, str], TemplateRecord]
    terms: TextTerms
    spent_li: int
    numbers: int
    agreeing: int
    festivals: tuple[str, ...]

    @property
    def is_set_up(self) -> bool:
        """Whether any door is on and has a template."""
        on = {each.way.value for each in self.ways if each.is_on}
        return any(way in on for _, way in self.templates)


def texts_seen(house: House, by: Person, shop_id: ShopId, now: datetime, *, festival: str = "") -> TextsSeen:
    """The texts of a shop; greetings are offered for the festival that is named."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    kinds = (TextKind.SHIPPED, TextKind.RECEIVED, *((TextKind.FESTIVAL,) if festival else ()))
    offers = tuple(texts_offered(house, by, shop_id, kind, now, festival=festival) for kind in kinds)
    with house.pool.connection() as tx:
        numbers, agreeing = texts.count_numbers(tx, shop_id, now)
        return TextsSeen(
            offers=offers,
            newest=tuple(TextSeen(row, unpacked(row.answer) if row.answer else None) for row in texts.newest(tx, shop_id, _FIRST, NEWEST)),
            ways=_ways(tx, shop_id),
            templates={(row.kind, row.way): row for row in texts.templates(tx, shop_id)},
            terms=terms_of(tx, shop_id),
            spent_li=texts.spent(tx, shop_id, start_of_day(in_shanghai(now).date().replace(day=1))),
            numbers=numbers,
            agreeing=agreeing,
            festivals=festivals_near(house, now),
        )


def festivals_near(house: House, now: datetime) -> tuple[str, ...]:
    """The festivals of the working calendar that begin within ten days, or are under way."""
    today = shanghai_day(now)
    found: list[str] = []
    for days in range(AHEAD.days + 1):
        try:
            name = house.rulebook.calendar.holiday(today + timedelta(days=days))
        except UnknownYear:
            continue
        if name is not None and name not in found:
            found.append(name)
    return tuple(found)


def _ways(tx: Tx, shop_id: ShopId) -> tuple[WaySeen, ...]:
    kept = {row.way: row for row in texts.ways(tx, shop_id)}
    return tuple(
        WaySeen(
            way=way,
            sign=row.sign,
            key_id=row.key_id,
            has_secret=row.secret is not None,
            is_on=row.is_on,
            rests_until=row.rests_until,
            problem=unpacked(row.problem) if row.problem else None,
            problem_at=row.problem_at,
        )
        if (row := kept.get(way.value)) is not None
        else WaySeen(way=way)
        for way in TextWay
    )
