"""Moments as the platform writes them: China time, to the second, and days as numbers."""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

CHINA = timezone(timedelta(hours=8))
OFFSET = 8 * 3600
MINUTE, HOUR, DAY = 60, 3600, 86400


def china_text(seconds: int) -> str:
    """The moment as YYYY-MM-DD HH:MM:SS in China; empty when it was never reached."""
    if not seconds:
        return ""
    day, second = divmod(seconds + OFFSET, DAY)
    return f"{day_text(day)} {second // HOUR:02d}:{second // MINUTE % 60:02d}:{second % MINUTE:02d}"


@lru_cache(maxsize=4096)
def day_text(day: int) -> str:
    """The China day with this number since 1970, as YYYY-MM-DD."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).strftime("%Y-%m-%d")


def china_day(seconds: int) -> int:
    """The number of the China day this moment falls on, counted from 1970."""
    return (seconds + OFFSET) // DAY


def day_starts(day: int) -> int:
    """The moment at which this China day began."""
    return day * DAY - OFFSET


def china_hour(seconds: int) -> int:
    """The hour of the day in China, 0 to 23."""
    return (seconds + OFFSET) % DAY // HOUR


@lru_cache(maxsize=4096)
def short_day(day: int) -> str:
    """The China day as YYMMDD, as order numbers begin."""
    return day_text(day).replace("-", "")[2:]


def from_iso(text: str) -> int:
    """The unix second of a date (midnight in China) or of a moment with its offset."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).timestamp())
