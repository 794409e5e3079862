"""Verdicts: the next act for one to-do, with its reasons, what to check, and the message to send."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.core.deadlines import Deadline
from zhanggui.core.facts import AftersaleFacts, MessageFacts, ReviewFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import say
from zhanggui.core.scripts import Scripts
from zhanggui.core.verdicts import Act, Verdict


def verdict(
    deadline: Deadline,
    *,
    order: OrderKnowledge | None,
    case: AftersaleFacts | None,
    messages: Sequence[MessageFacts],
    review: ReviewFacts | None,
    now: datetime,
    rulebook: Rulebook,
    scripts: Scripts,
) -> Verdict:
    """What to do next for this deadline."""
    return Verdict(act=Act.LOOK, headline=say("Look at it"), because=())
