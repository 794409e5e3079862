"""Sums of money as people type them: yuan, with at most two decimals."""

from zhanggui.actions.refused import Refused
from zhanggui.core.money import Fen, NotMoney, fen_from_yuan
from zhanggui.core.say import say


def fen_typed(text: str) -> Fen | None:
    """The fen that were typed as yuan; None where nothing was typed. Raises Refused."""
    if not text.strip():
        return None
    try:
        return fen_from_yuan(text)
    except NotMoney:
        raise Refused(say("{typed} is not an amount of yuan, such as 12.50.", typed=text[:40])) from None
