"""How an answer is taken: what kind of answer it is to this buyer, and how angry it leaves them. Pure: it draws nothing and changes nothing."""

from zhanggui.emulator.world.chats.manner import Manner, Temper, Want

SOLVED, HALF, ASKED, EMPTY, REFUSED, PASSED, WRONG, INSULTED, TEMPTED = (
    "solved", "half", "asked", "empty", "refused", "passed", "wrong", "insulted", "tempted",
)  # fmt: skip
TAKEN = (SOLVED, HALF, ASKED, EMPTY, REFUSED, PASSED, WRONG, INSULTED, TEMPTED)
_TEMPTING = frozenset({"outside", "bribes", "steers"})
_ASKING = frozenset({"asks_picture", "asks_order"})


def taken_as(want: Want, temper: Temper, heard: frozenset[str], wrong: tuple[str, ...], *, has_shown: bool) -> str:
    """What an answer is to a buyer who wants this; the worst of it counts first."""
    if "rude" in heard:
        return INSULTED
    if wrong:
        return WRONG
    if heard & _TEMPTING:
        return TEMPTED
    if "passes" in heard:
        return PASSED
    if _contents(want, temper, heard):
        return SOLVED
    if heard & _ASKING and not ("asks_picture" in heard and has_shown):
        return ASKED
    if heard & set(want.half_by):
        return HALF
    return REFUSED if "refuses" in heard else ASKED if "asks_more" in heard else EMPTY


def _contents(want: Want, temper: Temper, heard: frozenset[str]) -> bool:
    """Whether all that one of the sets asks for was heard; those in a hurry want the hour, where others take the day."""
    for needed in want.content_by:
        exact = {"names_hour" if each == "names_day" and temper.wants_hour else each for each in needed}
        if exact <= heard:
            return "refuses" not in heard or len(needed) > 1 or _gives(needed)
    return False


def _gives(needed: tuple[str, ...]) -> bool:
    """Whether something is given in spite of a word of refusal."""
    return needed[0].startswith(("offers", "says", "tells"))


def anger_after(held: Manner, temper: Temper, anger: int, taken: str) -> int:
    """The anger that is left; good words calm everybody alike."""
    change = held.anger[taken]
    return max(0, min(200, anger + (change if change < 0 else round(change * temper.heat))))
