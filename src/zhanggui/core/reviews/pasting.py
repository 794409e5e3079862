"""Reviews out of text that a person copied from the back office's list or from a sheet: labels before values, or a table with headings.

Nothing is guessed: a value belongs to the label before it, and a line that belongs to nothing is given back unread. What buyers wrote is masked here.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from zhanggui.core.chats.masking import masked_said
from zhanggui.core.masking import masked_numbers, masked_person, storable
from zhanggui.core.moments import SHANGHAI, in_shanghai
from zhanggui.core.say import Say, say

LONGEST_PASTE = 200_000
MOST_REVIEWS = 500
_LONGEST = {"text": 5_000, "follow_up": 5_000, "reply": 2_000, "title": 500, "spec": 500}
_LABELS: Mapping[str, tuple[str, ...]] = {
    "review_no": ("评价编号", "评价ID", "评论ID", "评论编号", "reviewId"),
    "order_no": ("订单编号", "订单号", "orderSn"),
    "score": ("描述相符", "描述评分", "商品评分", "评价星级", "星级", "评分", "descScore"),
    "service_score": ("服务态度", "服务评分", "serviceScore"),
    "shipping_score": ("物流服务", "物流评分", "logisticsScore"),
    "text": ("评价内容", "评论内容", "用户评价", "comment"),
    "created_at": ("评价时间", "评论时间", "createTime"),
    "reply": ("商家回复", "回复内容"),
    "answered_at": ("商家回复时间", "回复时间", "replyTime"),
    "follow_up": ("追评内容", "追加评价", "追加评论", "追评", "appendComment"),
    "follow_up_at": ("追评时间", "追加评价时间", "appendTime"),
    "goods_id": ("商品ID", "商品id", "goodsId"),
    "spec": ("商品规格", "规格", "specText"),
    "buyer_masked": ("买家昵称", "用户昵称", "用户名", "买家", "用户", "userName"),
    "pictures": ("图片数量", "图片数", "晒图数"),
    "": ("商品名称", "商品标题", "商品", "回复状态", "举报状态", "图片", "视频"),
}
_OF_LABEL = {label.casefold(): field for field, labels in _LABELS.items() for label in labels}
_EVERY = "|".join(sorted(map(re.escape, _OF_LABEL), key=len, reverse=True))
_LABEL = re.compile(rf"(?:(?<=^)|(?<=[\s|｜,，;；]))(?P<label>{_EVERY})\s{{0,3}}(?:[:：]\s{{0,3}}|(?=[1-5]\s?[分星]|[★☆]))", re.IGNORECASE)
_ORDER = re.compile(r"\d{6}-\d{6,24}")
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,128}")
_STARS = re.compile(r"(?P<digit>[0-5])\s{0,2}(?:分|星|颗星|$)|(?P<drawn>★{1,5})(?!★)")
_DRAWN = re.compile(r"(?<!★)★{1,5}(?!★)|(?<![0-9])[1-5]\s?星(?!期)")
_MOMENT = re.compile(
    r"(?:(?P<year>20\d\d)\s?[-/.年]\s?)?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})(?:\s?日)?(?:[\sT]{1,4}(?P<hour>\d{1,2})[:：](?P<minute>\d{2})(?:[:：](?P<second>\d{2}))?)?"
)
_SCORES = ("score", "service_score", "shipping_score")
_MOMENTS = ("created_at", "answered_at", "follow_up_at")
_FREE = ("text", "follow_up", "reply")
NO_ORDER = say("No order number stands with it.")
NOTHING_SAID = say("Neither stars nor words stand with it.")
BELONGS_NOWHERE = say("The line belongs to no review: no label stands before it.")


class PastedReview(msgspec.Struct, frozen=True, kw_only=True):
    """A review as the text tells it; the order number at least."""

    order_no: str
    review_no: str | None = None
    score: int | None = None
    service_score: int | None = None
    shipping_score: int | None = None
    text: str | None = None
    created_at: datetime | None = None
    reply: str | None = None
    answered_at: datetime | None = None
    follow_up: str | None = None
    follow_up_at: datetime | None = None
    goods_id: str | None = None
    spec: str | None = None
    buyer_masked: str | None = None
    pictures: int | None = None
    line: int = 1
    """The line in which it begins."""


class Unread(msgspec.Struct, frozen=True):
    """A line that was not taken, and why."""

    line: int
    text: str
    why: Say


class PastedReviews(msgspec.Struct, frozen=True):
    """What was read, and what was not."""

    reviews: tuple[PastedReview, ...]
    unread: tuple[Unread, ...]


def read_pasted(text: str, now: datetime) -> PastedReviews:
    """The reviews in the text, in its order. Moments without a year are the latest such day before `now`."""
    lines = storable(text[:LONGEST_PASTE]).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    told = _table(lines) if _is_table(lines) else None
    blocks = list(_blocks(lines)) if told is None else told
    reviews: list[PastedReview] = []
    unread: list[Unread] = []
    for block in blocks:
        read = _review(block, now)
        if isinstance(read, PastedReview) and len(reviews) < MOST_REVIEWS:
            reviews.append(read)
        elif isinstance(read, Unread):
            unread.append(read)
        unread += [Unread(line, masked_said(each)[:200], BELONGS_NOWHERE) for line, each in block.stray]
    return PastedReviews(tuple(reviews), tuple(unread))


class _Block:
    """The values of one review, by field, each as it stood."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.values: dict[str, list[str]] = {}
        self.stray: list[tuple[int, str]] = []
        self.last = ""

    def put(self, field: str, value: str) -> None:
        self.values.setdefault(field, []).append(value.strip())
        self.last = field

    def first(self, field: str) -> str:
        return next((value for value in self.values.get(field, ()) if value), "")


