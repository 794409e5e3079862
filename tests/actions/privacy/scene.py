"""One buyer in every room of a shop: an order, a talk, a case, a review, notes, remarks and a piece of the vault, each with words that can be looked for."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.cast import Cast
from zhanggui.actions.conversations.taking import take_paste
from zhanggui.actions.evidence.adding import NewFile, add_file
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview
from zhanggui.actions.notes import add_note
from zhanggui.actions.texts.settling import bring_numbers
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.records import forgetting

A, B = "260301-111111111111111", "260301-222222222222222"
NOW = datetime(2026, 3, 20, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=20)
"""When nothing runs any more."""
MARK = "梅花鹿"
NAME, PHONE = "快乐的梅花鹿", "13812345678"
PASTE = f"{NAME} 2026-03-02 16:00\n{MARK}怎么还没到\n客服小美 2026-03-02 16:02\n{MARK}您好，已经到了\n"
MOMENT = "2026-03-10 10:00:00"


def lines(order_no: str, mark: str = MARK) -> list[dict[str, Any]]:
    """What a file tells of an order that was received long ago, of its settled case, its review and a message."""
    return [
        {
            "fact": "order", "as_of": MOMENT, "order_no": order_no, "stage": "received", "refund": "refunded", "pay_amount": 2990, "title": "坚果礼盒",
            "goods_id": "901", "group_formed_at": "2026-03-01 10:00:00", "shipped_at": "2026-03-01 12:00:00", "received_at": "2026-03-03 12:00:00",
            "receiver_masked": f"{mark}大王 13812345678", "buyer_note": f"{mark}要快", "seller_note": f"给{mark}加一包", "province": "浙江省", "city": "杭州市",
            "district": f"{mark}区",
        },
        {
            "fact": "aftersale", "as_of": MOMENT, "case_no": f"C{order_no[-6:]}", "order_no": order_no, "kind": "refund_only", "state": "refunded",
            "applied_at": "2026-03-04 10:00:00", "refund_amount": 500, "buyer_masked": f"{mark}大王", "remark": f"{mark}说漏发了", "reason": "漏发",
        },
        {
            "fact": "review", "as_of": MOMENT, "review_no": f"R{order_no[-6:]}", "order_no": order_no, "score": 5, "title": f"{mark}推荐",
            "text": f"{mark}觉得好", "created_at": "2026-03-05 10:00:00", "reply": f"谢谢{mark}", "buyer_masked": f"{mark}大王",
            "buyer": "0123456789abcdef0123456789abcdef",
        },
        {
            "fact": "message", "as_of": MOMENT, "message_no": f"M{order_no[-6:]}", "order_no": order_no, "speaker": "buyer", "at": "2026-03-02 09:00:00",
            "text": f"{mark}问几时到",
        },
        {
            "fact": "message", "as_of": MOMENT, "message_no": f"N{order_no[-6:]}", "order_no": order_no, "speaker": "rep", "at": "2026-03-02 09:01:00",
            "text": f"{mark}您好，明天到",
        },
    ]  # fmt: skip


def tracked(order_no: str, tracking_no: str, mark: str) -> list[dict[str, Any]]:
    """That order with a parcel, and what the carrier tells of it."""
    told = (("2026-03-01 18:00:00", "picked_up", f"{mark}的快件已揽收"), ("2026-03-03 12:00:00", "delivered", f"已签收，{mark}代收"),
            ("2026-03-03 12:00:00", "delivered", f"{mark}已取走"))  # fmt: skip
    scans = [{"fact": "scan", "as_of": MOMENT, "tracking_no": tracking_no, "at": at, "stage": stage, "text": text} for at, stage, text in told]
    return [{**lines(order_no, mark)[0], "tracking_no": tracking_no, "carrier": "圆通快递"}, *scans]


def bring(house: House, people: Cast, folder: Path, told: Sequence[dict[str, Any]], now: datetime) -> None:
    """Imports these facts."""
    file = folder / f"facts-{now:%d%H%M}.jsonl"
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in told) + "\n", encoding="utf-8")
    confirm(house, people.lin, people.shop_id, preview(house, people.lin, people.shop_id, [file], now).batch_id, now)


def lived(house: House, people: Cast, folder: Path) -> House:
    """The shop in which that buyer was everywhere, and another beside."""
    bring(house, people, folder, [*lines(A), *lines(B, "长颈鹿")], NOW - timedelta(days=1))
    take_paste(house, people.mei, people.shop_id, PASTE, NOW, order_no=A)
    add_note(house, people.mei, people.shop_id, Subject(SubjectKind.ORDER, A), f"{MARK}的事", NOW)
    bring_numbers(house, people.lin, people.shop_id, f"{A},{PHONE},是", NOW)
    add_file(
        house, people.mei, people.shop_id, A, NewFile(name=f"{MARK}.txt", media_type="text/plain", content=f"{MARK}签收".encode(), note=f"{MARK}的照片"), NOW
    )
    add_file(house, people.mei, people.shop_id, B, NewFile(name="b.txt", media_type="text/plain", content=b"giraffe", note=""), NOW)
    return house


def dumped(house: House) -> str:
    """Everything that stands in the database; bytes as what they would say, if they say anything."""
    with house.pool.connection() as tx:
        names = [name for (name,) in tx.execute("select tablename from pg_tables where schemaname = 'public'")]
        rows = [row for name in names for row in tx.execute(f"select * from {name}")]
    return "\n".join(str([bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes | memoryview) else cell for cell in row]) for row in rows)


def take_away(house: House, people: Cast, order_no: str, *seqs: int) -> None:
    """Takes words and content of these pieces of the vault away, as forgetting does."""
    with house.pool.connection() as tx:
        erasure_no = forgetting.begin(tx, people.shop_id, at=NOW, by=None, cause="asked", subject=None, orders=1, reason="")
        gone = [piece for piece in forgetting.pieces(tx, people.shop_id, [order_no], LATER) if piece.seq in seqs]
        forgetting.redact(tx, people.shop_id, gone, erasure_no, NOW)
