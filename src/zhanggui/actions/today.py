"""The Today list: what to do next, ranked by what it costs not to."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.views import TodayList, TodoItem
from zhanggui.core.deadlines import Band, DeadlineKind, Subject
from zhanggui.core.money import Fen
from zhanggui.people.permissions import Permission, Person, PersonId, ShopId

SHOWN_BANDS = (Band.OVERDUE, Band.HOUR, Band.TODAY, Band.LATER)


def settle(house: House, shop_ids: Sequence[ShopId], now: datetime) -> int:
    """Moves deadlines whose band has changed by now, in bounded batches; answers how many moved."""
    return 0


def today(
    house: House,
    by: Person,
    now: datetime,
    *,
    shop_ids: Sequence[ShopId] | None = None,
    kinds: Sequence[DeadlineKind] = (),
    assignee: PersonId | None = None,
    bands: Sequence[Band] = SHOWN_BANDS,
    limit: int = 50,
    after: str | None = None,
) -> TodayList:
    """The sums of every band and the first `limit` items of each band asked for. `after` continues one band (ask for that band alone)."""
    return TodayList(now=now, sums=(), lost_in_an_hour=Fen(0), groups=(), ages=())


def todo(house: House, by: Person, shop_id: ShopId, now: datetime, limit: int) -> tuple[TodoItem, ...]:
    """The shop's running to-dos across the bands of time, the greatest expected loss first."""
    by.need(Permission.TODO_READ, shop_id)
    return ()


def todo_item(house: House, by: Person, shop_id: ShopId, subject: Subject, kind: DeadlineKind, now: datetime) -> TodoItem | None:
    """One to-do as the list shows it, whatever band it stands in; None once it is closed or where there is no such."""
    by.need(Permission.TODO_READ, shop_id)
    return None
