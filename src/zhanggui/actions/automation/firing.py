"""A rule fires on a thing, in one transaction with everything it does: asked once more inside it, within caps, and held where it fires far too often."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from psycopg import errors

from zhanggui.actions.automation.doing import Firing, do_deeds, hindrance, money_moved
from zhanggui.actions.automation.keeping import hold_rule
from zhanggui.actions.automation.seeing import Thing, things_of
from zhanggui.actions.house import House
from zhanggui.actions.outbox.kinds import limits_in, terms_of
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.automation.checking import is_sound
from zhanggui.core.automation.conditions import Outcome
from zhanggui.core.automation.deeds import DEEDS
from zhanggui.core.automation.fired import DeedDone, FiringState, How, SeenFact, has_acted, state_of
from zhanggui.core.automation.firing import fired
from zhanggui.core.automation.rules import AutoRule, RuleLevel
from zhanggui.core.deadlines import Band, SubjectKind
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records import act_limits, automation, automation_firings, deadlines, journal, locks
from zhanggui.records.automation import RuleRow
from zhanggui.records.automation_firings import NewFiring
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.automation import AutoRuleFired
from zhanggui.records.wakes import wake
from zhanggui.rulebook.automation import automation_terms

_BY_TIME = (Band.OVERDUE, Band.HOUR, Band.TODAY, Band.LATER)
_DAY = timedelta(days=1)


class _Not(Exception):
    """The rule does not fire after all; nothing of the transaction stays."""


class _TooOften(Exception):
    """The rule acts far more often than it ever should; nothing of the transaction stays."""

    def __init__(self, said: Say) -> None:
        super().__init__(said.text)
        self.say = said


def fire(house: House, shop_id: ShopId, row: RuleRow, thing: Thing, now: datetime, *, is_connected: bool) -> bool:
    """Whether the rule fired on the thing."""
    try:
        try:
            return transact(house.pool, lambda tx: _fired(tx, house, shop_id, row, thing, now, is_connected=is_connected))
        except _TooOften as braked:
            # in a transaction of its own, so that the rule stays held whatever comes of this firing
            why = braked.say
            transact(house.pool, lambda tx: hold_rule(tx, shop_id, row, why, now))
            return transact(house.pool, lambda tx: _fired(tx, house, shop_id, row, thing, now, is_connected=is_connected))
    except (_Not, errors.LockNotAvailable):
        return False


def in_vain_standing(rule: AutoRule, thing: Thing, levels: Mapping[ActKind, ActLevel]) -> str:
    """How a firing is kept by which nothing could be done: the state of the thing, with what hindered it."""
    return f"{thing.standing}|{hindrance(rule, thing, levels)}"


def _fired(tx: Tx, house: House, shop_id: ShopId, row: RuleRow, told: Thing, now: datetime, *, is_connected: bool) -> bool:
    locks.do_not_wait_long(tx)
    if not act_limits.hold_switch(tx).is_open:
        raise _Not
    standing = automation.hold(tx, shop_id, row.rule_no)
    if standing is None or standing[0] != row.version or standing[1] is RuleLevel.OFF:
        raise _Not
    thing, outcome = _still(tx, house, shop_id, row.rule, told, now)
    level = RuleLevel.SUGGEST if standing[2] else standing[1]
    if level is RuleLevel.ACT:
        _brake(tx, shop_id, row, now)
    firing_no = automation_firings.insert_firing(tx, shop_id, _new(row, thing, outcome, level, now))
    if firing_no is None:
        raise _Not
    money = _place_taken(tx, shop_id, row, thing, level, now, is_connected=is_connected)
    firing = Firing(rule=row.rule, thing=thing, firing_no=firing_no, level=level, by=operator("worker"), is_connected=is_connected)
    done = do_deeds(tx, house, shop_id, firing, now)
    state = state_of(done)
    if state is FiringState.IN_VAIN:
        levels = {act: limits.level for (_, act), limits in limits_in(tx, [shop_id]).items()}
        if not automation_firings.set_in_vain(tx, shop_id, firing_no, in_vain_standing(row.rule, thing, levels)):
            raise _Not  # it was tried before, and nothing that hindered it has changed
    money = _place_settled(tx, shop_id, row, level, done, money, now)
    automation_firings.save_firing(tx, shop_id, firing_no, done, money, state)
    of_kind, of_no = (SubjectKind.ORDER.value, thing.row.order_no) if thing.row.order_no else (thing.row.subject_kind, thing.row.subject_no)
    journal.write(tx, shop_id, AutoRuleFired(row.rule_id, row.version, firing_no, state.value), at=now, by=None, subject_kind=of_kind, subject_no=of_no)
    wake(tx, shop_id, [thing.row.order_no] if thing.row.order_no else ())
    return True


def _still(tx: Tx, house: House, shop_id: ShopId, rule: AutoRule, told: Thing, now: datetime) -> tuple[Thing, Outcome]:
    """The thing as it stands inside this transaction. Raises _Not where the rule does not fire on it any more, as after a person put it aside."""
    todo = deadlines.one(tx, shop_id, told.row.subject, told.seen.todo, lock=True)
    if todo is None or todo.band not in _BY_TIME:
        raise _Not
    thing = next(iter(things_of(tx, house, shop_id, [todo], now)), None)
    rules = [row.rule for row in automation.of_shop(tx, shop_id) if row.at is not RuleLevel.OFF and is_sound(row.rule)]
    found = None if thing is None else next((each for each in fired(rules, thing.seen.todo, thing.facts) if each.rule.id == rule.id), None)
    if thing is None or found is None:
        raise _Not
    return thing, found.outcome


def _new(row: RuleRow, thing: Thing, outcome: Outcome, level: RuleLevel, now: datetime) -> NewFiring:
    return NewFiring(
        rule_no=row.rule_no,
        version=row.version,
        todo=thing.seen.todo.value,
        subject_kind=thing.row.subject_kind,
        subject_no=thing.row.subject_no,
        order_no=thing.row.order_no,
        standing=thing.standing,
        level=level.value,
        fired_at=now,
        facts=tuple(SeenFact(each.fact, each.clause, each.value, each.group, each.holds) for each in outcome.looked),
        answers=any(DEEDS[deed.act].decides == "answer" for deed in row.rule.do),
    )


def _place_taken(tx: Tx, shop_id: ShopId, row: RuleRow, thing: Thing, level: RuleLevel, now: datetime, *, is_connected: bool) -> Fen:
    """The money set aside along with a place in the rule's day. Raises _Not where there is no room."""
    if level is not RuleLevel.ACT:
        if not automation_firings.take_place_to_suggest(tx, shop_id, row.rule_no, shanghai_day(now), row.rule):
            raise _Not
        return Fen(0)
    money = money_moved(row.rule, thing) if is_connected else Fen(0)
    if not automation_firings.take_place(tx, shop_id, row.rule_no, shanghai_day(now), money, row.rule):
        raise _Not
    return money


