"""Files made to do harm: archives that would fill a disk, workbooks that read files of the machine, pictures that are pages, names that climb."""

import gzip
import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.makers.damage import damaged

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEADERS = ("订单号", "订单状态", "商品总价(元)", "用户实付金额(元)", "商品数量(件)", "订单成交时间", "快递单号", "快递公司", "商品id", "商品")
_FORMULAS = ('=cmd|"/c calc"!A1', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", '=HYPERLINK("http://evil.example","x")', "＝1+1", "=1+1")
_NAMES = (
    "订单.csv",
    "../../../../tmp/zq.csv",
    "..\\..\\windows\\zq.csv",
    "/etc/passwd",
    "a\r\nX-Zq: 1.csv",
    'zq".csv',
    "zq;filename=x.html",
    "\u202egpj.exe",
    "CON",
    "nul.txt",
    ".htaccess",
    " ",
    "商" * 300 + ".xlsx",
    "zq%00.csv",
    "<svg onload=zq>.png",
    "a.html",
    "a.svg",
    "a.php",
    "{{7*7}}.csv",
)
CANARY = 'zq"><svg/onload=zq>'
"""What must never stand in a page as it is."""


@dataclass(frozen=True)
class Hostile:
    """A file as somebody would send it, and what is wrong with it."""

    what: str
    name: str
    content: bytes


def hostile(seed: int) -> Hostile:
    """The file of this seed; a good half of them are exports that were damaged by no one's will."""
    dice = random.Random(f"hostile/{seed}")
    name = dice.choice(_NAMES) if dice.random() < 0.4 else dice.choice(("a.csv", "订单.xlsx", "图.jpg", "x.zip", "x.json", "x.toml"))
    if dice.random() < 0.5:
        case = damaged(seed)
        return Hostile(f"damaged: {case.what}", name, case.data)
    what = dice.choice(sorted(_MADE))
    return Hostile(what, name, _MADE[what](dice))


def _row(dice: random.Random, cell: str) -> list[str]:
    number = f"260301-{dice.randrange(10**15):015d}"
    row = [number, "待发货", "29.90", "29.90", "1", "2026-03-01 10:00:00", "", "", "901", "礼盒"]
    row[dice.randrange(len(row))] = cell
    return row


def _csv(rows: list[list[str]]) -> bytes:
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in ([*_HEADERS], *rows)]
    return "\r\n".join(lines).encode("utf-8", "surrogatepass")


def _workbook(sheet: str, **parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>')
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_REL}/worksheet" Target="{parts.pop("target", "worksheets/sheet1.xml")}"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def _sheet(rows: str, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def _cells(*texts: str) -> str:
    return "".join(f'<c r="{chr(65 + place)}1" t="inlineStr"><is><t>{text}</t></is></c>' for place, text in enumerate(texts))


def _laughs(_: random.Random) -> bytes:
    levels = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 12))
    return _workbook(_sheet(f'<row r="1">{_cells("&a11;")}</row>', f'<!DOCTYPE x [<!ENTITY a0 "ha">{levels}]>'))


def _foreign_entity(_: random.Random) -> bytes:
    return _workbook(_sheet(f'<row r="1">{_cells("&f;")}</row>', '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'))


def _far_cells(dice: random.Random) -> bytes:
    column, row = dice.choice((("XFD", 1048576), ("A", 1048576), ("XFD", 1), ("ZZZ", 9999999), ("A", 0)))
    return _workbook(_sheet(f'<row r="{row}"><c r="{column}{row}" t="inlineStr"><is><t>x</t></is></c></row>'))


def _shared_strings(_: random.Random) -> bytes:
    strings = f'<sst xmlns="{_MAIN}" count="4294967295" uniqueCount="4294967295"><si><t>x</t></si></sst>'
    return _workbook(_sheet('<row r="1"><c r="A1" t="s"><v>4294967295</v></c><c r="B1" t="s"><v>-1</v></c></row>'), **{"xl/sharedStrings.xml": strings})


def _climbing_sheet(_: random.Random) -> bytes:
    return _workbook(_sheet(f'<row r="1">{_cells(*_HEADERS)}</row>'), target="../../../../etc/passwd")


def _bomb(dice: random.Random) -> bytes:
    size = dice.choice((2, 20, 60)) * 1024**2
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(dice.choice(("订单.csv", "xl/worksheets/sheet1.xml", "[Content_Types].xml")), b"0" * size)
    return out.getvalue()


