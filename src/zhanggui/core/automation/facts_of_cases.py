"""The facts of an after-sales case."""

from zhanggui.core.advice.book import Grievance
from zhanggui.core.advice.case import Goods, ReturnGrade
from zhanggui.core.automation.fact import About, Fact, Read, flag, has, hours, hours_between, money, number, of, text, word
from zhanggui.core.automation.seen import Seen
from zhanggui.core.automation.values import Value
from zhanggui.core.facts import AftersaleKind, ClaimedReceipt
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act

_CASE = frozenset({About.CASE})


def _amount(seen: Seen) -> Value | None:
    return None if seen.advised is None or not seen.advised.refund_amount else seen.advised.refund_amount


def _asks_for_all(seen: Seen) -> Value | None:
    told = seen.advised
    return None if told is None or not told.refund_amount or told.paid is None else told.refund_amount >= told.paid


def _kind(seen: Seen) -> Value | None:
    return None if seen.case is None else (seen.case.kind or AftersaleKind.UNKNOWN)


def _asked(seen: Seen) -> Value | None:
    return None if seen.case is None else hours_between(seen.case.applied_at, seen.now)


def _advised_alone(seen: Seen) -> Value | None:
    return None if seen.verdict is None else bool(seen.verdict.alone)


def _count(field: str) -> Read:
    """A number that advice knows; of a case that is known, none is zero."""
    return lambda seen: None if seen.advised is None else getattr(seen.advised, field) or 0


OF_CASES: tuple[Fact, ...] = (
    money("amount", say("What the buyer asks for"), "case.refund_amount", _amount, _CASE),
    flag("asks_for_all", say("The buyer asks for all that was paid"), "case.refund_amount, order.pay_amount", _asks_for_all, _CASE),
    word("case_kind", say("Kind of the case"), "case.kind", _kind, AftersaleKind, _CASE),
    text("reason", say("The reason the buyer chose, in the platform's words"), "case.reason", of("case", "reason"), _CASE),
    word("complaint", say("What the reason complains of"), "case.reason, by rulebook/advice.toml", lambda seen: seen.complaint, Grievance, _CASE),
    word("goods_at", say("Where the goods are"), "dispatches, scans, recalls", of("advised", "goods"), Goods, _CASE),
    word("says_received", say("What the buyer ticked of the receipt"), "case.claimed_receipt", of("case", "claimed_receipt"), ClaimedReceipt, _CASE),
    number("pictures", say("Pictures the buyer showed"), "case.pictures", of("case", "pictures"), _CASE),
    flag("was_shipped", say("The order had been shipped when the case was opened"), "case.shipped", of("case", "shipped"), _CASE),
    hours("hours_since_asked", say("Hours since the buyer asked"), "case.applied_at", _asked, _CASE),
    flag("is_instant", say("The platform handles it as an instant refund"), "case.is_instant", has("case", "is_instant"), _CASE),
    flag("has_joined", say("The platform has stepped in"), "case.has_joined", has("case", "has_joined"), _CASE),
    flag("has_return", say("A return parcel is known"), "case.return_tracking_no", has("case", "return_tracking_no"), _CASE),
    word("return_grade", say("In which state the return was found"), "returns", of("advised", "return_grade"), ReturnGrade, _CASE),
    number("others_open", say("Other cases of the order that ask for money"), "cases of the order", _count("others_open"), _CASE),
    flag("same_picture", say("One of the pictures was seen in another case"), "photos", has("advised", "same_picture_elsewhere"), _CASE),
    flag("threatens", say("The buyer names a bad review as the price, as somebody noted"), "findings", has("advised", "threatens"), _CASE),
    number("evidence", say("Pieces of evidence in the vault"), "evidence", _count("evidence"), _CASE),
    flag("has_step", say("A step for the back office is open"), "guided_steps", lambda seen: seen.has_step, _CASE),
    word("advised", say("What the house advises"), "core/advice", of("verdict", "act"), Act, _CASE),
    flag("advised_alone", say("The shop's terms of advice let it go without a person"), "core/advice", _advised_alone, _CASE),
)
"""What a case has."""
