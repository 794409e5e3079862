"""Money is whole fen (分, a hundredth of a yuan), never a float."""

from decimal import Decimal, InvalidOperation, Overflow
from typing import NewType

Fen = NewType("Fen", int)
"""A whole number of fen. Negative for money that leaves."""


_MOST_DIGITS = 18


class NotMoney(ValueError):
    """The text is not an amount of yuan with at most two decimals."""


def fen_from_yuan(text: str) -> Fen:
    """The fen in an amount of yuan as files write it: thousands commas, a currency mark and blanks are allowed.

    Raises NotMoney where the text is no number, or where it has a fraction of a fen (nothing is rounded away unseen).
    """
    bare = text.replace(",", "").replace("，", "").replace("¥", "").replace("￥", "").replace("元", "").strip()
    try:
        fen = Decimal(bare) * 100
    except (InvalidOperation, Overflow):
        raise NotMoney(f"{text!r} is not an amount of money") from None
    # a number of more digits than any amount has is not even tried: 1E+999999 would be a million of them
    if not fen.is_finite() or fen.adjusted() > _MOST_DIGITS or fen != fen.to_integral_value():
        raise NotMoney(f"{text!r} is not a whole number of fen")
    return Fen(int(fen))


def yuan(amount: Fen) -> str:
    """The amount as yuan with two decimals and thousands commas: 123456 fen is `1,234.56`."""
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), 100)
    return f"{sign}{whole:,}.{part:02d}"
