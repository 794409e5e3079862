"""What became of a dispute, as people tell it: settled with the buyer, withdrawn, ruled, appealed."""

from datetime import datetime

from zhanggui.actions.disputes.stepping import step
from zhanggui.actions.house import House
from zhanggui.actions.keeping_up import MOST_TEXT
from zhanggui.actions.refused import Refused
from zhanggui.core.disputes.states import DisputeEvent, DisputeState
from zhanggui.core.say import say
from zhanggui.people.permissions import Person, ShopId

TOLD = frozenset(
    {
        DisputeEvent.AGREE,
        DisputeEvent.WITHDRAW,
        DisputeEvent.RULE_FOR,
        DisputeEvent.RULE_AGAINST,
        DisputeEvent.RULE_SPLIT,
        DisputeEvent.APPEAL,
        DisputeEvent.WIN_APPEAL,
        DisputeEvent.LOSE_APPEAL,
        DisputeEvent.ACCEPT,
    }
)
"""What is told in one word, with a remark."""


def tell_of_dispute(house: House, by: Person, shop_id: ShopId, dispute_no: int, event: DisputeEvent, remark: str, now: datetime) -> DisputeState:
    """The state after what a person told. Raises Refused where that cannot be."""
    if event not in TOLD:
        raise Refused(say("There is no such step."))
    remark = remark.strip()
    if len(remark) > MOST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=MOST_TEXT))
    return step(house, by, shop_id, dispute_no, event, now, lambda _tx, dispute: ({"remark": remark or dispute.remark}, ()))
