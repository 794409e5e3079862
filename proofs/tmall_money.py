"""A month's refunds held against a bill: every one of them finds its order, and all sums agree to the fen with those taken straight from the file."""

import csv
import gzip
import random
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from proofs.real_data_support import QUICK_ROWS, Shop, an_empty_shop, first_rows
from proofs.support import Proof

FILE = "tmall_orders_2020_02.csv.gz"
HEADER = ("商户订单号", "发生时间", "收入金额（+元）", "支出金额（-元）", "账务类型", "备注", "业务描述")
PLANTED = 40
"""So many of each kind of trouble, a tenth of it in a quick run."""
CLAIM = (
    "Every refund of the Tmall month is held against a bill and finds its order; what agrees, is short, too much, missing or told by nobody is told apart, "
    "and every sum agrees to the fen with the file."
)
NOTES = (
    "The file tells orders and what was refunded of each; no openly usable file tells a shop's bill beside its orders. So the bill is made from the file, by",
    "code of the proof's own that shares nothing with the product: a line of income for every order, and its refund in one to three lines, in the columns",
    "of the back office's export. Into it are planted, by the seed: refunds that are missing, short by a fen, too high by a fen, and refunds of orders that",
    "had none. Sums are taken from the file's text by integer arithmetic.",
)
STANDS = "select no, state, reason, told, billed from refund_matches where shop_id = %s and subject = 'order'"
TOTALS = "select state, sum(refunds)::bigint, sum(told)::bigint, sum(billed)::bigint from refund_match_totals where shop_id = %s group by state"
CLASSES = "select class, sum(lines)::bigint, sum(income)::bigint, sum(expense)::bigint from bill_totals where shop_id = %s group by class"


@dataclass(frozen=True)
class Order:
    """One row of the file, its money in fen."""

    no: str
    total: int
    refund: int
    at: datetime


@dataclass
class Bill:
    """What is written into the bill, and how each refund has to stand by it."""

    lines: list[tuple[str, ...]] = field(default_factory=list)
    expected: dict[str, tuple[str, str, int, int]] = field(default_factory=dict)


