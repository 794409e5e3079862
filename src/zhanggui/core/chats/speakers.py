"""Who speaks in a conversation: by name where that says it, else by who is left over or by how somebody speaks, and then not sure."""

from collections.abc import Callable, Collection, Mapping, Sequence

from zhanggui.core.chats.names import Known, known_by_name
from zhanggui.core.chats.shapes import Speaking, Who
from zhanggui.core.chats.single import shown_name
from zhanggui.core.chats.words import words
from zhanggui.core.say import say

_CLEARLY = 2
"""So many more words of one side tell that somebody speaks like it."""

Digest = Callable[[str], str]


def speakers_of(said: Mapping[str, Sequence[str]], reps: Collection[str], digest: Digest | None) -> dict[str, Speaking]:
    """Who each name is, by the name and by what was said under it."""
    known = {name: known_by_name(name, reps) for name in said}
    unsettled = [name for name, told in known.items() if told is None]
    for name in unsettled:
        known[name] = _by_manner(said[name])
    is_left_over = len(unsettled) == 1 and any(told is not None and told.is_sure and told.who is Who.BUYER for told in known.values())
    guessed = set() if is_left_over else {name for name in unsettled if known[name] is not None}
    if len(unsettled) == 1 and known[unsettled[0]] is None:
        known[unsettled[0]] = _left_over([told.who for told in known.values() if told is not None])
    return {name: _speaking(name, told, digest, is_guess=name in guessed) for name, told in known.items()}


def _by_manner(texts: Sequence[str]) -> Known | None:
    table, text = words().manner, "\n".join(texts)
    rep, buyer = (sum(text.count(word) for word in table[who]) for who in ("rep", "buyer"))
    if abs(rep - buyer) < _CLEARLY:
        return None
    return Known(Who.REP, False, say("Speaks like the shop.")) if rep > buyer else Known(Who.BUYER, False, say("Speaks like a buyer."))


def _left_over(others: Collection[Who]) -> Known | None:
    """The one name that is left over beside a known side."""
    if Who.BUYER in others and Who.REP not in others:
        return Known(Who.REP, False, say("The buyer is somebody else, and nobody else speaks."))
    if Who.REP in others and Who.BUYER not in others:
        return Known(Who.BUYER, False, say("The shop is somebody else, and nobody else speaks."))
    return None


def _speaking(name: str, told: Known | None, digest: Digest | None, *, is_guess: bool) -> Speaking:
    if told is None:
        told = Known(Who.UNKNOWN, False, say("Nothing tells which side this is."))
    # a side that is guessed by how somebody speaks may be the wrong one: then the name may be a buyer's
    is_hidden = (told.who in {Who.BUYER, Who.UNKNOWN} or is_guess) and name not in words().names["buyer"]
    key = digest(name) if digest is not None and is_hidden else ""
    return Speaking(shown_name(name) if is_hidden else name, told.who, told.is_sure, told.because, key)
