"""The secret that form tokens are signed with: made once per house and kept with its data, so that a restart does not spoil open forms."""

import secrets

from zhanggui.records.db import Pool
from zhanggui.records.settings import keep_of_house


def secret_of(pool: Pool) -> str:
    """The house's secret. Two processes that make it at the same moment end with the same one."""
    with pool.connection() as tx:
        return str(keep_of_house(tx, "form_secret", secrets.token_urlsafe(48)))
