"""The kinds of journal entry, a module for each room of the house.

Each kind knows its own sentence; none carries personal data (receivers, messages, the text of notes).
A module put into this folder is found by itself, so that no room can be forgotten.
"""

import pkgutil
from importlib import import_module

import msgspec

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.acts import ActAnnounced, ActHalted, ActLimitsSet, ActMoved, DoorSwitched
from zhanggui.records.journal_entries.connections import (
    ApplicationNamed,
    ConnectionLapsed,
    ShopConnected,
    ShopDisconnected,
    ShopRefused,
    TrackerNamed,
    TrackerTakenAway,
)
from zhanggui.records.journal_entries.entry import Entry
from zhanggui.records.journal_entries.evidence import EvidenceAdded, PacketMade
from zhanggui.records.journal_entries.imports import BatchConfirmed, BatchFailed, BatchUndone, RowDiscarded, RowMended
from zhanggui.records.journal_entries.orders import CaseMoved, CaseSeen, NoteAdded, OrderCorrected, OrderMoved, OrderSeen, RefundMoved, ScansPasted
from zhanggui.records.journal_entries.papers import NumberPutInFile, PapersMade, ShippingFileMade
from zhanggui.records.journal_entries.people import (
    InvitationWithdrawn,
    MemberInvited,
    MemberJoined,
    MemberLeft,
    MemberMoved,
    NameChanged,
    PasswordChanged,
    SignInsEnded,
)
from zhanggui.records.journal_entries.shop import PromisedHoursSet, RuleOverridden, RuleOverrideRemoved, SettingChanged, ShopCreated
from zhanggui.records.journal_entries.todos import MarkConfirmed, MarkContradicted, TodoHanded, TodoNotOurs, TodoSaidDone, TodoSnoozed, TodoTakenBack

__all__ = [
    "ENTRIES",
    "ActAnnounced",
    "ActHalted",
    "ActLimitsSet",
    "ActMoved",
    "ApplicationNamed",
    "BatchConfirmed",
    "BatchFailed",
    "BatchUndone",
    "CaseMoved",
    "CaseSeen",
    "ConnectionLapsed",
    "DoorSwitched",
    "Entry",
    "EvidenceAdded",
    "InvitationWithdrawn",
    "MarkConfirmed",
    "MarkContradicted",
    "MemberInvited",
    "MemberJoined",
    "MemberLeft",
    "MemberMoved",
    "NameChanged",
    "NoteAdded",
    "NumberPutInFile",
    "OrderCorrected",
    "OrderMoved",
    "OrderSeen",
    "PacketMade",
    "PapersMade",
    "PasswordChanged",
    "PromisedHoursSet",
    "RefundMoved",
    "RowDiscarded",
    "RowMended",
    "RuleOverridden",
    "RuleOverrideRemoved",
    "ScansPasted",
    "SettingChanged",
    "ShippingFileMade",
    "ShopConnected",
    "ShopCreated",
    "ShopDisconnected",
    "ShopRefused",
    "SignInsEnded",
    "TodoHanded",
    "TodoNotOurs",
    "TodoSaidDone",
    "TodoSnoozed",
    "TodoTakenBack",
    "TrackerNamed",
    "TrackerTakenAway",
    "worded",
]

for room in pkgutil.iter_modules(__path__, f"{__name__}."):
    import_module(room.name)

ENTRIES: dict[str, type[Entry]] = {entry.kind: entry for entry in Entry.__subclasses__()}


def worded(kind: str, data: str) -> Say:
    """The stored entry as a sentence. A kind from a newer version of the program is shown by its bare name."""
    entry = ENTRIES.get(kind)
    if entry is None:
        return say("{kind}", kind=kind)
    return msgspec.json.decode(data, type=entry).say()
