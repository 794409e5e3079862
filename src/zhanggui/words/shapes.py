"""How money, moments and spans of time are written. The same digits in every language, so that columns line up; only units are worded."""

from datetime import UTC, datetime, timedelta

from zhanggui.core.moments import in_shanghai, moment_in
from zhanggui.core.money import Fen, yuan
from zhanggui.core.say import type_of_slot


def shaped(name: str, value: type_of_slot) -> str:
    """The value of a slot as text: money where the name ends in `_fen`, Shanghai time where it is a moment, else as it stands."""
    match value:
        case None:
            return "—"
        case datetime():
            return moment_text(value)
        case int() if name.endswith("_fen"):
            return money_text(Fen(value))
        case str() if (moment := moment_in(value)) is not None:
            # A moment that went through JSON comes back as text.
            return moment_text(moment)
        case _:
            return str(value)


def money_text(amount: Fen) -> str:
    """The amount in yuan with its mark: `¥1,234.56`, `-¥3.00`."""
    return f"-¥{yuan(Fen(-amount))}" if amount < 0 else f"¥{yuan(amount)}"


def moment_text(moment: datetime) -> str:
    """The moment on a Shanghai wall clock, to the second only where the seconds say something."""
    wall = in_shanghai(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return f"{wall:%Y-%m-%d %H:%M:%S}" if wall.second else f"{wall:%Y-%m-%d %H:%M}"


def short_moment_text(moment: datetime, now: datetime) -> str:
    """The moment for a narrow column: the time alone today, month and day this year, the date alone in other years."""
    wall, today = in_shanghai(moment), in_shanghai(now)
    if wall.date() == today.date():
        return f"{wall:%H:%M}"
    return f"{wall:%m-%d %H:%M}" if wall.year == today.year else f"{wall:%Y-%m-%d}"


def span_parts(span: timedelta) -> tuple[tuple[int, str], ...]:
    """The two largest units of a span, such as ((2, "h"), (13, "min")); seconds never, and ((0, "min"),) for less than a minute."""
    minutes = int(abs(span).total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return ((days, "d"), (hours, "h")) if hours else ((days, "d"),)
    if hours:
        return ((hours, "h"), (rest, "min")) if rest else ((hours, "h"),)
    return ((rest, "min"),)
