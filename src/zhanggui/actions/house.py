"""What every action needs at hand: the database, the home folder, the rules."""

from dataclasses import dataclass
from pathlib import Path

from zhanggui.core.rules import Rulebook
from zhanggui.records.db import Pool

__all__ = ["House", "Pool"]


@dataclass(frozen=True)
class House:
    """The pool of database connections, the home folder (spooled uploads live in home/spool), and the platform's rulebook."""

    pool: Pool
    home: Path
    rulebook: Rulebook
