"""A shop's channels as people see and set them. What opens one is sealed and never shown again.

Owners set the shop's channels; everybody with a part in the shop may add channels of their own, which carry what that person is told.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from zhanggui.actions.alerting.sending import WITHHELD, Claimed, claim_test, deliver
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.vault import seal
from zhanggui.connectors.notify.services import Service
from zhanggui.connectors.notify.ways import NoWay, Typed, shown_of, way_of
from zhanggui.core.alerts.quiet import Quiet
from zhanggui.core.alerts.terms import AlertTerms
from zhanggui.core.say import Say, say
from zhanggui.people import factors, members
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import alert_channels, journal
from zhanggui.records.alert_channels import StoredChannel
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.alerts import AlertTermsSet, ChannelAdded, ChannelRemoved, ChannelSwitched
from zhanggui.records.says import unpacked
from zhanggui.rulebook.alerts import alert_matters

TELLS = ("alerts", "digest", "both")
LONGEST_NAME = 40
MOST_CHANNELS, MOST_OWN = 30, 5
MOST_PERIODS = 10
LONGEST_WARNING = 7 * 1440


class ChannelView(msgspec.Struct, frozen=True, kw_only=True):
    """How a channel stands. It holds no secret."""

    channel_no: int
    service: Service
    name: str
    person_id: int | None
    tells: str
    shown: str
    is_on: bool
    paused_until: datetime | None
    problem: Say | None
    problem_at: datetime | None
    well_at: datetime | None
    is_mine: bool
    may_change: bool


def channels_seen(house: House, by: Person, shop_id: ShopId, wall: datetime) -> tuple[ChannelView, ...]:
    """The channels this person may see: their own, and with the right to read settings those of the shop and of everybody."""
    by.need(Permission.TODO_READ, shop_id)
    with house.pool.connection() as tx:
        rows, withheld = alert_channels.of_shop(tx, shop_id), factors.withheld_in(tx, shop_id)
    sees_all = by.may(Permission.SETTINGS_READ, shop_id)
    shown = (_seen(row, by, shop_id, wall) for row in rows if sees_all or _is_mine(row, by))
    return tuple(msgspec.structs.replace(view, problem=WITHHELD) if view.person_id in withheld else view for view in shown)


def add_channel(
    house: House, by: Person, shop_id: ShopId, service: str, name: str, typed: Typed, now: datetime, *, tells: str = "alerts", mine: bool = False
) -> int:
    """The number of the new channel. Raises Refused for one that opens nothing."""
    by.need(Permission.TODO_READ if mine else Permission.SETTINGS_WRITE, shop_id)
    if mine and by.person_id is None:
        raise NotAllowed(Permission.TODO_READ.value)
    called = name.strip()
    if service not in set(Service) or tells not in TELLS:
        raise Refused(say("There is no such service."))
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise Refused(say("Give the channel a name of at most {longest} characters.", longest=LONGEST_NAME))
    try:
        way = way_of(Service(service), typed)
    except NoWay as problem:
        raise Refused(problem.say) from None
    sealed = seal(house, msgspec.json.encode(way).decode())

    def work(tx: Tx) -> int:
        _leaves_room(tx, shop_id, by.person_id if mine else None)
        journal.write(tx, shop_id, ChannelAdded(called, service), at=now, by=by.person_id)
        return alert_channels.insert(
            tx,
            shop_id,
            service=service,
            name=called,
            person_id=by.person_id if mine else None,
            tells=tells,
            language=by.language,
            sealed=sealed,
            shown=shown_of(way),
            by=by.person_id,
            now=now,
        )

    return transact(house.pool, work)


def _leaves_room(tx: Tx, shop_id: ShopId, person_id: int | None) -> None:
    """Nobody's own channels take the place of the shop's or of somebody else's. Raises Refused."""
    held = sum(row.person_id == person_id for row in alert_channels.of_shop(tx, shop_id))
    if person_id is None and held >= MOST_CHANNELS:
        raise Refused(say("A shop has at most {most} channels. Remove one first.", most=MOST_CHANNELS))
    if person_id is not None and held >= MOST_OWN:
        raise Refused(say("You have {most} channels of your own in this shop. Remove one first.", most=MOST_OWN))


def switch_channel(house: House, by: Person, shop_id: ShopId, channel_no: int, now: datetime, *, is_on: bool) -> None:
    """Opens or closes the channel; opened again it begins anew, whatever troubled it."""

    def change(tx: Tx, row: StoredChannel) -> None:
        if is_on:
            _opens_still(row)
        alert_channels.switch(tx, shop_id, channel_no, is_on=is_on)
        journal.write(tx, shop_id, ChannelSwitched(row.name, is_on), at=now, by=by.person_id)

    _changed(house, by, shop_id, channel_no, change)


def remove_channel(house: House, by: Person, shop_id: ShopId, channel_no: int, now: datetime) -> None:
    """Wipes the channel, what opened it, and what was sent through it."""

    def change(tx: Tx, row: StoredChannel) -> None:
        alert_channels.remove(tx, shop_id, channel_no)
        journal.write(tx, shop_id, ChannelRemoved(row.name), at=now, by=by.person_id)

    _changed(house, by, shop_id, channel_no, change)


