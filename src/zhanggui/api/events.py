"""What happened in the shop, in order: the same that hooks are sent, for programs that would rather ask."""

from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import FromQuery
from litestar.response import Response

from zhanggui.actions.hooks.seeing import events_seen
from zhanggui.actions.hooks.sending import event_id
from zhanggui.api.asked import AtAsked, Cursor, Limit
from zhanggui.api.bearing import NEEDS
from zhanggui.api.units import At
from zhanggui.core.bridge.scopes import Scope
from zhanggui.records.hook_events import EventRecord


class EventOut(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to one thing."""

    id: str
    type: str
    timestamp: At
    place: int
    """Counts up in the shop; of one thing a higher place happened later."""
    subject: str
    no: str
    order_no: str | None
    what: Annotated[dict[str, Any], msgspec.Meta(description="What the kind of event says of the thing; see the table of events in docs/api.md.")]


class EventsOut(msgspec.Struct, frozen=True):
    """Events in their order. `next_cursor` is never null: ask again with it for what happens later."""

    events: tuple[EventOut, ...]
    next_cursor: str
    has_more: bool


@get("/events", sync_to_thread=True, opt={NEEDS: Scope.EVENTS_READ})
def list_events(asked: AtAsked, kinds: FromQuery[str] = "", newest: FromQuery[bool] = False, cursor: Cursor = "", limit: Limit = 100) -> Response[EventsOut]:
    """What happened after the cursor, in order. `kinds` such as `order.*,act.moved`; with `newest` and no cursor, from now on.

    Events are noted from the moment on at which a token with this scope, or a hook, is there, and kept for fourteen days.
    """
    wanted = [word for word in kinds.split(",") if word]
    page = events_seen(asked.house, asked.by, asked.shop_id, cursor=cursor, kinds=wanted, limit=limit, newest=newest)
    return asked.told(EventsOut(tuple(map(_event, page.rows)), page.next_cursor, page.has_more))


def _event(row: EventRecord) -> EventOut:
    return EventOut(
        id=event_id(row),
        type=row.kind,
        timestamp=row.at,
        place=row.place,
        subject=row.subject_kind,
        no=row.subject_no,
        order_no=row.order_no,
        what=msgspec.json.decode(row.what),
    )


route_handlers = (list_events,)