def prove(seed: int, *, quick: bool) -> Proof:
    """Import the month and a bill made from it, hold both against each other, and take the bill back."""
    with first_rows([FILE], QUICK_ROWS if quick else None) as folder, an_empty_shop() as shop, tempfile.TemporaryDirectory(prefix="zg-proof-") as scratch:
        orders = list(_straight_from_the_file(folder / FILE))
        bill = _bill(orders, random.Random(seed), PLANTED // 10 if quick else PLANTED)
        shop.bring([folder / FILE], "tmall")
        alone = _stands(shop)
        brought = shop.bring([_written(bill, Path(scratch))], "pdd")
        stands, failures = _stands(shop), [f"{result.refused} rows of the bill were refused" for result in brought.results if result.refused]
        failures += _against_the_file(orders, bill, stands) + _totals(shop, stands) + _classes(shop, orders, bill)
        shop.undo(brought)
        failures += ["taking the bill back did not bring back what was before"] if _stands(shop) != alone else []
    refunds = [order for order in orders if order.refund]
    matched = [row for row in stands.values() if row[0] == "match_matched"]
    return Proof(
        claim=CLAIM,
        counts={
            "orders": len(orders),
            "refunds in the file": len(refunds),
            "refunded in the file (fen)": sum(order.refund for order in refunds),
            "lines of the bill": len(bill.lines),
            "refunds matched to the fen": len(matched),
            "of them in several lines": sum(1 for no, (state, *_) in stands.items() if state == "match_matched" and _pieces(bill, no) > 1),
            "matched (fen)": sum(row[3] for row in matched),
            "troubles planted": sum(1 for state, *_ in bill.expected.values() if state != "match_matched"),
            "troubles found as planted": sum(1 for no, row in bill.expected.items() if row[0] != "match_matched" and stands.get(no) == row),
        },
        failures=failures,
        notes=NOTES,
    )


def _straight_from_the_file(path: Path) -> Iterator[Order]:
    """The rows, their amounts read digit by digit."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            at = datetime.fromisoformat(row["订单创建时间"])
            yield Order(row["订单编号"], _fen(row["总金额"]), _fen(row["退款金额"]), at)


def _fen(text: str) -> int:
    whole, _, part = (text or "0").partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def _bill(orders: list[Order], dice: random.Random, planted: int) -> Bill:
    """The bill, with as many of each trouble as asked for."""
    bill = Bill()
    refunded = [order for order in orders if order.refund > 100]
    chosen = dice.sample(refunded, planted * 3)
    missing, short, over = chosen[:planted], chosen[planted : 2 * planted], chosen[2 * planted :]
    alone = dice.sample([order for order in orders if not order.refund], planted)
    for order in orders:
        bill.lines.append(_line(order, order.at + timedelta(days=3), income=order.total))
        if order.refund:
            _refund(bill, order, dice, order in missing, (order in over) - (order in short))
    for order in alone:
        bill.lines.append(_line(order, order.at + timedelta(days=9), expense=777))
        bill.expected[order.no] = ("match_not_yet", "not_told", 0, 777)
    bill.lines += [
        ("", "2020-03-01 00:00:00", "", "-5000.00", "提现", "", "提现"),
        ("", "2020-03-01 00:00:01", "", "-1.23", "新", "", "0990001|没有见过的业务"),
    ]
    dice.shuffle(bill.lines)
    return bill


def _refund(bill: Bill, order: Order, dice: random.Random, is_missing: bool, off: int) -> None:
    if is_missing:
        bill.expected[order.no] = ("match_not_yet", "not_in_bill", order.refund, 0)
        return
    total = order.refund + off
    cuts = sorted(dice.sample(range(1, total), min(dice.choice((0, 0, 0, 1, 2)), total - 1)))
    for piece, (begins, ends) in enumerate(zip([0, *cuts], [*cuts, total], strict=True)):
        bill.lines.append(_line(order, order.at + timedelta(days=9, minutes=piece), expense=ends - begins))
    state = ("match_matched", "to_the_fen") if not off else ("match_differs", "more_in_bill") if off > 0 else ("match_partly", "less_in_bill")
    bill.expected[order.no] = (*state, order.refund, total)


def _line(order: Order, at: datetime, *, income: int = 0, expense: int = 0) -> tuple[str, ...]:
    if income or not expense:
        return order.no, f"{at:%Y-%m-%d %H:%M:%S}", _yuan(income), "", "交易收入", "", "0010002|交易收入-订单收入"
    return order.no, f"{at:%Y-%m-%d %H:%M:%S}", "", f"-{_yuan(expense)}", "退款", "", "0020002|退款-订单退款"


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _pieces(bill: Bill, no: str) -> int:
    return sum(1 for line in bill.lines if line[0] == no and line[4] == "退款")


def _written(bill: Bill, folder: Path) -> Path:
    """The bill as the back office packs it: a zip with one CSV."""
    path = folder / "pdd-mall-bill-detail-1-2020-03-20.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(bill.lines)
    packed = folder / "bill.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
    return packed


def _stands(shop: Shop) -> dict[str, tuple[str, str, int, int]]:
    with shop.house.pool.connection() as tx:
        return {no: (state, reason, told, billed) for no, state, reason, told, billed in tx.execute(STANDS, (shop.shop_id,))}


def _against_the_file(orders: list[Order], bill: Bill, stands: dict[str, tuple[str, str, int, int]]) -> list[str]:
    """How every refund stands against how it must, and what is told in all against the file."""
    wrong = [f"order {no} stands {stands.get(no)}, must {row}" for no, row in bill.expected.items() if stands.get(no) != row]
    wrong += [f"order {no} has a match and no refund" for no in stands.keys() - bill.expected.keys()]
    told, in_file = sum(row[2] for row in stands.values()), sum(order.refund for order in orders)
    wrong += [] if told == in_file else [f"told {told}, in the file {in_file}"]
    whole = [order.refund for order in orders if order.refund and bill.expected[order.no][0] == "match_matched"]
    matched = sum(row[3] for row in stands.values() if row[0] == "match_matched")
    return wrong[:20] + ([] if matched == sum(whole) else [f"matched {matched}, in the file {sum(whole)}"])


def _totals(shop: Shop, stands: dict[str, tuple[str, str, int, int]]) -> list[str]:
    """The totals that pages show against the rows themselves."""
    with shop.house.pool.connection() as tx:
        told = {state: (refunds, fen, billed) for state, refunds, fen, billed in tx.execute(TOTALS, (shop.shop_id,))}
    counted: dict[str, tuple[int, int, int]] = {}
    for state, _, fen, billed in stands.values():
        refunds, sum_told, sum_billed = counted.get(state, (0, 0, 0))
        counted[state] = refunds + 1, sum_told + fen, sum_billed + billed
    return [] if told == counted else [f"totals {told}, rows {counted}"]


def _classes(shop: Shop, orders: list[Order], bill: Bill) -> list[str]:
    """What the classes of the bill come to against the lines that were written."""
    with shop.house.pool.connection() as tx:
        told = {name: tuple(rest) for name, *rest in tx.execute(CLASSES, (shop.shop_id,))}
    refunds = [_fen(line[3].lstrip("-")) for line in bill.lines if line[4] == "退款"]
    must = {
        "income": (len(orders), sum(order.total for order in orders), 0),
        "refund": (len(refunds), 0, sum(refunds)),
        "transfer": (1, 0, 500_000),
        "unknown": (1, 0, 123),
    }
    return [] if told == must else [f"classes {told}, must {must}"]
