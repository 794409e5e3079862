"""The verdict on a promise: keep it, or tell the buyer in time."""

from zhanggui.core.decide.situation import Situation
from zhanggui.core.moments import next_sure_hour
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act, Verdict


def keep_promise(situation: Situation) -> Verdict:
    """Do what was promised, or name a new hour before the old one has passed."""
    deadline = situation.deadline
    because = () if deadline.because is None else (deadline.because,)
    check = (
        say("Is it done already? Then say so; shipping, refunds and deliveries are seen by themselves."),
        say("If it cannot be kept, tell the buyer before the hour passes, and name a new one."),
    )
    is_late = situation.now > deadline.due_at
    message = situation.draft("promise_late", promise=next_sure_hour(situation.now)) if is_late else None
    headline = say("Make good what was promised to the buyer") if is_late else say("Keep what was promised to the buyer")
    return situation.verdict(Act.KEEP_PROMISE, headline, *because, check=check, message=message, runner_up=Act.REPLY)
