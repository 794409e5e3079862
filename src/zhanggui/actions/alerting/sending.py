"""Messages leave: claimed, looked at once more, sent, and the answer kept.

What goes the same way at the same time leaves as one message. A message whose answer is missing is sent again under the same id, because no service can be
asked afterwards: it may be read twice, and is never silently lost. What was met meanwhile is not sent at all.
"""

import os
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.access import shops_with
from zhanggui.actions.alerting.ears import ALERTS, DIGEST, hearing
from zhanggui.actions.alerting.raising import NO_LONGER
from zhanggui.actions.alerting.wording import Telling, Worded, alerts_worded, digest_worded, telling_of, test_worded
from zhanggui.actions.backing_off import wait_after
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.items import items
from zhanggui.actions.lanes import FARTHEST
from zhanggui.actions.overview.daily import DAY_REPORT, day_report_worded
from zhanggui.actions.overview.letters import report_worded
from zhanggui.actions.overview.mailing import REPORT
from zhanggui.actions.today import ranked
from zhanggui.actions.vault import VaultShut, unseal
from zhanggui.connectors.notify.errors import NotifyError
from zhanggui.connectors.notify.letters import Letter
from zhanggui.connectors.notify.services import Service, about
from zhanggui.connectors.notify.ways import Way
from zhanggui.connectors.pdd.errors import Trouble
from zhanggui.core.alerts.matters import SAME_MOMENT, AlertState, Stage
from zhanggui.core.deadlines import Band
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people import factors
from zhanggui.people.permissions import Permission, ShopId, operator
from zhanggui.records import alert_channels, alert_sends, alerts, deadline_totals, wakes
from zhanggui.records.alert_channels import StoredChannel
from zhanggui.records.alert_sends import StoredSend
from zhanggui.records.db import Tx, transact
from zhanggui.records.says import packed
from zhanggui.words import load

LEASE = timedelta(minutes=2)
IN_ONE_MESSAGE = 200
MOST_WAITING = 100_000
MOST_ATTEMPTS = 6
MOST_DOUBLES = 3
"""A message that may have arrived is sent at most so often."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=20), timedelta(minutes=15)
ASKS_A_PERSON = timedelta(hours=1)
"""A channel that a person has to mend is tried again after so long."""
IN_A_DIGEST = 5
ALLOWED_BY = "ZHANGGUI_NOTIFY_HOSTS"
HAS_LEFT = say("Whoever it was for has no part in the shop any more.")
WITHHELD = say("Your role here asks a second factor, and you have none: nothing is sent through channels of your own. Add one on your account page.")


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A message that is ours to send until the moment."""

    shop_id: ShopId
    channel: StoredChannel
    message_id: str
    until: datetime
    attempts: int
    worded: Worded


def shops_with_alerts_due(house: House, now: datetime, wall: datetime) -> Sequence[ShopId]:
    """The shops in which a message can leave."""
    every = every_shop(house)
    with house.pool.connection() as tx:
        return [ShopId(shop_id) for shop_id in alert_sends.shops_due(tx, every, now, wall, wall + FARTHEST)]


def send_alerts(house: House, shop_id: ShopId, now: datetime, wall: datetime, _holder: str) -> bool:
    """Sends one message of the shop; whether there was anything to do."""
    with house.pool.connection() as tx:
        channel_no = alert_sends.next_channel(tx, shop_id, now, wall, wall + FARTHEST)
    if channel_no is None:
        return False
    claimed = transact(house.pool, lambda tx: _claimed(tx, house, shop_id, channel_no, now, wall))
    if claimed is not None:
        deliver(house, claimed, wall)
    return True


def deliver(house: House, claimed: Claimed, wall: datetime) -> NotifyError | None:
    """Sends the message and keeps what came of it; answers what went wrong."""
    try:
        way: Way = msgspec.json.decode(unseal(house, claimed.channel.sealed), type=Way)
        letter = Letter(claimed.message_id, claimed.worded.title, claimed.worded.text, wall, claimed.worded.data, claimed.worded.attached)
        house.notifier.deliver(way, letter, allowed=allowed_hosts())
        problem = None
    except NotifyError as trouble:
        problem = trouble
    except (VaultShut, msgspec.DecodeError):
        problem = NotifyError(Trouble.PERSON, "shut")
    transact(house.pool, lambda tx: _kept(tx, claimed, problem, wall))
    return problem


def allowed_hosts() -> frozenset[str]:
    """The hosts in private networks that whoever runs the house lets messages go to."""
    return frozenset(host.strip().lower().rstrip(".") for host in os.environ.get(ALLOWED_BY, "").split(",") if host.strip())


