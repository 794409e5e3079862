"""What must not be said in a text that is about to go out, worded for the reader."""

from datetime import datetime

import msgspec

from zhanggui.core.speech import Bilingual, check
from zhanggui.rulebook.speech import speech_book
from zhanggui.words import Language


class Unsaid(msgspec.Struct, frozen=True):
    """One finding as a page shows it; `safe` is the Chinese sentence to send instead, `gloss` its meaning for whoever reads English."""

    words: str
    title: str
    why: str
    clauses: tuple[str, ...]
    safe: str
    gloss: str | None


def unsaid_in(text: str, now: datetime, language: Language) -> tuple[Unsaid, ...]:
    """What must not be said in the text; none where it may go out. Terms of shipping are left to the pages that know the order's own."""
    in_english = language is Language.EN
    return tuple(
        Unsaid(
            words=finding.words,
            title=_told(finding.rule.title, in_english=in_english),
            why=_told(finding.rule.why, in_english=in_english),
            clauses=tuple(_told(ground.clause, in_english=in_english) for ground in finding.grounds),
            safe=finding.safe,
            gloss=finding.rule.safe.en if in_english else None,
        )
        for finding in check(text, speech_book(), now, ship_within=None)
    )


def _told(both: Bilingual, *, in_english: bool) -> str:
    return both.en if in_english else both.zh
