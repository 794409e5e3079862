"""What the foretold measures would make of stars, restrictions and activities: as it goes on, and with the decisions."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from math import floor

import msgspec

from zhanggui.actions.activities.figures import targets_of, values_of
from zhanggui.actions.house import House
from zhanggui.actions.standing.seeing import known_of
from zhanggui.core.activities.book import Activity
from zhanggui.core.activities.eligibility import Names, Value, eligible
from zhanggui.core.measures.book import Formula, Unit
from zhanggui.core.measures.marks import Counted
from zhanggui.core.standing.standing import Distance, HasCounted, Standing, standing
from zhanggui.core.whatif.predicting import Figure
from zhanggui.people.permissions import ShopId
from zhanggui.records.db import Tx
from zhanggui.rulebook.activities import activity_book
from zhanggui.rulebook.standing import standing_book

_A_BREATH = 1e-9
"""What rounding may lack of a whole one."""
Foretold = Mapping[str, tuple[Formula, Figure, Figure]]
"""By measure: as it goes on, and with the decisions."""


class Restricted(msgspec.Struct, frozen=True):
    """One restriction on a day to come."""

    as_is: Distance
    decided: Distance

    @property
    def is_moved(self) -> bool:
        """Whether the decisions bring it nearer, or farther."""
        return (self.as_is.is_beyond, self.as_is.orders_left) != (self.decided.is_beyond, self.decided.orders_left)


class Offered(msgspec.Struct, frozen=True):
    """One activity on a day to come: whether everything it asks is met; None where something is not known."""

    activity: Activity
    as_is: bool | None
    decided: bool | None


class Consequence(msgspec.Struct, frozen=True, kw_only=True):
    """What one day to come holds, by what is to be expected."""

    day: date
    as_is: Standing
    decided: Standing
    restrictions: tuple[Restricted, ...]
    activities: tuple[Offered, ...]


def consequence(tx: Tx, house: House, shop_id: ShopId, foretold: Foretold, today: date, ahead: int, now: datetime) -> Consequence:
    """Stars, restrictions and activities so many days from today. What is not foretold stays as it stands."""
    day, book = today + timedelta(days=ahead), standing_book()
    known = known_of(tx, house, shop_id, today, now=now)
    usual, other = _counted(foretold, decided=False), _counted(foretold, decided=True)
    as_is, decided = (standing(msgspec.structs.replace(known, values=_instead(known.values, told)), book, day) for told in (usual, other))
    activities: Sequence[Activity] = activity_book().in_force(day)
    values, targets = values_of(tx, shop_id, activities, now), targets_of(tx, shop_id)
    before, after = (eligible(activities, _with(values, told), targets) for told in (usual, other))
    return Consequence(
        day=day,
        as_is=as_is,
        decided=decided,
        restrictions=tuple(Restricted(one, other) for one, other in zip(as_is.restrictions, decided.restrictions, strict=True)),
        activities=tuple(Offered(one.activity, one.is_met, other.is_met) for one, other in zip(before, after, strict=True)),
    )


def _counted(foretold: Foretold, *, decided: bool) -> dict[str, Counted]:
    """Expectations as whole orders, seconds and stars."""
    return {name: whole(formula, other if decided else as_is) for name, (formula, as_is, other) in foretold.items()}


def _instead(values: Mapping[str, HasCounted], told: Mapping[str, Counted]) -> dict[str, HasCounted]:
    """What is foretold in the place of what is counted; what nobody has told of stays unknown."""
    return {name: told.get(name, value) for name, value in values.items()}


def _with(values: Mapping[Names, Value], told: Mapping[str, Counted]) -> dict[Names, Value]:
    return {name: Value(told[name[0]].num, told[name[0]].den) if name[0] in told else value for name, value in values.items()}


def whole(formula: Formula, figure: Figure) -> Counted:
    """An expectation as whole orders: what is not wholly there yet has not come, and the share stays what it was as nearly as whole orders tell it."""
    if formula.unit is Unit.COUNT:
        return Counted(floor(figure.num + _A_BREATH), 1)
    den = floor(figure.den + _A_BREATH)
    return Counted(round(figure.num / figure.den * den) if den else 0, den)