def try_channel(house: House, by: Person, shop_id: ShopId, channel_no: int, now: datetime, wall: datetime) -> None:
    """Sends a test through the channel at once. Raises Refused with what went wrong."""
    claimed: list[Claimed | datetime] = []

    def claim(tx: Tx, row: StoredChannel) -> None:
        _opens_still(row)
        claimed[:] = [claim_test(tx, shop_id, row, now, wall)]

    _changed(house, by, shop_id, channel_no, claim)
    if not isinstance(claimed[0], Claimed):
        seconds = max(1, round((claimed[0] - wall).total_seconds()))
        raise Refused(say("The service takes no further message for {seconds} seconds. Try again then.", seconds=seconds))
    problem = deliver(house, claimed[0], wall)
    if problem is not None:
        raise Refused(problem.say)


def terms_seen(house: House, by: Person, shop_id: ShopId) -> AlertTerms:
    """The shop's terms."""
    by.need(Permission.TODO_READ, shop_id)
    with house.pool.connection() as tx:
        return alert_channels.terms_of(tx, shop_id)


def keep_terms(house: House, by: Person, shop_id: ShopId, terms: AlertTerms, now: datetime) -> None:
    """Keeps the shop's terms. Raises Refused for terms that cannot be meant."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    _check(terms)

    def work(tx: Tx) -> None:
        known = {member.person_id for member in members.of_shop(tx, shop_id)}
        if not known.issuperset(terms.people):
            raise Refused(say("Only people of the shop can be told one after the other."))
        alert_channels.keep_terms(tx, shop_id, terms, by.person_id, now)
        journal.write(tx, shop_id, AlertTermsSet(), at=now, by=by.person_id)

    transact(house.pool, work)


def quiet_seen(house: House, by: Person, shop_id: ShopId) -> tuple[Quiet, ...] | None:
    """When this person is left alone in the shop; None: as the shop is."""
    by.need(Permission.TODO_READ, shop_id)
    with house.pool.connection() as tx:
        return alert_channels.quiet_of(tx, shop_id).get(by.person_id or 0)


def keep_quiet(house: House, by: Person, shop_id: ShopId, quiet: tuple[Quiet, ...] | None) -> None:
    """Keeps when this person is left alone in the shop; None: as the shop is."""
    by.need(Permission.TODO_READ, shop_id)
    if by.person_id is None:
        raise NotAllowed(Permission.TODO_READ.value)
    person_id = int(by.person_id)
    _check_quiet(quiet or ())
    transact(house.pool, lambda tx: alert_channels.keep_quiet(tx, shop_id, person_id, quiet))


def _changed(house: House, by: Person, shop_id: ShopId, channel_no: int, change: Callable[[Tx, StoredChannel], None]) -> None:
    """Does something to a channel that this person may change. One that they may not is as good as none."""
    by.need(Permission.TODO_READ, shop_id)

    def work(tx: Tx) -> None:
        row = alert_channels.locked(tx, shop_id, channel_no)
        if row is None or not _may_change(row, by, shop_id):
            raise NotAllowed(Permission.SETTINGS_WRITE.value)
        change(tx, row)

    transact(house.pool, work)


def _opens_still(row: StoredChannel) -> None:
    """Raises Refused for a channel whose address was wiped when its person left the shop."""
    if not row.sealed:
        raise Refused(say("What opened this channel was wiped when its person left the shop. Remove it and add it anew."))


def _check(terms: AlertTerms) -> None:
    """Raises Refused."""
    for kind, minutes in terms.warn_minutes.items():
        if minutes is not None and not 0 <= minutes <= LONGEST_WARNING:
            raise Refused(say("{kind} can ring at most {most} minutes ahead.", kind=kind, most=LONGEST_WARNING))
        if minutes is not None and alert_matters()[kind].stays_inside:
            raise Refused(say("{kind} does not ring: its sums are not for everybody whom a channel reaches.", kind=kind))
    if terms.escalate_minutes is not None and not 1 <= terms.escalate_minutes <= LONGEST_WARNING:
        raise Refused(say("Wait at least a minute before the next person is told, or tell nobody further."))
    if terms.least_money < 0:
        raise Refused(say("An amount of money cannot be below nothing."))
    _check_quiet(terms.quiet)


def _check_quiet(quiet: tuple[Quiet, ...]) -> None:
    if len(quiet) > MOST_PERIODS:
        raise Refused(say("At most {most} quiet periods.", most=MOST_PERIODS))


def _seen(row: StoredChannel, by: Person, shop_id: ShopId, wall: datetime) -> ChannelView:
    return ChannelView(
        channel_no=row.channel_no,
        service=Service(row.service),
        name=row.name,
        person_id=row.person_id,
        tells=row.tells,
        shown=row.shown,
        is_on=row.is_on,
        paused_until=row.paused_until if row.paused_until is not None and row.paused_until > wall else None,
        problem=None if row.problem is None else unpacked(row.problem),
        problem_at=row.problem_at,
        well_at=row.well_at,
        is_mine=_is_mine(row, by),
        may_change=_may_change(row, by, shop_id),
    )


def _is_mine(row: StoredChannel, by: Person) -> bool:
    return row.person_id is not None and row.person_id == by.person_id


def _may_change(row: StoredChannel, by: Person, shop_id: ShopId) -> bool:
    """One's own; the shop's with the right to set it. Of somebody else's nobody: not even the owner sends through another person's mail account."""
    return _is_mine(row, by) or (row.person_id is None and by.may(Permission.SETTINGS_WRITE, shop_id))
