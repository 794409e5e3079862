"""The shop's own rules of automation: listed, never changed by a program."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.response import Response

from zhanggui.actions.automation.listing import RuleSeen, rules_seen
from zhanggui.api.asked import AtAsked
from zhanggui.api.bearing import NEEDS
from zhanggui.api.units import At, FenOut, MaybeAt
from zhanggui.core.automation.writing import write_rules
from zhanggui.core.bridge.scopes import Scope


class AutoRuleOut(msgspec.Struct, frozen=True, kw_only=True):
    """One rule: how far it goes, what it did, and the rule itself as it is written."""

    rule_no: int
    id: str
    title: str
    version: int
    version_at: At
    level: str
    held_at: MaybeAt
    fired_today: int
    money_today_fen: FenOut
    fired_in_thirty_days: int
    written: Annotated[str, msgspec.Meta(description="The rule in TOML, as docs/automation.md describes it.")]


class AutomationOut(msgspec.Struct, frozen=True):
    """Every rule of the shop."""

    rules: tuple[AutoRuleOut, ...]


@get("/automation", sync_to_thread=True, opt={NEEDS: Scope.AUTOMATION_READ})
def list_automation(asked: AtAsked) -> Response[AutomationOut]:
    """The rules of automation of the shop, with how far each goes and how often it fired."""
    return asked.told(AutomationOut(tuple(map(_rule, rules_seen(asked.house, asked.by, asked.shop_id, asked.now)))))


def _rule(seen: RuleSeen) -> AutoRuleOut:
    return AutoRuleOut(
        rule_no=seen.row.rule_no,
        id=seen.rule.id,
        title=seen.rule.title,
        version=seen.row.version,
        version_at=seen.row.version_at,
        level=seen.row.level,
        held_at=seen.row.held_at,
        fired_today=seen.today,
        money_today_fen=seen.money_today,
        fired_in_thirty_days=seen.lately,
        written=write_rules([seen.rule]),
    )


route_handlers = (list_automation,)
