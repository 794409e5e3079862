"""What the rows of after-sales exports and bills become."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.connectors.desk import NO, bill_lines, case, refusal, sighting, words, write
from zhanggui.connectors.files import survey
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, BillLineFacts


def test_it_reads_a_case(tmp_path: Path) -> None:
    found = case(
        write(
            tmp_path,
            "售后编号,订单编号,发货运单号,退货运单号,售后状态,退款类型,退款原因,订单状态,交易金额,退款金额,申请时间,退货物流状态,买家\n"
            f"10000000031\t,{NO}\t,YT1,SF1,待商家收货,退货退款,质量问题,已发货,29.90,19.90,2026-11-20 09:00:00,运输中,李小明\n",
        )
    )

    assert found == AftersaleFacts(
        case_no="10000000031",
        order_no=NO,
        kind=AftersaleKind.RETURN_AND_REFUND,
        state=AftersaleState.SELLER_TO_RECEIVE,
        kind_text="退货退款",
        state_text="待商家收货",
        reason="质量问题",
        shipped=True,
        applied_at=datetime(2026, 11, 20, 1, 0, tzinfo=UTC),
        order_amount=2990,  # type: ignore[arg-type]  # fen
        refund_amount=1990,  # type: ignore[arg-type]  # fen
        tracking_no="YT1",
        return_tracking_no="SF1",
        return_state_text="运输中",
        buyer_masked="李*明",
    )


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("待商家处理", AftersaleState.SELLER_TO_ANSWER),
        ("待商家收货", AftersaleState.SELLER_TO_RECEIVE),
        ("待消费者发货", AftersaleState.BUYER_TO_SEND),
        ("平台处理中", AftersaleState.PLATFORM_HANDLES),
        ("退款成功", AftersaleState.REFUNDED),
        ("退款关闭", AftersaleState.CLOSED),
        ("换货/补寄成功", AftersaleState.DONE),
        ("换货/补寄关闭", AftersaleState.CLOSED),
        ("维修成功", AftersaleState.DONE),
        ("维修关闭", AftersaleState.CLOSED),
        ("商家已驳回?", AftersaleState.UNKNOWN),
    ],
)
def test_it_reads_the_state_of_a_case(tmp_path: Path, text: str, state: AftersaleState) -> None:
    found = case(write(tmp_path, f"售后编号,售后状态,订单编号\n1,{text},{NO}\n"))

    assert (found.state, found.state_text) == (state, text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("仅退款", AftersaleKind.REFUND_ONLY),
        ("退货退款", AftersaleKind.RETURN_AND_REFUND),
        ("换货", AftersaleKind.EXCHANGE),
        ("补寄", AftersaleKind.RESEND),
        ("维修", AftersaleKind.REPAIR),
        ("上门取件", AftersaleKind.UNKNOWN),
    ],
)
def test_it_reads_the_kind_of_a_case(tmp_path: Path, text: str, kind: AftersaleKind) -> None:
    assert case(write(tmp_path, f"售后编号,退款类型,订单编号\n1,{text},{NO}\n")).kind == kind


@pytest.mark.parametrize(
    ("text", "shipped"),
    [
        ("未发货", False),
        ("已发货", True),
        ("待发货", False),
        ("已发货，待收货", True),
        ("已发货待签收", True),
        ("未发货，退款成功", False),
        ("已签收，退款成功", True),
        ("", None),
    ],
)
def test_it_reads_whether_the_goods_had_left(tmp_path: Path, text: str, shipped: bool | None) -> None:
    found = case(write(tmp_path, f"售后编号,售后状态,订单编号,订单状态\n1,待商家处理,{NO},{text}\n"))

    assert found.shipped is shipped


def test_it_takes_a_case_whose_order_status_it_cannot_read(tmp_path: Path) -> None:
    path = write(tmp_path, f"售后编号,售后状态,订单编号,订单状态,退货运单号\n1,待商家处理,{NO},已取消,消费者自行寄回\n")

    found = sighting(path)

    assert found.facts == AftersaleFacts(case_no="1", order_no=NO, state_text="待商家处理", state=AftersaleState.SELLER_TO_ANSWER)
    assert not {"shipped", "return_tracking_no"} & found.given  # what is not known wipes out nothing
    assert [words(note) for note in survey(path).tables[0].notes] == [
        "退货运单号 holds what cannot be read there: 消***. It is left unknown in those rows, and the rest of them is taken.",
        "订单状态 holds what cannot be read there: 已取消. It is left unknown in those rows, and the rest of them is taken.",
    ]


@pytest.mark.parametrize("cell", ["SF1，SF2", "SF1;SF2", "SF1 SF2", "SF1/SF2"])
def test_it_takes_several_numbers_in_one_cell_of_a_case_for_none(tmp_path: Path, cell: str) -> None:
    path = write(tmp_path, f"售后编号,售后状态,订单编号,发货运单号,退货运单号\n1,待商家处理,{NO},YT1,{cell}\n")

    found = sighting(path)

    assert found.facts == AftersaleFacts(case_no="1", order_no=NO, state_text="待商家处理", state=AftersaleState.SELLER_TO_ANSWER, tracking_no="YT1")
    assert "return_tracking_no" not in found.given
    assert words(survey(path).tables[0].notes[0]).startswith("退货运单号 holds what cannot be read there")


BILL = "商户订单号,发生时间,收入金额（+元）,支出金额（-元）,账务类型,备注,业务描述\n"


def test_it_reads_a_bill_line(tmp_path: Path) -> None:
    (line,) = bill_lines(write(tmp_path, f"{BILL}{NO},2026-11-20 09:00:00,0.00,-12.30,退款,,0020002|退款-订单退款\n"))

    assert line == BillLineFacts(
        line_no=line.line_no,
        order_no=NO,
        happened_at=datetime(2026, 11, 20, 1, 0, tzinfo=UTC),
        income=0,  # type: ignore[arg-type]  # fen
        expense=1230,  # type: ignore[arg-type]  # fen
        account_kind="退款",
        code="0020002",
        description="0020002|退款-订单退款",
    )


def test_it_keys_equal_bill_lines_apart_and_the_same_way_in_every_file(tmp_path: Path) -> None:
    row = f"{NO},2026-11-20 09:00:00,1.00,0.00,交易收入,,0010002\n"
    other = f"{NO},2026-11-20 09:00:01,1.00,0.00,交易收入,,0010002\n"
    narrow = write(tmp_path, f"{BILL}{row}{row}")
    wide = write(tmp_path, f"{BILL}{other}{row.replace('1.00,0.00', '1,0')}{row}", "wide.csv")

    first, second = (line.line_no for line in bill_lines(narrow))

    assert first != second
    assert [line.line_no for line in bill_lines(wide)][1:] == [first, second]


@pytest.mark.parametrize("cell", ["2026/11/20 9:00", "2026-11-20 09:00", "2026年11月20日 9:00", "2026/11/20", "2026-11-20"])
def test_it_refuses_a_bill_line_whose_seconds_a_spreadsheet_has_cut_off(tmp_path: Path, cell: str) -> None:
    found = refusal(write(tmp_path, f"{BILL}{NO},2026-11-20 09:00:35,1.00,0.00,交易收入,,0010002\n{NO},{cell},1.00,0.00,交易收入,,0010002\n"))

    assert (found.place.row, found.place.column) == (3, "发生时间")
    assert words(found.reason).startswith("发生时间 holds 2026")
    assert words(found.reason).endswith("Export the file again and do not save it in between.")


@pytest.mark.parametrize("cell", ["2026/11/20 9:00:00", "46346.0416666667"])
def test_it_takes_a_bill_line_whose_moment_a_spreadsheet_kept_whole(tmp_path: Path, cell: str) -> None:
    (line,) = bill_lines(write(tmp_path, f"{BILL}{NO},{cell},1.00,0.00,交易收入,,0010002\n"))

    assert line.happened_at is not None


def test_it_keys_a_bill_line_the_same_way_whatever_columns_come_along(tmp_path: Path) -> None:
    long = write(tmp_path, f"{BILL}{NO},2026-11-20 09:00:00,1.00,0.00,交易收入,好,0010002\n")
    short = write(tmp_path, f"商户订单号,发生时间,收入金额（+元）\n{NO},2026-11-20 09:00:00,1.00\n", "short.csv")

    assert [line.line_no for line in bill_lines(long)] == [line.line_no for line in bill_lines(short)]
