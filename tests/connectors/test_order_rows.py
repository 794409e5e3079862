"""What the cells of an order export become."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.connectors.desk import NO, only_note, order, refusal, sighting, told, words, write
from zhanggui.connectors.files import Refused, reread, survey
from zhanggui.core.facts import FactKind, FurtherParcel, OrderFacts, OrderStage, ParcelKind, RefundState


@pytest.mark.parametrize(
    ("status", "stage", "refund"),
    [
        ("待发货", OrderStage.TO_SHIP, None),
        ("已发货，待收货", OrderStage.SHIPPED, None),
        ("已发货,待签收", OrderStage.SHIPPED, None),
        ("已收货", OrderStage.RECEIVED, None),
        ("已签收", OrderStage.RECEIVED, None),
        ("未发货，退款成功", OrderStage.CANCELLED, RefundState.REFUNDED),
        ("未发货退款成功", OrderStage.CANCELLED, RefundState.REFUNDED),
        ("已发货，退款成功", OrderStage.SHIPPED, RefundState.REFUNDED),
        ("已收货 退款成功", OrderStage.RECEIVED, RefundState.REFUNDED),
        ("已签收，退款成功", OrderStage.RECEIVED, RefundState.REFUNDED),
        ("已取消", OrderStage.CANCELLED, None),
        ("已取消，退款成功", OrderStage.CANCELLED, RefundState.REFUNDED),
        ("未成交，退款成功", OrderStage.CANCELLED, RefundState.REFUNDED),
        ("待成团2.0", OrderStage.UNKNOWN, None),
        ("", None, None),
    ],
)
def test_it_reads_the_status(tmp_path: Path, status: str, stage: OrderStage | None, refund: RefundState | None) -> None:
    found = order(write(tmp_path, f'订单号,订单状态,商品id\n{NO},"{status}",1\n'))

    assert (found.stage, found.refund, found.status_text) == (stage, refund, status or None)


@pytest.mark.parametrize(
    ("status", "aftersale", "refund"),
    [
        ("待发货", "无售后或售后取消", RefundState.NONE),
        ("待发货", "售后处理中", RefundState.OPEN),
        ("待发货", "退款中", RefundState.REFUNDING),
        ("已收货", "退款成功", RefundState.REFUNDED),
        ("已发货，退款成功", "无售后或售后取消", RefundState.REFUNDED),
        ("已收货", "换货处理中", RefundState.UNKNOWN),
        ("已收货", "", None),
    ],
)
def test_it_joins_what_both_status_columns_say_of_a_refund(tmp_path: Path, status: str, aftersale: str, refund: RefundState | None) -> None:
    found = order(write(tmp_path, f'订单号,订单状态,售后状态\n{NO},"{status}",{aftersale}\n'))

    assert (found.refund, found.refund_text) == (refund, aftersale or None)


def test_it_speaks_of_a_refund_only_where_the_file_does(tmp_path: Path) -> None:
    silent = sighting(write(tmp_path, f"订单号,订单状态\n{NO},待发货\n"))
    refunded = sighting(write(tmp_path, f"订单号,订单状态\n{NO},未发货退款成功\n"))

    assert silent.given == {"order_no", "status_text", "stage"}
    assert refunded.given == {"order_no", "status_text", "stage", "refund"}


def test_it_reports_words_nobody_has_told_us_of(tmp_path: Path) -> None:
    found = survey(write(tmp_path, f"订单号,订单状态\n{NO},待成团\n{NO[:-1]}6,待发货\n"))

    assert only_note(found) == "订单状态 holds words we do not know: 待成团. They are kept as they stand, and nothing is concluded from them."


def test_it_tells_a_blank_cell_from_an_absent_column(tmp_path: Path) -> None:
    found = sighting(write(tmp_path, f"订单号,快递单号,成交时间\n{NO},,2026-11-20 08:00:00\n"))

    assert found.given == {"order_no", "tracking_no", "group_formed_at"}
    assert found.facts == OrderFacts(order_no=NO, group_formed_at=datetime(2026, 11, 20, 0, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-11-20 09:03:11", datetime(2026, 11, 20, 1, 3, 11, tzinfo=UTC)),
        ("2026-11-20 09:03:11\t", datetime(2026, 11, 20, 1, 3, 11, tzinfo=UTC)),
        ("2024/1/5 9:03", datetime(2024, 1, 5, 1, 3, tzinfo=UTC)),
        ("2024-01-05 09:03", datetime(2024, 1, 5, 1, 3, tzinfo=UTC)),
        ("2024年1月5日 9:03", datetime(2024, 1, 5, 1, 3, tzinfo=UTC)),
        ("2024/1/5", datetime(2024, 1, 4, 16, 0, tzinfo=UTC)),
        ("2026-11-20T09:03:11Z", datetime(2026, 11, 20, 9, 3, 11, tzinfo=UTC)),
        ("45296.37708333333", datetime(2024, 1, 5, 1, 3, tzinfo=UTC)),
        ("0000-00-00 00:00:00", None),
        ("1970-01-01 08:00:00", None),
        ("-", None),
    ],
)
def test_it_reads_a_moment(tmp_path: Path, cell: str, moment: datetime | None) -> None:
    assert order(write(tmp_path, f"订单号,承诺发货时间,商品\n{NO},{cell},x\n")).ship_by == moment


@pytest.mark.parametrize(
    ("cell", "fen"),
    [("29.90", 2990), ("29.9", 2990), ("30", 3000), ('"1,029.90"', 102990), ("¥12.00", 1200), ("-5.10", -510), ("0", 0), ("", None), ("--", None)],
)
def test_it_reads_money_to_the_fen(tmp_path: Path, cell: str, fen: int | None) -> None:
    assert order(write(tmp_path, f"订单号,用户实付金额(元),商品\n{NO},{cell},x\n")).pay_amount == fen


@pytest.mark.parametrize(
    ("header", "cell", "reason"),
    [
        ("商品id", "1.23E+14", "a spreadsheet has rounded this number and its last digits are lost"),
        ("快递单号", "7.3E+13；YT2", "a spreadsheet has rounded this number and its last digits are lost"),
        ("快递单号", "7.3E+13", "a spreadsheet has rounded this number and its last digits are lost"),
        ("商品id", "苹果", "which is no number of this kind"),
        ("承诺发货时间", "明天", "which is no moment"),
        ("承诺发货时间", "2026-13-01 00:00:00", "which is no moment"),
        ("承诺发货时间", "0226-11-01 00:00:00", "which is no moment"),
        ("用户实付金额(元)", "12.345", "which is no amount with at most two decimals"),
        ("用户实付金额(元)", "十元", "which is no amount with at most two decimals"),
        ("商品数量(件)", "1.5", "which is no whole number"),
        ("是否审核中", "也许", "which is neither yes nor no"),
    ],
)
def test_it_refuses_a_cell_it_cannot_understand_and_says_where(tmp_path: Path, header: str, cell: str, reason: str) -> None:
    found = refusal(write(tmp_path, f"导出说明\n订单号,商品,{header}\n{NO},x,{cell}\n"))

    assert (found.place.file, found.place.row, found.place.column) == ("orders.csv", 3, header)
    assert reason in words(found.reason)
    assert words(found.reason).startswith(f"{header} holds ")
    assert found.kind is FactKind.ORDER


def test_it_refuses_an_order_number_that_is_none(tmp_path: Path) -> None:
    found = refusal(write(tmp_path, "订单号,商品,快递单号\n13912345678,x,1\n"))

    assert words(found.reason).startswith("订单号 holds 139****5678, which is no number of this kind")


def test_it_refuses_an_order_number_in_wide_digits(tmp_path: Path) -> None:
    found = refusal(write(tmp_path, "订单号,商品,快递单号\n２６１１２０-１２３４５６７８９０１２３４５,x,1\n"))

    assert "which is no number of this kind" in words(found.reason)


def test_it_refuses_a_row_that_was_cut_off(tmp_path: Path) -> None:
    found = refusal(write(tmp_path, f"订单号,商品,快递单号\n{NO},x\n"))

    assert words(found.reason) == "The row has 2 cells, the header has 3. It was cut off or runs into the next one; export the file again."
    assert found.cells == {"订单号": NO, "商品": "x"}


def test_it_reads_a_mended_row_again(tmp_path: Path) -> None:
    refused = refusal(write(tmp_path, f"订单号,支付时间,承诺发货时间,收货人,手机,没用的\n{NO},2026-11-20 08:00:00,明天,张三,13912345678,y\n"))

    again = reread("pdd", refused.kind, refused.cells | {"承诺发货时间": "2026-11-22 09:00:00"}, refused.place)

    assert "没用的" not in refused.cells
    assert not isinstance(again, Refused)
    assert [one.facts for one in again] == [
        OrderFacts(
            order_no=NO,
            paid_at=datetime(2026, 11, 20, 0, 0, tzinfo=UTC),
            ship_by=datetime(2026, 11, 22, 1, 0, tzinfo=UTC),
            receiver_masked="张* 139****5678",
        ),
    ]


def test_it_says_again_what_is_still_wrong(tmp_path: Path) -> None:
    refused = refusal(write(tmp_path, f"订单号,商品,承诺发货时间\n{NO},x,明天\n"))

    again = reread("pdd", refused.kind, refused.cells, refused.place)

    assert isinstance(again, Refused)
    assert again.reason == refused.reason


def test_it_takes_only_the_day_from_the_order_number_where_no_moment_stands(tmp_path: Path) -> None:
    path = write(tmp_path, f"订单成交时间,订单号,订单状态\n,{NO},待发货\n2026-11-21 00:10:00,{NO[:-1]}6,待发货\n")

    first, second = (one for one in told(path) if not isinstance(one, Refused))

    assert first.facts == OrderFacts(
        order_no=NO,
        status_text="待发货",
        stage=OrderStage.TO_SHIP,
        created_at=datetime(2026, 11, 19, 16, 0, tzinfo=UTC),
        created_at_inferred=True,
    )
    assert "created_at" not in first.given
    assert isinstance(second.facts, OrderFacts)
    assert (second.facts.created_at, second.facts.group_formed_at) == (None, datetime(2026, 11, 20, 16, 10, tzinfo=UTC))
    assert only_note(survey(path)) == "Rows that name no moment at all, and whose day was read off the order number: 1."


def test_it_takes_the_first_alias_that_has_something(tmp_path: Path) -> None:
    found = order(write(tmp_path, f"订单确认时间,拼单成功时间,订单号\n2026-11-20 09:00:00,,{NO}\n"))

    assert found.group_formed_at == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def test_it_leaves_totals_and_repeated_headers_out(tmp_path: Path) -> None:
    path = write(tmp_path, f"订单号,商品,用户实付金额(元)\n{NO},x,1.00\n订单号,商品,用户实付金额(元)\n{NO[:-1]}6,y,2.00\n,,\n总计,,3.00\n")

    assert [one.place.row for one in told(path)] == [2, 4]
    assert survey(path).tables[0].rows == 2
    assert only_note(survey(path)) == "Rows of totals that were left out: 1."


@pytest.mark.parametrize("cell", ["无需物流", "商家自送", "欧阳小美"])
def test_it_takes_an_order_whose_parcel_number_is_none(tmp_path: Path, cell: str) -> None:
    path = write(tmp_path, f"订单号,订单状态,快递单号\n{NO},待发货,{cell}\n")

    found = sighting(path)

    assert isinstance(found.facts, OrderFacts)
    assert (found.facts.stage, found.facts.tracking_no) == (OrderStage.TO_SHIP, None)
    assert "tracking_no" not in found.given  # what is not known wipes out nothing
    assert only_note(survey(path)).startswith(f"快递单号 holds what cannot be read there: {cell[0]}***. It is left unknown")


@pytest.mark.parametrize("cell", ["YT1,YT2", "YT1，YT2，YT2", "YT1; YT2", "YT1|YT2", "YT1、YT2\t", "YT1\nYT2"])
def test_it_tells_the_numbers_of_several_parcels_apart(tmp_path: Path, cell: str) -> None:
    found = sighting(write(tmp_path, f'订单号,快递公司,快递单号\n{NO},圆通快递,"{cell}"\n'))

    assert isinstance(found.facts, OrderFacts)
    assert (found.facts.tracking_no, found.facts.further_parcels) == ("YT1", (FurtherParcel(ParcelKind.EXTRA, "圆通快递", "YT2"),))
    assert found.given == {"order_no", "carrier", "tracking_no", "further_parcels"}


@pytest.mark.parametrize("cell", ["YT12345671 YT12345672", "YT12345671/YT12345672", "YT12345671 & YT12345672，YT12345671"])
def test_it_parts_whole_numbers_at_blanks_and_slashes_too(tmp_path: Path, cell: str) -> None:
    found = sighting(write(tmp_path, f"订单号,快递公司,快递单号\n{NO},圆通快递,{cell}\n"))

    assert isinstance(found.facts, OrderFacts)
    assert (found.facts.tracking_no, found.facts.further_parcels) == ("YT12345671", (FurtherParcel(ParcelKind.EXTRA, "圆通快递", "YT12345672"),))


@pytest.mark.parametrize("cell", ["SF 1234 5678", "SF 12345678", "SF1234　567 8"])
def test_it_joins_the_groups_in_which_one_number_is_written(tmp_path: Path, cell: str) -> None:
    found = sighting(write(tmp_path, f"订单号,快递公司,快递单号\n{NO},顺丰速运,{cell}\n"))

    assert isinstance(found.facts, OrderFacts)
    assert (found.facts.tracking_no, found.facts.further_parcels, "tracking_no" in found.given) == ("SF12345678", None, True)


@pytest.mark.parametrize(
    ("cell", "is_told"),
    [
        *(("EMS 123", False), ("YT12345671/2", False), ("YT1 YT2", False), ("N/A", True), ("/", True)),
        *(("张三 13812345678", False), ("张三 8613812345678", False), ("李四：075588881234", False), ("Li Si 075588881234", False)),
        ("圆通快递 8613812345678", False),
    ],
)
def test_it_makes_no_number_of_a_word_and_of_what_is_no_whole_one(tmp_path: Path, cell: str, *, is_told: bool) -> None:
    found = sighting(write(tmp_path, f"订单号,快递公司,快递单号\n{NO},圆通快递,{cell}\n"))

    assert isinstance(found.facts, OrderFacts)
    assert (found.facts.tracking_no, found.facts.further_parcels, "tracking_no" in found.given) == (None, None, is_told)


@pytest.mark.parametrize(
    "cell",
    [
        *("EMS 1234567890123", "中通快递：1234567890123", "SF Express 1234567890123", "zhongtong\t1234567890123"),
        *("中通 1234567890123", "安能物流 1234567890123", "快递单号：1234567890123"),
    ],
)
def test_it_takes_the_number_after_the_name_of_its_carrier(tmp_path: Path, cell: str) -> None:
    found = sighting(write(tmp_path, f"订单号,快递公司,快递单号\n{NO},圆通快递,{cell}\n"))

    assert isinstance(found.facts, OrderFacts)
    assert found.facts.tracking_no == "1234567890123"


def test_it_passes_over_an_equal_row_and_refuses_a_different_one(tmp_path: Path) -> None:
    path = write(tmp_path, f"订单号,商品,快递单号\n{NO},x,1\n{NO},x,1\n{NO},x,2\n")

    first, second = told(path)

    assert not isinstance(first, Refused)
    assert isinstance(second, Refused)
    assert second.place.row == 4
    assert words(second.reason) == f"{NO} stands in row 2 already and says something else there. Delete the row that is wrong."


def test_it_names_columns_used_unknown_and_missing(tmp_path: Path) -> None:
    (table,) = survey(write(tmp_path, f"订单号,商品,新栏目,分期方式\n{NO},x,1,2\n")).tables

    assert table.used == (("订单号", "order_no"), ("商品", "title"))
    assert table.unknown == ("新栏目",)
    assert table.missing == ("订单状态", "售后状态", "订单成交时间", "承诺发货时间", "发货时间", "用户实付金额(元)", "商家实收金额(元)", "商品id", "快递单号")
