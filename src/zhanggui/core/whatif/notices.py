"""How far the shop has come with a notice of changed rules, as one table."""

from collections.abc import Mapping
from enum import StrEnum


class NoticeState(StrEnum):
    """Where a notice stands with the shop."""

    DRAFTED = "notice_drafted"
    """Read and set; nothing counts by it yet."""
    ADOPTED = "notice_adopted"
    """Its rule is laid over the rulebook, from its day on."""
    WITHDRAWN = "notice_withdrawn"
    """Taken back, or never adopted; nothing counts by it."""


MOVES: Mapping[NoticeState, tuple[NoticeState, ...]] = {
    NoticeState.DRAFTED: (NoticeState.ADOPTED, NoticeState.WITHDRAWN),
    NoticeState.ADOPTED: (NoticeState.WITHDRAWN,),
    NoticeState.WITHDRAWN: (),
}
"""What may become of each; pages and docs read this table."""
