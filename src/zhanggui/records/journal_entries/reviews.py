"""What happened to reviews. No entry repeats what a buyer or the shop wrote."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class ReviewAnswered(Entry, frozen=True):
    """Somebody said that an answer was entered in the back office; `findings` of what must not be said."""

    kind = "review_answered"
    review_no: str
    findings: int

    def say(self) -> Say:
        if self.findings:
            return say(
                "Review {review_no} was answered; what was said holds {count} things that must not be said.", review_no=self.review_no, count=self.findings
            )
        return say("Review {review_no} was answered.", review_no=self.review_no)


class ReviewNotAnswered(Entry, frozen=True):
    """An answer was not entered after all."""

    kind = "review_not_answered"
    review_no: str

    def say(self) -> Say:
        return say("Review {review_no} was not answered after all.", review_no=self.review_no)


class ReviewReported(Entry, frozen=True):
    """A review was put onto the register, to be reported."""

    kind = "review_reported"
    review_no: str
    ground: str
    complaint_no: int

    def say(self) -> Say:
        return say(
            "Review {review_no} is to be reported for {ground}: complaint no. {complaint_no}.",
            review_no=self.review_no,
            ground=self.ground,
            complaint_no=self.complaint_no,
        )


class ReviewsPasted(Entry, frozen=True):
    """Reviews were read from text that somebody pasted."""

    kind = "reviews_pasted"
    count: int
    batch: int

    def say(self) -> Say:
        return say("{count} reviews were taken in from pasted text, as import no. {batch}.", count=self.count, batch=self.batch)


class ExpertReviewMoved(Entry, frozen=True):
    """An expert review was kept, or its report came a step further."""

    kind = "expert_review_moved"
    expert_no: int
    goods_id: str
    state: str

    def say(self) -> Say:
        return say("Expert review no. {expert_no} of product {goods_id}: {state}.", expert_no=self.expert_no, goods_id=self.goods_id, state=self.state)
