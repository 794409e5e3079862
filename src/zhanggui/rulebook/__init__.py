"""KNOWS. The platform's rules as dated, sourced TOML blocks, and their loader. Choosing the rule in force is core's."""

from zhanggui.rulebook.blocks import RuleRefused
from zhanggui.rulebook.checks import check_beside
from zhanggui.rulebook.loading import load, load_from, rule_from_data, rule_to_data, scripts

__all__ = ["RuleRefused", "check_beside", "load", "load_from", "rule_from_data", "rule_to_data", "scripts"]
