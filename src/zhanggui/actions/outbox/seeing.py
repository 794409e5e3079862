"""What the pages and commands show of the door: acts in hand and at rest, what a to-do calls for, levels and what left today."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.access import ShopInfo, shops_with
from zhanggui.actions.house import House
from zhanggui.actions.outbox.deciding import decide
from zhanggui.actions.outbox.judging import called_for
from zhanggui.actions.outbox.kinds import act_terms, limits_in, right_to_send
from zhanggui.actions.platform import access_to
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActKind, ActLevel, ActState, ActTerms, Limits
from zhanggui.core.acts.moves import NOTHING_HAPPENED, STOPPABLE
from zhanggui.core.acts.proposing import Proposal
from zhanggui.core.acts.requests import money_of
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import act_limits, deadlines, outbox
from zhanggui.records.act_limits import Switch
from zhanggui.records.db import Tx, transact
from zhanggui.records.outbox import StoredAct

MOST_SHOWN = 100
IN_HAND = (ActState.ANNOUNCED, ActState.SENDING, ActState.UNSURE, ActState.PROPOSED, ActState.NEEDS_PERSON)
AT_REST = (ActState.CARRIED_OUT, ActState.DECLINED, ActState.WITHDRAWN, ActState.STOPPED)


class ActView(msgspec.Struct, frozen=True, kw_only=True):
    """An act as it is shown."""

    shop_id: ShopId
    shop_name: str
    act: StoredAct
    may_stop: bool
    may_send: bool

    @property
    def is_stoppable(self) -> bool:
        """Whether a stop still brings something about."""
        return self.act.at in STOPPABLE and not self.act.is_halted


class KindView(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of act in one shop: its level and bounds, and what left today."""

    terms: ActTerms
    limits: Limits
    sent_today: int
    money_today: Fen

    @property
    def levels(self) -> tuple[ActLevel, ...]:
        """The levels it can be put to."""
        return tuple(level for level in ActLevel if level is not ActLevel.ACT or self.terms.may_go_alone)


