"""Two real data sets are taken whole, and to the unit: counted against a plain reading of the same files."""

import csv
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhanggui.connectors.files import Refused, read, survey
from zhanggui.core.facts import Facts, OrderFacts, OrderLineFacts, PaymentFacts, ReviewFacts, key_of


def plain(data: Path, name: str) -> Iterator[dict[str, str]]:
    with gzip.open(data / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def taken(data: Path, name: str) -> list[Facts]:
    told = list(read(data / f"{name}.csv.gz"))
    refused = [one for one in told if isinstance(one, Refused)]
    assert refused == []
    return [one.facts for one in told if not isinstance(one, Refused)]


def centavos(text: str) -> int:
    return round(float(text) * 100)


def at(text: str, hours: int) -> datetime | None:
    return datetime.fromisoformat(f"{text}{hours:+03d}:00").astimezone(UTC) if text else None


def test_it_takes_every_olist_order(data: Path) -> None:
    found = taken(data, "olist_orders")

    rows = list(plain(data, "olist_orders"))
    assert len(found) == len(rows) == 28_368
    for facts, row in zip(found, rows, strict=True):
        assert isinstance(facts, OrderFacts)
        assert facts.order_no == row["order_id"]
        assert facts.status_text == row["order_status"]
        assert facts.shipped_at == at(row["order_delivered_carrier_date"], -3)
        assert facts.received_at == at(row["order_delivered_customer_date"], -3)
        assert facts.deliver_by == at(row["order_estimated_delivery_date"], -3)


def test_it_takes_every_olist_line(data: Path) -> None:
    found = taken(data, "olist_order_items")

    rows = list(plain(data, "olist_order_items"))
    assert len(found) == len({key_of(facts) for facts in found}) == len(rows) == 31_785
    for facts, row in zip(found, rows, strict=True):
        assert isinstance(facts, OrderLineFacts)
        assert (facts.order_no, facts.line_no, facts.ship_by) == (row["order_id"], row["order_item_id"], at(row["shipping_limit_date"], -3))
        assert (facts.price, facts.postage) == (centavos(row["price"]), centavos(row["freight_value"]))


def test_it_takes_every_olist_review(data: Path) -> None:
    found = taken(data, "olist_order_reviews")

    rows = list(plain(data, "olist_order_reviews"))
    assert len(found) == len({key_of(facts) for facts in found}) == len(rows) == 22_675
    assert [facts.score for facts in found if isinstance(facts, ReviewFacts)] == [int(row["review_score"]) for row in rows]


def test_it_takes_every_olist_payment(data: Path) -> None:
    found = taken(data, "olist_order_payments")

    rows = list(plain(data, "olist_order_payments"))
    assert len(found) == len({key_of(facts) for facts in found}) == len(rows) == 29_959
    assert [facts.amount for facts in found if isinstance(facts, PaymentFacts)] == [centavos(row["payment_value"]) for row in rows]


@pytest.mark.parametrize("name", ["customers", "products", "sellers", "category_translation", "coverage", "classified_reviews"])
def test_it_knows_the_other_olist_tables_and_leaves_them_aside(data: Path, name: str) -> None:
    (table,) = survey(data / f"olist_{name}.csv.gz").tables

    assert (table.profile, table.kind, table.refused) == ("olist", None, False)
    assert table.note is not None
    assert table.note.slots == {"family": name}
    assert table.rows == sum(1 for _ in plain(data, f"olist_{name}"))


def test_it_takes_every_tmall_order_and_its_refund_to_the_fen(data: Path) -> None:
    found = [facts for facts in taken(data, "tmall_orders_2020_02") if isinstance(facts, OrderFacts)]

    rows = list(plain(data, "tmall_orders_2020_02"))
    assert len(found) == len(rows) == 22_408
    assert [facts.refund_amount for facts in found] == [centavos(row["退款金额"]) for row in rows]
    assert [facts.pay_amount for facts in found] == [centavos(row["买家实际支付金额"]) for row in rows]
    assert [facts.paid_at for facts in found] == [at(row["订单付款时间"], 8) for row in rows]
    assert [facts.province for facts in found] == [row["收货地址"] for row in rows]
    assert [facts.refund for facts in found] == ["refunded" if centavos(row["退款金额"]) else "none" for row in rows]


def test_it_takes_a_plain_copy_of_a_packed_file(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "orders.csv"
    copy.write_bytes(gzip.decompress((data / "olist_orders.csv.gz").read_bytes()))

    assert [one.facts for one in read(copy) if not isinstance(one, Refused)] == taken(data, "olist_orders")
