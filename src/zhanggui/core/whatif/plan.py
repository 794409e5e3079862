"""A plan to try: decisions, and rules that change, as a small file tells them."""

from datetime import datetime

import msgspec

from zhanggui.core.rules import Amount, Term
from zhanggui.core.whatif.deciding import Decision

_FIRST_YEAR, _LAST_YEAR = 1970, 2199


class RuleChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A rule with another term or amount, to be tried on the last month."""

    rule: str
    """Its id, such as pdd.ship_by.spot."""
    term: Term | None = None
    amount: Amount | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is tried at once."""

    decisions: tuple[Decision, ...] = ()
    rules: tuple[RuleChange, ...] = ()
    notice: str = ""
    """A notice as it was published; every rule that is read in it is tried."""


class BadPlan(ValueError):
    """A file that is no plan; the message says why."""


def read_plan(text: bytes, *, is_toml: bool) -> Plan:
    """The plan in the text: JSON, or TOML. Raises BadPlan."""
    try:
        plan = msgspec.toml.decode(text, type=Plan) if is_toml else msgspec.json.decode(text, type=Plan)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise BadPlan(str(problem)[:200]) from None
    moments: list[datetime] = [each.at for each in plan.decisions if each.at is not None]
    if any(moment.tzinfo is None for moment in moments):
        raise BadPlan("a moment needs its offset, such as 2026-11-20T10:00:00+08:00")
    if not all(_FIRST_YEAR <= moment.year <= _LAST_YEAR for moment in moments):
        raise BadPlan("a moment lies beyond any calendar")
    if any("\0" in (each.case or "") + (each.order or "") for each in plan.decisions):
        raise BadPlan("a number holds the character zero")
    return plan