def claim_test(tx: Tx, shop_id: ShopId, channel: StoredChannel, now: datetime, wall: datetime) -> Claimed | datetime:
    """A message that shows whether the channel works, ours to send at once; or from when on the service takes one more."""
    free = about(Service(channel.service)).free_at(tuple(channel.recent), wall)
    if free > wall:
        return free
    once = f"test {secrets.token_hex(8)}"
    # for nobody else to take: it is claimed in this very transaction
    alert_sends.plan(tx, shop_id, [(channel.channel_no, now)], alert_no=None, once=once, stage="test", now=now)
    rows = [row for row in alert_sends.locked_due(tx, shop_id, channel.channel_no, now, wall, MOST_WAITING) if row.once == once]
    worded = test_worded(load(channel.language), _shop_name(tx, shop_id))
    return _taken(tx, shop_id, channel, rows, worded, wall)


def _claimed(tx: Tx, house: House, shop_id: ShopId, channel_no: int, now: datetime, wall: datetime) -> Claimed | None:
    """The next message of the channel, ours; None where another worker has it, or nothing of it need be said any more."""
    channel = alert_channels.locked(tx, shop_id, channel_no)
    if channel is None or not channel.is_on:
        return None
    free = about(Service(channel.service)).free_at(tuple(channel.recent), wall)
    if free > wall:
        alert_channels.rests(tx, shop_id, channel_no, free)
        return None
    due = alert_sends.locked_due(tx, shop_id, channel_no, now, wall, IN_ONE_MESSAGE)
    if channel_no not in {no for no, _ in hearing(tx, shop_id, sorted({*ALERTS, *DIGEST}))}:
        # it was written before its person left, or before a second factor was asked of them
        why = WITHHELD if channel.person_id in factors.withheld_in(tx, shop_id) else HAS_LEFT
        alert_sends.withdraw(tx, shop_id, [row.send_no for row in due], packed(why), now)
        return None
    rows = _of_one_message(due)
    worded, needless = _worded(tx, house, shop_id, channel, rows, now)
    if needless:
        alert_sends.withdraw(tx, shop_id, sorted(needless), packed(NO_LONGER), now)
    rows = [row for row in rows if row.send_no not in needless]
    return _taken(tx, shop_id, channel, rows, worded, wall) if rows and worded else None


def _of_one_message(rows: Sequence[StoredSend]) -> list[StoredSend]:
    """What leaves together: what was once sent together and must be known again, else all that is new; a digest, a report and a test leave alone."""
    if not rows:
        return []
    first = rows[0]
    if first.message_id is not None:
        return [row for row in rows if row.message_id == first.message_id]
    fresh = [row for row in rows if row.message_id is None]
    return [row for row in fresh if row.alert_no is not None] or fresh[:1]


def _worded(tx: Tx, house: House, shop_id: ShopId, channel: StoredChannel, rows: Sequence[StoredSend], now: datetime) -> tuple[Worded | None, set[int]]:
    """What the message says by the facts as they are now, and the rows of which nothing need be said any more."""
    words = load(channel.language)
    if not rows:
        return None, set()
    if rows[0].stage == "test":
        return test_worded(words, _shop_name(tx, shop_id)), set()
    if rows[0].stage == "digest":
        return _digest(tx, house, shop_id, channel, now), set()
    if rows[0].stage == REPORT:
        worded = report_worded(tx, house, shop_id, channel, rows[0].once, now)
        return worded, {rows[0].send_no} if worded is None else set()
    if rows[0].stage == DAY_REPORT:
        worded = day_report_worded(tx, house, shop_id, channel, rows[0].once, now)
        return worded, {rows[0].send_no} if worded is None else set()
    # an alert that waited through the night may have been warned of and be overdue by now: it is told once
    stages = {row.alert_no: Stage(row.stage) for row in rows if row.alert_no is not None}
    told = _told(tx, house, shop_id, stages, now)
    needless = {row.send_no for row in rows if row.alert_no not in told}
    if not told:
        return None, needless
    return alerts_worded(words, _shop_name(tx, shop_id), list(told.values()), now), needless