class ActList(msgspec.Struct, frozen=True, kw_only=True):
    """What is in hand, what came to rest last, and how the switch stands."""

    switch: Switch
    in_hand: tuple[ActView, ...]
    at_rest: tuple[ActView, ...]

    def those(self, *states: str) -> tuple[ActView, ...]:
        """Those in hand in these states."""
        return tuple(view for view in self.in_hand if view.act.state in states)


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What the house can do about a to-do through the platform: the act under way or done, or the one that could be sent."""

    current: ActView | None
    proposal: Proposal | None
    """What could be sent now."""
    level: ActLevel | None
    why_not: Say | None
    """Why it cannot be sent although the verdict calls for it."""
    after: int
    """The newest act about the same thing, so that a button that is pressed twice sends once."""


def acts(house: House, by: Person, shop_ids: Sequence[ShopId] | None = None, *, limit: int = MOST_SHOWN) -> ActList:
    """The acts of these shops."""
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.ACTS_READ, shop_ids)
        running = outbox.in_states(tx, list(shops), IN_HAND, limit)
        ended = outbox.in_states(tx, list(shops), AT_REST, limit)
        return ActList(
            switch=act_limits.switch(tx),
            in_hand=tuple(sorted((_view(act, shops, by) for act in running), key=_order)),
            at_rest=tuple(_view(act, shops, by) for act in ended),
        )


def kinds(house: House, by: Person, shop_id: ShopId, now: datetime) -> tuple[KindView, ...]:
    """The kinds of act with their levels in a shop, and what left today."""
    by.need(Permission.ACTS_READ, shop_id)
    with house.pool.connection() as tx:
        limits = limits_in(tx, [shop_id])
        today = act_limits.days(tx, [shop_id], shanghai_day(now))
    return tuple(_kind(shop_id, terms, limits, today) for terms in act_terms().values())


def offer(house: House, by: Person, shop_id: ShopId, subject: Subject, kind: DeadlineKind, now: datetime) -> Offer | None:
    """What can be done about this to-do through the platform, None where nothing can and nothing was."""
    if not by.may(Permission.ACTS_READ, shop_id):
        return None
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.ACTS_READ, [shop_id])
        row = deadlines.one(tx, shop_id, subject, kind)
        if row is None:
            return None
        proposed = next(iter(called_for(tx, house, shop_id, row, now)[1]), None) if row.band is not None else None
        current = _current(tx, shop_id, subject, proposed)
        level = limits_in(tx, [shop_id])[shop_id, proposed.kind].level if proposed else None
        is_open = act_limits.switch(tx).is_open
    if current is None and (proposed is None or level is ActLevel.OFF):
        return None
    view = _view(current, shops, by) if current else None
    may_be_sent = proposed is not None and level is not ActLevel.OFF and (current is None or current.at in NOTHING_HAPPENED)
    why_not = _why_not(house, by, shop_id, proposed.kind, now, is_open=is_open) if proposed is not None and may_be_sent else None
    return Offer(
        current=view,
        proposal=proposed if may_be_sent else None,
        level=level,
        why_not=why_not,
        after=current.act_no if current else 0,
    )


def send_proposed(
    house: House, by: Person, shop_id: ShopId, subject: Subject, kind: DeadlineKind, now: datetime, *, act: ActKind, after: int, saw: str | None = None
) -> int:
    """Sends what the to-do calls for, as the person saw it: `saw` is the digest of the request that stood before them, None for a caller that has read it
    just now. Raises Refused where the verdict calls for something else by now.
    """
    right = right_to_send(act)
    by.need(right, shop_id)
    access_to(house, shop_id, now)

    def work(tx: Tx) -> int:
        row = deadlines.one(tx, shop_id, subject, kind)
        if row is None:
            raise NotAllowed(right.value)
        found = called_for(tx, house, shop_id, row, now)[1] if row.band is not None else ()
        proposed = next((each for each in found if each.kind is act), None)
        if proposed is None:
            raise Refused(say("The to-do no longer calls for it. Look at it again."))
        if saw is not None:
            _need_as_seen(proposed, saw)
        key = f"by hand/{proposed.kind.value}/{subject.kind.value}/{subject.no}/{after}"
        return decide(tx, house, by, shop_id, proposed.request, now, key=key, todo=kind)

    return transact(house.pool, work)


def _need_as_seen(proposed: Proposal, saw: str) -> None:
    """Raises Refused where something else would be sent than what the person saw, or money by a page that does not say what it showed."""
    money = money_of(proposed.request)
    if saw == proposed.digest or (not saw and not money):
        return
    if money:
        raise Refused(say("Nothing was sent: the refund stands at {amount_fen} now, which is not what your page showed. Look again.", amount_fen=money))
    raise Refused(say("Nothing was sent: what would be sent has changed since you looked. Look again."))


def _current(tx: Tx, shop_id: ShopId, subject: Subject, proposed: Proposal | None) -> StoredAct | None:
    """The newest act about the thing, which may hang on the case where the to-do is the order's."""
    subjects = [subject]
    case_no = getattr(proposed.request, "case_no", None) if proposed else None
    if case_no is not None:
        subjects.append(Subject(SubjectKind.AFTERSALE, case_no))
    found = outbox.of_subjects(tx, shop_id, list(dict.fromkeys(subjects)))
    return max(found.values(), key=lambda act: act.act_no, default=None)


def _why_not(house: House, by: Person, shop_id: ShopId, kind: ActKind, now: datetime, *, is_open: bool) -> Say | None:
    if not is_open:
        return say("Everything automatic is switched off.")
    if not by.may(right_to_send(kind), shop_id):
        return say("You may not send it; an owner or whoever handles after-sales may.")
    try:
        access_to(house, shop_id, now)
    except Refused as refusal:
        return refusal.say
    return None


def _kind(shop_id: ShopId, terms: ActTerms, limits: Mapping[tuple[int, ActKind], Limits], today: Mapping[tuple[int, str], act_limits.DayRecord]) -> KindView:
    day = today.get((shop_id, terms.kind.value))
    return KindView(terms=terms, limits=limits[shop_id, terms.kind], sent_today=day.acts if day else 0, money_today=Fen(day.money if day else 0))


def _view(act: StoredAct, shops: Mapping[ShopId, ShopInfo], by: Person) -> ActView:
    shop_id = ShopId(act.shop_id)
    may_stop, may_send = by.may(Permission.ACTS_STOP, shop_id), by.may(right_to_send(act.act_kind), shop_id)
    return ActView(shop_id=shop_id, shop_name=shops[shop_id].name, act=act, may_stop=may_stop, may_send=may_send)


def _order(view: ActView) -> tuple[datetime, int]:
    """Whatever leaves next comes first."""
    return view.act.send_at or view.act.decided_at, view.act.act_no
