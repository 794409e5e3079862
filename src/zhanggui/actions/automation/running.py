"""The shop's rules look over its open to-dos, round by round. What they stumble over is told, skipped and tried again later; everything else is looked at."""

import logging
import traceback
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.advice.terms import terms_in
from zhanggui.actions.automation.checking import ground_mark
from zhanggui.actions.automation.firing import fire, in_vain_standing
from zhanggui.actions.automation.keeping import hold_rule
from zhanggui.actions.automation.seeing import Thing, things_of
from zhanggui.actions.backing_off import wait_after
from zhanggui.actions.house import House
from zhanggui.actions.outbox.kinds import limits_in
from zhanggui.actions.platform import is_connected
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.automation.checking import is_sound, troubles
from zhanggui.core.automation.firing import fired
from zhanggui.core.automation.golden import golden_results, golden_trouble
from zhanggui.core.automation.rules import RuleLevel
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.moments import shanghai_day
from zhanggui.people.permissions import ShopId
from zhanggui.records import act_limits, automation, automation_firings, automation_troubles
from zhanggui.records.automation import RuleRow
from zhanggui.records.automation_firings import DayOfRule, Freed
from zhanggui.records.automation_troubles import TroubleRow
from zhanggui.records.db import AWAY, Tx, transact
from zhanggui.records.deadlines import StoredDeadline

log = logging.getLogger("zhanggui.automation")

ROUND_EVERY = timedelta(seconds=20)
AT_ONCE = 200
"""To-dos of a kind looked at in one round; the next goes on where it ended."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
UNSENT_FOR = timedelta(days=2)
"""So long after a firing its acts may still turn out never to have left."""

Done = Collection[tuple[int, int, str, str, str, str]]
"""What fired already: rule, version, thing, to-do and state."""


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
    """How many times rules fired on the next open to-dos of each kind. Raises, once every other kind was looked over, what befell one as a whole."""
    transact(house.pool, lambda tx: _run_golden_cases(tx, house, shop_id, now))
    with house.pool.connection() as tx:
        # one that the program cannot read any more since an upgrade is held by its check above
        rows = [row for row in automation.of_shop(tx, shop_id) if row.at is not RuleLevel.OFF and is_sound(row.rule)] if act_limits.switch(tx).is_open else []
    if not rows:
        return 0
    transact(house.pool, lambda tx: _give_back_unsent(tx, shop_id, rows, now))
    transact(house.pool, lambda tx: _take_up_held_back(tx, shop_id, rows, now))
    connected = is_connected(house, shop_id, now)
    count, stumbled = 0, None
    for kind in sorted({kind for row in rows for kind in row.rule.on}):
        try:
            count += _looked_over(house, shop_id, rows, kind, now, wall, is_connected=connected)
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - one kind of to-do must not keep the others from being looked at; it is raised below
            stumbled = error
    if stumbled is not None:
        raise stumbled
    return count


class _Round(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for all the things of a round."""

    kind: DeadlineKind
    rows: tuple[RuleRow, ...]
    today: dict[int, DayOfRule]
    before: dict[tuple[str, str], TroubleRow]
    """What stumbled in an earlier round."""
    levels: dict[ActKind, ActLevel]
    is_connected: bool


def _looked_over(house: House, shop_id: ShopId, rows: Sequence[RuleRow], kind: DeadlineKind, now: datetime, wall: datetime, *, is_connected: bool) -> int:
    with house.pool.connection() as tx:
        todos = automation.open_todos(tx, shop_id, kind, automation.after(tx, shop_id, kind.value), AT_ONCE)
        days = automation_firings.days(tx, shop_id, shanghai_day(now))
        before = automation_troubles.of_todo(tx, shop_id, kind.value, [row.subject_no for row in todos])
        levels = {act: limits.level for (_, act), limits in limits_in(tx, [shop_id]).items()}
    today = {rule_no: told.get(shanghai_day(now), DayOfRule()) for rule_no, told in days.items()}
    told = _Round(kind=kind, rows=tuple(rows), today=today, before=before, levels=levels, is_connected=is_connected)
    waiting = [row for row in todos if not _rests(before.get((row.subject_kind, row.subject_no)), wall)]
    things = _things(house, shop_id, told, waiting, now, wall)
    with house.pool.connection() as tx:
        done = automation_firings.fired_already(tx, shop_id, [(thing.row.subject_kind, thing.row.subject_no) for thing in things])
    count = sum(_look(house, shop_id, told, thing, done, now, wall) for thing in things)
    where = todos[-1].subject_no if len(todos) == AT_ONCE else ""
    transact(house.pool, lambda tx: automation.end_round(tx, shop_id, kind.value, where, wall))
    return count


def _things(house: House, shop_id: ShopId, told: _Round, todos: Sequence[StoredDeadline], now: datetime, wall: datetime) -> Sequence[Thing]:
    """The things of these to-dos; where they cannot be read together, one by one, without those that cannot be read at all."""
    try:
        with house.pool.connection() as tx:
            return things_of(tx, house, shop_id, todos, now)
    except AWAY:
        raise
    except Exception:  # noqa: BLE001 - found below which of them it is, and told
        found: list[Thing] = []
        for row in todos:
            try:
                with house.pool.connection() as tx:
                    found.extend(things_of(tx, house, shop_id, [row], now))
            except AWAY:
                raise
            except Exception as error:  # noqa: BLE001 - one broken thing must not keep the others from being looked at
                _skip(house, shop_id, told, row, error, now, wall)
        return found


