"""What a rep says of an order, held against what is known of it."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from zhanggui.core.grading.book import QualityBook
from zhanggui.core.grading.talk import OrderKnown, Spoke
from zhanggui.core.say import Say, say

SLACK = timedelta(minutes=30)
"""Who says that it is done and does it within this time has not said anything false, and nothing is held against anybody before this time is known."""
_NUMBER = re.compile(r"(?<![0-9A-Za-z-])[A-Za-z]{0,4}\d{10,15}(?![0-9-])")
Against = tuple[Say, tuple[int, int]]


def contradictions(said: Spoke, order: OrderKnown | None, book: QualityBook) -> Iterator[Against]:
    """What the message says that the order contradicts, each with its place. Nothing where the order, or the moment, is not known."""
    if order is None or said.at is None:
        return
    for name, is_so, because in _claims(order, said.at):
        known_until = order.known_until.get(name)
        is_known = name not in order.unsure and (known_until is None or said.at + SLACK <= known_until)
        if not is_so and is_known and (found := book.claimed[name].first(said.text)) is not None:
            yield because, found.span()
    yield from _other_number(said, order)


def _claims(order: OrderKnown, at: datetime) -> tuple[tuple[str, bool, Say], ...]:
    """Each thing that may be claimed: whether it was so at that moment, and what is to be said where it was not."""
    return (
        ("shipped", _had(order.shipped_at, at), say("The order had not been shipped.")),
        ("refunded", _had(order.refunded_at, at), say("No money had been paid back.")),
        ("delivered", _had(order.received_at, at), say("The parcel had not been signed for.")),
        ("not_shipped", order.shipped_at is None or (order.unshipped_until or order.shipped_at) > at, say("The order had been shipped.")),
    )


def _had(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment <= at + SLACK


def _other_number(said: Spoke, order: OrderKnown) -> Iterator[Against]:
    """A tracking number that is none of the order's, where the order has one."""
    known = {number.upper() for number in order.tracking_nos}
    beside = {number.upper() for number in order.other_nos}
    for found in _NUMBER.finditer(said.text) if known else ():
        if found.group().upper() not in known | beside:
            yield say("The order has another tracking number."), found.span()
            return
