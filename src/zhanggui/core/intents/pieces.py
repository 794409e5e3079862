"""The pieces of a few characters of which a cleaned text is made: what is learnt counts them, and what is alike has them in common."""

from zhanggui.core.intents.cleaning import PART

LONGEST = 3


def pieces(text: str) -> set[str]:
    """The pieces of one to three characters of a cleaned text; its ends, and those of its parts, count as characters."""
    edged = f"{PART}{text}{PART}"
    return {edged[at : at + size] for size in range(1, LONGEST + 1) for at in range(len(edged) - size + 1)} - {PART}
