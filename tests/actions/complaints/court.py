"""A shop before the platform, for tests: an order whose case the platform has taken over, and pictures to hand in."""

import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path

from tests.actions.files import orders_csv, shipped
from tests.cast import Cast
from zhanggui.actions.evidence import NewFile, add_file
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview
from zhanggui.people.permissions import Person

NOW = datetime(2026, 3, 8, 2, tzinfo=UTC)
"""10:00 in Shanghai on 8 March."""
A, B = "260301-111111111111111", "260301-222222222222222"
CASE = "8801"
HEADER = "售后编号,订单编号,售后状态,退款类型,退款原因,订单状态,交易金额,退款金额,申请时间,买家"


def case_row(case_no: str, order_no: str, state: str = "平台处理中", *, reason: str = "少件", kind: str = "仅退款") -> str:
    return f"{case_no},{order_no},{state},{kind},{reason},已发货,29.90,29.90,2026-03-07 20:00:00,王*"


def told(house: House, people: Cast, folder: Path, *rows: str, at: datetime = NOW) -> int:
    """Imports these cases as of a moment."""
    file = folder / f"cases{at:%d%H%M%S}.csv"
    file.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    view = preview(house, people.lin, people.shop_id, [file], at, as_of=at)
    confirm(house, people.lin, people.shop_id, view.batch_id, at)
    return view.batch_id


def in_court(house: House, people: Cast, folder: Path) -> House:
    """Two shipped orders; the platform has taken over the case of the first."""
    view = preview(house, people.lin, people.shop_id, [orders_csv(folder / "orders.csv", [shipped(A), shipped(B)])], NOW, as_of=NOW)
    confirm(house, people.lin, people.shop_id, view.batch_id, NOW)
    told(house, people, folder, case_row(CASE, A))
    return house


def png(width: int = 900, height: int = 1200, shade: int = 0) -> bytes:
    """A picture of one shade of grey."""
    raw = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    )


def bring(house: House, by: Person, people: Cast, name: str, content: bytes | None = None, *, note: str = "", taken_at: datetime | None = NOW) -> int:
    """Brings a picture to the vault; its number."""
    new = NewFile(name=name, media_type="image/png", content=png(shade=len(name)) if content is None else content, note=note, taken_at=taken_at)
    return add_file(house, by, people.shop_id, A, new, NOW)