def _nested(dice: random.Random) -> bytes:
    inner = _csv([_row(dice, "x")])
    for depth in range(dice.randrange(2, 6)):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(dice.choice((1, 1, 5))):
                archive.writestr(f"{depth}-{copy}.zip", inner)
        inner = out.getvalue()
    return inner


def _lying_sizes(dice: random.Random) -> bytes:
    """An archive whose directory says that its file is small."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("订单.csv", b"1," * 4_000_000)
    data = bytearray(out.getvalue())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", dice.choice((10, 1000, 0xFFFFFFFF)))
    return bytes(data)


def _many_members(dice: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(dice.choice((600, 3000))):
            archive.writestr(f"{number}.csv", b"a,b\n1,2\n")
    return out.getvalue()


def _climbing_members(dice: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("../../../../tmp/zq.csv", "/etc/cron.d/zq", "C:\\zq.csv", "a\x00b.csv", "//zq/x.csv", CANARY + ".csv"):
            archive.writestr(name, _csv([_row(dice, "x")]))
    return out.getvalue()


def _wide(dice: random.Random) -> bytes:
    columns = dice.choice((3_000, 20_000))
    return (",".join(f"列{number}" for number in range(columns)) + "\n" + ",".join("1" for _ in range(columns))).encode()


def _deep_json(dice: random.Random) -> bytes:
    depth = dice.choice((500, 5_000, 100_000))
    opens, closes = dice.choice((("[", "]"), ('{"a":', "}")))
    return (opens * depth + "1" + closes * depth).encode()


def _odd_json(dice: random.Random) -> bytes:
    values = ["9" * 400, "1e400", "-0", "NaN", '"\\ud800"', "null", "[]", '{"a":1,"a":2}', '"\\u0000"', "1" + "0" * 5000]
    fields = ("fact", "order_no", "as_of", "stage", "pay_amount", "created_at")
    line = "{" + ",".join(f'"{name}": {dice.choice(values)}' for name in fields) + "}"
    return "\n".join([line] * dice.choice((1, 50))).encode()


def _scripts(dice: random.Random) -> bytes:
    told = {
        "version": dice.choice([1, "x", -1]),
        "scripts": [{"id": dice.choice(["a", CANARY, "../x"]), "zh": dice.choice(["{x}" * 500, CANARY, "{商品.__class__}"])}],
    }
    return json.dumps(told).encode()


def _png(width: int, height: int, rows: bytes = b"\x00" * 64) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


_MADE: dict[str, Callable[[random.Random], bytes]] = {
    "entities that multiply": _laughs,
    "an entity from the disk": _foreign_entity,
    "cells far away": _far_cells,
    "strings that are not there": _shared_strings,
    "a sheet outside its book": _climbing_sheet,
    "an archive that grows": _bomb,
    "gzip that grows": lambda dice: gzip.compress(b"0" * (dice.choice((2, 20, 60)) * 1024**2), 9),
    "archives in archives": _nested,
    "sizes that lie": _lying_sizes,
    "thousands of members": _many_members,
    "members that climb": _climbing_members,
    "formulas": lambda dice: _csv([_row(dice, dice.choice(_FORMULAS)) for _ in range(5)]),
    "markup": lambda dice: _csv([_row(dice, CANARY) for _ in range(5)]),
    "thousands of columns": _wide,
    "a line without end": lambda dice: b"a" * dice.choice((70_000, 3_000_000)),
    "nothing but separators": lambda dice: dice.choice((b",", b"\t", b'"', b"\n", b"\x00")) * dice.choice((10, 100_000)),
    "deep JSON": _deep_json,
    "odd JSON": _odd_json,
    "scripts": _scripts,
    "a picture without end": lambda dice: _png(*dice.choice(((60_000, 60_000), (2**31 - 1, 1), (0, 0), (1, 2**31 - 1)))),
    "a picture that is a page": lambda _: b"\xff\xd8\xff\xe0" + b"<html><script>zq</script>" + CANARY.encode(),
    "a drawing that runs": lambda _: b'<svg xmlns="http://www.w3.org/2000/svg" onload="zq"><script>zq</script></svg>',
    "a page": lambda _: b"<!doctype html><script>zq</script>",
    "half a picture": lambda dice: _png(8, 8)[: dice.randrange(4, 60)],
    "a paper": lambda _: b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(zq)>>>>endobj",
}
