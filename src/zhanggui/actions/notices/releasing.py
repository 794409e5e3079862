"""A person lets notices go, says that one was sent, or that a buyer is not told. Before each of these the facts are looked at again."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.conversations.bridging import answer_read, say_here
from zhanggui.actions.conversations.handing import look_for_stars
from zhanggui.actions.conversations.telling import tell_orders
from zhanggui.actions.conversations.threading import Whose, thread_for
from zhanggui.actions.house import House
from zhanggui.actions.notices.finding import Due, found_again
from zhanggui.actions.refused import Refused
from zhanggui.actions.scripts.using import used
from zhanggui.core.chats.shapes import Sending
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.notices.steps import NoticeState, NoticeStep, is_quiet
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, locks
from zhanggui.records import notices as records
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.notices import NoticeMoved
from zhanggui.records.notices import NewNotice, NoticeRecord
from zhanggui.records.says import packed

MOST_AT_ONCE = 200
NIGHT = say("It is night: messages between ten and eight count as harassment. Send it in the morning.")
_NAME_SHIPPING = frozenset({"notice_formed", "notice_printed", "notice_delayed"})
"""The messages whose hour is one of shipping; the others promise an answer, which can be given at any time before."""


class Released(msgspec.Struct, frozen=True):
    """Which orders' notices were let go, and why the others were not."""

    order_nos: tuple[str, ...]
    left: tuple[tuple[str, Say], ...] = ()


def release(house: House, by: Person, shop_id: ShopId, step: NoticeStep, order_nos: Sequence[str], now: datetime) -> Released:
    """Lets the notices of these orders go: they wait to be copied one after the other. What the facts no longer ask for stays, with the reason."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    _few(order_nos)

    def work(tx: Tx) -> Released:
        locks.do_not_wait_long(tx)
        found = found_again(tx, house, shop_id, step, order_nos, now)
        gone: list[str] = []
        left: list[tuple[str, Say]] = []
        for no in dict.fromkeys(order_nos):
            why = _let_go(tx, by, shop_id, step, no, found.get(no), now)
            if why is None:
                gone.append(no)
            else:
                left.append((no, why))
        return Released(tuple(gone), tuple(left))

    return transact(house.pool, work)


def skip(house: House, by: Person, shop_id: ShopId, step: NoticeStep, order_nos: Sequence[str], now: datetime) -> int:
    """How many of these buyers are not told at this step: somebody decided so."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    _few(order_nos)

    def work(tx: Tx) -> int:
        found = found_again(tx, house, shop_id, step, order_nos, now)
        standing = {row.order_no: row for row in records.locked(tx, shop_id, step, order_nos)}
        skipped = 0
        for no in dict.fromkeys(order_nos):
            due, row = found.get(no), standing.get(no)
            if row is not None and row.state == NoticeState.RELEASED.value:
                _move(tx, by, row, NoticeState.SKIPPED, now)
                skipped += 1
            elif isinstance(due, Due) and records.put(tx, shop_id, _new(due, NoticeState.SKIPPED, by, now)):
                _told(tx, by, shop_id, no, NoticeMoved(step.value, NoticeState.SKIPPED.value), now)
                skipped += 1
        return skipped

    return transact(house.pool, work)


def sent(
    house: House, by: Person, shop_id: ShopId, step: NoticeStep, order_no: str, now: datetime, *, said: str | None = None, by_bridge: bool = False
) -> NoticeRecord:
    """The notice was sent: it is kept as the rep's message, and what it promises becomes a deadline. With `by_bridge` the service tool is to send it.

    What a person sent has been read, also where the facts changed since it was shown: it is kept all the same, with what they hold against it. Nothing of
    the kind is given to a tool: Refused is raised, and the notice ceases. Nor is anything at night. Where the notice came up anew with other words than those
    that the person was shown (`said`), Refused is raised and nothing is done.
    """
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    if by_bridge and is_quiet(now):
        raise Refused(NIGHT)

    def work(tx: Tx) -> NoticeRecord | Say:
        locks.do_not_wait_long(tx)
        rows = records.locked(tx, shop_id, step, [order_no])
        row = rows[0] if rows else None
        if row is None:
            raise Refused(say("There is no such notice any more."))
        if row.state == NoticeState.SKIPPED.value:
            raise Refused(say("Somebody decided meanwhile that this buyer is not told. If you have sent it, paste the talk, so that it stands there."))
        if row.state == NoticeState.SENT.value:
            return row
        if said is not None and said.split() != row.said.split():
            raise Refused(say("It came up anew with other words meanwhile. If you have sent the words of before, paste the talk, so that they stand in it."))
        due = found_again(tx, house, shop_id, step, [order_no], now).get(order_no)
        against = _against(row, due, now)
        if against is not None and (by_bridge or due is None):
            return _cease(tx, by, row, against, now)
        _said(tx, by, shop_id, row, now, by_bridge=by_bridge)
        return _move(tx, by, row, NoticeState.SENT, now, way="bridge" if by_bridge else "copied", because=against)

    told = transact(house.pool, work)
    if isinstance(told, Say):
        raise Refused(told)
    tell_orders(house, shop_id, now)
    return told


