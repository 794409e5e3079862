"""A month of Tmall orders with refunds: imported through the profile, the refunds compared to the fen."""

import csv
import gzip
from decimal import Decimal
from pathlib import Path

from proofs.real_data_support import QUICK_ROWS, an_empty_shop, first_rows
from proofs.support import Proof

FILE = "tmall_orders_2020_02.csv.gz"
REFUNDS = """
    select count(*), count(*) filter (where refunded > 0), coalesce(sum(refunded), 0)
    from (select (facts ->> 'refund_amount')::bigint from orders) as listed (refunded)
"""


def prove(seed: int, *, quick: bool) -> Proof:  # noqa: ARG001 - nothing here is left to chance
    """Import, and compare the number of orders, of refunds, and the sum of the refunds."""
    with first_rows([FILE], QUICK_ROWS if quick else None) as folder, an_empty_shop() as shop:
        told = _straight_from_the_file(folder / FILE)
        done = shop.bring([folder / FILE], "tmall")
        with shop.house.pool.connection() as tx:
            row = tx.execute(REFUNDS).fetchone()
    stored = tuple(int(figure) for figure in row or ())
    failures = [] if stored == told else [f"stored {stored}, in the file {told}"]
    failures += [f"{result.refused} rows were refused" for result in done.results if result.refused]
    return Proof(
        claim="Every order of the Tmall month is imported through the profile, and the refunds agree with the file to the fen.",
        counts={"orders": stored[0], "orders with a refund": stored[1], "refunded (fen)": stored[2]},
        failures=failures,
    )


def _straight_from_the_file(path: Path) -> tuple[int, int, int]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        refunds = [int(Decimal(row["退款金额"] or 0) * 100) for row in csv.DictReader(stream)]
    return len(refunds), sum(1 for refund in refunds if refund > 0), sum(refunds)
