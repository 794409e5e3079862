"""What was seen of after-sales cases, and what people did by hand for them."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class CaseStepped(Entry, frozen=True):
    """A case took a step, or was seen further on."""

    kind = "case_stepped"
    case_no: str
    event: str
    who: str
    after: str
    before: str | None = None
    steps: int = 1

    def say(self) -> Say:
        slots = {"case_no": self.case_no, "event": self.event, "who": self.who, "before": self.before, "after": self.after, "steps": self.steps}
        if self.before is None and self.event == "case.seen":
            return say("After-sales case {case_no}, first seen: {after}. What came before was not seen.", case_no=self.case_no, after=self.after)
        if self.before is None:
            return say("After-sales case {case_no}: {event}, {who}. Now: {after}.", **slots)
        if self.event == "case.skip":
            return say("After-sales case {case_no}: {before} became {after}; the steps between ({steps} in all) were not seen.", **slots)
        if self.event == "case.jump":
            return say("After-sales case {case_no}: {before} became {after}, though no steps lead there. It is kept as it was told.", **slots)
        if self.before == self.after:
            return say("After-sales case {case_no}: the request was changed; still {after}.", **slots)
        return say("After-sales case {case_no}: {event}, {who}. {before} became {after}.", **slots)


class GuidedStepMoved(Entry, frozen=True):
    """Something to be done by hand was made ready, done, or given up."""

    kind = "guided_step_moved"
    step_no: int
    step: str
    state: str
    outcome: str | None = None

    def say(self) -> Say:
        if self.outcome is not None:
            return say("By hand, no. {step_no} ({step}): {outcome}.", step_no=self.step_no, step=self.step, outcome=self.outcome)
        return say("By hand, no. {step_no} ({step}): {state}.", step_no=self.step_no, step=self.step, state=self.state)


class NoReasonExceptionSet(Entry, frozen=True):
    """A product was marked as one that the seven days without a reason are not for, or the mark was taken away."""

    kind = "no_reason_exception_set"
    goods_id: str
    exception: str | None = None

    def say(self) -> Say:
        if self.exception is None:
            return say("Product {goods_id}: the seven days without a reason hold.", goods_id=self.goods_id)
        return say("Product {goods_id}: no seven days without a reason ({exception}).", goods_id=self.goods_id, exception=self.exception)
