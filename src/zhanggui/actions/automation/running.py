"""The shop's rules look over its open to-dos and fire: once for each version, thing and state, within caps, and not while the switch is off."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from psycopg import errors

from zhanggui.actions.advice.terms import terms_in
from zhanggui.actions.automation.checking import ground_mark
from zhanggui.actions.automation.doing import Firing, do_deeds, hindrance, money_moved
from zhanggui.actions.automation.keeping import hold_rule
from zhanggui.actions.automation.seeing import Thing, things_of
from zhanggui.actions.house import House
from zhanggui.actions.outbox.kinds import limits_in
from zhanggui.actions.platform import is_connected
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.automation.conditions import Outcome
from zhanggui.core.automation.deeds import DEEDS
from zhanggui.core.automation.fired import FiringState, How, SeenFact, state_of
from zhanggui.core.automation.firing import fired
from zhanggui.core.automation.golden import golden_results, golden_trouble
from zhanggui.core.automation.rules import AutoRule, RuleLevel
from zhanggui.core.deadlines import Band, DeadlineKind, SubjectKind
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records import act_limits, automation, automation_firings, deadlines, journal, locks
from zhanggui.records.automation import RuleRow
from zhanggui.records.automation_firings import NewFiring
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.automation import AutoRuleFired
from zhanggui.records.wakes import wake
from zhanggui.rulebook.automation import automation_terms

ROUND_EVERY = timedelta(seconds=20)
AT_ONCE = 200
"""To-dos of a kind looked at in one round; the next goes on where it ended."""
_BY_TIME = (Band.OVERDUE, Band.HOUR, Band.TODAY, Band.LATER)
_DAY = timedelta(days=1)


class _Not(Exception):
    """The rule does not fire after all; nothing of the transaction stays."""


def shops_to_automate(house: House, _now: datetime, wall: datetime) -> Sequence[ShopId]:
    """The shops with rules that are on, whose round has come."""
    with house.pool.connection() as tx:
        return [ShopId(shop_id) for shop_id in automation.shops_due(tx, wall)] if act_limits.switch(tx).is_open else []


def automate_some(house: House, shop_id: ShopId, now: datetime, wall: datetime, _holder: str) -> bool:
    """Whether something fired in the next round of a shop."""
    if not transact(house.pool, lambda tx: automation.claim_round(tx, shop_id, wall, wall + ROUND_EVERY)):
        return False
    return look_over(house, shop_id, now, wall) > 0


def look_over(house: House, shop_id: ShopId, now: datetime, wall: datetime) -> int:
    """How many times rules fired on the next open to-dos of each kind."""
    transact(house.pool, lambda tx: _run_golden_cases(tx, house, shop_id, now))
    with house.pool.connection() as tx:
        rows = _on(tx, shop_id) if act_limits.switch(tx).is_open else []
    if not rows:
        return 0
    connected = is_connected(house, shop_id, now)
    kinds = sorted({kind for row in rows for kind in row.rule.on})
    return sum(_looked_over(house, shop_id, rows, kind, now, wall, is_connected=connected) for kind in kinds)


def _looked_over(house: House, shop_id: ShopId, rows: Sequence[RuleRow], kind: DeadlineKind, now: datetime, wall: datetime, *, is_connected: bool) -> int:
    rules = [row.rule for row in rows]
    by_id = {row.rule_id: row for row in rows}
    with house.pool.connection() as tx:
        todos = automation.open_todos(tx, shop_id, kind, automation.after(tx, shop_id, kind.value), AT_ONCE)
        things = things_of(tx, house, shop_id, todos, now)
        levels = {act: limits.level for (_, act), limits in limits_in(tx, [shop_id]).items()}
        today = automation_firings.days(tx, shop_id, shanghai_day(now))
        done = automation_firings.fired_already(tx, shop_id, [(thing.row.subject_kind, thing.row.subject_no) for thing in things])
    count = 0
    for thing in things:
        for each in fired(rules, kind, thing.facts):
            row = by_id[each.rule.id]
            is_full = today.get(row.rule_no, {}).get(shanghai_day(now), (0, 0))[0] >= row.rule.a_day
            known = (row.rule_no, row.version, thing.row.subject_kind, thing.row.subject_no, kind.value)
            in_vain = _in_vain(each.rule, thing, levels)
            if not is_full and (*known, thing.standing) not in done and (*known, in_vain) not in done:
                count += _fire(house, shop_id, row, thing, now, is_connected=is_connected)
    where = todos[-1].subject_no if len(todos) == AT_ONCE else ""
    transact(house.pool, lambda tx: automation.end_round(tx, shop_id, kind.value, where, wall))
    return count


def _fire(house: House, shop_id: ShopId, row: RuleRow, thing: Thing, now: datetime, *, is_connected: bool) -> bool:
    """Whether the rule fired on the thing, in one transaction with everything it does."""
    try:
        return transact(house.pool, lambda tx: _fired(tx, house, shop_id, row, thing, now, is_connected=is_connected))
    except (_Not, errors.LockNotAvailable):
        return False


def _fired(tx: Tx, house: House, shop_id: ShopId, row: RuleRow, told: Thing, now: datetime, *, is_connected: bool) -> bool:
    locks.do_not_wait_long(tx)
    if not act_limits.hold_switch(tx).is_open:
        raise _Not
    standing = automation.hold(tx, shop_id, row.rule_no)
    if standing is None or standing[0] != row.version or standing[1] is RuleLevel.OFF:
        raise _Not
    thing, outcome = _still(tx, house, shop_id, row.rule, told, now)
    firing_no = automation_firings.insert_firing(tx, shop_id, _new(row, thing, outcome, standing[1], now))
    if firing_no is None:
        raise _Not
    money = money_moved(row.rule, thing) if standing[1] is RuleLevel.ACT and is_connected else Fen(0)
    if not automation_firings.take_place(tx, shop_id, row.rule_no, shanghai_day(now), money, row.rule):
        raise _Not
    level = RuleLevel.SUGGEST if standing[2] or _braked(tx, shop_id, row, standing[1], now) else standing[1]
    firing = Firing(rule=row.rule, thing=thing, firing_no=firing_no, level=level, by=operator("worker"), is_connected=is_connected)
    done = do_deeds(tx, house, shop_id, firing, now)
    if money and not any(each.how is How.ANNOUNCED and DEEDS[each.act].act is not None for each in done):
        automation_firings.give_back_money(tx, shop_id, row.rule_no, shanghai_day(now), money)
        money = Fen(0)
    state = state_of(done)
    if state is FiringState.IN_VAIN:
        levels = {act: limits.level for (_, act), limits in limits_in(tx, [shop_id]).items()}
        if not automation_firings.set_in_vain(tx, shop_id, firing_no, _in_vain(row.rule, thing, levels)):
            raise _Not  # it was tried before, and nothing that hindered it has changed
        automation_firings.give_back_place(tx, shop_id, row.rule_no, shanghai_day(now))
    automation_firings.save_firing(tx, shop_id, firing_no, done, money, state)
    of_kind, of_no = (SubjectKind.ORDER.value, thing.row.order_no) if thing.row.order_no else (thing.row.subject_kind, thing.row.subject_no)
    journal.write(tx, shop_id, AutoRuleFired(row.rule_id, row.version, firing_no, state.value), at=now, by=None, subject_kind=of_kind, subject_no=of_no)
    wake(tx, shop_id, [thing.row.order_no] if thing.row.order_no else ())
    return True


def _in_vain(rule: AutoRule, thing: Thing, levels: Mapping[ActKind, ActLevel]) -> str:
    """How a firing is kept by which nothing could be done: the state of the thing, with what hindered it."""
    return f"{thing.standing}|{hindrance(rule, thing, levels)}"


def _still(tx: Tx, house: House, shop_id: ShopId, rule: AutoRule, told: Thing, now: datetime) -> tuple[Thing, Outcome]:
    """The thing as it stands inside this transaction. Raises _Not where the rule does not fire on it any more, as after a person put it aside."""
    todo = deadlines.one(tx, shop_id, told.row.subject, told.seen.todo, lock=True)
    if todo is None or todo.band not in _BY_TIME:
        raise _Not
    thing = next(iter(things_of(tx, house, shop_id, [todo], now)), None)
    rules = [row.rule for row in _on(tx, shop_id)]
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
        facts=tuple(SeenFact(each.fact, each.clause, each.value) for each in outcome.looked),
        answers=any(DEEDS[deed.act].decides == "answer" for deed in row.rule.do),
    )


def _braked(tx: Tx, shop_id: ShopId, row: RuleRow, level: RuleLevel, now: datetime) -> bool:
    """Whether the rule has fired far more often in 24 hours than it ever should; then it is held."""
    if level is not RuleLevel.ACT:
        return False
    terms, today = automation_terms(), shanghai_day(now)
    days = automation_firings.days(tx, shop_id, today - timedelta(days=terms.brake_days)).get(row.rule_no, {})
    busiest = max((row.busiest_day, *(many for day, (many, _) in days.items() if day < today)))
    most = terms.most_in_a_day(busiest)
    since = now - _DAY if row.released_at is None else max(now - _DAY, row.released_at)
    many = automation_firings.fired_since(tx, shop_id, row.rule_no, since, most + 1)
    if many <= most:
        return False
    hold_rule(tx, shop_id, row, say("It fired more than {most} times in 24 hours; its busiest day so far had {busiest}.", most=most, busiest=busiest), now)
    return True


def _run_golden_cases(tx: Tx, house: House, shop_id: ShopId, now: datetime) -> None:
    """Runs the golden cases of every rule that is on once more where the rulebook, the shop's terms or the program changed since; what goes wrong is held."""
    rows = _on(tx, shop_id)
    if not rows:
        return
    book = rulebook_in(tx, house, shop_id)
    terms = terms_in(tx, shop_id, book, now)
    mark = ground_mark(book, terms)
    for row in rows:
        if row.checked != mark:
            trouble = golden_trouble(row.rule, golden_results(row.rule, book, terms, now))
            if trouble is not None:
                hold_rule(tx, shop_id, row, trouble, now)
            automation.set_checked(tx, shop_id, row.rule_no, mark)


def _on(tx: Tx, shop_id: ShopId) -> list[RuleRow]:
    return [row for row in automation.of_shop(tx, shop_id) if row.at is not RuleLevel.OFF]
