"""A list of numbers is held against the stored orders: what must not be shipped is blocked, what is doubtful is warned of, the rest goes into the file."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.files import orders_csv, row, shipped
from tests.actions.tables import contents
from tests.cast import Cast
from zhanggui.actions import shipping_slips
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipping_slips import check_slips, make_shipping_file, slips_in
from zhanggui.connectors.files.bulk_shipping import SheetForm
from zhanggui.connectors.files.slips import Slip
from zhanggui.core.facts import OrderFacts, Place
from zhanggui.core.numbers import Verdict
from zhanggui.people.permissions import NotAllowed, Person, ShopId
from zhanggui.records import around
from zhanggui.records.db import Tx
from zhanggui.records.facts.table import Known

NOW = datetime(2026, 3, 1, 13, tzinfo=UTC)
GOOD, OTHER, ASKED, GONE, CANCELLED = (f"260301-{digit * 15}" for digit in "12356")
YT, NEAR, SWAPPED = "YT7351946208153", "YT7351946208157", "YT7351946208513"


def imported(house: House, by: Person, shop_id: ShopId, folder: Path, rows: list[Mapping[str, str]], now: datetime = NOW) -> None:
    view = preview(house, by, shop_id, [orders_csv(folder / "orders.csv", rows)], now, as_of=now)
    confirm(house, by, shop_id, view.batch_id, now)


def slip(order_no: str, number: str = YT, carrier: str | None = "圆通快递", row_no: int = 2) -> Slip:
    return Slip(order_no, carrier, number, Place("list.csv", None, row_no))


@pytest.fixture
def stocked(house: House, people: Cast, tmp_path: Path) -> House:
    """Five orders: two to ship, one asked back, one sent, one cancelled."""
    rows: list[Mapping[str, str]] = [
        row(GOOD),
        row(OTHER),
        row(ASKED, 售后状态="售后处理中"),
        shipped(GONE) | {"快递单号": "YT9900046208153"},
        row(CANCELLED, 订单状态="已取消"),
    ]
    imported(house, people.lin, people.shop_id, tmp_path, rows)
    return house


def test_it_tells_of_every_row_whether_it_may_be_shipped_and_why_not(stocked: House, people: Cast) -> None:
    told = [
        slip(GOOD),
        slip(ASKED, "YT1028374655019"),
        slip(GONE, "YT2836471950284"),
        slip(CANCELLED, "YT3640192857364"),
        slip("260301-000000000000000", "YT4409182736450"),
    ]

    report = check_slips(stocked, people.zhou, people.shop_id, told, NOW)

    assert {each.slip.order_no: (each.verdict, [reason.text for reason in each.reasons]) for each in report.rows} == {
        GOOD: (Verdict.OK, []),
        ASKED: (Verdict.BLOCK, ["The buyer has asked for the money back; settle that before the number is uploaded."]),
        GONE: (Verdict.BLOCK, ["It has been shipped already."]),
        CANCELLED: (Verdict.BLOCK, ["The order was cancelled, so nothing is owed."]),
        "260301-000000000000000": (Verdict.BLOCK, ["The shop has no such order."]),
    }
    assert report.data_as_of == NOW


@pytest.mark.parametrize(
    ("told", "verdict", "text"),
    [
        ([slip(GOOD, "YT9900046208153")], Verdict.WARN, "carries this number too"),
        ([slip(GOOD, "YT9900046208135")], Verdict.WARN, "Two digits are swapped"),
        ([slip(GOOD, "YT9900046208154")], Verdict.WARN, "One digit differs"),
        ([slip(GOOD, YT, "顺丰快递")], Verdict.WARN, "This looks like a number of"),
        ([slip(GOOD, YT, "无名快递")], Verdict.WARN, "No shape of the numbers"),
        ([slip(GOOD, YT), slip(OTHER, YT)], Verdict.WARN, "carries this number too"),
        ([slip(GOOD, YT), slip(OTHER, SWAPPED)], Verdict.WARN, "Two digits are swapped"),
        ([slip(GOOD, YT), slip(OTHER, NEAR)], Verdict.WARN, "One digit differs"),
        ([slip(GOOD, GOOD)], Verdict.BLOCK, "is an order number"),
        ([slip(GOOD, YT, None)], Verdict.BLOCK, "names no carrier"),
        ([slip(GOOD, YT), slip(GOOD, "YT6627384950162")], Verdict.BLOCK, "several numbers"),
    ],
)
@pytest.mark.parametrize("few", [200, 0], ids=["looked up one by one", "all read"])
def test_it_checks_each_number_against_the_list_and_the_store(
    stocked: House, people: Cast, monkeypatch: pytest.MonkeyPatch, told: list[Slip], verdict: Verdict, text: str, *, few: int
) -> None:
    monkeypatch.setattr(shipping_slips, "_FEW", few)

    report = check_slips(stocked, people.zhou, people.shop_id, told, NOW)

    assert [each.verdict for each in report.rows] == [verdict] * len(told)
    assert all(any(text in reason.text for reason in each.reasons) for each in report.rows)


def test_of_a_few_the_orders_with_near_numbers_are_read_once(stocked: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    orders = around.orders

    def noted(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, Known[OrderFacts]]:
        read.extend(order_nos)
        return orders(tx, shop_id, order_nos)

    monkeypatch.setattr(around, "orders", noted)

    report = check_slips(stocked, people.zhou, people.shop_id, [slip(GOOD, "YT9900046208154")], NOW)

    assert report.rows[0].verdict is Verdict.WARN
    assert set(read) == {GOOD}


def test_it_blocks_a_number_used_in_the_last_thirty_days_for_another_receiver(house: House, people: Cast, tmp_path: Path) -> None:
    facts = tmp_path / "orders.jsonl"
    used = '"stage": "shipped", "tracking_no": "YT9900046208153", "shipped_at": "2026-02-20T08:00:00+08:00", "receiver_masked": "李* 139****0000"'
    fresh = '"stage": "to_ship", "receiver_masked": "张* 138****1234"'
    facts.write_text(f'{{"fact": "order", "order_no": "{GONE}", {used}}}\n{{"fact": "order", "order_no": "{GOOD}", {fresh}}}\n', "utf-8")
    view = preview(house, people.lin, people.shop_id, [facts], NOW, profile="facts", as_of=NOW)
    confirm(house, people.lin, people.shop_id, view.batch_id, NOW)

    near = check_slips(house, people.lin, people.shop_id, [slip(GOOD, "YT9900046208153")], NOW)
    long_after = check_slips(house, people.lin, people.shop_id, [slip(GOOD, "YT9900046208153")], NOW + timedelta(days=40))

    assert (near.rows[0].verdict, long_after.rows[0].verdict) == (Verdict.BLOCK, Verdict.WARN)


def test_it_keeps_back_orders_under_review_and_on_hold(house: House, people: Cast, tmp_path: Path) -> None:
    facts = tmp_path / "orders.jsonl"
    marks = {GOOD: "under_review", OTHER: "on_hold"}
    facts.write_text("".join(f'{{"fact": "order", "order_no": "{no}", "stage": "to_ship", "{mark}": true}}\n' for no, mark in marks.items()), "utf-8")
    view = preview(house, people.lin, people.shop_id, [facts], NOW, profile="facts", as_of=NOW)
    confirm(house, people.lin, people.shop_id, view.batch_id, NOW)

    report = check_slips(house, people.lin, people.shop_id, [slip(GOOD), slip(OTHER, "YT5518273640914")], NOW)

    assert [each.verdict for each in report.rows] == [Verdict.BLOCK, Verdict.BLOCK]
    assert ["review" in report.rows[0].reasons[0].text, "on hold" in report.rows[1].reasons[0].text] == [True, True]


def test_it_writes_the_good_rows_and_the_warned_ones_that_were_ticked(stocked: House, people: Cast) -> None:
    told = [slip(GOOD), slip(OTHER, "YT9900046208154"), slip(ASKED, "YT1028374655019")]

    good = make_shipping_file(stocked, people.zhou, people.shop_id, told, SheetForm.CSV, NOW)
    ticked = make_shipping_file(stocked, people.zhou, people.shop_id, told, SheetForm.CSV, NOW, include=frozenset({OTHER}), expected=frozenset({GOOD}))

    assert good.content.decode("utf-8-sig").splitlines()[1:] == [f"{GOOD},圆通快递,{YT}"]
    assert ticked.content.decode("utf-8-sig").splitlines()[1:] == [f"{GOOD},圆通快递,{YT}", f"{OTHER},圆通快递,YT9900046208154"]


def test_every_file_is_in_the_journal_and_nothing_counts_as_shipped(stocked: House, people: Cast) -> None:
    before = contents(stocked.pool, leaving=("journal",))

    make_shipping_file(stocked, people.zhou, people.shop_id, [slip(GOOD)], SheetForm.XLSX, NOW)

    with stocked.pool.connection() as tx:
        told = tx.execute(
            "select kind, subject_no, by_person from journal where kind in ('shipping_file_made', 'number_put_in_file') order by entry_no"
        ).fetchall()
    assert told == [("shipping_file_made", None, people.zhou.person_id), ("number_put_in_file", GOOD, people.zhou.person_id)]
    assert contents(stocked.pool, leaving=("journal",)) == before


def test_it_makes_no_file_where_a_good_order_may_no_longer_go(stocked: House, people: Cast, tmp_path: Path) -> None:
    later = NOW + timedelta(minutes=5)
    imported(stocked, people.lin, people.shop_id, tmp_path, [row(GOOD, 售后状态="售后处理中")], later)
    before = contents(stocked.pool)

    with pytest.raises(Refused, match=r".*") as refusal:
        make_shipping_file(stocked, people.zhou, people.shop_id, [slip(GOOD), slip(OTHER, "YT1028374655019")], SheetForm.CSV, later, expected=frozenset({GOOD}))

    assert "may not go into the file any more" in refusal.value.say.text
    assert contents(stocked.pool) == before


def test_it_counts_what_is_told_twice_once_and_makes_no_empty_file(stocked: House, people: Cast) -> None:
    twice = check_slips(stocked, people.zhou, people.shop_id, [slip(GOOD), slip(GOOD, row_no=3)], NOW)
    nothing = make_shipping_file(stocked, people.zhou, people.shop_id, [slip(ASKED)], SheetForm.CSV, NOW)

    assert ([each.slip.place.row for each in twice.rows], twice.repeated) == ([2], 1)
    assert (nothing.content, nothing.rows) == (b"", ())


def test_it_lets_nobody_in_who_does_not_ship_for_the_shop(stocked: House, people: Cast, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"订单号,快递公司,快递单号\n{GOOD},圆通快递,{YT}\n", "utf-8")

    for work in (
        lambda: slips_in(stocked, people.zheng, people.shop_id, path),
        lambda: check_slips(stocked, people.zheng, people.shop_id, [slip(GOOD)], NOW),
        lambda: make_shipping_file(stocked, people.zheng, people.shop_id, [slip(GOOD)], SheetForm.CSV, NOW),
    ):
        with pytest.raises(NotAllowed):
            work()


def test_it_sees_no_number_of_another_shop(stocked: House, people: Cast, tmp_path: Path) -> None:
    imported(stocked, people.zheng, people.other_shop_id, tmp_path, [row(GOOD)])

    report = check_slips(stocked, people.zheng, people.other_shop_id, [slip(GOOD, "YT9900046208153")], NOW)

    assert report.rows[0].verdict is Verdict.OK
