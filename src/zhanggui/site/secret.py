"""The secret that form tokens are signed with: made once per house and kept with its data, so that a restart does not spoil open forms."""

import secrets

from psycopg.types.json import Jsonb

from zhanggui.records.db import Pool

KEEP = "insert into house_settings (name, value) values ('form_secret', %(secret)s) on conflict (name) do nothing"
READ = "select value from house_settings where name = 'form_secret'"


def secret_of(pool: Pool) -> str:
    """The house's secret. Two processes that make it at the same moment end with the same one."""
    with pool.connection() as tx:
        tx.execute(KEEP, {"secret": Jsonb(secrets.token_urlsafe(48))})
        row = tx.execute(READ).fetchone()
    assert row is not None
    return str(row[0])
