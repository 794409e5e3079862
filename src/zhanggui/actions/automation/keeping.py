"""Rules are kept by version, switched on and off, held and let go on, removed. Only a rule that nothing speaks against goes on; a file switches nothing on."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.advice.terms import terms_in
from zhanggui.actions.alerting import Matter, end_alert, raise_alert
from zhanggui.actions.automation.checking import Checked, check_rule, ground_mark
from zhanggui.actions.automation.trying import busiest_day
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.automation.checking import MOST_RULES
from zhanggui.core.automation.rules import AutoRule, RuleLevel
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.people import members
from zhanggui.people.permissions import NotAllowed, Permission, Person, PersonId, ShopId
from zhanggui.records import automation, journal, locks
from zhanggui.records.automation import RuleRow
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.automation import AutoRuleHeld, AutoRuleKept, AutoRuleLevelSet, AutoRuleReleased, AutoRuleRemoved
from zhanggui.records.rousing import rouse

WATCHED = DeadlineKind.LOOK_AT_RULE


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it was kept: its number and version, what speaks against switching it on, and whether it had to be switched off."""

    rule_no: int
    version: int
    is_new: bool
    """Whether a version was made; the same words again make none."""
    checked: Checked
    was_switched_off: bool = False


class Troubled(Refused):
    """A rule that cannot be kept or switched on as it is; `checked` tells everything that speaks against it."""

    def __init__(self, said: Say, checked: Checked) -> None:
        super().__init__(said)
        self.checked = checked


class Outdated(Refused):
    """A change of a version that is not the rule's any more; `version` is the one it has now."""

    def __init__(self, version: int) -> None:
        super().__init__(say("Somebody changed the rule since: it is at version {version} now. Look at it, then change it again.", version=version))
        self.version = version


def check_only(house: House, by: Person, shop_id: ShopId, rules: Sequence[AutoRule], now: datetime) -> tuple[Checked, ...]:
    """What speaks against each of these rules, beside each other and beside those that are on; nothing is kept."""
    by.need(Permission.ACTS_READ, shop_id)
    with house.pool.connection() as tx:
        told = {rule.id: rule for rule in rules}
        on = [row.rule for row in automation.of_shop(tx, shop_id) if row.at is not RuleLevel.OFF and row.rule_id not in told]
        sound = [rule for rule in rules if check_rule(tx, house, shop_id, rule, (), now).may_be_kept]
        return tuple(check_rule(tx, house, shop_id, rule, [*on, *sound], now) for rule in rules)


def keep_rule(house: House, by: Person, shop_id: ShopId, rule: AutoRule, now: datetime, *, rule_no: int | None = None, changes: int | None = None) -> Kept:
    """Keeps a rule, new and off, or as the next version of the one of this number, else of this id. Raises Troubled for one that is none.

    A rule that was on stays on only where nothing speaks against its new version; its golden cases are run for that. `changes` is the version that was
    changed, where whoever changed it says so: raises Outdated where it is the rule's no more.
    """
    by.need(Permission.ACTS_WRITE, shop_id)

    def work(tx: Tx) -> Kept:
        locks.hold_shop(tx, shop_id)
        return _kept(tx, house, by, shop_id, rule, now, rule_no, changes)

    return transact(house.pool, work)


def keep_rules(house: House, by: Person, shop_id: ShopId, rules: Sequence[AutoRule], now: datetime) -> tuple[Kept, ...]:
    """Keeps all the rules of a file, or none of them: each new one is off, each known one gets a version."""
    by.need(Permission.ACTS_WRITE, shop_id)

    def work(tx: Tx) -> tuple[Kept, ...]:
        locks.hold_shop(tx, shop_id)
        return tuple(_kept(tx, house, by, shop_id, rule, now, None) for rule in rules)

    return transact(house.pool, work)


def set_level(house: House, by: Person, shop_id: ShopId, rule_no: int, level: RuleLevel, now: datetime) -> None:
    """Puts a rule to a level. Raises Troubled where something speaks against switching it on."""
    by.need(Permission.ACTS_WRITE, shop_id)
    busiest = busiest_day(house, shop_id, rule_no, now) if level is not RuleLevel.OFF else 0

    def work(tx: Tx) -> None:
        locks.hold_shop(tx, shop_id)
        row = _row(tx, shop_id, rule_no)
        automation.lock(tx, shop_id, rule_no)
        book = rulebook_in(tx, house, shop_id)
        if level is not RuleLevel.OFF:
            checked = check_rule(tx, house, shop_id, row.rule, _on(tx, shop_id), now)
            if not checked.may_be_on:
                raise Troubled(_first(checked), checked)
        mark = ground_mark(book, terms_in(tx, shop_id, book, now))
        automation.set_level(tx, shop_id, rule_no, level, busiest, mark, by.person_id, now)
        end_alert(tx, shop_id, WATCHED, _subject(rule_no), now)
        journal.write(tx, shop_id, AutoRuleLevelSet(row.rule_id, row.version, level.value), at=now, by=by.person_id)
        rouse(tx, "automation")

    transact(house.pool, work)


