"""Where the tables of a member are, and how their rows are walked: the same for a first look and for the reading."""

from collections.abc import Iterator
from itertools import islice

from zhanggui.connectors.files import delimited, workbooks
from zhanggui.connectors.files.cells import bare
from zhanggui.connectors.files.containers import Member
from zhanggui.connectors.files.decoding import encoding_of
from zhanggui.connectors.files.delimited import Row
from zhanggui.connectors.files.fingerprint import LOOK_AT_ROWS
from zhanggui.connectors.files.shapes import Layout, Unreadable
from zhanggui.core.say import say

_TOTALS = frozenset({"总计", "合计", "小计", "汇总", "总计:", "合计:", "总计：", "合计："})


class Source:
    """One table before it is recognised: a text, or a sheet of a workbook."""

    def __init__(self, member: Member, member_no: int, sheet: str | None, layout: Layout, rows: workbooks.Rows | None = None) -> None:
        self.member = member
        self.member_no = member_no
        self.sheet = sheet
        self.layout = layout
        self._rows = rows

    def rows(self) -> Iterator[Row]:
        """Every row that is not blank, with its number."""
        if self._rows is not None:
            return self._rows()
        assert self.layout.encoding is not None and self.layout.delimiter is not None  # noqa: PT018 - settled by sources_of
        return delimited.rows_of(self.member, self.layout.encoding, self.layout.delimiter)

    def head(self) -> list[tuple[int, list[str]]]:
        """The first rows, among which the header stands."""
        return [(line, cells) for line, cells in islice(self.rows(), LOOK_AT_ROWS) if isinstance(cells, list)]


class Walk:
    """The data rows of a table: what stands below its header, without rows of totals and repeated headers, which are counted."""

    def __init__(self, source: Source, header_row: int, header: list[str]) -> None:
        self.source = source
        self.header_row = header_row
        self.header = header
        self.totals = 0
        self.rows = 0

    def __iter__(self) -> Iterator[Row]:
        for line, cells in self.source.rows():
            if line <= self.header_row:
                continue
            if isinstance(cells, list):
                if cells == self.header:
                    continue
                if _is_total(cells):
                    self.totals += 1
                    continue
            self.rows += 1
            yield line, cells


def sources_of(member: Member, member_no: int) -> list[Source]:
    """The tables in this member. Raises Unreadable where it is no table at all, or is damaged."""
    with member.open() as stream:
        head = stream.read(4096)
    if workbooks.is_workbook(head):
        sheets = workbooks.sheets_of(member)
        return [Source(member, member_no, name, Layout(member_no, "", sheet_no=number), rows) for number, (name, rows) in enumerate(sheets)]
    if head.lstrip()[:1] == b"<":
        page = say("{file} is a web page, whatever its name says. Open it in a spreadsheet and save it as XLSX, or export it again.", file=member.name)
        raise Unreadable(page)
    encoding = encoding_of(member)
    delimiter = delimited.delimiter_of(member, encoding)
    return [Source(member, member_no, None, Layout(member_no, "", encoding, delimiter))]


def _is_total(cells: list[str]) -> bool:
    for cell in cells:
        if cell:
            text = bare(cell)
            if text:
                return text in _TOTALS
    return False
