"""The changes of number and the further parcels of a shop, each with what is left to do and the message for the buyer."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.outbox.kinds import limits_in, right_to_send
from zhanggui.core.acts import ActKind, ActLevel, ActState
from zhanggui.core.acts.moves import AT_REST
from zhanggui.core.facts import ParcelKind
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.renumbering.states import ChangeState, ExtraState
from zhanggui.core.scripts import Both
from zhanggui.core.verdicts import Draft
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import act_limits, connections, deadlines, number_changes
from zhanggui.records.db import Tx
from zhanggui.records.number_changes import ChangeRecord, ExtraRecord
from zhanggui.rulebook import scripts

LARGEST = 2**62
_SCRIPTS = {ParcelKind.EXTRA: "parcel_extra", ParcelKind.RESEND: "parcel_resend", ParcelKind.GIFT: "parcel_gift"}


class ChangeRow(msgspec.Struct, frozen=True):
    """A change of number as the page shows it."""

    change: ChangeRecord
    state: ChangeState
    title: str | None
    due_at: datetime | None
    act: ActState | None
    """How far the act has come, where one was decided."""
    may_send: bool
    """Whether the door out is open to it."""
    may_say_done: bool
    may_drop: bool
    """Not while an act is under way that would change the number all the same; nothing else is left to do then either."""
    message: Draft | None


class ExtraRow(msgspec.Struct, frozen=True):
    """A further parcel as the page shows it."""

    extra: ExtraRecord
    kind: ParcelKind
    state: ExtraState
    title: str | None
    act: ActState | None
    may_send: bool
    may_say_done: bool
    message: Draft | None


class NumbersPage(msgspec.Struct, frozen=True):
    """A page of changes and further parcels, newest first."""

    changes: tuple[ChangeRow, ...]
    extras: tuple[ExtraRow, ...]
    next_cursor: str | None
    next_extra: str | None


class _Around(msgspec.Struct, frozen=True):
    known: Mapping[str, OrderKnowledge]
    due: Mapping[str, datetime]
    open_to: frozenset[ActKind]


def numbers_seen(house: House, by: Person, shop_id: ShopId, *, cursor: str | None = None, extra_cursor: str | None = None, limit: int = 30) -> NumbersPage:
    """The changes of number and the further parcels."""
    by.need(Permission.ORDERS_READ, shop_id)
    before = cursors.read(cursor, int) if cursor else LARGEST
    extra_before = cursors.read(extra_cursor, int) if extra_cursor else LARGEST
    with house.pool.connection() as tx:
        changes = number_changes.page(tx, shop_id, before, limit + 1)
        extras = number_changes.page_extras(tx, shop_id, extra_before, limit + 1)
        nos = sorted({row.order_no for row in changes[:limit]} | {row.order_no for row in extras[:limit]})
        rows = deadlines.of_subjects(tx, shop_id, "number_change", [str(row.change_no) for row in changes[:limit]])
        due = {row.subject_no: row.due_at for row in rows if row.band is not None}
        around = _Around(orders_known(tx, shop_id, nos), due, _open_to(tx, by, shop_id))
    return NumbersPage(
        tuple(_change(row, around) for row in changes[:limit]),
        tuple(_extra(row, around) for row in extras[:limit]),
        cursors.write_one(changes[limit - 1].change_no) if len(changes) > limit else None,
        cursors.write_one(extras[limit - 1].extra_no) if len(extras) > limit else None,
    )


def _open_to(tx: Tx, by: Person, shop_id: ShopId) -> frozenset[ActKind]:
    """The kinds of act that this person may send from this shop now."""
    kinds = [kind for kind in (ActKind.SHIP_CHANGE, ActKind.PARCELS_EXTRA) if by.may(right_to_send(kind), shop_id)]
    if not kinds or not act_limits.switch(tx).is_open or not connections.connected(tx, [shop_id]):
        return frozenset()
    limits = limits_in(tx, [shop_id])
    return frozenset(kind for kind in kinds if limits[shop_id, kind].level is not ActLevel.OFF)


def _change(row: ChangeRecord, around: _Around) -> ChangeRow:
    state, act = ChangeState(row.state), _act(row.act_state)
    known = around.known.get(row.order_no)
    title = None if known is None else known.order.title
    is_open = state is ChangeState.PLANNED and _is_free(act)
    message = scripts().draft("number_changed", title=title or Both("商品", "what you ordered"), carrier=row.new_carrier, tracking_no=row.new_no)
    due_at, may_send = around.due.get(str(row.change_no)), is_open and ActKind.SHIP_CHANGE in around.open_to
    return ChangeRow(row, state, title, due_at, act, may_send, is_open, _is_free(act), message)


def _extra(row: ExtraRecord, around: _Around) -> ExtraRow:
    kind, act = ParcelKind(row.kind), _act(row.act_state)
    known = around.known.get(row.order_no)
    title = None if known is None else known.order.title
    is_known = known is not None and any(parcel.tracking_no == row.tracking_no for parcel in known.order.further_parcels or ())
    state = ExtraState.TOLD if is_known or act is ActState.CARRIED_OUT else ExtraState(row.state)
    is_open = state is ExtraState.NOTED and _is_free(act)
    message = scripts().draft(_SCRIPTS[kind], title=title or Both("商品", "what you ordered"), carrier=row.carrier, tracking_no=row.tracking_no)
    return ExtraRow(row, kind, state, title, act, is_open and ActKind.PARCELS_EXTRA in around.open_to, is_open, message)


def _act(state: str | None) -> ActState | None:
    return None if state is None else ActState(state)


def _is_free(act: ActState | None) -> bool:
    """Whether no act is under way that would do the same."""
    return act is None or act in AT_REST
