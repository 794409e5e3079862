"""What `zhanggui automation` answers, and how it is made of what the house knows."""

from datetime import datetime
from typing import Any

import msgspec

from zhanggui.actions.automation.checking import Checked
from zhanggui.actions.automation.listing import RuleSeen
from zhanggui.actions.automation.trying import RuleTried, Tried
from zhanggui.cli.desk import Desk
from zhanggui.cli.moments import utc, utc_or_none
from zhanggui.core.automation.rules import AutoRule
from zhanggui.core.automation.values import Value
from zhanggui.records.automation_firings import FiringRow


class AutoRuleShape(msgspec.Struct, frozen=True, kw_only=True):
    """One rule as it stands. `rule` is the rule as a file has it."""

    id: str
    number: int
    version: int
    title: str
    level: str
    held_since: datetime | None
    held_because: str | None
    owner: str | None
    fired_today: int
    acted_today: int
    fired_lately: int
    money_today_fen: int
    rule: AutoRule


class AutoRulesShape(msgspec.Struct, frozen=True):
    """The shop's rules."""

    rules: tuple[AutoRuleShape, ...]


class TroubleShape(msgspec.Struct, frozen=True):
    """Something that speaks against a rule, and where in it."""

    where: str
    says: str


class GoldenShape(msgspec.Struct, frozen=True):
    """A golden case, and whether the rule gets it right."""

    says: str
    fires: bool
    is_right: bool


