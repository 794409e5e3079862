"""What bounds texts: the caps and prices a shop sets, and what the doors themselves allow."""

import msgspec


class TextTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shop's own bounds; the defaults are assumptions of the house."""

    price_li: int = 45
    """What one part of a text costs, in tenths of a fen (厘)."""
    monthly_li: int = 1_000_000
    """What all texts of a calendar month may cost together: 1,000 yuan."""
    a_day: int = 2
    """How many texts one number is sent within 24 hours."""
    a_month: int = 6
    """How many within thirty days."""
    opens: int = 9
    closes: int = 20
    """Between which hours in Shanghai texts go."""
    keep_days: int = 30
    """How long a number that the shop gave is kept."""


class TextRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of texts in China: how they are counted and what must stand in them."""

    single: int
    """Characters of a text that goes in one part, its signature counted."""
    part: int
    """Characters of each part of a longer one."""
    longest: int
    shortest_sign: int
    longest_sign: int
    opt_out: str
    """What an advertising text has to say of how to get no more of them."""
    ask_after_minutes: int
    """How long after a lost answer the door's record is asked."""
    give_up_hours: int
    """For how long it is asked again."""
