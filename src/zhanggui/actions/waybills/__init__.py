"""Electronic waybills: accounts at branches, numbers taken exactly once, labels through the print component.

A number is written down before the platform is asked and asked for again by the same name where an answer was lost. The receiver passes through as the
platform's own ciphertext; nothing of a buyer is stored but masks, and what the print component needs lies sealed until the label is printed.
"""

from zhanggui.actions.waybills.accounts import account_for, accounts_of, refresh_accounts
from zhanggui.actions.waybills.giving_back import BackOutcome, give_back
from zhanggui.actions.waybills.printing import begin_print, end_print, open_labels, preview_of
from zhanggui.actions.waybills.settling import settle_waybills, shops_with_open_waybills, sweep_waybills
from zhanggui.actions.waybills.shapes import Account, HeldWaybill, LabelEnd, PrintResult, PrintRun, WaybillOutcome
from zhanggui.actions.waybills.taking import get_waybills, waybills_of

__all__ = [
    "Account",
    "BackOutcome",
    "HeldWaybill",
    "LabelEnd",
    "PrintResult",
    "PrintRun",
    "WaybillOutcome",
    "account_for",
    "accounts_of",
    "begin_print",
    "end_print",
    "get_waybills",
    "give_back",
    "open_labels",
    "preview_of",
    "refresh_accounts",
    "settle_waybills",
    "shops_with_open_waybills",
    "sweep_waybills",
    "waybills_of",
]
