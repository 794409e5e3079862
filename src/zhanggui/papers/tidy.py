"""Text made fit for paper: one line, nothing invisible, nothing that turns the line around, and a place to break long words at."""

import re
import unicodedata

_GAPS = re.compile(r"\s+")
_BREAKABLE = re.compile(r"([^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]{12})(?=[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])")
"""A run of letters or signs that no typesetter would break; Chinese breaks anywhere."""
_BREAK = "\u200b"


def tidy(text: str | None) -> str:
    """The text as one line of what can be seen. Control characters, invisible ones and those that change direction are left out."""
    kept = (character if unicodedata.category(character)[0] != "C" else " " if character in "\t\n\r\v\f" else "" for character in text or "")
    return _GAPS.sub(" ", "".join(kept)).strip()


def shortened(text: str, most: int) -> str:
    """The text, cut with a visible mark where it is longer than that."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def breakable(text: str) -> str:
    """The text with places at which a long word may be broken, so that it never runs off the paper."""
    return _BREAKABLE.sub(rf"\1{_BREAK}", text)
