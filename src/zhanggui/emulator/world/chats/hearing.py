"""What a buyer hears in an answer: simple cues by their words, as somebody hears who reads in haste."""

from zhanggui.emulator.world.chats.manner import cues

LONG = 18


def hear(text: str) -> frozenset[str]:
    """The cues in a text; `long` where it says more than a phrase."""
    squeezed = "".join(text.split())
    heard = {name for name, pattern in cues() if pattern.search(squeezed)}
    if len(squeezed) >= LONG:
        heard.add("long")
    return frozenset(heard)
