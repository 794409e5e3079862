"""Moments as people type them and as programs read them."""

from datetime import UTC, datetime

import click

from zhanggui.core.moments import from_shanghai, in_shanghai

_YEARS = range(2000, 2200)
"""What is further off is a slip, and some calendars end there."""


class NotAMoment(ValueError):
    """The text is neither ISO 8601 nor a Shanghai wall clock, or names a year in which no shop sells."""


def moment_from(text: str) -> datetime:
    """The UTC moment a text names: ISO 8601 with an offset, or without one the reading of a clock in Shanghai."""
    try:
        told = datetime.fromisoformat(text.strip())
    except ValueError:
        raise NotAMoment(text) from None
    if told.year not in _YEARS:
        raise NotAMoment(text)
    return from_shanghai(told) if told.tzinfo is None else told.astimezone(UTC)


def utc(moment: datetime) -> datetime:
    """The same moment carried by UTC itself, so that it is written with a Z whatever zone a database session was in."""
    return moment.astimezone(UTC)


def utc_or_none(moment: datetime | None) -> datetime | None:
    """The moment in UTC, where there is one."""
    return None if moment is None else utc(moment)


def wall(moment: datetime | None) -> str:
    """The moment for the eye: a clock in Shanghai, to the minute."""
    return "" if moment is None else in_shanghai(moment).strftime("%Y-%m-%d %H:%M")


class MomentType(click.ParamType):  # type: ignore[type-arg]  # only newer versions of click can be told which type
    """Click's reading of a moment argument; a wrong one is wrong use."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment, or click's own complaint."""
        if isinstance(value, datetime):
            return value
        try:
            return moment_from(str(value))
        except NotAMoment:
            self.fail(f"{value!r} is no moment; write 2026-11-16T09:00:00+08:00, or 2026-11-16 09:00 for a clock in Shanghai", param, ctx)


MOMENT = MomentType()
