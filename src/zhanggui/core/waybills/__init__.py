"""Electronic waybills: how a number comes and goes, the accounts it is taken from, and how long an account lasts."""

from zhanggui.core.waybills.accounts import ACCOUNT_MOVES, AccountEvent, AccountMove, AccountState, NotThatStep, account_after
from zhanggui.core.waybills.forecast import Forecast, Use, forecast
from zhanggui.core.waybills.numbers import ALIVE, NUMBER_MOVES, EndedBecause, NotThatWay, NumberEvent, NumberMove, NumberState, advance
from zhanggui.core.waybills.printing import DocumentState, document_state
from zhanggui.core.waybills.receivers import ReceiverKey, has_moved, receiver_key

__all__ = [
    "ACCOUNT_MOVES",
    "ALIVE",
    "NUMBER_MOVES",
    "AccountEvent",
    "AccountMove",
    "AccountState",
    "DocumentState",
    "EndedBecause",
    "Forecast",
    "NotThatStep",
    "NotThatWay",
    "NumberEvent",
    "NumberMove",
    "NumberState",
    "ReceiverKey",
    "Use",
    "account_after",
    "advance",
    "document_state",
    "forecast",
    "has_moved",
    "receiver_key",
]
