"""Outward acts: what the house may do to the platform, how far one has come, and which step may follow which."""

from zhanggui.core.acts.moves import TRANSITIONS, ActEvent, ActState, Mover, NotThatWay, Transition, advance
from zhanggui.core.acts.requests import (
    ActKind,
    AddParcels,
    AgreeRefund,
    AgreeReturn,
    CancelSending,
    CannotHold,
    ChangeShip,
    NoteOrder,
    ReportPrint,
    Request,
    Ship,
    Target,
)
from zhanggui.core.acts.terms import ActLevel, ActTerms, Asks, Limits, OfferedOn

__all__ = [
    "TRANSITIONS",
    "ActEvent",
    "ActKind",
    "ActLevel",
    "ActState",
    "ActTerms",
    "AddParcels",
    "AgreeRefund",
    "AgreeReturn",
    "Asks",
    "CancelSending",
    "CannotHold",
    "ChangeShip",
    "Limits",
    "Mover",
    "NotThatWay",
    "NoteOrder",
    "OfferedOn",
    "ReportPrint",
    "Request",
    "Ship",
    "Target",
    "Transition",
    "advance",
]
