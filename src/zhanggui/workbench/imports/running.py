"""Imports that run on while their page is already answered.

A short one is waited for, so that people see its result at once. One that is cut off leaves nothing behind and is taken up again by the worker.
"""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm
from zhanggui.actions.refused import Refused
from zhanggui.actions.views import BatchView
from zhanggui.people.permissions import NotAllowed, Person, ShopId

log = logging.getLogger("zhanggui.workbench")

PATIENCE_S = 1.5
_hands = ThreadPoolExecutor(max_workers=2, thread_name_prefix="import")


def start(house: House, by: Person, shop_id: ShopId, batch_id: int, now: datetime) -> None:
    """Begins the import and returns when it is done, when it failed, or when patience ends; the batch tells which. Raises Refused, NotAllowed."""
    future = _hands.submit(confirm, house, by, shop_id, batch_id, now)
    future.add_done_callback(_note_failure)
    try:
        future.result(timeout=PATIENCE_S)
    except TimeoutError:
        return  # it runs on
    except (Refused, NotAllowed):
        raise
    except Exception:  # noqa: BLE001 - logged by then, and kept with the batch, whose page tells of it
        return


def _note_failure(future: Future[BatchView]) -> None:
    """The batch itself tells its readers that it failed; the log gets the kind of error, never a row's text."""
    error = future.exception()
    if error is not None and not isinstance(error, Refused | NotAllowed):
        log.error("an import failed: %s", type(error).__name__)
