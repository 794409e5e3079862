"""Whether a tracking number can be right: its shape against the carrier, and the other numbers of the shop.

A wrong, reused or mistyped number is punished as a false shipment. Shapes are guesses, so they warn; only what is certain blocks.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from zhanggui.core.numbers.shapes import CarrierShapes, as_number, carrier_of, carriers_that_fit
from zhanggui.core.say import Say, say

REUSED_WITHIN = timedelta(days=30)
"""A number used again within this for another receiver counts as a false shipment (虚假发货 test c)."""


class Doubt(StrEnum):
    """What can be wrong with a number."""

    EMPTY = "empty"
    ODD_CHARACTERS = "odd_characters"
    WRONG_LENGTH = "wrong_length"
    ORDER_NUMBER = "order_number"
    TELEPHONE = "telephone"
    PLACEHOLDER = "placeholder"
    WRONG_SHAPE = "wrong_shape"
    OLD_SHAPE = "old_shape"
    UNKNOWN_CARRIER = "unknown_carrier"
    SAME_ON_OTHER_ORDER = "same_on_other_order"
    USED_FOR_OTHER_RECEIVER = "used_for_other_receiver"
    ONE_DIGIT_APART = "one_digit_apart"
    TRANSPOSED = "transposed"
    PLATFORM_REFUSES = "platform_refuses"


class Verdict(StrEnum):
    """What to do with the number."""

    OK = "ok"
    WARN = "warn"
    BLOCK = "block"


class Use(msgspec.Struct, frozen=True):
    """A number that an order carries: for whom (masked) and since when, as far as is known."""

    number: str
    order_no: str
    receiver: str | None = None
    at: datetime | None = None


class Reason(msgspec.Struct, frozen=True):
    """One doubt, in a sentence; `is_certain` blocks. `order_no` is the other order that it is about."""

    doubt: Doubt
    because: Say
    is_certain: bool = False
    order_no: str | None = None


class NumberCheck(msgspec.Struct, frozen=True):
    """The number as it would be uploaded, whose it could be, and every doubt about it."""

    number: str
    fits: tuple[str, ...]
    reasons: tuple[Reason, ...]

    @property
    def verdict(self) -> Verdict:
        """Block where a doubt is certain, warn where there is one, else fine."""
        if any(reason.is_certain for reason in self.reasons):
            return Verdict.BLOCK
        return Verdict.WARN if self.reasons else Verdict.OK


_SHORTEST, _LONGEST = 8, 35
_ALLOWED = re.compile(r"[A-Z0-9-]+")
_ORDER_NO = re.compile(r"\d{6}-\d{15}|\d{8}-\d{9}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_SAME = re.compile(r"(\d)\1{6,}|(\d{2})\2{3,}|(\d{3,4})\3{2,}")
_RUNS = ("0123456789012345", "9876543210987654")
_RUN = 8
_POOL_DIGITS = 3
_POOL = 3
"""Three other numbers of the shop that share all but the last three digits: the shop draws from a running pool, where neighbours are no mistake."""


def check_number(
    text: str, carrier: str | None, used: Sequence[Use] = (), *, now: datetime, order_no: str | None = None, receiver: str | None = None
) -> NumberCheck:
    """Everything that speaks against this number; `used` are the shop's other numbers, of which those near to it matter."""
    number = as_number(text)
    known = carrier_of(carrier) if carrier else None
    written = tuple(_writing(number))
    if any(reason.is_certain for reason in written):
        return NumberCheck(number, (), written)
    others = [use for use in used if use.order_no != order_no]
    reasons = (*written, *_shape(number, carrier, known), *_reuse(number, others, receiver, now), *_near(number, others, now))
    return NumberCheck(number, carriers_that_fit(number), reasons)


def neighbours(number: str) -> set[str]:
    """Every number that one wrong digit or two swapped ones could make of this one; none where it is longer than any number."""
    if len(number) > _LONGEST:
        return set()
    changed = {number[:place] + digit + number[place + 1 :] for place, char in enumerate(number) if char.isdigit() for digit in "0123456789" if digit != char}
    return changed | _swapped(number)


def pool_of(number: str) -> tuple[str, str]:
    """The first and the last number of the running pool this one would belong to."""
    head = number[:-_POOL_DIGITS]
    return head + "0" * _POOL_DIGITS, head + "9" * _POOL_DIGITS


