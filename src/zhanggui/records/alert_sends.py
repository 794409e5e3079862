"""What is said where about alerts: one row each, from the decision to the end. `send_at` goes by the house's time, `look_at` and leases by the wall."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""What no trouble has put off yet."""


class StoredSend(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to be said through one channel, as it stands in the table."""

    shop_id: int
    send_no: int
    channel_no: int
    alert_no: int | None
    once: str
    stage: str
    state: str
    made_at: datetime
    send_at: datetime
    message_id: str | None
    attempts: int


class SeenSend(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of an alert, for the page."""

    shop_id: int
    alert_no: int
    channel_name: str
    stage: str
    state: str
    send_at: datetime
    ended_at: datetime | None
    because: str | None


INSERT = """
    insert into alert_sends (shop_id, channel_no, alert_no, once, stage, state, made_at, send_at, look_at)
    select %(shop_id)s, channel_no, %(alert_no)s, %(once)s, %(stage)s, 'waiting', %(now)s, send_at, %(look_at)s
    from unnest(%(channel_nos)s::bigint[], %(send_ats)s::timestamptz[]) as planned (channel_no, send_at)
    on conflict do nothing
"""
ANY_DUE = """
    select shop.shop_id
    from shop_homes as shop
    cross join lateral (
        select 1 from alert_sends join alert_channels on alert_channels.shop_id = alert_sends.shop_id and alert_channels.channel_no = alert_sends.channel_no
        where alert_sends.shop_id = shop.shop_id and alert_channels.shop_id = shop.shop_id and alert_sends.look_at <= %(wall)s
            and alert_sends.send_at <= %(now)s and alert_sends.state in ('waiting', 'sending', 'unsure')
            and (alert_sends.leased_until is null or alert_sends.leased_until <= %(wall)s)
            and alert_channels.is_on
            and (alert_channels.paused_until is null or alert_channels.paused_until <= %(wall)s or alert_channels.paused_until > %(farthest)s)
        limit 1
    ) as due
    where shop.shop_id = any(%(shop_ids)s)
"""
# the channel whose message has waited longest; a message that was cut off or got no answer goes before new ones
NEXT_CHANNEL = """
    select alert_sends.channel_no
    from alert_sends join alert_channels on alert_channels.shop_id = alert_sends.shop_id and alert_channels.channel_no = alert_sends.channel_no
    where alert_sends.shop_id = %(shop_id)s and alert_channels.shop_id = %(shop_id)s and alert_sends.look_at <= %(wall)s and alert_sends.send_at <= %(now)s
        and alert_sends.state in ('waiting', 'sending', 'unsure') and (alert_sends.leased_until is null or alert_sends.leased_until <= %(wall)s)
        and alert_channels.is_on
        and (alert_channels.paused_until is null or alert_channels.paused_until <= %(wall)s or alert_channels.paused_until > %(farthest)s)
    order by alert_sends.look_at, alert_sends.send_no
    limit 1
"""
LOCK_DUE = """
    select shop_id, send_no, channel_no, alert_no, once, stage, state, made_at, send_at, message_id, attempts
    from alert_sends
    where shop_id = %(shop_id)s and channel_no = %(channel_no)s and look_at <= %(wall)s and send_at <= %(now)s
        and state in ('waiting', 'sending', 'unsure') and (leased_until is null or leased_until <= %(wall)s)
    order by message_id nulls last, send_no
    limit %(limit)s
    for update
"""
CLAIM = """
    update alert_sends set state = 'sending', message_id = %(message_id)s, attempts = attempts + 1, leased_until = %(until)s
    where shop_id = %(shop_id)s and send_no = any(%(send_nos)s)
"""
# only what was sent under this very claim
END = """
    update alert_sends set state = %(state)s, answer = %(answer)s, because = %(because)s, ended_at = %(wall)s, leased_until = null
    where shop_id = %(shop_id)s and message_id = %(message_id)s and state = 'sending' and leased_until = %(until)s and attempts >= %(tried)s
"""
LATER = """
    update alert_sends set state = %(state)s, answer = %(answer)s, because = %(because)s, look_at = %(look_at)s, leased_until = null,
        attempts = attempts - %(uncounted)s, message_id = case when %(state)s = 'unsure' then message_id end
    where shop_id = %(shop_id)s and message_id = %(message_id)s and state = 'sending' and leased_until = %(until)s
"""
WITHDRAW_NUMBERS = """
    update alert_sends set state = 'withdrawn', because = %(because)s, ended_at = %(wall)s, leased_until = null
    where shop_id = %(shop_id)s and send_no = any(%(send_nos)s)
"""
WITHDRAW_OF_PERSON = """
    update alert_sends set state = 'withdrawn', because = %(because)s, ended_at = %(wall)s
    where shop_id = %(shop_id)s and state in ('waiting', 'unsure')
        and channel_no in (select channel_no from alert_channels where shop_id = %(shop_id)s and person_id = %(person_id)s)
"""
WITHDRAW_OF_ALERTS = """
    update alert_sends set state = 'withdrawn', because = %(because)s, ended_at = %(wall)s
    where shop_id = %(shop_id)s and alert_no = any(%(alert_nos)s) and state in ('waiting', 'unsure')
"""
IS_UNSAID = """
    select coalesce(bool_and(state = 'withdrawn'), false) from alert_sends
    where shop_id = %(shop_id)s and alert_no = %(alert_no)s and split_part(once, '.', 1) = %(ring)s
"""
OF_ALERTS = """
    select alert_sends.shop_id, alert_sends.alert_no, alert_channels.name as channel_name, alert_sends.stage, alert_sends.state, alert_sends.send_at,
        alert_sends.ended_at, alert_sends.because::text as because
    from alert_sends join alert_channels on alert_channels.shop_id = alert_sends.shop_id and alert_channels.channel_no = alert_sends.channel_no
    where alert_sends.shop_id = %(shop_id)s and alert_channels.shop_id = %(shop_id)s and alert_sends.alert_no = any(%(alert_nos)s)
    order by alert_sends.send_no
"""
SWEEP = """
    delete from alert_sends where shop_id = %(shop_id)s and alert_no is null and state in ('sent', 'failed', 'withdrawn') and ended_at < %(before)s
"""


def plan(
    tx: Tx,
    shop_id: int,
    channels: Sequence[tuple[int, datetime]],
    *,
    alert_no: int | None,
    once: str,
    stage: str,
    now: datetime,
) -> int:
    """Writes what is to be said through these channels, from these moments on; what was planned before is not planned twice. Answers how many are new."""
    slots = {
        "shop_id": shop_id,
        "alert_no": alert_no,
        "once": once,
        "stage": stage,
        "channel_nos": [channel_no for channel_no, _ in channels],
        "send_ats": [send_at for _, send_at in channels],
        "now": now,
        "look_at": AT_ONCE,
    }
    return tx.execute(INSERT, slots).rowcount if channels else 0


def shops_due(tx: Tx, shop_ids: Sequence[int], now: datetime, wall: datetime, farthest: datetime) -> list[int]:
    """The shops in which something can be sent."""
    slots = {"shop_ids": list(shop_ids), "now": now, "wall": wall, "farthest": farthest}
    return [shop_id for (shop_id,) in tx.execute(ANY_DUE, slots)]


def next_channel(tx: Tx, shop_id: int, now: datetime, wall: datetime, farthest: datetime) -> int | None:
    """The channel through which something is to be sent next."""
    row = tx.execute(NEXT_CHANNEL, {"shop_id": shop_id, "now": now, "wall": wall, "farthest": farthest}).fetchone()
    return None if row is None else int(row[0])


def locked_due(tx: Tx, shop_id: int, channel_no: int, now: datetime, wall: datetime, limit: int) -> list[StoredSend]:
    """What is to be said through the channel by now, held: messages that were cut off together, then new ones."""
    slots = {"shop_id": shop_id, "channel_no": channel_no, "now": now, "wall": wall, "limit": limit}
    with tx.cursor(row_factory=class_row(StoredSend)) as cursor:
        return cursor.execute(LOCK_DUE, slots).fetchall()


def claim(tx: Tx, shop_id: int, send_nos: Sequence[int], message_id: str, until: datetime) -> None:
    """Marks them as being sent in one message."""
    tx.execute(CLAIM, {"shop_id": shop_id, "send_nos": list(send_nos), "message_id": message_id, "until": until})


def end(tx: Tx, shop_id: int, message_id: str, until: datetime, state: str, *, answer: str | None, because: str | None, wall: datetime, tried: int = 0) -> int:
    """Ends what was claimed for the message and tried so often at least; answers how many rows that were, 0 where the claim had run out."""
    slots = {"shop_id": shop_id, "message_id": message_id, "until": until, "state": state, "answer": answer, "because": because, "wall": wall, "tried": tried}
    return tx.execute(END, slots).rowcount


def later(
    tx: Tx, shop_id: int, message_id: str, until: datetime, state: str, look_at: datetime, *, answer: str | None, because: str | None, counts: bool
) -> int:
    """Puts off what was claimed for the message. One whose answer is missing keeps its number, so that it is known again."""
    slots = {"shop_id": shop_id, "message_id": message_id, "until": until, "state": state, "look_at": look_at, "answer": answer, "because": because}
    return tx.execute(LATER, slots | {"uncounted": 0 if counts else 1}).rowcount


def withdraw(tx: Tx, shop_id: int, send_nos: Sequence[int], because: str, now: datetime) -> None:
    """Ends what need not be said any more."""
    tx.execute(WITHDRAW_NUMBERS, {"shop_id": shop_id, "send_nos": list(send_nos), "because": because, "wall": now})


def withdraw_of_person(tx: Tx, shop_id: int, person_id: int, because: str, now: datetime) -> None:
    """Ends what was not yet said to this person's own channels."""
    tx.execute(WITHDRAW_OF_PERSON, {"shop_id": shop_id, "person_id": person_id, "because": because, "wall": now})


def withdraw_of_alerts(tx: Tx, shop_id: int, alert_nos: Sequence[int], because: str, now: datetime) -> None:
    """Ends what was not yet said about these alerts."""
    tx.execute(WITHDRAW_OF_ALERTS, {"shop_id": shop_id, "alert_nos": list(alert_nos), "because": because, "wall": now})


def is_unsaid(tx: Tx, shop_id: int, alert_no: int, ring: int) -> bool:
    """Whether something was to be said of this ring, and all of it was withdrawn."""
    row = tx.execute(IS_UNSAID, {"shop_id": shop_id, "alert_no": alert_no, "ring": str(ring)}).fetchone()
    return bool(row and row[0])


def of_alerts(tx: Tx, shop_id: int, alert_nos: Sequence[int]) -> list[SeenSend]:
    """What was said about these alerts, in the order of the saying."""
    with tx.cursor(row_factory=class_row(SeenSend)) as cursor:
        return cursor.execute(OF_ALERTS, {"shop_id": shop_id, "alert_nos": list(alert_nos)}).fetchall()


def sweep(tx: Tx, shop_id: int, before: datetime) -> None:
    """Forgets digests and tests that ended before the moment."""
    tx.execute(SWEEP, {"shop_id": shop_id, "before": before})
