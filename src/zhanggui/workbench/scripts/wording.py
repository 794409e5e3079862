"""How scripts, their slots and their outcomes are put on a page."""

import string
from collections.abc import Mapping

import msgspec

from zhanggui.actions.scripts.seeing import Mark
from zhanggui.core.say import Say, say
from zhanggui.core.scripting.conceding import Concession
from zhanggui.core.scripting.slots import SLOTS, in_chinese
from zhanggui.core.scripts import Fit

FITS: Mapping[Fit, Say] = {
    Fit.NO_ORDER: say("nothing ordered yet"),
    Fit.TO_SHIP: say("to ship, in time"),
    Fit.LATE: say("to ship, late"),
    Fit.HELD: say("may not be shipped yet"),
    Fit.REFUND_ASKED: say("not shipped, money asked back"),
    Fit.ON_ITS_WAY: say("on its way to the buyer"),
    Fit.ARRIVED: say("arrived"),
    Fit.ENDED: say("refunded or cancelled"),
}
"""How the order must stand; that it is unclear is nothing to choose."""
MARKS: Mapping[Mark, tuple[Say, str]] = {
    Mark.ENDS_SOON: (say("ends soon"), "hour"),
    Mark.OVER: (say("over"), "overdue"),
    Mark.LATER: (say("begins later"), "today"),
}
ROOMS: Mapping[str, Say] = {
    "own": say("The shop's own"),
    "answers": say("Answers to buyers"),
    "notices": say("Notices"),
    "shipping": say("About shipping"),
    "aftersales": say("About refunds and returns"),
    "advice": say("Advice on cases"),
    "disputes": say("With the platform"),
    "chasing": say("To carriers"),
    "attention": say("Waiting buyers and reviews"),
    "conversations": say("Promises"),
}
"""The files of drafts that come along, under names for people; one without a name is shown under its own."""
CONCESSIONS: Mapping[Concession, Say] = {
    Concession.PRICE: say("A lower price before it is paid"),
    Concession.COUPON: say("A coupon"),
    Concession.GIFT: say("A gift"),
    Concession.POSTAGE: say("Postage taken over"),
}


class Stretch(msgspec.Struct, frozen=True):
    """A stretch of a text with slots."""

    text: str
    is_slot: bool


def stretches(text: str, *, in_english: bool = False) -> tuple[Stretch, ...]:
    """The text with its slots named as the reader knows them."""
    found: list[Stretch] = []
    for lead, name, _, _ in string.Formatter().parse(text):
        if lead:
            found.append(Stretch(lead, False))
        if name is not None:
            found.append(Stretch(name if in_english or name not in SLOTS else SLOTS[name].zh, True))
    return tuple(found)


def editable(text: str) -> str:
    """The text as a person edits it, its slots under their Chinese names."""
    return in_chinese(text)


def slot_name(name: str) -> str:
    """A slot's Chinese name."""
    return SLOTS[name].zh if name in SLOTS else name