def _writing(number: str) -> Iterator[Reason]:
    """What the characters alone say."""
    if not number:
        yield Reason(Doubt.EMPTY, say("There is no number. Enter the one on the waybill."), is_certain=True)
    elif _ORDER_NO.fullmatch(number):
        yield Reason(Doubt.ORDER_NUMBER, say("{number} is an order number. Enter the number on the waybill.", number=number), is_certain=True)
    elif not _ALLOWED.fullmatch(number):
        because = say("{number} holds characters that no tracking number has. Only letters, digits and hyphens occur.", number=number[:_LONGEST])
        yield Reason(Doubt.ODD_CHARACTERS, because, is_certain=True)
    elif not _SHORTEST <= len(number) <= _LONGEST:
        because = say("A tracking number has {shortest} to {longest} characters, this one {length}.", shortest=_SHORTEST, longest=_LONGEST, length=len(number))
        yield Reason(Doubt.WRONG_LENGTH, because, is_certain=True)
    elif _MOBILE.fullmatch(number):
        yield Reason(Doubt.TELEPHONE, say("Eleven digits that begin like this are a mobile telephone number. Look at the waybill."))
    elif _SAME.search(number) or any(run[start : start + _RUN] in number for run in _RUNS for start in range(len(run) - _RUN + 1)):
        yield Reason(Doubt.PLACEHOLDER, say("The digits repeat or count up, as in a made-up number. Look at the waybill."))


def _shape(number: str, name: str | None, carrier: CarrierShapes | None) -> Iterator[Reason]:
    if name and carrier is None:
        yield Reason(Doubt.UNKNOWN_CARRIER, say("No shape of the numbers of {carrier} is known, so only the rest was checked.", carrier=name))
    if carrier is None or carrier.fits(number, old=False):
        return
    if carrier.fits(number):
        others = [code for code in carriers_that_fit(number) if code != carrier.code and _is_today(code, number)]
        if others:
            because = say(
                "{carrier} no longer gives out such numbers, but {others} does. Is the carrier right?", carrier=carrier.code, others=", ".join(others)
            )
            yield Reason(Doubt.OLD_SHAPE, because)
        return
    fits = [code for code in carriers_that_fit(number) if code != carrier.code]
    if fits:
        because = say("This looks like a number of {others}, not of {carrier} ({likes}).", others=", ".join(fits), carrier=carrier.code, likes=carrier.likes)
    else:
        because = say("Numbers of {carrier} look otherwise ({likes}).", carrier=carrier.code, likes=carrier.likes)
    yield Reason(Doubt.WRONG_SHAPE, because)


def _is_today(code: str, number: str) -> bool:
    carrier = carrier_of(code)
    return carrier is not None and carrier.fits(number, old=False)


def _reuse(number: str, used: Sequence[Use], receiver: str | None, now: datetime) -> Iterator[Reason]:
    """The very same number on another order: for the same receiver it is one parcel for both."""
    for use in used:
        if use.number != number or (receiver is not None and use.receiver == receiver):
            continue
        is_recent = use.at is None or now - use.at <= REUSED_WITHIN
        if receiver is not None and use.receiver is not None and is_recent:
            because = say(
                "Order {order_no} carries this number for another receiver. A number used twice within 30 days is a false shipment.", order_no=use.order_no
            )
            yield Reason(Doubt.USED_FOR_OTHER_RECEIVER, because, is_certain=True, order_no=use.order_no)
        else:
            because = say("Order {order_no} carries this number too. Do both go in one parcel?", order_no=use.order_no)
            yield Reason(Doubt.SAME_ON_OTHER_ORDER, because, order_no=use.order_no)


def _near(number: str, used: Sequence[Use], now: datetime) -> Iterator[Reason]:
    """Numbers of the last 30 days that differ by one digit or by two swapped ones, unless both come from one running pool."""
    is_pool = _comes_from_a_pool(number, used)
    near = neighbours(number)
    swapped = near & _swapped(number) if near else near
    for use in used:
        if use.number not in near or (use.at is not None and now - use.at > REUSED_WITHIN):
            continue
        if is_pool and use.number[:-_POOL_DIGITS] == number[:-_POOL_DIGITS]:
            continue
        if use.number in swapped:
            because = say("Two digits are swapped against {other} of order {order_no}. Look at the waybill.", other=use.number, order_no=use.order_no)
            yield Reason(Doubt.TRANSPOSED, because, order_no=use.order_no)
        else:
            because = say("One digit differs from {other} of order {order_no}. Look at the waybill.", other=use.number, order_no=use.order_no)
            yield Reason(Doubt.ONE_DIGIT_APART, because, order_no=use.order_no)


def _comes_from_a_pool(number: str, used: Sequence[Use]) -> bool:
    head = number[:-_POOL_DIGITS]
    return len({use.number for use in used if use.number != number and len(use.number) == len(number) and use.number.startswith(head)}) >= _POOL


def _swapped(number: str) -> set[str]:
    pairs = range(len(number) - 1)
    return {number[:place] + number[place + 1] + number[place] + number[place + 2 :] for place in pairs if number[place] != number[place + 1]}
