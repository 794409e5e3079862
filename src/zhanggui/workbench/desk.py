"""What every page has at hand: who asks, when, in which language, over which house; and how a page, a fragment or a way back is answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from litestar import Request
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.alerting.seeing import Bell, bell_of
from zhanggui.actions.data_ages import DataAges, data_ages
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.shops import shops_seen
from zhanggui.core.moments import from_shanghai, shanghai_day
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.words import Catalog

_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_TYPED_SHOWN = 40
_MOST_DIGITS = 18
"""What fits a bigint."""


@dataclass(frozen=True)
class Desk:
    """One request at the desk."""

    request: Request[Any, Any, Any]
    by: Person
    now: datetime
    house: House
    words: Catalog

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks for a piece of the page."""
        return self.request.headers.get("HX-Request") == "true"

    @property
    def today(self) -> date:
        """The day it is in Shanghai."""
        return shanghai_day(self.now)

    def page(self, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **context: object) -> Template:
        """The page (or fragment) of this template."""
        bar = {"data_ages": cache(self._data_ages), "ring_bell": cache(self._bell)}
        if not self.is_fragment:
            # asked here, in the handler's thread: the page itself is drawn where every request waits its turn
            for part in bar.values():
                part()
        ours = {"by": self.by, "now": self.now, "words": self.words, "here": template.split("/", maxsplit=1)[0], **bar}
        # The same address answers a whole page or a piece of it, and in the reader's language.
        kept = {"Vary": "HX-Request, Cookie", "Cache-Control": "no-store", **(headers or {})}
        return Template(template, context=ours | context, status_code=status, headers=kept)

    def _data_ages(self) -> DataAges:
        """How old the data of this person's shops are; asked only where a page has a bar to show it in."""
        return data_ages(self.house, self.by, self.now)

    def _bell(self) -> Bell:
        """What the bell of the bar shows."""
        return bell_of(self.house, self.by)

    def shops(self, permission: Permission) -> tuple[ShopInfo, ...]:
        """The shops in which this person has the right, by number."""
        return tuple(shop for shop in shops_seen(self.house, self.by) if self.by.may(permission, shop.shop_id))

    def chosen(self, shops: Iterable[ShopInfo], shop: str | None) -> ShopInfo | None:
        """The shop that the address names, None where it names none. A shop the person may not see is not found."""
        return chosen_of(shops, shop)

    def moment(self, text: str) -> datetime:
        """The moment a person typed as Shanghai wall-clock time. Raises Refused."""
        moment = moment_typed(text)
        if moment is None:
            raise Refused(say("{typed} is not a moment. Write it like 2026-03-01 09:30.", typed=text[:_TYPED_SHOWN]))
        return moment


async def provide_desk(
    request: Request[Any, Any, Any], by: NamedDependency[Person], now: NamedDependency[datetime], house: NamedDependency[House], words: NamedDependency[Catalog]
) -> Desk:
    """The desk of this request."""
    return Desk(request, by, now, house, words)


AtDesk = NamedDependency[Desk]


def chosen_of(shops: Iterable[ShopInfo], shop: str | None) -> ShopInfo | None:
    """The shop of this number, None where none is named. Raises NotFoundException for one that is not among them."""
    if not shop:
        return None
    found = next((each for each in shops if str(each.shop_id) == shop), None)
    if found is None:
        raise NotFoundException
    return found


def number_in(text: str) -> int | None:
    """The number a text holds, None for any other text, also for one that no row can bear."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None


LONGEST_ONWARD = 8000
"""An address to which a browser is sent stands in a header, and nobody on the way reads one of any length."""


def back_to(path: str, **query: str | int | None) -> Redirect:
    """The browser is sent to the path by GET, so that a reload repeats nothing."""
    told = {name: value for name, value in query.items() if value is not None}
    joined = path + ("&" if "?" in path else "?") + urlencode(told) if told else path
    onward = next((each for each in (joined, path) if len(each) <= LONGEST_ONWARD), "/")
    return Redirect(onward, status_code=HTTP_303_SEE_OTHER)


def own_path(back: str | None, otherwise: str) -> str:
    """The path to go back to, if it is one of ours; a form must not send people elsewhere."""
    if not back or len(back) > LONGEST_ONWARD or not back.startswith("/") or back.startswith(("//", "/\\")):
        return otherwise
    parts = urlsplit(back)
    return back if not parts.scheme and not parts.netloc and "\n" not in back and "\r" not in back else otherwise


def moment_typed(text: str) -> datetime | None:
    """The moment that was typed, read as Shanghai's where it names no zone; None for what is none.

    None also for moments so far away that nobody can mean them: the calendar of this machine ends in 9999, and sums with such moments do not fit it.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.astimezone(UTC) if moment.tzinfo else from_shanghai(moment)
    except (ValueError, OverflowError):  # the first and the last day of all time have no UTC
        return None
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def shop_number(shop_id: int) -> ShopId:
    """The number in an address as the number of a shop; whether the person may see it is asked by the action."""
    return ShopId(shop_id)
