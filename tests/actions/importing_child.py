"""Confirms an import in a process of its own, so that a test can kill it: arguments are the conninfo, home, shop, batch and the rows after which to wait."""

import sys
import time
from datetime import datetime
from pathlib import Path

from zhanggui import rulebook
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records.db import open_pool


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Confirm, and say how far it has come; wait to be killed at the row asked for."""
    conninfo, home, shop_id, batch_id, wait_at, now = sys.argv[1:]

    def progress(done: int, _: int | None) -> None:
        _tell(str(done))
        if done >= int(wait_at):
            time.sleep(60)

    with open_pool(conninfo) as pool:
        house = House(pool=pool, home=Path(home), rulebook=rulebook.load())
        importing.confirm(house, operator(), ShopId(int(shop_id)), int(batch_id), datetime.fromisoformat(now), progress=progress)
    _tell("done")


if __name__ == "__main__":
    main()
