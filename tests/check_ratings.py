"""The shop rating of each day, counted with nothing but the standard library: `python tests/check_ratings.py FOLDER` for the Olist reviews.

It shares no code with the product, so that both can only agree by being right. For each review it looks at every other of its buyer and month, and for
each day at every review; the rules stand here a second time. Moments are ISO 8601 texts with an offset.
"""

import csv
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

CHINA = timezone(timedelta(hours=8))
Review = tuple[str, str, str, str, int]
"""Buyer, order, review, moment, score."""
Told = tuple[int, int, str | None]
"""The sum, the number, and the figure where at least fifty count."""


def rating_by_day(reviews: Iterable[Review], days: Iterable[date]) -> dict[date, Told]:
    """The rating that holds on each of these days."""
    scores = [(_china(moment).date(), score) for _, _, _, moment, score in _first_three(list(reviews))]
    return {day: _told([score for given, score in scores if given < day and (day - given).days <= 90]) for day in days}


def olist(folder: Path) -> Iterator[Review]:
    """The reviews of Olist with their buyers, an order standing for a buyer who is not told. Moments have no zone there; Brazil's -03:00 is taken for all."""
    customers = {row["customer_id"]: row["customer_unique_id"] for row in _rows(folder / "olist_customers.csv.gz")}
    buyers = {row["order_id"]: customers.get(row["customer_id"]) for row in _rows(folder / "olist_orders.csv.gz")}
    for row in _rows(folder / "olist_order_reviews.csv.gz"):
        moment = row["review_creation_date"].replace(" ", "T") + "-03:00"
        yield buyers.get(row["order_id"]) or row["order_id"], row["order_id"], row["review_id"], moment, int(row["review_score"])


def _first_three(reviews: list[Review]) -> Iterator[Review]:
    """Those before which their buyer gave fewer than three in the month; at one moment the smaller order number is first, then the smaller review number."""
    together = defaultdict(list)
    for review in reviews:
        together[review[0], _china(review[3]).strftime("%Y-%m")].append(review)
    for group in together.values():
        for one in group:
            if sum(_place(other) < _place(one) for other in group) < 3:
                yield one


def _place(review: Review) -> tuple[datetime, str, str]:
    return _china(review[3]), review[1], review[2]


def _china(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(CHINA)


def _told(scores: list[int]) -> Told:
    mean = Decimal(sum(scores)) / len(scores) if scores else Decimal(0)
    figure = str(mean.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)) if len(scores) >= 50 else None
    return sum(scores), len(scores), figure


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


if __name__ == "__main__":
    found = list(olist(Path(sys.argv[1])))
    last = max(_china(review[3]).date() for review in found)
    told = rating_by_day(found, [last - timedelta(days=back) for back in range(0, 360, 30)])
    sys.stdout.write(json.dumps({day.isoformat(): rating for day, rating in told.items()}, indent=2) + "\n")
