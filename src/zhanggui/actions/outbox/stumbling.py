"""What the program stumbles over at the door: told to whoever looks after the house, and tried again later while everything else goes on."""

import logging
import traceback

from zhanggui.core.say import say
from zhanggui.records.outbox import StoredAct

log = logging.getLogger("zhanggui.outbox")

STUMBLED = say("The program stumbled over it, which the log tells of; it is tried again by itself, later each time.")


def tell_of_stumble(act: StoredAct, error: Exception, happened: str = "was stumbled over") -> None:
    """Tells the log where it happened. The message of an error may hold a buyer's data; its kind and its place say enough."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("act %d of shop %d %s: %s\n%s", act.act_no, act.shop_id, happened, type(error).__name__, where)
