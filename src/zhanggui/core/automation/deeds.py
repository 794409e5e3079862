"""What each deed is: by which act of the door it leaves, on which to-dos it makes sense, what it decides, and what it changes of the facts."""

from collections.abc import Mapping, Sequence

import msgspec

from zhanggui.core.acts import ActKind
from zhanggui.core.automation.facts import TRIGGERS, About
from zhanggui.core.automation.rules import Deed, DeedKind
from zhanggui.core.automation.values import Value
from zhanggui.core.cases.guided import StepKind
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.facts import OrderStage, RefundState
from zhanggui.core.say import Say, say

_T = DeadlineKind
OF_CASES = tuple(kind for kind, about in TRIGGERS.items() if about is About.CASE)
OF_ORDERS = tuple(kind for kind, about in TRIGGERS.items() if about is About.ORDER)
EVERYWHERE = tuple(TRIGGERS)
STEPS = (
    StepKind.REFUSE,
    StepKind.COUNTER_EVIDENCE,
    StepKind.NEGOTIATE,
    StepKind.AGREE_GOODS,
    StepKind.AGREE_REFUND,
    StepKind.EXTEND,
)
"""The steps a rule may make ready: a person does each of them, or does not."""

TODO_OF_CASE, TODO_OF_ORDER, TODO_OF_REVIEW = "todo_of_case", "todo_of_order", "todo_of_review"
"""What stands open of a thing, as the search for circles sees it."""
TODO_NAMES: Mapping[About, str] = {About.CASE: TODO_OF_CASE, About.ORDER: TODO_OF_ORDER, About.REVIEW: TODO_OF_REVIEW}
CLOSED = "closed"
"""The thing has none of the to-dos that rules look at."""
ANY_TODO = (*(kind.value for kind in OF_ORDERS), CLOSED)


class Change(msgspec.Struct, frozen=True):
    """A fact that a deed may change, and what it may be after it."""

    fact: str
    after: tuple[Value, ...]


class DeedTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one kind of deed."""

    kind: DeedKind
    title: Say
    act: ActKind | None = None
    """The act of the door by which it leaves the house; None: it stays in the house."""
    on: tuple[DeadlineKind, ...] = EVERYWHERE
    decides: str = ""
    """What it decides of the thing: of two deeds that decide the same thing otherwise, one is wrong. Empty: it stands beside any other."""
    changes: tuple[Change, ...] = ()
    has_text: bool = False
    goes_to_buyer: bool = False
    """Whether the buyer or the platform reads its words."""


_PAID = (
    Change(TODO_OF_CASE, (CLOSED,)),
    Change(TODO_OF_ORDER, ANY_TODO),
    Change("order_refund", (RefundState.REFUNDING.value, RefundState.REFUNDED.value)),
    Change("order_stage", tuple(each.value for each in OrderStage)),
)
DEEDS: Mapping[DeedKind, DeedTerms] = {
    each.kind: each
    for each in (
        DeedTerms(
            kind=DeedKind.REFUND_AGREE,
            title=say("Agree to the refund"),
            act=ActKind.REFUND_AGREE,
            on=(_T.ANSWER_REFUND, _T.INSPECT_RETURN),
            decides="answer",
            changes=_PAID,
        ),
        DeedTerms(
            kind=DeedKind.RETURN_AGREE,
            title=say("Agree that the goods come back"),
            act=ActKind.RETURN_AGREE,
            on=(_T.ANSWER_REFUND,),
            decides="answer",
            changes=(Change(TODO_OF_CASE, (_T.INSPECT_RETURN.value, CLOSED)), Change("has_return", (True, False))),
        ),
        DeedTerms(
            kind=DeedKind.SENDING_CANCEL,
            title=say("Tell the platform that the parcel was held back"),
            act=ActKind.SENDING_CANCEL,
            on=(_T.ANSWER_REFUND,),
            decides="answer",
            changes=_PAID,
        ),
        DeedTerms(
            kind=DeedKind.SENDING_GOES_ON,
            title=say("Tell the platform that the parcel cannot be held back"),
            act=ActKind.SENDING_GOES_ON,
            on=(_T.ANSWER_REFUND,),
            decides="parcel",
        ),
        DeedTerms(
            kind=DeedKind.SHIP_UPLOAD,
            title=say("Upload the tracking number that is known"),
            act=ActKind.SHIP_UPLOAD,
            on=(_T.SHIP_BY,),
            decides="shipment",
            changes=(
                Change(TODO_OF_ORDER, (_T.PICKUP_BY.value, _T.PARCEL_MOVES.value, _T.DELIVER_BY.value, CLOSED)),
                Change("order_stage", (OrderStage.SHIPPED.value,)),
            ),
        ),
        DeedTerms(
            kind=DeedKind.ORDER_NOTE,
            title=say("Write a note on the order at the platform"),
            act=ActKind.ORDER_NOTE,
            on=(*OF_CASES, *OF_ORDERS),
            changes=(Change("has_seller_note", (True,)),),
            has_text=True,
            goes_to_buyer=True,
        ),
        DeedTerms(
            kind=DeedKind.STEP,
            title=say("Make a step for the back office ready"),
            on=OF_CASES,
            decides="answer",
            changes=(Change("has_step", (True,)),),
            has_text=True,
            goes_to_buyer=True,
        ),
        DeedTerms(kind=DeedKind.ASSIGN, title=say("Hand the to-do to somebody"), decides="hands", changes=(Change("assignee", ()),)),
        DeedTerms(
            kind=DeedKind.REMARK, title=say("Leave a note in the house"), on=(*OF_CASES, *OF_ORDERS), changes=(Change("has_remark", (True,)),), has_text=True
        ),
        DeedTerms(kind=DeedKind.ALERT, title=say("Ring at once"), has_text=True),
        DeedTerms(kind=DeedKind.DRAFT, title=say("Have a message to the buyer ready"), has_text=True, goes_to_buyer=True),
    )
}
"""Every deed that there is."""


def verdict_on(deed: Deed) -> str:
    """What the deed decides, in a word: two deeds that decide the same thing with another word contradict each other."""
    if deed.act is DeedKind.ASSIGN:
        return deed.to
    if deed.act is DeedKind.STEP:
        return "" if deed.step is None else deed.step.value
    return "paid" if deed.act in (DeedKind.REFUND_AGREE, DeedKind.SENDING_CANCEL) else deed.act.value


def changes_of(deed: Deed) -> tuple[Change, ...]:
    """What the deed may change."""
    return (Change("assignee", (deed.to,)),) if deed.act is DeedKind.ASSIGN else DEEDS[deed.act].changes


def touched_by(rule_deeds: Sequence[Deed]) -> frozenset[str]:
    """The facts that these deeds change by themselves; a note of the seller only grows by them, so that no circle leads over its words."""
    grown = {"seller_note"} if any(deed.act is DeedKind.ORDER_NOTE for deed in rule_deeds) else set()
    return frozenset({change.fact for deed in rule_deeds for change in changes_of(deed)} | grown)
