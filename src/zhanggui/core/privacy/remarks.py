"""What people of the shop type along with a step: it says why, and tells of no buyer by number, account or address."""

import re

from zhanggui.core.chats.masking import masked_said
from zhanggui.core.masking import masked_numbers, storable

_BARE = re.compile(r"[0-9A-Za-z_./#-]{1,60}")


def remark(text: str) -> str:
    """The words without blanks around them, and with what is personal in them starred out."""
    return masked_said(storable(text).strip())


def ticket(text: str) -> str:
    """Another party's own number of a matter: one word stays as it is, since it has to be named again; in a sentence numbers are starred out."""
    bare = storable(text).strip()
    return bare if _BARE.fullmatch(bare) else masked_numbers(bare)
