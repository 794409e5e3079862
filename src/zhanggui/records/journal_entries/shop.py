"""What was set for the shop: its rules, its settings, its promises."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class ShopCreated(Entry, frozen=True):
    """The shop was set up."""

    kind = "shop_created"
    name: str

    def say(self) -> Say:
        return say("The shop {name} was set up.", name=self.name)


class RuleOverridden(Entry, frozen=True):
    """The shop laid a rule of its own over the rulebook."""

    kind = "rule_overridden"
    rule: str

    def say(self) -> Say:
        return say("The shop's own rule {rule} now holds.", rule=self.rule)


class RuleOverrideRemoved(Entry, frozen=True):
    """A rule of the shop's own was taken away."""

    kind = "rule_override_removed"
    rule: str

    def say(self) -> Say:
        return say("The shop's own rule {rule} no longer holds.", rule=self.rule)


class SettingChanged(Entry, frozen=True):
    """A setting of the shop was changed."""

    kind = "setting_changed"
    name: str

    def say(self) -> Say:
        return say("The setting {name} was changed.", name=self.name)


class PromisedHoursSet(Entry, frozen=True):
    """The promised hours of a product were entered."""

    kind = "promised_hours_set"
    goods_id: str
    hours: int | None

    def say(self) -> Say:
        if self.hours is None:
            return say("The promised hours of product {goods_id} are no longer entered by hand.", goods_id=self.goods_id)
        return say("Product {goods_id} promises shipping within {hours} hours.", goods_id=self.goods_id, hours=self.hours)
