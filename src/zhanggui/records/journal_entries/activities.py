"""What was decided about activities, rewards for reviews, and buyers who come back."""

from datetime import datetime

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class FigureRead(Entry, frozen=True):
    """A number was read in the back office: a threshold of an activity, or the shop's own value. Blank: forgotten."""

    kind = "activity_figure_read"
    figure: str
    activity: str
    typed: str

    def say(self) -> Say:
        if not self.typed:
            return say("{figure} as the back office shows it was forgotten.", figure=self.figure)
        if self.activity:
            return say(
                "The activity {activity} asks for {figure} of {typed}, by the back office.", activity=self.activity, figure=self.figure, typed=self.typed
            )
        return say("The back office shows {figure} of {typed}.", figure=self.figure, typed=self.typed)


class EnrolmentMoved(Entry, frozen=True):
    """An enrolment was planned, sent, left, turned down."""

    kind = "enrolment_moved"
    enrolment_no: int
    activity: str
    starts_at: datetime
    state: str

    def say(self) -> Say:
        return say("Activity #{no} ({activity}, from {at}): {state}.", no=self.enrolment_no, activity=self.activity, at=self.starts_at, state=self.state)


class DepositPaid(Entry, frozen=True):
    """The deposit of an enrolment was paid."""

    kind = "deposit_paid"
    enrolment_no: int

    def say(self) -> Say:
        return say("The deposit of activity #{no} was paid.", no=self.enrolment_no)


class RewardMoved(Entry, frozen=True):
    """A reward for reviews was begun or stopped."""

    kind = "reward_moved"
    campaign_no: int
    state: str
    until_day: str

    def say(self) -> Say:
        return say("Review reward #{no}, until {day}: {state}.", no=self.campaign_no, day=self.until_day, state=self.state)


class RewardsGiven(Entry, frozen=True):
    """So many reviewers got a coupon."""

    kind = "rewards_given"
    campaign_no: int
    coupons: int
    fen: int

    def say(self) -> Say:
        return say("Review reward #{no}: {coupons} coupons, {amount_fen}.", no=self.campaign_no, coupons=self.coupons, amount_fen=self.fen)


class BuyerThanked(Entry, frozen=True):
    """A buyer who came back was thanked."""

    kind = "buyer_thanked"

    def say(self) -> Say:
        return say("The buyer, who has come back, was thanked.")
