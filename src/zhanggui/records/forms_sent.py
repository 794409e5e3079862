"""Forms that were sent, by a digest of each; they are forgotten with the counts of the throttle, among which they stand."""

from datetime import datetime

from zhanggui.records.db import Tx

NOTE = """
    insert into throttle as t (key, hits, ends_at) values (%(key)s, 1, %(until)s)
    on conflict (key) do update set ends_at = excluded.ends_at where t.ends_at <= %(now)s
    returning true
"""


def note(tx: Tx, digest: str, now: datetime, until: datetime) -> bool:
    """Whether this was not noted yet; waits for whoever notes the same just now."""
    return tx.execute(NOTE, {"key": f"form {digest}", "now": now, "until": until}).fetchone() is not None
