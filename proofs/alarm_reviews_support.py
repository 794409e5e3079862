"""The real reviews of a market by product, in the order in which they were written."""

import csv
import gzip
from collections import defaultdict
from datetime import UTC, datetime
from typing import NamedTuple

from proofs.support import ROOT
from zhanggui.estimates.alarms import Starred

DATA = ROOT.parent / "shared" / "data"
REVIEWS, ITEMS = DATA / "olist_order_reviews.csv.gz", DATA / "olist_order_items.csv.gz"


class Product(NamedTuple):
    """One product with its reviews."""

    product_id: str
    reviews: list[Starred]

    @property
    def scores(self) -> list[int]:
        """The stars, in order."""
        return [one.stars for one in self.reviews]

    def bad(self, upto: int) -> list[bool]:
        """Which of them are bad."""
        return [one.stars <= upto for one in self.reviews]


def products() -> list[Product]:
    """Every product with at least one review; nothing where the set is not here."""
    if not REVIEWS.exists():
        return []
    of_order: dict[str, set[str]] = defaultdict(set)
    with gzip.open(ITEMS, "rt", encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            of_order[line["order_id"]].add(line["product_id"])
    found: dict[str, list[tuple[datetime, str, str, int]]] = defaultdict(list)
    with gzip.open(REVIEWS, "rt", encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            at = datetime.fromisoformat(line["review_answer_timestamp"] or line["review_creation_date"]).replace(tzinfo=UTC)
            for product in of_order.get(line["order_id"], ()):
                found[product].append((at, line["order_id"], line["review_id"], int(line["review_score"])))
    return [Product(name, [Starred(at, order_no, stars) for at, order_no, _, stars in sorted(rows)]) for name, rows in sorted(found.items())]
