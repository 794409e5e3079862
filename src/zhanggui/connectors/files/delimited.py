"""Rows of a text table with their line numbers: commas, semicolons, tabs or bars between cells, quoted where needed."""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from zhanggui.connectors.files.containers import Member
from zhanggui.connectors.files.decoding import lines_of
from zhanggui.core.say import Say, say

Row = tuple[int, list[str] | Say]
"""The line where a row begins (1 = the first of the file), and its cells, or why it has none."""

ENDLESS = say("A quotation mark opens in this row and never closes. Export the file again.")

_DELIMITERS = ",\t;|"


def rows_of(member: Member, encoding: str, delimiter: str) -> Iterator[Row]:
    """Every row that is not blank. A row that breaks the rules of the format comes as the sentence that says so."""
    reader = csv.reader(lines_of(member, encoding), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            yield line, _misshapen(problem)
        else:
            if cells and any(cells):
                yield line, cells
        line = reader.line_num + 1


def _misshapen(problem: csv.Error) -> Say:
    text = str(problem)
    if "field larger" in text:
        return say("A cell of this row is larger than any cell we know from such files. A quotation mark may be missing; export the file again.")
    if "unexpected end" in text:
        return ENDLESS
    return say("A quotation mark in this row stands where none may stand ({problem}). Export the file again.", problem=text)


def delimiter_of(member: Member, encoding: str) -> str:
    """The character that parts the cells: the one that cuts most of the first lines into the same number of cells, and into most of them."""
    head = [line for line in islice(lines_of(member, encoding), 40) if line.strip()]
    return max(_DELIMITERS, key=lambda delimiter: _score(head, delimiter))


def _score(head: list[str], delimiter: str) -> tuple[int, int]:
    widths: Counter[int] = Counter()
    try:
        for row in csv.reader(head, delimiter=delimiter):
            if len(row) > 1:
                widths[len(row)] += 1
    except csv.Error:
        pass
    if not widths:
        return (0, 0)
    width, lines = max(widths.items(), key=lambda item: item[1] * item[0])
    return (lines * width, -_DELIMITERS.index(delimiter))
