"""What buyers are to be told now, gathered by message: found by index, decided by fresh facts, checked like everything that goes out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.notices.grounds import Grounds
from zhanggui.actions.scripts.library import scripts_of
from zhanggui.core.facts import OrderFacts
from zhanggui.core.notices.deciding import NOT_PICKED_UP, STALLS, notice
from zhanggui.core.notices.shapes import Notice, NoticeGround, NotNow
from zhanggui.core.notices.steps import FRESH, REVIEW_AFTER, URGENCY, NoticeStep
from zhanggui.core.parcels.kinds import ParcelState
from zhanggui.core.say import Say
from zhanggui.core.scripts import Scripts
from zhanggui.core.speech import Finding, check
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import notices as records
from zhanggui.records.db import Tx
from zhanggui.rulebook.speech import speech_book

AT_ONCE, PAGES = 200, 4
"""So many orders of each step are looked at together, and so often on until as many are due: an order of which nothing is to be told now stays in the way."""
LONGEST_WAY = timedelta(days=20)
"""A parcel that left before is no news any more."""
_TOLD_LATE = frozenset({NoticeStep.DELAYED})
"""Steps whose very message names an hour beyond the limit, because it is late: to promise it is what the rules ask for."""


class Due(msgspec.Struct, frozen=True):
    """A notice that waits to be released, and the order it is about."""

    notice: Notice
    order: OrderFacts
    findings: tuple[Finding, ...] = ()
    """What the check of speech has against the message; such a one is not released."""


class Batch(msgspec.Struct, frozen=True):
    """The notices of one step that have one script in common."""

    step: NoticeStep
    script: str
    title_zh: str
    title_en: str
    due: tuple[Due, ...]


class Queue(msgspec.Struct, frozen=True):
    """Everything that is to be told now, the most urgent first; whether more may wait than was looked at."""

    batches: tuple[Batch, ...]
    is_more: bool

    @property
    def orders(self) -> int:
        """How many notices these batches hold."""
        return sum(len(batch.due) for batch in self.batches)


def notices_of(house: House, by: Person, shop_id: ShopId, step: NoticeStep | None, now: datetime) -> Queue:
    """What is to be told at this step, or at any."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        grounds = Grounds(tx, house, shop_id, now)
        written = scripts_of(tx, shop_id, now)
        wanted = URGENCY if step is None else (step,)
        looked = [_due_at(each, tx, shop_id, grounds, written, now) for each in wanted]
    batches = [batch for each, (due, _) in zip(wanted, looked, strict=True) for batch in _batches(each, due, written)]
    return Queue(tuple(batches), any(is_more for _, is_more in looked))


def found_again(tx: Tx, house: House, shop_id: ShopId, step: NoticeStep, order_nos: Sequence[str], now: datetime) -> dict[str, Due | Say]:
    """What is to be told of each of these orders at this step by the facts of now, or why nothing is any more."""
    known = Grounds(tx, house, shop_id, now).of(order_nos)
    written = scripts_of(tx, shop_id, now)
    found: dict[str, Due | Say] = {}
    for no, ground in known.items():
        told = notice(step, ground, written, now)
        found[no] = told.because if isinstance(told, NotNow) else due_of(told, ground, now)
    return found


def _due_at(step: NoticeStep, tx: Tx, shop_id: ShopId, grounds: Grounds, written: Scripts, now: datetime) -> tuple[list[Due], bool]:
    """What is due at this step, the most urgent first, and whether more orders wait than were looked at."""
    due: list[Due] = []
    seen: set[str] = set()
    checked: dict[tuple[str, str | None], tuple[Finding, ...]] = {}
    for page in range(PAGES):
        nos = _CANDIDATES[step](tx, shop_id, grounds, now, page * AT_ONCE)
        new = [no for no in nos if no not in seen]
        seen.update(new)
        due += _told(step, grounds.of(new).values(), written, checked, now)
        if len(nos) < AT_ONCE:
            return due, False
        if len(due) >= AT_ONCE:
            break
    return due, True


