"""Who leads: one connection of all the workers' holds a lock of this name. It ends with the connection, so a leader that dies leaves its place at once."""

from zhanggui.records.db import Tx

TRY = "select pg_try_advisory_lock(hashtext('leader'), hashtext(%(name)s))"
STILL_THERE = "select 1"


def try_lead(tx: Tx, name: str) -> bool:
    """Whether this connection leads now. It must commit by itself, and leads until it is closed."""
    row = tx.execute(TRY, {"name": name}).fetchone()
    return row is not None and row[0] is True


def still_leads(tx: Tx) -> None:
    """Raises what the driver raises where the connection, and with it the lead, is lost."""
    tx.execute(STILL_THERE)