class CheckedShape(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks against one rule: that it may not be kept, or not be switched on."""

    id: str
    may_be_kept: bool
    may_be_on: bool
    wrong: tuple[TroubleShape, ...]
    against: tuple[TroubleShape, ...]
    golden: tuple[GoldenShape, ...]


class ChecksShape(msgspec.Struct, frozen=True):
    """The rules of a file, checked."""

    checked: tuple[CheckedShape, ...]


class TriedRuleShape(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule would have done."""

    id: str
    fires: int
    barred: int
    busiest_day: int
    over_cap: int
    money_fen: int
    paid_anyway_fen: int
    not_paid_fen: int
    sooner_hours: float | None


class HitShape(msgspec.Struct, frozen=True, kw_only=True):
    """A thing of the last month on which a rule would have fired."""

    rule: str
    todo: str
    no: str
    order_no: str | None
    at: datetime
    facts: dict[str, Value | None]
    money_fen: int
    ended: str
    barred: tuple[str, ...]


class MovedShape(msgspec.Struct, frozen=True):
    """A measure of today, and what it would be."""

    now: float | None
    then: float | None


class DryRunShape(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules of a file would have done in the last month."""

    since: datetime
    until: datetime
    cases: int
    orders: int
    reviews: int
    left_off: bool
    untried: tuple[str, ...]
    rules: tuple[TriedRuleShape, ...]
    hits: tuple[HitShape, ...]
    more_hits: int
    measures: dict[str, MovedShape]


class DeedShape(msgspec.Struct, frozen=True):
    """One deed of a firing, and what came of it."""

    act: str
    how: str
    number: int | None
    because: str | None


class FiringShape(msgspec.Struct, frozen=True, kw_only=True):
    """One time a rule fired, with every fact it asked and what was seen."""

    number: int
    rule: str
    version: int
    todo: str
    subject: str
    no: str
    order_no: str | None
    at: datetime
    state: str
    level: str
    money_fen: int
    facts: dict[str, Value | None]
    deeds: tuple[DeedShape, ...]


class FiringsShape(msgspec.Struct, frozen=True):
    """What fired, the newest first."""

    firings: tuple[FiringShape, ...]


class FactShape(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that a condition may ask."""

    name: str
    kind: str
    about: tuple[str, ...]
    words: tuple[str, ...]
    source: str
    title: str


class ActShape(msgspec.Struct, frozen=True):
    """Something a rule may have done."""

    name: str
    on: tuple[str, ...]
    title: str


class FactsShape(msgspec.Struct, frozen=True):
    """All facts, and all acts."""

    facts: tuple[FactShape, ...]
    acts: tuple[ActShape, ...]


class KeptShape(msgspec.Struct, frozen=True):
    """A rule of a file as it was kept."""

    id: str
    version: int
    is_new: bool
    was_switched_off: bool


class KeptAllShape(msgspec.Struct, frozen=True):
    """The rules of a file."""

    kept: tuple[KeptShape, ...]


class LevelShape(msgspec.Struct, frozen=True):
    """How far a rule goes now."""

    id: str
    level: str


class DecidedShape(msgspec.Struct, frozen=True):
    """A suggestion that a person decided."""

    number: int
    state: str


class FiredShape(msgspec.Struct, frozen=True):
    """How often rules fired just now."""

    fired: int


def rule_shape(desk: Desk, seen: RuleSeen) -> AutoRuleShape:
    """A rule as it stands."""
    row = seen.row
    return AutoRuleShape(
        id=row.rule_id,
        number=row.rule_no,
        version=row.version,
        title=seen.rule.title,
        level=row.level,
        held_since=utc_or_none(row.held_at),
        held_because=None if row.why_held is None else desk.said(row.why_held),
        owner=row.owner_name,
        fired_today=seen.today,
        acted_today=seen.acted_today,
        fired_lately=seen.lately,
        money_today_fen=seen.money_today,
        rule=seen.rule,
    )


def checked_shape(desk: Desk, rule: AutoRule, told: Checked) -> CheckedShape:
    """What speaks against a rule."""
    return CheckedShape(
        id=rule.id,
        may_be_kept=told.may_be_kept,
        may_be_on=told.may_be_on,
        wrong=tuple(TroubleShape(each.where, desk.said(each.say)) for each in told.wrong),
        against=tuple(TroubleShape(each.where, desk.said(each.say)) for each in told.against),
        golden=tuple(GoldenShape(each.case.says, each.case.fires, each.is_right) for each in told.golden),
    )


def dry_run_shape(tried: Tried) -> DryRunShape:
    """What rules would have done in the last month."""
    return DryRunShape(
        since=utc(tried.since),
        until=utc(tried.until),
        cases=tried.cases,
        orders=tried.orders,
        reviews=tried.reviews,
        left_off=tried.left_off,
        untried=tuple(kind.value for kind in tried.untried),
        rules=tuple(_tried(each) for each in tried.rules),
        hits=tuple(
            HitShape(
                rule=hit.rule,
                todo=hit.on.value,
                no=hit.no,
                order_no=hit.order_no,
                at=utc(hit.at),
                facts=dict(hit.facts),
                money_fen=hit.money,
                ended=hit.ended,
                barred=tuple(each.value for each in hit.barred),
            )
            for hit in tried.hits
        ),
        more_hits=tried.more_hits,
        measures={each.formula.id: MovedShape(each.now.value, each.then.value) for each in tried.measures},
    )


def _tried(told: RuleTried) -> TriedRuleShape:
    return TriedRuleShape(
        id=told.rule,
        fires=told.fires,
        barred=told.barred,
        busiest_day=told.busiest_day,
        over_cap=told.over_cap,
        money_fen=told.money,
        paid_anyway_fen=told.paid_anyway,
        not_paid_fen=told.not_paid,
        sooner_hours=told.sooner_hours,
    )


def firing_shape(desk: Desk, row: FiringRow) -> FiringShape:
    """One time a rule fired."""
    return FiringShape(
        number=row.firing_no,
        rule=row.rule_id,
        version=row.version,
        todo=row.todo,
        subject=row.subject_kind,
        no=row.subject_no,
        order_no=row.order_no,
        at=utc(row.fired_at),
        state=row.state,
        level=row.level,
        money_fen=row.money,
        facts={each.fact: each.value for each in row.seen},
        deeds=tuple(DeedShape(each.act.value, each.how.value, each.no, None if each.because is None else desk.said(each.because)) for each in row.deeds),
    )


def seen_words(facts: dict[str, Any]) -> str:
    """What was seen, in a line."""
    return " ".join(f"{name}={value}" for name, value in facts.items())
