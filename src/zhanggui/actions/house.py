"""What every action needs at hand: the database, the home folder, the rules."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

from zhanggui.core.rules import Rulebook

Pool = ConnectionPool[Connection[Any]]


@dataclass(frozen=True)
class House:
    """The pool of database connections, the home folder (spooled uploads live in home/spool), and the platform's rulebook."""

    pool: Pool
    home: Path
    rulebook: Rulebook
