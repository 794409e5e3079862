"""The three measures, computed straight from the Olist files with nothing but the csv module: `python tests/check_olist.py FOLDER [MOMENT]`.

It shares no code with the product, so that both can only agree by being right. The files' moments carry no zone; Brazil's -03:00 is taken for all, and
order is all that matters. MOMENT is ISO 8601 with an offset; without one, everything counts.
"""

import csv
import gzip
import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

BRASILIA = timezone(timedelta(hours=-3))
Pair = tuple[int, int]


def measures(folder: Path, at: datetime | None = None) -> dict[str, Pair]:
    """Numerator and denominator of each measure, counting only what had happened by `at`."""
    latest_line: dict[str, datetime] = {}
    for line in _rows(folder / "olist_order_items.csv.gz"):
        limit = _moment(line["shipping_limit_date"])
        if limit is not None:
            latest_line[line["order_id"]] = max(limit, latest_line.get(line["order_id"], limit))
    shipped, received = [], []
    for order in _rows(folder / "olist_orders.csv.gz"):
        left, limit = _moment(order["order_delivered_carrier_date"]), latest_line.get(order["order_id"])
        if left is not None and limit is not None and (at is None or left <= at):
            shipped.append(left <= limit)
        came, promised = _moment(order["order_delivered_customer_date"]), _moment(order["order_estimated_delivery_date"])
        if came is not None and promised is not None and (at is None or came <= at):
            received.append(came <= promised)
    scores = [
        int(review["review_score"])
        for review in _rows(folder / "olist_order_reviews.csv.gz")
        if review["review_score"] and (at is None or (created := _moment(review["review_creation_date"])) is None or created <= at)
    ]
    return {
        "on_time_shipment_rate": (sum(shipped), len(shipped)),
        "on_time_delivery_rate": (sum(received), len(received)),
        "mean_score": (sum(scores), len(scores)),
    }


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=BRASILIA) if text else None


if __name__ == "__main__":
    moment = datetime.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else None
    sys.stdout.write(json.dumps(measures(Path(sys.argv[1]), moment), indent=2) + "\n")
