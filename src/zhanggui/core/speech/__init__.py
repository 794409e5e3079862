"""What must not be said to a buyer: `check(text, book, at)` gives the findings, each with its rule, its words, its grounds and a safe sentence instead."""

from zhanggui.core.speech.book import Bilingual, Ground, Pattern, SpeechBook, SpeechRule
from zhanggui.core.speech.checking import Finding, check
from zhanggui.core.speech.wordings import Wording

__all__ = ["Bilingual", "Finding", "Ground", "Pattern", "SpeechBook", "SpeechRule", "Wording", "check"]
