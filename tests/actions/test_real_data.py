"""Real orders of other shops, through their profiles: counted, measured, imported again, undone."""

import csv
import gzip
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from psycopg import sql

from tests.actions.tables import contents
from tests.cast import Cast
from tests.check_olist import measures as straight_from_the_files
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.actions.measures import measures
from zhanggui.actions.views import BatchView
from zhanggui.core.facts import FactKind

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MIDDLE = datetime(2017, 11, 1, tzinfo=UTC)
TABLES = ("sightings", "orders", "order_lines", "reviews", "payments", "deadlines", "deadline_totals", "order_totals", "batch_files", "data_ages")
OLIST = ("olist_orders", "olist_order_items", "olist_order_reviews", "olist_order_payments")


def test_it_measures_olist_as_its_files_do_and_undoes_it_whole(house: House, people: Cast, data: Path) -> None:
    files = [data / f"{name}.csv.gz" for name in OLIST]
    empty = contents(house.pool, leaving=("batches", "journal"))

    first = _bring(house, people, files, "olist")

    assert _new(first) == {FactKind.ORDER: 28_368, FactKind.ORDER_LINE: 31_785, FactKind.REVIEW: 22_675, FactKind.PAYMENT: 29_959}
    assert _measured(house, people, NOW) == straight_from_the_files(data)
    assert _measured(house, people, MIDDLE) == straight_from_the_files(data, MIDDLE)
    assert _measured(house, people, NOW)["mean_score"][1] == 22_675

    stored = _counts(house)
    again = _bring(house, people, files, "olist")
    assert (_new(again), set(again.already_imported)) == ({}, {path.name for path in files})
    assert _counts(house) == stored

    importing.undo(house, people.lin, people.shop_id, first.batch_id, NOW)
    assert contents(house.pool, leaving=("batches", "journal")) == empty


def test_it_knows_the_refunds_of_the_tmall_month_to_the_fen(house: House, people: Cast, data: Path) -> None:
    path = data / "tmall_orders_2020_02.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        refunds = sum(int(Decimal(row["退款金额"]) * 100) for row in csv.DictReader(stream) if row["退款金额"])

    done = _bring(house, people, [path], "tmall")

    with house.pool.connection() as tx:
        row = tx.execute("select count(*), sum((facts ->> 'refund_amount')::bigint) from orders where shop_id = %s", (people.shop_id,)).fetchone()
    assert _new(done) == {FactKind.ORDER: 22_408}
    assert row == (22_408, refunds)


def _bring(house: House, people: Cast, files: list[Path], profile: str) -> BatchView:
    previewed = importing.preview(house, people.lin, people.shop_id, files, NOW, profile=profile)
    return importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)


def _new(view: BatchView) -> dict[FactKind, int]:
    assert sum(result.refused + result.changed + result.older for result in view.results) == 0
    return {result.kind: result.new for result in view.results if result.new}


def _measured(house: House, people: Cast, at: datetime) -> dict[str, tuple[int, int]]:
    return {name: (one.numerator, one.denominator) for name, one in measures(house, people.lin, people.shop_id, at).items()}


def _counts(house: House) -> dict[str, int]:
    with house.pool.connection() as tx:
        return {name: tx.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone()[0] for name in TABLES}  # type: ignore[index]
