"""Real orders of other shops, through their profiles: counted, measured, imported again, undone."""

import csv
import gzip
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from proofs.real_data_support import first_rows
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
TABLES = (
    *("sightings", "orders", "order_lines", "reviews", "payments", "deadlines"),
    *("deadline_totals", "order_totals", "goods_totals", "batch_files", "data_ages"),
)
ROWS = 6_000
REVIEWS = 6_000
TMALL = "tmall_orders_2020_02.csv.gz"
OLIST = ("olist_orders", "olist_order_items", "olist_order_reviews", "olist_order_payments")


@pytest.mark.usefixtures("data")
def test_it_measures_olist_as_its_files_do_and_undoes_it_whole(house: House, people: Cast) -> None:
    """Of the first rows of each file; script/prove olist does the same with all of them."""
    # the key by which buyers are told apart is made with the first review that is counted, and stays
    empty = contents(house.pool, leaving=("batches", "journal", "buyer_keys", "data_keys"))
    with first_rows([f"{name}.csv.gz" for name in OLIST], ROWS) as folder:
        files = [folder / f"{name}.csv.gz" for name in OLIST]

        first = _bring(house, people, files, "olist")

        assert _new(first) == {FactKind.ORDER: ROWS, FactKind.ORDER_LINE: ROWS, FactKind.REVIEW: REVIEWS, FactKind.PAYMENT: ROWS}
        assert _measured(house, people, NOW) == straight_from_the_files(folder)
        assert _measured(house, people, MIDDLE) == straight_from_the_files(folder, MIDDLE)
        assert _measured(house, people, NOW)["mean_score"][1] == REVIEWS
        _again_and_away(house, people, first, files, empty)


def _again_and_away(house: House, people: Cast, first: BatchView, files: list[Path], empty: object) -> None:
    """Importing again changes nothing, and undoing the first import leaves nothing."""
    stored = _counts(house)
    again = _bring(house, people, files, "olist")
    assert (_new(again), set(again.already_imported)) == ({}, {path.name for path in files})
    assert _counts(house) == stored

    importing.undo(house, people.lin, people.shop_id, first.batch_id, NOW)
    assert contents(house.pool, leaving=("batches", "journal", "buyer_keys", "data_keys")) == empty


@pytest.mark.usefixtures("data")
def test_it_knows_the_refunds_of_the_tmall_month_to_the_fen(house: House, people: Cast) -> None:
    """Of its first rows; script/prove tmall does the same with all of them."""
    with first_rows([TMALL], ROWS) as folder:
        with gzip.open(folder / TMALL, "rt", encoding="utf-8", newline="") as stream:
            refunds = sum(int(Decimal(row["退款金额"]) * 100) for row in csv.DictReader(stream) if row["退款金额"])

        done = _bring(house, people, [folder / TMALL], "tmall")

    with house.pool.connection() as tx:
        row = tx.execute("select count(*), sum((facts ->> 'refund_amount')::bigint) from orders where shop_id = %s", (people.shop_id,)).fetchone()
    assert _new(done) == {FactKind.ORDER: ROWS}
    assert row == (ROWS, refunds)


def _bring(house: House, people: Cast, files: list[Path], profile: str) -> BatchView:
    previewed = importing.preview(house, people.lin, people.shop_id, files, NOW, profile=profile)
    return importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)


def _new(view: BatchView) -> dict[FactKind, int]:
    assert sum(result.refused + result.changed + result.older for result in view.results) == 0
    return {result.kind: result.new for result in view.results if result.new}


def _measured(house: House, people: Cast, at: datetime) -> dict[str, tuple[int, int]]:
    return {name: (one.numerator, one.denominator) for name, one in measures(house, people.lin, people.shop_id, at).items() if one.since is None}


def _counts(house: House) -> dict[str, int]:
    with house.pool.connection() as tx:
        return {name: tx.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone()[0] for name in TABLES}  # type: ignore[index]