def _look(house: House, shop_id: ShopId, told: _Round, thing: Thing, done: Done, now: datetime, wall: datetime) -> int:
    """How many rules fired on the thing."""
    try:
        count = _fired_on(house, shop_id, told, thing, done, now)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - one broken thing must not keep the others from being looked at
        _skip(house, shop_id, told, thing.row, error, now, wall)
        return 0
    if (thing.row.subject_kind, thing.row.subject_no) in told.before:
        transact(house.pool, lambda tx: automation_troubles.forget(tx, shop_id, told.kind.value, thing.row.subject))
    return count


def _fired_on(house: House, shop_id: ShopId, told: _Round, thing: Thing, done: Done, now: datetime) -> int:
    by_id = {row.rule_id: row for row in told.rows}
    count = 0
    for each in fired([row.rule for row in told.rows], told.kind, thing.facts):
        row = by_id[each.rule.id]
        known = (row.rule_no, row.version, thing.row.subject_kind, thing.row.subject_no, told.kind.value)
        in_vain = in_vain_standing(each.rule, thing, told.levels)
        if not _is_full(row, told.today.get(row.rule_no, DayOfRule())) and (*known, thing.standing) not in done and (*known, in_vain) not in done:
            count += fire(house, shop_id, row, thing, now, is_connected=told.is_connected)
    return count


def _skip(house: House, shop_id: ShopId, told: _Round, row: StoredDeadline, error: Exception, now: datetime, wall: datetime) -> None:
    """Tells of a thing over which looking stumbled, and leaves it for a while, longer each time."""
    before = told.before.get((row.subject_kind, row.subject_no))
    failures = 1 if before is None else before.failures + 1
    next_at = wall + wait_after(failures, FIRST_WAIT, LONGEST_WAIT)
    # The message of an error may hold a buyer's data; where it happened says enough.
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("automation stumbled over a thing of shop %d (%s) for the %d. time: %s\n%s", shop_id, told.kind.value, failures, type(error).__name__, where)
    problem = type(error).__name__

    def keep(tx: Tx) -> None:
        automation_troubles.keep(tx, shop_id, told.kind.value, row.subject, failures=failures, problem=problem, now=now, next_at=next_at)

    transact(house.pool, keep)


def _rests(trouble: TroubleRow | None, wall: datetime) -> bool:
    # a rest longer than any is given comes from a clock that was wrong
    return trouble is not None and wall < trouble.next_at <= wall + LONGEST_WAIT


def _is_full(row: RuleRow, today: DayOfRule) -> bool:
    """Whether the rule has no place left today for what it would do at most."""
    return (today.fired if row.at is RuleLevel.ACT and row.held_at is None else today.suggested) >= row.rule.a_day


def _give_back_unsent(tx: Tx, shop_id: ShopId, rows: Sequence[RuleRow], now: datetime) -> None:
    """What the platform declined, or was withdrawn before it left, eats no cap; for what was withdrawn the rule may fire once more."""
    _give_back(tx, shop_id, automation_firings.take_out_unsent(tx, shop_id, [row.rule_no for row in rows], now - UNSENT_FOR))


def _take_up_held_back(tx: Tx, shop_id: ShopId, rows: Sequence[RuleRow], now: datetime) -> None:
    """What rules had announced and a level put before people is announced anew once the level lets it go by itself."""
    alone = {act.value: int(limits.most_money) for (_, act), limits in limits_in(tx, [shop_id]).items() if limits.level is ActLevel.ACT}
    acting = [row.rule_no for row in rows if row.at is RuleLevel.ACT and row.held_at is None]
    _give_back(tx, shop_id, automation_firings.take_up_held_back(tx, shop_id, acting, alone, now - UNSENT_FOR))


def _give_back(tx: Tx, shop_id: ShopId, freed: Sequence[Freed]) -> None:
    for each in freed:
        automation_firings.give_back(tx, shop_id, each.rule_no, shanghai_day(each.fired_at), fired=each.fired, money=each.money)


def _run_golden_cases(tx: Tx, house: House, shop_id: ShopId, now: datetime) -> None:
    """Runs the golden cases of every rule that is on once more where the rulebook, the shop's terms or the program changed since; what goes wrong is held."""
    rows = [row for row in automation.of_shop(tx, shop_id) if row.at is not RuleLevel.OFF]
    if not rows:
        return
    book = rulebook_in(tx, house, shop_id)
    terms = terms_in(tx, shop_id, book, now)
    mark = ground_mark(book, terms)
    for row in rows:
        if row.checked != mark:
            wrong = troubles(row.rule)
            trouble = wrong[0].say if wrong else golden_trouble(row.rule, golden_results(row.rule, book, terms, now))
            if trouble is not None:
                hold_rule(tx, shop_id, row, trouble, now)
            automation.set_checked(tx, shop_id, row.rule_no, mark)
