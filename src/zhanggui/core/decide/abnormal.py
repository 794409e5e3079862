"""The verdict on an order that signs speak against."""

from zhanggui.core.abnormal.signs import Sign, SignKind
from zhanggui.core.decide.situation import Situation
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Act, Verdict


def look_at_suspect(situation: Situation) -> Verdict:
    """Look whether it is what it seems, and ask not to ship it while that can be asked; once that is over, ship it."""
    abnormal = None if situation.known is None else situation.known.abnormal
    signs = () if abnormal is None else tuple(told(sign) for sign in abnormal.signs)
    if situation.is_overdue:
        late = say("The time to ask that it need not be shipped is over.")
        return situation.verdict(Act.SHIP, say("Ship it anyway: the request can no longer be filed"), late, *signs, runner_up=Act.LOOK)
    return situation.verdict(
        Act.ASK_NOT_TO_SHIP,
        say("Look whether the order is real; if not, ask in the back office not to ship it"),
        *signs,
        check=(
            say("Do the orders know each other: one telephone, one door, one hand? Many real buyers share an office."),
            say("A request that is refused does not stop the term: the order must then leave in time."),
        ),
        runner_up=Act.SHIP,
    )


def told(sign: Sign) -> Say:
    """A sign in a sentence."""
    match sign.kind:
        case SignKind.SAME_RECEIVER:
            return say("{orders} orders within {minutes} minutes have the same masked receiver.", orders=sign.orders, minutes=sign.minutes)
        case SignKind.SAME_ADDRESS:
            return say("{orders} orders within {minutes} minutes go to the same door.", orders=sign.orders, minutes=sign.minutes)
        case SignKind.BURST:
            return say("{orders} orders of the product came from one district within {minutes} minutes.", orders=sign.orders, minutes=sign.minutes)
