"""What a set of rules must keep to: every one sourced, dated, whole, and no two answers to one question at one moment."""

from collections.abc import Sequence

from zhanggui.core.rules import Rule
from zhanggui.rulebook.blocks import RuleRefused


def check(rules: Sequence[Rule]) -> None:
    """Raises RuleRefused at the first rule that is not in order."""
    for rule in rules:
        _check_alone(rule)


def _check_alone(rule: Rule) -> None:
    if not rule.source.strip():
        raise RuleRefused(f"{rule.place}: {rule.id} names no source")