def set_owner(house: House, by: Person, shop_id: ShopId, rule_no: int, owner: PersonId) -> None:
    """Keeps who answers for a rule. Raises Refused for somebody without a part in the shop."""
    by.need(Permission.ACTS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        _row(tx, shop_id, rule_no)
        if members.role_of(tx, shop_id, owner) is None:
            raise Refused(say("That person has no part in this shop."))
        automation.set_owner(tx, shop_id, rule_no, owner)

    transact(house.pool, work)


def hold_rule(tx: Tx, shop_id: ShopId, row: RuleRow, why: Say, now: datetime) -> None:
    """Holds a rule: from now on what it would do waits for a person, and whoever hears alerts is told."""
    if not automation.keep_held(tx, shop_id, row.rule_no, why, now):
        return
    journal.write(tx, shop_id, AutoRuleHeld(row.rule_id), at=now, by=None)
    matter = Matter(
        kind=WATCHED,
        subject=_subject(row.rule_no),
        act=say("Look at the automation rule {rule}, then let it go on or mend it.", rule=row.rule.title),
        because=why,
        due_at=now,
        money=Fen(0),
    )
    raise_alert(tx, shop_id, matter, now)


def release_rule(house: House, by: Person, shop_id: ShopId, rule_no: int, now: datetime) -> None:
    """Lets a held rule go on; what fired before does not count for the brake any more. Raises Troubled where its golden cases go wrong."""
    by.need(Permission.ACTS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        row = _row(tx, shop_id, rule_no)
        checked = check_rule(tx, house, shop_id, row.rule, _on(tx, shop_id), now)
        if not checked.may_be_on:
            raise Troubled(_first(checked), checked)
        if not automation.release(tx, shop_id, rule_no, now):
            raise Refused(say("This rule is not held."))
        book = rulebook_in(tx, house, shop_id)
        automation.set_checked(tx, shop_id, rule_no, ground_mark(book, terms_in(tx, shop_id, book, now)))
        end_alert(tx, shop_id, WATCHED, _subject(rule_no), now)
        journal.write(tx, shop_id, AutoRuleReleased(row.rule_id), at=now, by=by.person_id)

    transact(house.pool, work)


def remove_rule(house: House, by: Person, shop_id: ShopId, rule_no: int, now: datetime) -> None:
    """Takes a rule away; what it did stays, with the version that did it."""
    by.need(Permission.ACTS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        row = _row(tx, shop_id, rule_no)
        if automation.remove(tx, shop_id, rule_no, now):
            end_alert(tx, shop_id, WATCHED, _subject(rule_no), now)
            journal.write(tx, shop_id, AutoRuleRemoved(row.rule_id), at=now, by=by.person_id)

    transact(house.pool, work)


def _kept(tx: Tx, house: House, by: Person, shop_id: ShopId, rule: AutoRule, now: datetime, rule_no: int | None, changes: int | None = None) -> Kept:
    rows = automation.of_shop(tx, shop_id)
    row = next((each for each in rows if (each.rule_id == rule.id if rule_no is None else each.rule_no == rule_no)), None)
    if rule_no is not None and row is None:
        raise NotAllowed(Permission.ACTS_WRITE.value)
    if any(each.rule_id == rule.id and each is not row for each in rows):
        raise Refused(say("Another rule has the id {id}.", id=rule.id[:80]))
    others = [each.rule for each in rows if each.at is not RuleLevel.OFF and each is not row]
    checked = check_rule(tx, house, shop_id, rule, others, now)
    if not checked.may_be_kept:
        raise Troubled(_first(checked), checked)
    if row is None:
        if len(rows) >= MOST_RULES:
            raise Refused(say("A shop has at most {most} rules.", most=MOST_RULES))
        number = automation.insert(tx, shop_id, rule, by.person_id, now)
        journal.write(tx, shop_id, AutoRuleKept(rule.id, 1), at=now, by=by.person_id)
        return Kept(rule_no=number, version=1, is_new=True, checked=checked)
    if row.rule == rule:
        return Kept(rule_no=row.rule_no, version=row.version, is_new=False, checked=checked)
    if changes not in (None, row.version):
        raise Outdated(row.version)
    automation.lock(tx, shop_id, row.rule_no)
    version = automation.add_version(tx, shop_id, row.rule_no, rule, by.person_id, now)
    journal.write(tx, shop_id, AutoRuleKept(rule.id, version), at=now, by=by.person_id)
    switched_off = row.at is not RuleLevel.OFF and not checked.may_be_on
    if switched_off:
        automation.set_level(tx, shop_id, row.rule_no, RuleLevel.OFF, row.busiest_day, row.checked, by.person_id, now)
        journal.write(tx, shop_id, AutoRuleLevelSet(rule.id, version, RuleLevel.OFF.value), at=now, by=by.person_id)
    return Kept(rule_no=row.rule_no, version=version, is_new=True, checked=checked, was_switched_off=switched_off)


def _on(tx: Tx, shop_id: ShopId) -> list[AutoRule]:
    return [row.rule for row in automation.of_shop(tx, shop_id) if row.at is not RuleLevel.OFF]


def _row(tx: Tx, shop_id: ShopId, rule_no: int) -> RuleRow:
    row = next((each for each in automation.of_shop(tx, shop_id) if each.rule_no == rule_no), None)
    if row is None:
        raise NotAllowed(Permission.ACTS_WRITE.value)
    return row


def _first(checked: Checked) -> Say:
    """The first thing that speaks against it."""
    return next(iter((*checked.wrong, *checked.against))).say


def _subject(rule_no: int) -> Subject:
    return Subject(SubjectKind.AUTOMATION_RULE, str(rule_no))
