"""The automation rules that the owner of the demo wrote before the week began: two that suggest, and one that is off."""

from importlib.resources import files

from zhanggui import clock
from zhanggui.actions.automation.keeping import keep_rules, set_level
from zhanggui.actions.automation.listing import rule_of_id
from zhanggui.actions.house import House
from zhanggui.core.automation.rules import RuleLevel
from zhanggui.core.automation.writing import read_rules
from zhanggui.people.permissions import Person, ShopId

SUGGEST = ("quality_pictures", "threats")


def furnish_automation(house: House, by: Person, shop_id: ShopId) -> None:
    """Keep the rules, and let those suggest that nobody has switched to anything yet."""
    now = clock.now()
    text = (files("zhanggui.demo") / "story" / "automation.toml").read_text("utf-8")
    keep_rules(house, by, shop_id, read_rules(text), now)
    for rule_id in SUGGEST:
        seen = rule_of_id(house, by, shop_id, rule_id, now)
        if seen is not None and seen.level is RuleLevel.OFF:
            set_level(house, by, shop_id, seen.row.rule_no, RuleLevel.SUGGEST, now)
