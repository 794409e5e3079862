"""The views that are kept in step, each drawn for everybody who sees the same of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec
from markupsafe import Markup

from zhanggui.actions.house import House
from zhanggui.actions.inbox.listing import InboxRow
from zhanggui.people.permissions import Person, PersonId, Role, ShopId
from zhanggui.records.wakes import Wake
from zhanggui.words import Language, load
from zhanggui.workbench.alerts.listing import AlertListing
from zhanggui.workbench.alerts.listing import list_context as list_context_of_alerts
from zhanggui.workbench.inbox.listing import InboxListing, inbox_context, row_id
from zhanggui.workbench.live.shown import EMPTY_FIELD, Drawn, drawn, in_rows, row_place
from zhanggui.workbench.order.whole import order_context
from zhanggui.workbench.ship.listing import DeskListing
from zhanggui.workbench.ship.listing import list_context as list_context_of_desk
from zhanggui.workbench.templating import environment
from zhanggui.workbench.today.listing import Listing, list_context


class View(Protocol):
    """What a page shows. Two that are equal look the same to whoever reads them."""

    def concerns(self, wake: Wake) -> bool:
        """Whether what happened may show here."""

    def draw(self, house: House, now: datetime) -> Drawn:
        """The view as it stands. Raises NotAllowed or NotFoundException once there is nothing to see."""


class Eyes(msgspec.Struct, frozen=True):
    """What decides what somebody may see, and in which language; not who they are."""

    language: Language
    roles: tuple[tuple[ShopId, Role], ...]

    @property
    def person(self) -> Person:
        """Somebody with just these rights."""
        return Person(person_id=None, display_name="", roles=dict(self.roles))


def eyes_of(by: Person, language: Language) -> Eyes:
    """The eyes this person sees with."""
    return Eyes(language, tuple(sorted(by.roles.items())))


class TodayView(msgspec.Struct, frozen=True):
    """The Today list with its filters."""

    eyes: Eyes
    listing: Listing
    shop_ids: tuple[ShopId, ...]

    def concerns(self, wake: Wake) -> bool:
        """Whatever happens in one of its shops."""
        return wake.shop_id in self.shop_ids and not wake.is_talk

    def draw(self, house: House, now: datetime) -> Drawn:
        """The list as it stands."""
        words = load(self.eyes.language)
        context = list_context(house, self.eyes.person, words, now, self.listing)
        return _drawn("today/list.html", {**context, "words": words, "now": now, "marked": None})


class OrderView(msgspec.Struct, frozen=True):
    """The page of one order."""

    eyes: Eyes
    shop_id: ShopId
    order_no: str

    def concerns(self, wake: Wake) -> bool:
        """What happens to this order, or in its shop to orders that are not named."""
        return wake.shop_id == self.shop_id and not wake.is_talk and (not wake.order_nos or self.order_no in wake.order_nos)

    def draw(self, house: House, now: datetime) -> Drawn:
        """The order as it stands."""
        words = load(self.eyes.language)
        context = order_context(house, self.eyes.person, words, now, self.shop_id, self.order_no)
        return _drawn("order/whole.html", {**context, "words": words, "now": now, "pasted": None})


class DeskView(msgspec.Struct, frozen=True):
    """One list of the to-ship desk."""

    eyes: Eyes
    listing: DeskListing

    def concerns(self, wake: Wake) -> bool:
        """Whatever happens in its shop."""
        return wake.shop_id == self.listing.shop_id and not wake.is_talk

    def draw(self, house: House, now: datetime) -> Drawn:
        """The list as it stands, whole: its rows are few and belong to a form."""
        context = list_context_of_desk(house, self.eyes.person, now, self.listing)
        words = {"words": load(self.eyes.language), "now": now, "csrf_input": EMPTY_FIELD}
        return Drawn((environment().get_template("ship/list.html").render({**context, **words}),), {})


class AlertsView(msgspec.Struct, frozen=True):
    """One list of alerts."""

    eyes: Eyes
    listing: AlertListing
    shop_ids: tuple[ShopId, ...]

    def concerns(self, wake: Wake) -> bool:
        """Whatever happens to orders in one of its shops: most alerts end by that."""
        return wake.shop_id in self.shop_ids and not wake.is_talk

    def draw(self, house: House, now: datetime) -> Drawn:
        """The list as it stands, whole."""
        by = self.eyes.person
        context = list_context_of_alerts(house, by, now, self.listing)
        words = {"by": by, "words": load(self.eyes.language), "now": now, "csrf_input": EMPTY_FIELD}
        return Drawn((environment().get_template("alerts/list.html").render({**context, **words}),), {})


class InboxView(msgspec.Struct, frozen=True):
    """The inbox of one person: the list, and the talk they have open."""

    eyes: Eyes
    me: PersonId | None
    listing: InboxListing
    shop_ids: tuple[ShopId, ...]

    def concerns(self, wake: Wake) -> bool:
        """Whatever happens in its shops: what is said, and what becomes of orders."""
        return wake.shop_id in self.shop_ids

    def draw(self, house: House, now: datetime) -> Drawn:
        """The inbox as it stands."""
        words = load(self.eyes.language)
        by = msgspec.structs.replace(self.eyes.person, person_id=self.me)
        context = inbox_context(house, by, words, now, self.listing)
        draw = context["draw"]
        rows: dict[str, str] = {}

        def noted(row: InboxRow) -> Markup:
            number = row_id(row)
            rows[number] = draw(row)
            return row_place(number)

        told = {**context, "draw": noted, "by": by, "words": words, "now": now, "csrf_input": EMPTY_FIELD}
        return in_rows(environment().get_template("inbox/whole.html").render(told), rows)


def _drawn(template: str, context: Mapping[str, object]) -> Drawn:
    draw = context["draw"]
    assert callable(draw)
    return drawn(lambda noted: environment().get_template(template).render({**context, "draw": noted, "csrf_input": EMPTY_FIELD}), draw)
