"""What was said and stored about parcels."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class CategoryMeanSet(Entry, frozen=True):
    """The mean of the category was entered."""

    kind = "category_mean_set"
    share: str
    orders: int | None
    from_day: str

    def say(self) -> Say:
        if self.orders is None:
            return say("The category's mean share of abnormal parcels is {share} % from {day} on.", share=self.share, day=self.from_day)
        return say(
            "The category's mean is {share} % abnormal parcels and {orders} abnormal orders from {day} on.",
            share=self.share,
            orders=self.orders,
            day=self.from_day,
        )
