"""Rules as data: a dated, sourced answer to one question, and the rule in force at a moment.

A `Rule` is one version: one TOML block of `rulebook/`, or a shop's own override of the same shape. Loading is `rulebook`'s work; choosing is done here.
"""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from zhanggui.core.money import Fen


class Basis(StrEnum):
    """What a rule rests on."""

    PUBLISHED = "published"
    OBSERVED = "observed"
    ASSUMED = "assumed"


class Grade(StrEnum):
    """How well the source is attested (rules.md): A statute, API or the platform's own clause; B trade press; C one secondary page. S: the shop's own."""

    A = "A"
    B = "B"
    C = "C"
    SHOP = "S"


class Title(msgspec.Struct, frozen=True):
    """A rule's name in both languages."""

    zh: str
    en: str
