"""What happened to the shop's rules for what is done when, and what they did. No entry repeats the words of a rule."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class AutoRuleKept(Entry, frozen=True):
    """A new version of an automation rule was kept."""

    kind = "auto_rule_kept"
    rule: str
    version: int

    def say(self) -> Say:
        return say("Automation rule {rule}: version {version} was kept.", rule=self.rule, version=self.version)


class AutoRuleLevelSet(Entry, frozen=True):
    """How far an automation rule goes was changed."""

    kind = "auto_rule_level_set"
    rule: str
    version: int
    level: str

    def say(self) -> Say:
        return say("Automation rule {rule}, version {version}, is now: {level}.", rule=self.rule, version=self.version, level=self.level)


class AutoRuleRemoved(Entry, frozen=True):
    """An automation rule was removed."""

    kind = "auto_rule_removed"
    rule: str

    def say(self) -> Say:
        return say("Automation rule {rule} was removed.", rule=self.rule)


class AutoRuleHeld(Entry, frozen=True):
    """An automation rule was held: what it would do waits for a person."""

    kind = "auto_rule_held"
    rule: str

    def say(self) -> Say:
        return say("Automation rule {rule} was held; what it would do waits for a person.", rule=self.rule)


class AutoRuleReleased(Entry, frozen=True):
    """Somebody looked at a held rule and let it go on."""

    kind = "auto_rule_released"
    rule: str

    def say(self) -> Say:
        return say("Automation rule {rule} may go on.", rule=self.rule)


class AutoRuleFired(Entry, frozen=True):
    """An automation rule fired on a thing."""

    kind = "auto_rule_fired"
    rule: str
    version: int
    firing_no: int
    state: str

    def say(self) -> Say:
        return say("Automation rule {rule} (version {version}) fired: {state}.", rule=self.rule, version=self.version, state=self.state)


class AutoRuleAnswered(Entry, frozen=True):
    """A person decided what a rule had suggested."""

    kind = "auto_rule_answered"
    rule: str
    firing_no: int
    state: str

    def say(self) -> Say:
        return say("What automation rule {rule} suggested was decided: {state}.", rule=self.rule, state=self.state)
