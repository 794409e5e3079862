"""A rule of the shop's own as it is written: when it looks, what must hold, what it does, how often at most, and the cases it must get right."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from zhanggui.core.automation.values import Value
from zhanggui.core.cases.guided import StepKind
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.money import Fen


class RuleLevel(StrEnum):
    """How far a rule goes. It never goes farther than the shop's level of the act itself."""

    OFF = "off"
    """It is kept, and does nothing."""
    SUGGEST = "suggest"
    """What it would do waits for a person."""
    ACT = "act"
    """It does it."""


class DeedKind(StrEnum):
    """What a rule may have done. What the house never does (refuse by itself, pay for a rating, change a reason) is not among it."""

    REFUND_AGREE = "refund.agree"
    RETURN_AGREE = "return.agree"
    SENDING_CANCEL = "sending.cancel"
    SENDING_GOES_ON = "sending.goes_on"
    SHIP_UPLOAD = "ship.upload"
    ORDER_NOTE = "order.note"
    """Write the seller's note at the platform, behind what stands there."""
    STEP = "guided_step"
    """Make a step ready that a person does in the back office."""
    ASSIGN = "hand_over"
    """Hand the to-do to somebody."""
    REMARK = "remark"
    """Leave a note in the house."""
    ALERT = "alert"
    """Ring now, whatever the usual moment."""
    DRAFT = "draft"
    """Have a message to the buyer ready; a person sends it."""


class Clause(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"is_": "is", "not_": "not"}):
    """What one fact must be. A fact that is not known meets no condition."""

    is_: bool | str | tuple[str, ...] | None = None
    """Yes or no; or one of these words."""
    not_: str | tuple[str, ...] | None = None
    """None of these words."""
    least: int | None = None
    most: int | None = None
    has: str | tuple[str, ...] | None = None
    """A text: one of these words stands in it."""
    lacks: str | tuple[str, ...] | None = None
    """A text: none of these words stands in it."""


class Deed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One thing to do."""

    act: DeedKind
    text: str = ""
    """The words of a note, a remark, an alert, a draft, or of the form of a step."""
    step: StepKind | None = None
    to: str = ""
    """The sign-in name of whoever gets the to-do."""


class GoldenCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A case that the rule must get right before it may be switched on: either the facts by name, or a case as `zhanggui advise` reads it, or both."""

    says: str
    fires: bool
    on: DeadlineKind | None = None
    """The to-do; the first of the rule's where nothing is said."""
    facts: Mapping[str, Value] = msgspec.field(default_factory=dict)
    advise: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """A case as `zhanggui advise` reads it: what the rulebook and the advice make of it are facts, too."""


class AutoRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One rule."""

    id: str
    title: str
    on: tuple[DeadlineKind, ...]
    """It looks at things of which one of these to-dos is open."""
    when: Mapping[str, Clause] = msgspec.field(default_factory=dict)
    """All of it must hold."""
    either: tuple[Mapping[str, Clause], ...] = ()
    """Alternatives: beside `when`, all of at least one of them must hold."""
    do: tuple[Deed, ...] = ()
    gives_way_to: tuple[str, ...] = ()
    """Where one of these rules fires, this one does not."""
    a_day: int = 20
    """So often a day at most."""
    money_a_day: Fen = Fen(20_000)
    """So much money may leave by it in a day at most."""
    case: tuple[GoldenCase, ...] = ()
    note: str = ""
    """Why there is this rule, for people."""

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of the facts that the rule asks, each once."""
        return tuple(dict.fromkeys((*self.when, *(name for each in self.either for name in each))))
