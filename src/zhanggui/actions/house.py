"""What every action needs at hand: the database, the home folder, the rules, and the line to the platform."""

from dataclasses import dataclass, field
from pathlib import Path

from zhanggui.actions.key_door import HouseKeys
from zhanggui.connectors.carriers.line import TrackerLine
from zhanggui.connectors.drafting.drafter import Drafter
from zhanggui.connectors.notify.notifier import Notifier
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.sms.line import SmsLine
from zhanggui.core.rules import Rulebook
from zhanggui.records.db import Pool
from zhanggui.records.sealing import hand_keys

__all__ = ["House", "Pool"]


@dataclass(frozen=True)
class House:
    """The pool of database connections, the home folder (spooled uploads live in home/spool, keys in home/keys), the platform's rulebook, the line that
    carries calls (one for all, since it keeps the pace of all), the line to the tracking services, what carries messages to the people of the shops,
    and what asks an endpoint that drafts."""

    pool: Pool
    home: Path
    rulebook: Rulebook
    line: Line = field(default_factory=Line)
    trackers: TrackerLine = field(default_factory=TrackerLine)
    notifier: Notifier = field(default_factory=Notifier)
    texts: SmsLine = field(default_factory=SmsLine)
    drafter: Drafter = field(default_factory=Drafter)

    def __post_init__(self) -> None:
        """Whoever takes a connection out of the pool can read what lies sealed in the database."""
        hand_keys(self.pool, HouseKeys(self.pool, self.home))
