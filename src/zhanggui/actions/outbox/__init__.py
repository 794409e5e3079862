"""The one door out. Whatever changes something on the platform is an act: a row in the transaction of its decision, sent once, after it."""

from zhanggui.actions.outbox.announcing import announce_due
from zhanggui.actions.outbox.deciding import decide
from zhanggui.actions.outbox.proposing import Proposed, propose
from zhanggui.actions.outbox.sending import send_due, shops_with_acts_due
from zhanggui.actions.outbox.stopping import Stopped, confirm, open_switch, resolve, set_limits, stop, stop_shop, throw_switch

__all__ = [
    "Proposed",
    "Stopped",
    "announce_due",
    "confirm",
    "decide",
    "open_switch",
    "propose",
    "resolve",
    "send_due",
    "set_limits",
    "shops_with_acts_due",
    "stop",
    "stop_shop",
    "throw_switch",
]