def look_again(house: House, by: Person, shop_id: ShopId, rows: Sequence[NoticeRecord], now: datetime) -> tuple[NoticeRecord, ...]:
    """Those of these released notices that still hold; the others cease, with the reason."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    if not rows:
        return ()

    def work(tx: Tx) -> tuple[NoticeRecord, ...]:
        kept: list[NoticeRecord] = []
        for step in dict.fromkeys(NoticeStep(row.step) for row in rows):
            nos = [row.order_no for row in rows if row.step == step.value]
            found = found_again(tx, house, shop_id, step, nos, now)
            for row in records.locked(tx, shop_id, step, nos):
                if row.state != NoticeState.RELEASED.value:
                    continue
                if against := _against(row, found.get(row.order_no), now):
                    _cease(tx, by, row, against, now)
                else:
                    kept.append(row)
        return tuple(sorted(kept, key=lambda row: (row.moved_at, row.order_no, row.step)))

    return transact(house.pool, work)


def _let_go(tx: Tx, by: Person, shop_id: ShopId, step: NoticeStep, order_no: str, due: Due | Say | None, now: datetime) -> Say | None:
    """Why the notice of this order was not released; None where it was."""
    if not isinstance(due, Due):
        return due or say("The shop has no order {order_no}.", order_no=order_no)
    if due.findings:
        return say("The message says what must not be said: {words}", words="、".join(finding.words for finding in due.findings))
    if not records.put(tx, shop_id, _new(due, NoticeState.RELEASED, by, now)):
        return say("Somebody has decided about it already.")
    _told(tx, by, shop_id, order_no, NoticeMoved(step.value, NoticeState.RELEASED.value, due.notice.promise_at), now)
    return None


def _against(row: NoticeRecord, due: Due | Say | None, now: datetime) -> Say | None:
    """What the facts hold against what was let go; None where it still is as it should be."""
    if not isinstance(due, Due):
        return due or say("The shop does not know the order any more.")
    if due.notice.draft.zh != row.said and _is_stale(row, due, now):
        return say("What it says does not hold any more.")
    return None


def _is_stale(row: NoticeRecord, due: Due, now: datetime) -> bool:
    """Whether what was released must not be sent: another message is right, the parcel has another number, its hour has passed or cannot be kept."""
    if due.notice.draft.script != row.script:
        return True
    if due.notice.tracking_no is not None and due.notice.tracking_no not in row.said:
        return True
    promised = due.notice.promise_at
    if row.promise_at is None or row.promise_at <= now:
        return promised is not None
    return row.script in _NAME_SHIPPING and promised is not None and promised > row.promise_at


def _said(tx: Tx, by: Person, shop_id: ShopId, row: NoticeRecord, now: datetime, *, by_bridge: bool) -> None:
    thread = thread_for(tx, shop_id, Whose(order_no=row.order_no), now, now)
    if by_bridge and thread.external_id is None:
        raise Refused(say("No tool brought a conversation about this order, so none can send it. Copy it and send it yourself."))
    single = answer_read(row.said)
    if by_bridge:
        look_for_stars(single)
    say_here(tx, by, thread, single, now, Sending.WAITS if by_bridge else Sending.NOT)
    used(tx, by, shop_id, row.script, thread_no=thread.thread_no, order_no=row.order_no, now=now)


def _cease(tx: Tx, by: Person, row: NoticeRecord, because: Say, now: datetime) -> Say:
    _move(tx, by, row, NoticeState.CEASED, now, because=because)
    return because


def _move(tx: Tx, by: Person, row: NoticeRecord, state: NoticeState, now: datetime, *, way: str | None = None, because: Say | None = None) -> NoticeRecord:
    moved = msgspec.structs.replace(row, state=state.value, moved_at=now, moved_by=by.person_id, way=way, because=packed(because))
    if not records.save(tx, moved):
        raise Refused(say("Somebody changed this meanwhile. Look at it again."))
    _told(tx, by, ShopId(row.shop_id), row.order_no, NoticeMoved(row.step, state.value, row.promise_at if state is NoticeState.SENT else None), now)
    return moved


def _new(due: Due, state: NoticeState, by: Person, now: datetime) -> NewNotice:
    notice = due.notice
    return NewNotice(
        order_no=notice.order_no,
        step=notice.step.value,
        state=state.value,
        script=notice.draft.script,
        said=notice.draft.zh,
        gloss=notice.draft.en,
        since=notice.since,
        promise_at=notice.promise_at,
        released_at=now,
        released_by=by.person_id,
    )


def _told(tx: Tx, by: Person, shop_id: ShopId, order_no: str, entry: NoticeMoved, now: datetime) -> None:
    journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)


def _few(order_nos: Sequence[str]) -> None:
    if not order_nos or len(order_nos) > MOST_AT_ONCE:
        raise Refused(say("Choose between 1 and {most} orders.", most=MOST_AT_ONCE))