def _told(tx: Tx, house: House, shop_id: ShopId, stages: Mapping[int, Stage], now: datetime) -> dict[int, Telling]:
    """What is told of those of these alerts that still stand: of deadlines what the facts say now, of other matters what was said of them."""
    standing = alerts.still_standing(tx, shop_id, list(stages), SAME_MOMENT)
    by = operator("worker")
    shops = shops_with(tx, by, Permission.TODO_READ, [shop_id])
    shown = items(tx, house, by, shops, list(standing.values()), now)
    told = {no: telling_of(item, stages[no]) for no, item in zip(standing, shown, strict=True)}
    for row in alerts.of_numbers(tx, shop_id, list(stages)):
        if not row.is_watched and row.at is not AlertState.ENDED:
            told[row.alert_no] = Telling(
                stage=stages[row.alert_no],
                kind=row.deadline_kind,
                subject=row.subject,
                due_at=row.due_at,
                at_risk=Fen(row.money),
                act=row.next_act,
                because=(row.reason,),
            )
    return told


def _digest(tx: Tx, house: House, shop_id: ShopId, channel: StoredChannel, now: datetime) -> Worded:
    sums: dict[Band, tuple[int, int]] = {}
    for total in deadline_totals.of_shops(tx, [shop_id]):
        n, fen = sums.get(Band(total.band), (0, 0))
        sums[Band(total.band)] = n + total.deadlines, fen + total.at_risk
    counts = [(band, *sums.get(band, (0, 0))) for band in (Band.OVERDUE, Band.HOUR, Band.TODAY)]
    first = ranked(house, operator("worker"), now, shop_ids=[shop_id], limit=IN_A_DIGEST)
    return digest_worded(load(channel.language), _shop_name(tx, shop_id), [(band, n, Fen(fen)) for band, n, fen in counts], first, now)


def _taken(tx: Tx, shop_id: ShopId, channel: StoredChannel, rows: Sequence[StoredSend], worded: Worded, wall: datetime) -> Claimed:
    """Marks the rows as being sent in one message, counted before it leaves: one whose answer is lost has used up the limit all the same."""
    message_id, until = rows[0].message_id or secrets.token_hex(16), wall + LEASE
    alert_sends.claim(tx, shop_id, [row.send_no for row in rows], message_id, until)
    recent = (*about(Service(channel.service)).counted(tuple(channel.recent), wall), wall)
    alert_channels.leaves(tx, shop_id, channel.channel_no, recent)
    attempts = max(row.attempts for row in rows) + 1
    return Claimed(shop_id=shop_id, channel=channel, message_id=message_id, until=until, attempts=attempts, worded=worded)


def _kept(tx: Tx, claimed: Claimed, problem: NotifyError | None, wall: datetime) -> None:
    """What came of the message."""
    wakes.wake(tx, claimed.shop_id)
    shop_id, channel_no = claimed.shop_id, claimed.channel.channel_no
    if problem is None:
        if alert_sends.end(tx, shop_id, claimed.message_id, claimed.until, "sent", answer=None, because=None, wall=wall):
            alert_channels.well(tx, shop_id, channel_no, wall)
        return
    most = MOST_DOUBLES if problem.may_have_arrived else MOST_ATTEMPTS
    tried = None if problem.trouble is Trouble.SLOW_DOWN else 0 if problem.trouble is Trouble.FOREVER else most
    wait = _wait(problem, claimed.attempts)
    _keep_answer(tx, claimed, problem, tried, wall + wait, wall)
    if problem.trouble is Trouble.SLOW_DOWN:
        alert_channels.rests(tx, shop_id, channel_no, wall + wait)
    else:
        until = wall + wait if problem.trouble is Trouble.PERSON else None
        alert_channels.troubled(tx, shop_id, channel_no, packed(problem.say), until, wall)


def _keep_answer(tx: Tx, claimed: Claimed, problem: NotifyError, tried: int | None, look_at: datetime, wall: datetime) -> None:
    """What was tried so often is over; what joined the message later is said later, perhaps without it."""
    because, answer = packed(problem.say), problem.reason
    if tried is not None:
        alert_sends.end(tx, claimed.shop_id, claimed.message_id, claimed.until, "failed", answer=answer, because=because, wall=wall, tried=tried)
    alert_sends.later(
        tx,
        claimed.shop_id,
        claimed.message_id,
        claimed.until,
        "unsure" if problem.may_have_arrived else "waiting",
        look_at,
        answer=answer,
        because=because,
        counts=problem.trouble is not Trouble.SLOW_DOWN,
    )


def _wait(problem: NotifyError, attempts: int) -> timedelta:
    if problem.trouble is Trouble.PERSON:
        return ASKS_A_PERSON
    return max(problem.wait, wait_after(attempts, FIRST_WAIT, LONGEST_WAIT))


def _shop_name(tx: Tx, shop_id: ShopId) -> str:
    return shops_with(tx, operator("worker"), Permission.TODO_READ, [shop_id])[shop_id].name