def _is_table(lines: list[str]) -> bool:
    head = next((line for line in lines if line.strip()), "")
    if "\t" not in head and "," not in head and "，" not in head:
        return False
    cells = re.split(r"[\t,，]", head)
    return sum(cell.strip().strip('"').casefold() in _OF_LABEL for cell in cells) >= max(3, len(cells) // 2)


def _table(lines: list[str]) -> list[_Block]:
    start = next(number for number, line in enumerate(lines) if line.strip())
    delimiter = "\t" if "\t" in lines[start] else ","
    rows = csv.reader(io.StringIO("\n".join(lines[start:])), delimiter=delimiter)
    blocks: list[_Block] = []
    try:
        fields = [_OF_LABEL.get(cell.strip().casefold(), "") for cell in next(rows)]
        for row in rows:
            if any(cell.strip() for cell in row):
                block = _Block(start + rows.line_num)
                for field, cell in zip(fields, row, strict=False):
                    if field and cell.strip():
                        block.put(field, cell.strip("\t '\""))
                blocks.append(block)
    except csv.Error:
        pass  # a field longer than any text: what was read so far stands
    return blocks


def _blocks(lines: Iterable[str]) -> Iterator[_Block]:
    block = _Block(1)
    for number, line in enumerate(lines, 1):
        for label, value, stray in _parts(line):
            if label in ("order_no", "review_no") and _begins_anew(block, label):
                yield block
                block = _Block(number)
            if label is not None:
                block.put(label, value)
            elif stray:
                _carry_on(block, number, stray)
    if block.values or block.stray:
        yield block


def _begins_anew(block: _Block, label: str) -> bool:
    """Whether another review begins: its number or its order stands once, and something was told in between."""
    return label in block.values or ("text" in block.values and "order_no" in block.values) or (label == "review_no" and "order_no" in block.values)


def _parts(line: str) -> Iterator[tuple[str | None, str, str]]:
    """The labelled values of a line; what stands before the first label has none."""
    found = list(_LABEL.finditer(line))
    lead = line[: found[0].start()] if found else line
    if lead.strip(" \t|｜,，;；"):
        yield None, "", lead.strip()
    ends = [*(each.start() for each in found[1:]), len(line)]
    for each, end in zip(found, ends, strict=False):
        yield _OF_LABEL[each["label"].casefold()], line[each.end() : end].strip(" \t|｜,，;；"), ""


def _carry_on(block: _Block, line: int, stray: str) -> None:
    """A line without a label: more of what was being said, stars, or a moment right behind what it belongs to; else nobody's."""
    if block.last in _FREE:
        block.values[block.last][-1] = f"{block.values[block.last][-1]}\n{stray}".strip()
    elif block.values and "score" not in block.values and _DRAWN.fullmatch(stray):
        block.put("score", stray)
    else:
        block.stray.append((line, stray))


def _review(block: _Block, now: datetime) -> PastedReview | Unread | None:
    if not block.values:
        return None
    order = _ORDER.search(block.first("order_no"))
    shown = " ".join(value for values in block.values.values() for value in values)[:200]
    if order is None:
        return Unread(block.line, masked_said(shown), NO_ORDER)
    told: dict[str, Any] = {field: _stars(block.first(field)) for field in _SCORES}
    drawn = _DRAWN.search(block.first("order_no")[order.end() :])
    if told["score"] is None and drawn is not None:
        told["score"] = _stars(drawn.group())
    told |= {field: _moment(block.first(field), now) for field in _MOMENTS}
    told |= {field: masked_said(block.first(field)[: _LONGEST[field]]) or None for field in _FREE}
    number, goods = _NUMBER.fullmatch(block.first("review_no")), _NUMBER.fullmatch(block.first("goods_id"))
    told["review_no"] = None if number is None else number.group()
    told["goods_id"] = None if goods is None else goods.group()
    told["spec"] = masked_numbers(block.first("spec")[: _LONGEST["spec"]]) or None
    told["buyer_masked"] = masked_person(block.first("buyer_masked")[:60]) or None
    pictures = block.first("pictures").removesuffix("张")
    told["pictures"] = int(pictures) if pictures.isascii() and pictures.isdigit() and len(pictures) < 3 else None
    if told["score"] is None and not any(told[field] for field in _FREE):
        return Unread(block.line, masked_said(shown), NOTHING_SAID)
    return PastedReview(order_no=order.group(), line=block.line, **told)


def _stars(value: str) -> int | None:
    found = _STARS.search(value)
    if found is None:
        return None
    stars = len(found["drawn"]) if found["drawn"] else int(found["digit"])
    return stars or None


def _moment(value: str, now: datetime) -> datetime | None:
    found = _MOMENT.search(value)
    if found is None:
        return None
    month, day, hour, minute, second = (int(found[name] or 0) for name in ("month", "day", "hour", "minute", "second"))
    year = int(found["year"]) if found["year"] else in_shanghai(now).year
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
        if at > now + timedelta(days=1):
            if found["year"]:
                return None  # nobody reviewed tomorrow
            at = at.replace(year=year - 1)
    except ValueError:
        return None
    return at.astimezone(UTC)