def _place_settled(tx: Tx, shop_id: ShopId, row: RuleRow, level: RuleLevel, done: tuple[DeedDone, ...], money: Fen, now: datetime) -> Fen:
    """The money that leaves by what was really done: what came to nothing takes no place, and what became a suggestion takes none of an act."""
    day, state = shanghai_day(now), state_of(done)
    if level is not RuleLevel.ACT:
        automation_firings.give_back(tx, shop_id, row.rule_no, day, suggested=int(state is FiringState.IN_VAIN))
        return Fen(0)
    if not has_acted(done):
        automation_firings.give_back(tx, shop_id, row.rule_no, day, fired=1, money=money)
        if state is not FiringState.IN_VAIN and not automation_firings.take_place_to_suggest(tx, shop_id, row.rule_no, day, row.rule):
            raise _Not
        return Fen(0)
    if any(each.how is How.ANNOUNCED and _pays(each) for each in done):
        return money
    automation_firings.give_back(tx, shop_id, row.rule_no, day, money=money)
    return Fen(0)


def _pays(deed: DeedDone) -> bool:
    act = DEEDS[deed.act].act
    return act is not None and terms_of(act).moves_money


def _brake(tx: Tx, shop_id: ShopId, row: RuleRow, now: datetime) -> None:
    """Raises _TooOften where the rule has acted on far more things in 24 hours than it ever should. Suggestions, refusals and repeats do not count."""
    terms, today = automation_terms(), shanghai_day(now)
    days = automation_firings.days(tx, shop_id, today - timedelta(days=terms.brake_days)).get(row.rule_no, {})
    busiest = max((row.busiest_day, *(told.fired for day, told in days.items() if day < today)))
    most = terms.most_in_a_day(busiest)
    since = now - _DAY if row.released_at is None else max(now - _DAY, row.released_at)
    if automation_firings.acted_on_since(tx, shop_id, row.rule_no, since, most) >= most:
        raise _TooOften(say("It fired more than {most} times in 24 hours; its busiest day so far had {busiest}.", most=most, busiest=busiest))
