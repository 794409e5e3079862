"""Reads what holds of automation rules beside themselves."""

from functools import cache
from importlib.resources import files

from zhanggui.core.automation.terms import AutomationTerms
from zhanggui.rulebook.blocks import decoded


@cache
def automation_terms() -> AutomationTerms:
    """The terms of automation rules. Raises RuleRefused, naming file and line."""
    return decoded((files("zhanggui.rulebook") / "automation.toml").read_text("utf-8"), AutomationTerms, "automation.toml")
