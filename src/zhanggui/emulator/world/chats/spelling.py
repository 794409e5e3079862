"""How a line is typed: by temper with slips, in pieces, with more or fewer signs at its end."""

from collections.abc import Mapping, Sequence

from zhanggui.emulator.seeded import one_of, salt, share
from zhanggui.emulator.world.chats.manner import Manner, Temper

SLIP, PIECE, END, GREET, ADD = (salt(f"typing {name}") for name in ("slip", "piece", "end", "greet", "add"))
ANGRY, MOST_PIECES, SHORT = 60, 4, 6
_PIECE_AT = "，, "


def typed(held: Manner, temper: Temper, line: str, slots: Mapping[str, str], anger: int, *parts: int) -> tuple[str, ...]:
    """The messages in which somebody writes this line."""
    whole = [_filled(piece, slots) for piece in line.split("/")]
    if share(*parts, PIECE) < temper.pieces:
        whole = [piece for message in whole for piece in _broken(message)]
    return tuple(_mistyped(held, temper, _ended(message, anger, place, *parts), place, *parts) for place, message in enumerate(whole[:MOST_PIECES]))


def beginning(held: Manner, temper: Temper, line: str, slots: Mapping[str, str], anger: int, *parts: int) -> tuple[str, ...]:
    """The messages in which a talk begins: perhaps a greeting before it, perhaps a sentence that belongs to the temper after it."""
    before = (one_of(temper.greets, *parts, GREET, 1),) if temper.greets and share(*parts, GREET) < 0.45 else ()
    after = (one_of(temper.adds, *parts, ADD, 1),) if temper.adds and share(*parts, ADD) < 0.4 else ()
    return (*before, *typed(held, temper, line, slots, anger, *parts), *after)


def _filled(text: str, slots: Mapping[str, str]) -> str:
    for name, value in slots.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _broken(message: str) -> Sequence[str]:
    """A message in pieces, where it is long enough to be sent in pieces."""
    pieces = [message]
    for sign in _PIECE_AT:
        pieces = [part for piece in pieces for part in piece.split(sign)]
    pieces = [piece.strip() for piece in pieces if piece.strip()]
    return pieces if len(message) > SHORT and 1 < len(pieces) <= MOST_PIECES else [message]


def _ended(message: str, anger: int, place: int, *parts: int) -> str:
    """The message with what hands add in anger."""
    if anger < ANGRY:
        return message
    draw = share(*parts, END, place)
    if message[-1:] in "？?":
        return message + ("？？" if draw < 0.5 else "")
    return message + ("！！！" if draw < 0.3 else "！" if draw < 0.6 else "")


def _mistyped(held: Manner, temper: Temper, message: str, place: int, *parts: int) -> str:
    """The message with at most one slip in it."""
    if share(*parts, SLIP, place) >= temper.slips:
        return message
    fitting = [right for right in held.slips if right in message]
    if not fitting:
        return message
    right = one_of(fitting, *parts, SLIP, place, 1)
    return message.replace(right, held.slips[right], 1)
