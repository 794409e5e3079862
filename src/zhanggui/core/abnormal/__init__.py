"""Orders that had better not be shipped: signs that something is wrong with them, and the do-not-ship request with its answer."""

from zhanggui.core.abnormal.signs import Sign, Signed, SignKind, SignTerms, signs_of
from zhanggui.core.abnormal.states import KEEPS_BACK, STEPS, Abnormal, AbnormalEvent, AbnormalState, AbnormalStep, NoSuchStep, gone_on

__all__ = [
    "KEEPS_BACK",
    "STEPS",
    "Abnormal",
    "AbnormalEvent",
    "AbnormalState",
    "AbnormalStep",
    "NoSuchStep",
    "Sign",
    "SignKind",
    "SignTerms",
    "Signed",
    "gone_on",
    "signs_of",
]
