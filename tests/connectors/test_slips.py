"""Lists of printing tools are read by their headings; what cannot be taken is named by row and column. The file to upload holds text alone."""

import gzip
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zhanggui.connectors.files import Unreadable
from zhanggui.connectors.files.bulk_shipping import Parcel, SheetForm, bulk_file
from zhanggui.connectors.files.slip_profile import slip_profile
from zhanggui.connectors.files.slips import MOST_SLIPS, read_slips

ONE, TWO = "261121-111111111111111", "261121-222222222222222"
PARCELS = [Parcel(ONE, "圆通速递", "YT7351946208153"), Parcel(TWO, "无名快递", "773028465190723")]


def taken(path: Path) -> list[tuple[str, str | None, str, int | None]]:
    told = read_slips(path, slip_profile())
    return [(slip.order_no, slip.carrier, slip.tracking_no, slip.place.row) for slip in told.rows]


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    "text",
    [
        f"订单号,快递公司,快递单号\n{ONE},圆通快递,YT7351946208153\n",
        f"运单号\t收件人\t物流公司\t平台订单号\nYT7351946208153\t张*\t圆通快递\t'{ONE}\n",
        f'打印时间：2026-11-21\n\n店铺,订单编号,快递名称,面单号\n林记,="{ONE}",圆通快递,ｙｔ7351946208153\n'.replace("\n\n", "\n,\n"),
    ],
)
def test_it_finds_the_columns_wherever_they_stand(tmp_path: Path, text: str, encoding: str) -> None:
    rows = taken(written(tmp_path / "list.csv", text, encoding))

    assert [row[:3] for row in rows] == [(ONE, "圆通快递", "YT7351946208153")]


def test_it_reads_workbooks_and_packed_lists(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    rows: list[list[Any]] = [["快递单号", "订单号", "快递公司"], ["YT7351946208153", ONE, "圆通快递"], [773028465190723, TWO, "申通快递"]]
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    packed = tmp_path / "list.csv.gz"
    packed.write_bytes(gzip.compress(f"订单号,快递公司,快递单号\n{ONE},圆通快递,YT7351946208153\n".encode()))

    assert taken(tmp_path / "list.xlsx") == [(ONE, "圆通快递", "YT7351946208153", 2), (TWO, "申通快递", "773028465190723", 3)]
    assert taken(packed) == [(ONE, "圆通快递", "YT7351946208153", 2)]


def test_it_parts_orders_that_go_in_one_parcel(tmp_path: Path) -> None:
    path = written(tmp_path / "list.csv", f'订单号,快递公司,快递单号\n"{ONE},{TWO}",圆通快递,YT7351946208153\n')

    assert [row[0] for row in taken(path)] == [ONE, TWO]


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [
        (f"{ONE},圆通快递,", "快递单号", "{column} is blank"),
        (",圆通快递,YT7351946208153", "订单号", "{column} is blank"),
        (f"{ONE},申通快递,7.73028E+14", "快递单号", "a spreadsheet has rounded this number"),
        (f"{ONE},申通快递,已打印！", "快递单号", "which is no number of this kind"),
        (f"{ONE},=HYPERLINK(1),YT7351946208153", "快递公司", "which is no name of a carrier"),
        (f"{ONE},圆通快递,YT7351946208153,更多", None, "The row has {cells} cells"),
        (f'{ONE},"圆通快递,YT7351946208153', None, "never closes"),
    ],
)
def test_it_names_the_row_and_the_column_of_what_it_refuses(tmp_path: Path, row: str, column: str | None, text: str) -> None:
    path = written(tmp_path / "list.csv", f"订单号,快递公司,快递单号\n{TWO},圆通快递,YT1111946208153\n{row}\n")

    told = read_slips(path, slip_profile())

    assert [slip.order_no for slip in told.rows] == [TWO]
    (refused,) = told.refused
    assert (refused.place.file, refused.place.row, refused.place.column) == ("list.csv", 3, column)
    assert text in refused.reason.text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "is empty"),
        (b"Rar!\x1a\x07\x00 and more", "Unpack it"),
        ("订单号,状态\n1,2\n".encode(), "no heading row"),
        (("订单号,快递单号\n" + f"{ONE},YT7351946208153\n" * (MOST_SLIPS + 1)).encode(), "more than"),
    ],
)
def test_it_says_what_is_wrong_with_the_whole_file(tmp_path: Path, content: bytes, text: str) -> None:
    (tmp_path / "list.csv").write_bytes(content)

    with pytest.raises(Unreadable) as refusal:
        read_slips(tmp_path / "list.csv", slip_profile())

    assert text in refusal.value.say.text


def test_a_house_s_own_profile_goes_before_the_one_that_comes_along(tmp_path: Path) -> None:
    own = """
        grade = "observed"
        checked = 2026-11-22
        source = "the back office's own template"
        [reads]
        order_no = ["Bestellung"]
        carrier = ["Bote"]
        tracking_no = ["Nummer"]
        [writes]
        encoding = "gb18030"
        columns = [{ header = "单号", holds = "tracking_no" }, { header = "订单", holds = "order_no" }]
    """
    (tmp_path / "slips.toml").write_text(own, "utf-8")
    path = written(tmp_path / "list.csv", f"Bote;Nummer;Bestellung\n圆通快递;YT7351946208153;{ONE}\n")

    profile = slip_profile(tmp_path)

    assert [slip.order_no for slip in read_slips(path, profile).rows] == [ONE]
    assert bulk_file(PARCELS, profile, SheetForm.CSV).decode("gb18030") == f"单号,订单\r\nYT7351946208153,{ONE}\r\n773028465190723,{TWO}\r\n"


@pytest.mark.parametrize("own", ["grade = ", 'grade = "x"\n', "\xff"])
def test_it_says_that_an_own_profile_cannot_be_used(tmp_path: Path, own: str) -> None:
    (tmp_path / "slips.toml").write_bytes(own.encode("latin-1"))

    with pytest.raises(Unreadable, match="cannot be used"):
        slip_profile(tmp_path)


def test_the_file_to_upload_writes_carriers_as_the_platform_does(tmp_path: Path) -> None:
    content = bulk_file(PARCELS, slip_profile(tmp_path), SheetForm.CSV)

    assert content.decode("utf-8-sig") == f"订单号,快递公司,快递单号\r\n{ONE},圆通快递,YT7351946208153\r\n{TWO},无名快递,773028465190723\r\n"


def test_the_workbook_to_upload_holds_text_alone() -> None:
    content = bulk_file(PARCELS, slip_profile(), SheetForm.XLSX)

    sheet = openpyxl.load_workbook(io.BytesIO(content))["批量发货"]
    assert list(sheet.iter_rows(values_only=True)) == [
        ("订单号", "快递公司", "快递单号"),
        (ONE, "圆通快递", "YT7351946208153"),
        (TWO, "无名快递", "773028465190723"),
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr"}
    assert content == bulk_file(PARCELS, slip_profile(), SheetForm.XLSX)


@pytest.mark.parametrize("form", list(SheetForm))
def test_what_is_written_is_read_again(tmp_path: Path, form: SheetForm) -> None:
    path = tmp_path / f"bulk.{form}"
    path.write_bytes(bulk_file(PARCELS, slip_profile(), form))

    assert [row[:3] for row in taken(path)] == [(ONE, "圆通快递", "YT7351946208153"), (TWO, "无名快递", "773028465190723")]
