"""How the figures of a shop's standing are written, and how far they are from a line in words."""

import re
from fractions import Fraction

from zhanggui.core.rules import Title
from zhanggui.core.say import Say, say
from zhanggui.core.standing.book import Better, Figure, Unit
from zhanggui.core.standing.comparing import Compared, Why
from zhanggui.core.standing.room import Room
from zhanggui.core.standing.standing import HasCounted
from zhanggui.words import Catalog, Language

SIGNS = {Unit.PERCENT: " %", Unit.RANK: " %"}
UNITS = {Unit.HOURS: say("hours"), Unit.DAYS: say("days"), Unit.STARS: say("stars"), Unit.RANK: say("of peers")}


def titled(title: Title, words: Catalog) -> str:
    """The title in the reader's language."""
    return title.zh if words.language is Language.ZH_HANS else title.en


def shortened(title: str) -> str:
    """The name of a measure without the formula that follows it."""
    return re.split("[：（]|: | \\(", title, maxsplit=1)[0]


def figured(figure: Figure, value: Fraction | None) -> str:
    """The value as the back office writes it: two places, a number of things whole."""
    if value is None:
        return "—"
    if figure.unit is Unit.COUNT:
        return str(int(value))
    if figure.unit is Unit.STARS:
        return places(value, 1)
    return places(value) + SIGNS.get(figure.unit, "")


def places(value: Fraction, decimals: int = 2) -> str:
    """So many places, half a unit of the last one upwards; by whole numbers alone."""
    scale = 10**decimals
    units = int(abs(value) * scale + Fraction(1, 2))
    whole, part = divmod(units, scale)
    return f"{'-' if value < 0 and units else ''}{whole}" + (f".{part:0{decimals}d}" if decimals else "")


def counted_said(figure: Figure, counted: HasCounted) -> str:
    """What the figure was counted of: above and below the line of the fraction; hours, stars and their number of a mean."""
    if figure.unit is not Unit.COUNT and not counted.den:
        return "—"
    match figure.unit:
        case Unit.COUNT:
            return str(counted.num)
        case Unit.HOURS | Unit.DAYS:
            return f"{places(Fraction(counted.num, 3600), 1)} h / {counted.den}"
        case Unit.SCORE:
            return f"{counted.num} ★ / {counted.den}"
    return f"{counted.num} / {counted.den}"


def compared_said(figure: Figure, compared: Compared) -> Say:
    """How the back office's figure and ours fit together."""
    match compared.why:
        case Why.SAME:
            return say("agrees with ours")
        case Why.NOTHING_COUNTED:
            return say("we count nothing in these days")
        case Why.OLD_DATA:
            return say("ours {ours}: our data end before those days did", ours=figured(figure, compared.ours))
    if compared.hits:
        return say("ours {ours}; {n} apart, for a reason that is not known", ours=figured(figure, compared.ours), n=abs(compared.hits))
    return say("ours {ours}; for a reason that is not known", ours=figured(figure, compared.ours))


def room_said(figure: Figure, room: Room) -> Say | None:
    """How far it is to the line, in orders, ratings or hours. None where nothing can be said."""
    if room.is_beyond:
        return None if room.needed is None else _back(figure, room.needed)
    if room.one_more is not None:
        longest = places(room.one_more)
        return say("one more may take at most {n} days", n=longest) if figure.unit is Unit.DAYS else say("one more may take at most {n} hours", n=longest)
    return None if room.left is None else _left(figure, room.left)


def _left(figure: Figure, left: int) -> Say:
    match figure.unit:
        case Unit.SCORE:
            return say("{n} more ratings of one star cross it", n=left)
        case Unit.COUNT:
            return say("{n} fewer cross it", n=left)
        case _ if figure.better is Better.LOW:
            return say("{n} more cross it", n=left)
    return say("{n} more that do not reach it cross the line", n=left)


def _back(figure: Figure, needed: int) -> Say:
    match figure.unit:
        case Unit.SCORE:
            return say("{n} ratings of five stars bring it back", n=needed)
        case Unit.COUNT:
            return say("{n} more are lacking", n=needed)
        case Unit.HOURS | Unit.DAYS:
            return say("{n} more done at once bring it back", n=needed)
        case _ if figure.better is Better.LOW:
            return say("{n} orders without one bring it back", n=needed)
    return say("{n} more that reach it bring it back", n=needed)
