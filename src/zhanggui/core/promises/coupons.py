"""A coupon that a buyer was promised without a moment: nobody sends it by itself, so it is to be done within a day."""

import re
from datetime import datetime, timedelta

from zhanggui.core.promises.shapes import Exactness, Promise, PromiseKind

WITHIN = timedelta(days=1)
"""By when a coupon that was promised is given, where no moment was named; assumed."""
_SENTENCE = re.compile(r"[^。！!；;\n？?~～]+[？?]?")
_GIVEN = re.compile(r"(?:(?:送|补|发|赠)(?:给)?(?:您|你|亲)|给(?:您|你|亲)(?:送|补|发|赠))\S{0,3}?[\d.]+\s?元\S{0,5}?券")
_NOT_OURS = re.compile(r"如果|若|要是|只要|关注|收藏|下单|拍下|满\d|已经?|刚刚?|昨[天晚日]|上次|没有?|无法|不能|不会|未")
_ASKS = re.compile(r"[吗么]\s*[？?]?$|[？?]$")


def coupon_in(text: str, at: datetime | None) -> Promise | None:
    """The coupon of a named sum that a message promises this buyer, outright and still to be given; None where it promises none."""
    for sentence in _SENTENCE.findall(text):
        found = _GIVEN.search(sentence)
        if found is not None and not _NOT_OURS.search(sentence[: found.start()]) and not _ASKS.search(sentence):
            return Promise(PromiseKind.PAY, found[0], Exactness.VAGUE, None if at is None else at + WITHIN)
    return None
