"""All Olist orders with their lines, reviews and payments: imported through the profile, measured, imported again, undone."""

import time

from proofs.real_data_support import NOW, QUICK_ROWS, an_empty_shop, first_rows
from proofs.support import Proof
from tests.check_olist import measures as straight_from_the_files
from zhanggui.actions.measures import measures
from zhanggui.people.permissions import operator

FILES = ("olist_orders.csv.gz", "olist_order_items.csv.gz", "olist_order_reviews.csv.gz", "olist_order_payments.csv.gz")


def prove(seed: int, *, quick: bool) -> Proof:  # noqa: ARG001 - nothing here is left to chance
    """Import, compare each measure with the same counted straight from the files, import again, undo."""
    failures: list[str] = []
    with first_rows(FILES, QUICK_ROWS if quick else None) as folder, an_empty_shop() as shop:
        files = [folder / name for name in FILES]
        empty = shop.counted()
        began = time.perf_counter()
        first = shop.bring(files, "olist")
        seconds = time.perf_counter() - began
        stored = shop.counted()
        ours = {name: (one.numerator, one.denominator) for name, one in measures(shop.house, operator(), shop.shop_id, NOW).items() if one.since is None}
        theirs = straight_from_the_files(folder)
        failures += [f"{name}: {ours[name]} here, {theirs[name]} from the files" for name in theirs if ours[name] != theirs[name]]
        failures += [f"{result.kind.value}: {result.refused} rows were refused" for result in first.results if result.refused]
        again = shop.bring(files, "olist")
        failures += [f"{result.kind.value}: importing again brought something" for result in again.results if result.new or result.changed]
        if shop.counted() != stored:
            failures.append("importing again stored something")
        shop.undo(first)
        if shop.counted() != empty:
            failures.append(f"undo left {sum(shop.counted().values()) - sum(empty.values())} rows behind")
    counts = {f"new {result.kind.value}": result.new for result in first.results}
    return Proof(
        claim="Every Olist order with its lines, reviews and payments is imported through the profile; the three measures equal those counted straight from "
        "the files by tests/check_olist.py; importing again changes nothing; undo brings back the empty shop.",
        counts={
            **counts,
            "deadlines": stored["deadlines"],
            "preview and import (s)": round(seconds, 1),
            **{name: f"{numerator} / {denominator}" for name, (numerator, denominator) in ours.items()},
        },
        failures=failures,
    )
