"""The second look at what a push told: needless where the windows of the platform's lists have been read, and settled, beyond the moment of the push."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.actions.hints import SECOND_LOOK
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.syncing.asking import Asking, InWhoseName
from zhanggui.actions.syncing.platform_clock import platform_now
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.people.permissions import ShopId
from zhanggui.records import sync_sources
from zhanggui.records.hints import Hint

_LISTED_BY = {"order": "orders", "case": "refunds"}
"""The source whose windows bring every change of such a thing; nothing lists the scans of parcels."""


def brought_by_windows(house: House, shop_id: ShopId, hints: Sequence[Hint], now: datetime, wall: datetime, name: InWhoseName) -> list[Hint]:
    """Those of these hints that wait for their second look only, and whose change a settled window has brought."""
    second = [hint for hint in hints if _is_second_look(hint)]
    if not second:
        return []
    with house.pool.connection() as tx:
        horizons = {row.source: row.horizon for row in sync_sources.of_shop(tx, shop_id)}
    try:
        ahead = platform_now(Asking(house, shop_id, now, wall, name), now, wall) - wall
    except (PlatformError, Refused):
        return []  # whoever asks for them next says what is the matter
    return [hint for hint in second if (settled := horizons.get(_LISTED_BY[hint.what])) is not None and hint.was_due - SECOND_LOOK + ahead <= settled]


def _is_second_look(hint: Hint) -> bool:
    return hint.because == "push" and hint.again_at is None and hint.attempts == 0 and hint.what in _LISTED_BY