def _told(
    step: NoticeStep, grounds: Iterable[NoticeGround], written: Scripts, checked: dict[tuple[str, str | None], tuple[Finding, ...]], now: datetime
) -> Iterator[Due]:
    """Messages of one script about one product differ in numbers and hours alone: of these the list has one checked; before any is let go, each is."""
    for ground in grounds:
        told = notice(step, ground, written, now)
        if isinstance(told, Notice):
            order = ground.known.order
            alike = told.draft.script, order.title
            if alike not in checked:
                checked[alike] = due_of(told, ground, now).findings
            yield Due(told, order, checked[alike])


def due_of(told: Notice, ground: NoticeGround, now: datetime) -> Due:
    """The notice with what the check of speech says of it. How long the order may still take to leave is known, so too late a promise is found."""
    left = None if ground.ship_by is None or told.step in _TOLD_LATE else max(ground.ship_by - now, timedelta())
    return Due(told, ground.known.order, check(told.draft.zh, speech_book(), now, ship_within=left))


def _batches(step: NoticeStep, due: Sequence[Due], written: Scripts) -> list[Batch]:
    by_script: dict[str, list[Due]] = {}
    for each in due:
        by_script.setdefault(each.notice.draft.script, []).append(each)
    named = written.by_id
    return [Batch(step, script, named[script].when_zh, named[script].when_en, tuple(listed)) for script, listed in by_script.items()]


def _formed(tx: Tx, shop_id: ShopId, _grounds: Grounds, now: datetime, skip: int) -> list[str]:
    return records.formed(tx, shop_id, now - FRESH[NoticeStep.FORMED], AT_ONCE, skip)


def _printed(tx: Tx, shop_id: ShopId, _grounds: Grounds, now: datetime, skip: int) -> list[str]:
    return records.printed(tx, shop_id, now - FRESH[NoticeStep.PRINTED], AT_ONCE, skip)


def _delayed(tx: Tx, shop_id: ShopId, grounds: Grounds, now: datetime, skip: int) -> list[str]:
    """Those overdue or due within the day, and before them all others whose goods are not there."""
    due = records.due(tx, shop_id, now - FRESH[NoticeStep.DELAYED], AT_ONCE, skip)
    short = records.undecided(tx, shop_id, NoticeStep.DELAYED, sorted(grounds.short)) if skip == 0 else []
    return list(dict.fromkeys((*short[:AT_ONCE], *due)))


def _stalled(tx: Tx, shop_id: ShopId, _grounds: Grounds, now: datetime, skip: int) -> list[str]:
    kinds = sorted(kind.value for kind in STALLS | NOT_PICKED_UP)
    return records.stalled(tx, shop_id, kinds, now - FRESH[NoticeStep.STALLED], now, AT_ONCE, skip)


def _delivered(tx: Tx, shop_id: ShopId, _grounds: Grounds, now: datetime, skip: int) -> list[str]:
    states = (ParcelState.ARRIVED_HOME.value, ParcelState.AT_POINT.value)
    return records.arrived(tx, shop_id, states, now - LONGEST_WAY, now - FRESH[NoticeStep.DELIVERED], now, AT_ONCE, skip)


def _unreviewed(tx: Tx, shop_id: ShopId, _grounds: Grounds, now: datetime, skip: int) -> list[str]:
    states = (ParcelState.ARRIVED_HOME.value,)
    return records.unreviewed(tx, shop_id, states, now - 2 * LONGEST_WAY, now - FRESH[NoticeStep.REVIEW], now - REVIEW_AFTER, AT_ONCE, skip)


_CANDIDATES: Mapping[NoticeStep, Callable[[Tx, ShopId, Grounds, datetime, int], list[str]]] = {
    NoticeStep.FORMED: _formed,
    NoticeStep.PRINTED: _printed,
    NoticeStep.DELAYED: _delayed,
    NoticeStep.STALLED: _stalled,
    NoticeStep.DELIVERED: _delivered,
    NoticeStep.REVIEW: _unreviewed,
}
