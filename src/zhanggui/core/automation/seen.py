"""What is known of a thing when rules look at it."""

from datetime import datetime

import msgspec

from zhanggui.core.advice.book import Grievance
from zhanggui.core.advice.case import Buyer, CaseToAdvise
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.facts import AftersaleFacts, OrderFacts, ReviewFacts
from zhanggui.core.intents.kinds import Intent
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.verdicts import Verdict


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A thing with an open to-do, and everything beside it. None: nobody knows, or it has none."""

    todo: DeadlineKind
    now: datetime
    due_at: datetime | None = None
    at_risk: Fen = Fen(0)
    known: OrderKnowledge | None = None
    case: AftersaleFacts | None = None
    advised: CaseToAdvise | None = None
    """The case as advice sees it."""
    verdict: Verdict | None = None
    complaint: Grievance | None = None
    review: ReviewFacts | None = None
    buyer: Buyer | None = None
    assignee: str = ""
    """The sign-in name of whoever has the to-do; empty: nobody."""
    wants: Intent | None = None
    """What the buyer wants most, by the messages of the last turn."""
    has_remark: bool | None = None
    has_step: bool | None = None

    @property
    def order(self) -> OrderFacts | None:
        """The order it belongs to."""
        return None if self.known is None else self.known.order
