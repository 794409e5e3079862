"""Ways of putting things that somebody has read before: the scripts of the shop. What a model puts in words that none of them uses is not shown, since
no list of claims knows every way to make one. Measured by pairs of characters, as Chinese has no blanks.
"""

import re
from collections.abc import Iterable, Iterator

from zhanggui.core.drafting.claims import CLAUSE

LEAST = 0.45
"""So large a part of the pairs of a clause has to be known."""
_FEWEST = 3
"""A clause of fewer pairs says too little to be judged by them."""
_OTHER = re.compile(r"[^\u4e00-\u9fff]")
_COURTESIES = (
    "您好请稍等，请您稍等一下，对不起，不好意思，没关系，没问题，好的，收到，谢谢您的理解和耐心，感谢您的反馈，请您放心，让您久等了，给您添麻烦了，"
    "稍后回复您，马上为您核实，我帮您看一下，麻烦您提供一下，方便的话发我看看，发我商品的链接或者名字就行，还有什么可以帮您的，有需要随时联系我，"
    "祝您生活愉快，请您再等等，抱歉给您带来不好的体验，复制单号就能查到，在订单详情里可以看到，请问您是想问哪一款商品呢"
)


def known_pairs(texts: Iterable[str]) -> frozenset[str]:
    """The pairs of characters that these texts and the usual courtesies hold."""
    return frozenset(pair for text in (*texts, _COURTESIES) for pair in _pairs(text))


def unknown_clauses(text: str, known: frozenset[str], told: str) -> Iterator[str]:
    """The clauses that are put in words nobody has read before; `told` are the facts and the answer by the scripts, whose words are known too."""
    all_known = known | frozenset(_pairs(told))
    for clause in (each.strip() for each in CLAUSE.split(text)):
        pairs = list(_pairs(clause))
        if len(pairs) >= _FEWEST and sum(pair in all_known for pair in pairs) < LEAST * len(pairs):
            yield clause


def _pairs(text: str) -> Iterator[str]:
    plain = _OTHER.sub(" ", text)
    return (plain[place : place + 2] for place in range(len(plain) - 1) if " " not in plain[place : place + 2])
