"""Receivers that the shop itself knows, for parcels sent by hand: read from a file of the person who prints, hidden while they are read, stored nowhere."""

import csv
import io
from collections.abc import Sequence

from zhanggui.core.say import say
from zhanggui.papers.shapes import Party
from zhanggui.papers.tidy import tidy
from zhanggui.papers.trouble import PaperTrouble

COLUMNS = {
    "order_no": ("order_no", "订单号", "订单编号", "商户订单号"),
    "name": ("name", "收件人", "收货人", "收货人姓名", "收件人姓名", "姓名"),
    "phone": ("phone", "手机", "手机号", "电话", "联系电话", "收件人电话", "收货人手机号", "收件人手机"),
    "address": ("address", "地址", "收货地址", "收件地址", "详细地址", "收件人地址"),
}
"""The headings by which a column is known."""
_ENCODINGS = ("utf-8-sig", "gb18030")


def receivers_in(content: bytes) -> dict[str, Party]:
    """The receivers by order number, each hidden as the standard asks. Raises PaperTrouble where the file is no such list."""
    rows = list(csv.reader(io.StringIO(_decoded(content), newline="")))
    places = _places(rows[0] if rows else ())
    found = {}
    for row in rows[1:]:
        told = {field: row[place] for field, place in places.items() if place < len(row)}
        if order_no := tidy(told.get("order_no")):
            found[order_no] = Party.hidden(told.get("name"), told.get("phone"), told.get("address"))
    return found


def _places(heads: Sequence[str]) -> dict[str, int]:
    """Where each column stands."""
    named = {tidy(head).lower(): place for place, head in enumerate(heads)}
    places = {field: named[head] for field, known in COLUMNS.items() for head in reversed(known) if head in named}
    if "order_no" not in places or len(places) < 2:
        raise PaperTrouble(say("The list of receivers needs a first line with the headings order_no, name, phone, address, or 订单号, 收件人, 手机, 地址."))
    return places


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PaperTrouble(say("The list of receivers is no text. Save it as CSV in UTF-8 or GB18030."))
