"""What pages, commands and programs show of rules: each with its level and what came of it, its versions, its firings explained."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from zhanggui.actions.automation.checking import Checked, check_rule
from zhanggui.actions.house import House
from zhanggui.actions.outbox.kinds import limits_in
from zhanggui.core.acts import ActLevel
from zhanggui.core.automation.deeds import DEEDS
from zhanggui.core.automation.rules import AutoRule, RuleLevel
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.people import members
from zhanggui.people.members import Member
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import act_limits, automation, automation_firings, automation_troubles
from zhanggui.records.automation import RuleRow, VersionRow
from zhanggui.records.automation_firings import DayOfRule, FiringRow
from zhanggui.records.automation_troubles import TroubleRow
from zhanggui.records.db import Tx

MOST_VERSIONS = 20
PAGE = 50
LATELY = 30


class RuleSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it is shown."""

    row: RuleRow
    rule: AutoRule
    today: int
    """How often it fired today, suggestions among it."""
    acted_today: int
    money_today: Fen
    lately: int
    """How often it fired in thirty days."""
    last_day: date | None
    lower: tuple[str, ...]
    """The acts of which the shop's own level is lower than the rule's."""

    @property
    def level(self) -> RuleLevel:
        """How far it goes."""
        return self.row.at

    @property
    def is_held(self) -> bool:
        """Whether a brake or a check holds it."""
        return self.row.held_at is not None


class RuleDetail(msgspec.Struct, frozen=True, kw_only=True):
    """One rule with everything about it."""

    seen: RuleSeen
    versions: tuple[VersionRow, ...]
    firings: tuple[FiringRow, ...]
    next_no: int | None
    checked: Checked
    people: tuple[Member, ...]


class Firings(msgspec.Struct, frozen=True):
    """A page of firings, the newest first."""

    firings: tuple[FiringRow, ...]
    next_no: int | None


def rules_seen(house: House, by: Person, shop_id: ShopId, now: datetime) -> tuple[RuleSeen, ...]:
    """Every rule of the shop; for whoever may see acts."""
    by.need(Permission.ACTS_READ, shop_id)
    with house.pool.connection() as tx:
        return _seen(tx, shop_id, automation.of_shop(tx, shop_id), now)


def rule_of_id(house: House, by: Person, shop_id: ShopId, rule_id: str, now: datetime) -> RuleSeen | None:
    """The rule with this id."""
    return next((each for each in rules_seen(house, by, shop_id, now) if each.row.rule_id == rule_id), None)


def rule_detail(house: House, by: Person, shop_id: ShopId, rule_no: int, now: datetime, *, before: int | None = None) -> RuleDetail:
    """One rule, what speaks against switching it on, its versions and firings. Raises NotAllowed where there is none."""
    by.need(Permission.ACTS_READ, shop_id)
    with house.pool.connection() as tx:
        rows = automation.of_shop(tx, shop_id)
        row = next((each for each in rows if each.rule_no == rule_no), None)
        if row is None:
            raise NotAllowed(Permission.ACTS_READ.value)
        others = [each.rule for each in rows if each.at is not RuleLevel.OFF and each is not row]
        page = _page(tx, shop_id, rule_no, before)
        return RuleDetail(
            seen=_seen(tx, shop_id, [row], now)[0],
            versions=tuple(automation.versions(tx, shop_id, rule_no, MOST_VERSIONS)),
            firings=page.firings,
            next_no=page.next_no,
            checked=check_rule(tx, house, shop_id, row.rule, others, now),
            people=members.of_shop(tx, shop_id),
        )


def members_seen(house: House, by: Person, shop_id: ShopId) -> tuple[Member, ...]:
    """Whoever a rule of the shop can hand a to-do to."""
    by.need(Permission.ACTS_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(members.of_shop(tx, shop_id))


def firings_of(house: House, by: Person, shop_id: ShopId, *, before: int | None = None) -> Firings:
    """What fired in the shop, the newest first."""
    by.need(Permission.ACTS_READ, shop_id)
    with house.pool.connection() as tx:
        return _page(tx, shop_id, None, before)


def waiting_of(house: House, by: Person, shop_id: ShopId) -> tuple[FiringRow, ...]:
    """What waits for a person, the newest first."""
    by.need(Permission.ACTS_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(automation_firings.waiting(tx, shop_id, PAGE))


def firings_of_order(house: House, by: Person, shop_id: ShopId, order_no: str) -> tuple[FiringRow, ...]:
    """What fired on an order and its cases; none for whoever may not see acts."""
    if not by.may(Permission.ACTS_READ, shop_id):
        return ()
    with house.pool.connection() as tx:
        return tuple(automation_firings.of_order(tx, shop_id, order_no, PAGE))


def troubles_of(house: House, by: Person, shop_id: ShopId) -> tuple[TroubleRow, ...]:
    """The things over which the rules stumbled, and which are skipped until they are tried again."""
    by.need(Permission.ACTS_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(automation_troubles.of_shop(tx, shop_id, PAGE))


def is_switched_on(house: House) -> bool:
    """Whether the one switch lets anything automatic happen."""
    with house.pool.connection() as tx:
        return act_limits.switch(tx).is_open


def _page(tx: Tx, shop_id: ShopId, rule_no: int | None, before: int | None) -> Firings:
    rows = automation_firings.firings(tx, shop_id, rule_no, before, PAGE + 1)
    return Firings(tuple(rows[:PAGE]), rows[PAGE - 1].firing_no if len(rows) > PAGE else None)


def _seen(tx: Tx, shop_id: ShopId, rows: Sequence[RuleRow], now: datetime) -> tuple[RuleSeen, ...]:
    today = shanghai_day(now)
    days = automation_firings.days(tx, shop_id, today - timedelta(days=LATELY))
    levels = {kind: limits.level for (_, kind), limits in limits_in(tx, [shop_id]).items()}
    found = []
    for row in rows:
        told, rule = days.get(row.rule_no, {}), row.rule
        acts = [act for deed in rule.do if (act := DEEDS[deed.act].act) is not None]
        lower = tuple(act.value for act in acts if _rank(levels[act]) < _rank(ActLevel(row.level)))
        found.append(
            RuleSeen(
                row=row,
                rule=rule,
                today=told.get(today, DayOfRule()).fired + told.get(today, DayOfRule()).suggested,
                acted_today=told.get(today, DayOfRule()).fired,
                money_today=Fen(told.get(today, DayOfRule()).money),
                lately=sum(day.fired + day.suggested for day in told.values()),
                last_day=max(told, default=None),
                lower=lower,
            )
        )
    return tuple(found)


def _rank(level: ActLevel) -> int:
    return tuple(ActLevel).index(level)
