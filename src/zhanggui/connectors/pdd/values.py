"""Single values off the wire: money, moments, numbers, flags and words in every shape in which the platform has been seen to write them.

Each reader is told the name of its field, so that a value that cannot be understood says where it stood. Nothing is guessed and nothing is rounded.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, UnsetType

from zhanggui.connectors.files.masking import masked_numbers, masked_offence, storable
from zhanggui.core.moments import SHANGHAI
from zhanggui.core.money import Fen, NotMoney, fen_from_yuan
from zhanggui.core.say import Say, say

if TYPE_CHECKING:
    Told = str | int | bool | None | UnsetType | list["Told"] | dict[str, "Told"]
else:
    # The platform types the same field differently in different answers, so the shape is looked at when the value is read. Fractions arrive as text.
    Told = Any

LONGEST_TEXT = 20_000
_MOST = 10**15
_NOTHING = frozenset({"", "null", "NULL", "None"})
_FLAGS = {"1": True, "true": True, "0": False, "false": False, "": None, "null": None}
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-./]{0,63}")
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_PLAIN_YUAN = re.compile(r"(\d{1,12})\.(\d\d?)", re.ASCII)
"""As the platform writes nearly every amount."""
_NEVER = ("0000", "0001", "1970-01-01")
_FORM = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
_SHANGHAI = timedelta(hours=8)

NO_MONEY = say("The platform's field {field} holds {value}, which is no amount of money in whole fen. The record was left out; it is read again later.").text
NO_MOMENT = say("The platform's field {field} holds {value}, which is no moment. The record was left out; it is read again later.").text
NO_NUMBER = say("The platform's field {field} holds {value}, which is no whole number. The record was left out; it is read again later.").text
NO_ID = say("The platform's field {field} holds {value}, which is no number of this kind. The record was left out; it is read again later.").text
NO_TEXT = say("The platform's field {field} holds {value}, which is no text. The record was left out; it is read again later.").text
NO_FLAG = say("The platform's field {field} holds {value}, which is neither yes nor no. The record was left out; it is read again later.").text
NO_LIST = say("The platform's field {field} holds {value}, which is no list. The record was left out; it is read again later.").text
NO_RECORD = say("The platform sent {value} where a record was expected ({field}). It was left out; it is read again later.").text
MISSING = say("The platform sent a record without its {field}. It was left out; it is read again later.").text
AMOUNTS_DIFFER = say(
    "The platform tells case {number} two amounts: {listed_fen} in its list, {detailed_fen} in the case itself. The one of the list was kept; compare it."
).text


class OddWire(ValueError):
    """A record of the platform's that cannot be taken, and the field that is to blame. `number` is the record's own, where it could be read."""

    def __init__(self, sentence: str, field: str, value: object = "", number: str = "") -> None:
        self.sentence, self.field, self.number = sentence, field, number
        self.value = masked_offence(storable(shown(value)))
        super().__init__(f"{field}: {self.value}")

    @property
    def say(self) -> Say:
        """What cannot be taken, and what becomes of it."""
        return Say(self.sentence, {"field": self.field, "value": self.value})


def shown(value: object) -> str:
    """A value as it may be shown: short, and what is in it only where it is a single value."""
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    return str(value)[:60]


def is_told(*values: Told) -> bool:
    """Whether the wire speaks of any of these, be it to say that there is nothing."""
    return any(value is not UNSET for value in values)


def text(value: Told, field: str) -> str | None:
    """A text; numbers are taken as their digits."""
    if value is None or value is UNSET:
        return None
    if type(value) is str:
        bare = (value if value.isprintable() else storable(value)).strip()
    elif type(value) is int:
        bare = str(value)
    else:
        raise OddWire(NO_TEXT, field, value)
    if len(bare) > LONGEST_TEXT:
        raise OddWire(NO_TEXT, field, bare)
    return bare or None


def note(value: Told, field: str) -> str | None:
    """Free text in which mobile and citizen numbers are starred out."""
    bare = text(value, field)
    return masked_numbers(bare) if bare else None


def ident(value: Told, field: str) -> str | None:
    """A number that names something, as text; 0 and blank name nothing. A number that has lost digits on its way is refused."""
    if value is None or value is UNSET:
        return None
    if type(value) is int and value > 0:
        return str(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise OddWire(NO_ID, field, value)
    bare = str(value).strip()
    if bare in _NOTHING or bare == "0":
        return None
    if not _ID.fullmatch(bare) or _has_lost_digits(value):
        raise OddWire(NO_ID, field, value)
    return bare


def label(value: Told, field: str) -> str | None:
    """The number on a parcel: sellers type anything there, so only blank and 0 are taken for nothing."""
    bare = text(value, field)
    if bare is not None and len(bare) > 128:
        raise OddWire(NO_ID, field, bare)
    return None if bare is None or bare in _NOTHING or bare == "0" else bare


def key(value: Told, field: str) -> str:
    """A number that names something and must be there."""
    found = ident(value, field)
    if found is None:
        raise OddWire(MISSING, field)
    return found


def whole(value: Told, field: str) -> int | None:
    """A whole number."""
    if value is None or value is UNSET:
        return None
    if type(value) is int and -_MOST <= value <= _MOST:
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise OddWire(NO_NUMBER, field, value)
    bare = str(value).strip()
    if bare in _NOTHING:
        return None
    bare = bare.removesuffix(".0")
    if not _WHOLE.fullmatch(bare) or abs(int(bare)) > _MOST:
        raise OddWire(NO_NUMBER, field, value)
    return int(bare)


def flag(value: Told, field: str) -> bool | None:
    """A yes or no, written as true, 1, "1" or "true"."""
    if value is None or value is UNSET:
        return None
    word = str(value).strip().casefold() if isinstance(value, str | int) else "?"
    if word not in _FLAGS:
        raise OddWire(NO_FLAG, field, value)
    return _FLAGS[word]


def yuan(value: Told, field: str) -> Fen | None:
    """The fen in an amount of yuan. A fraction of a fen is refused: it would be the sign of another unit."""
    if value is None or value is UNSET:
        return None
    if type(value) is int and -_MOST <= value * 100 <= _MOST:
        return Fen(value * 100)
    if type(value) is str and (found := _PLAIN_YUAN.fullmatch(value)):
        return Fen(int(found[1]) * 100 + int(found[2].ljust(2, "0")))
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise OddWire(NO_MONEY, field, value)
    bare = str(value).strip()
    if bare in _NOTHING:
        return None
    try:
        amount = fen_from_yuan(bare)
    except NotMoney:
        raise OddWire(NO_MONEY, field, value) from None
    if abs(amount) > _MOST:
        raise OddWire(NO_MONEY, field, value)
    return amount


def fen(value: Told, field: str) -> Fen | None:
    """An amount that is written in whole fen."""
    try:
        amount = whole(value, field)
    except OddWire:
        raise OddWire(NO_MONEY, field, value) from None
    return None if amount is None else Fen(amount)


def moment(value: Told, field: str) -> datetime | None:
    """A moment, from a Shanghai wall clock, from unix seconds or from milliseconds; nothing where it was never reached."""
    if value is None or value is UNSET or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise OddWire(NO_MOMENT, field, value)
    bare = str(value).strip()
    if bare in _NOTHING or bare == "0" or bare.startswith(_NEVER):
        return None
    try:
        found = _since_1970(bare) if bare.isdigit() and bare.isascii() else _wall_clock(bare)
    except (ValueError, OverflowError):
        raise OddWire(NO_MOMENT, field, value) from None
    if not 2000 <= found.year < 2100:
        raise OddWire(NO_MOMENT, field, value)
    return found


def records(value: Told, field: str) -> list[dict[str, Told]]:
    """The records of a list; none where there is none."""
    if value is None or value is UNSET or value == "":
        return []
    if not isinstance(value, list):
        raise OddWire(NO_LIST, field, value)
    for each in value:
        if not isinstance(each, dict):
            raise OddWire(NO_RECORD, field, each)
    return value  # type: ignore[return-value]  # looked at one by one above


def _has_lost_digits(value: str | int) -> bool:
    """Whether a program has written a long number as a fraction or with an exponent."""
    bare = str(value)
    return "." in bare and bare.replace(".", "").isdigit() and bare.count(".") == 1


def _since_1970(digits: str) -> datetime:
    """The moment of unix seconds or, with 13 digits, of milliseconds. Raises ValueError."""
    if len(digits) == 13:
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(digits))
    if len(digits) not in (9, 10):
        raise ValueError(digits)
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(digits))


def _wall_clock(written: str) -> datetime:
    """The moment of a written date and time: of Shanghai unless it says another zone. Raises ValueError."""
    if len(written) == 19 and written[4] == "-" and written[13] == ":" and written.isascii():
        return datetime.fromisoformat(written + "+00:00") - _SHANGHAI  # much quicker than astimezone, and the offset is fixed
    if not _FORM.fullmatch(written):
        raise ValueError(written)
    found = datetime.fromisoformat(written)
    return (found if found.tzinfo else found.replace(tzinfo=SHANGHAI)).astimezone(UTC)
