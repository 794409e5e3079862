"""Of which moment a file speaks: told by its name, its workbook's properties or its archive's entry; else by the latest thing that happened in it."""

import re
from datetime import UTC, datetime

from zhanggui.connectors.files.shapes import AsOfSource
from zhanggui.core.moments import SHANGHAI

_ANOTHER_DAY = r"20\d\d[-_.年]?[01]\d[-_.月]?[0-3]\d(?!\d)"
_IN_NAME = re.compile(rf"(?<!\d)(20\d\d)[-_.年]?(\d\d)[-_.月]?(\d\d)日?[-_ T.]*(?!{_ANOTHER_DAY})(\d\d)[-_.:：时]?(\d\d)(?:[-_.:：分]?(\d\d))?(?!\d)")


def moment_in_name(name: str) -> datetime | None:
    """The moment in a file name such as orders_export2026-11-21-10-20-30.csv, read as a Shanghai wall clock. Days alone are too coarse to be one."""
    for found in _IN_NAME.finditer(name):
        try:
            return datetime(*(int(part or 0) for part in found.groups()), tzinfo=SHANGHAI).astimezone(UTC)  # type: ignore[misc, arg-type]  # six whole numbers
        except ValueError:
            continue
    return None


def settled(told: list[datetime | None], latest: datetime | None) -> tuple[datetime | None, AsOfSource | None]:
    """The moment a table speaks of, and where that is known from.

    `told` are the moments its wrapping names, the most trustworthy first. A file cannot speak of what had not happened yet: a moment before the latest
    event in the data is not believed. (That also sorts out workbooks made from an old template, and archives with a wrong clock.)
    """
    for moment in told:
        if moment is not None and (latest is None or moment >= latest):
            return moment, "file"
    return (latest, "data") if latest is not None else (None, None)


def moment_in_properties(texts: list[str]) -> list[datetime]:
    """The moments in a workbook's properties, the earliest first: saving an export again later does not make its data newer."""
    found = []
    for text in texts:
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            continue
        found.append(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return sorted(found)
