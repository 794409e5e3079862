"""Figures of a reading against labels: of each class how often it was found and how often falsely, agreement of readers, and whether chances come true."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from proofs.intents_turns_support import Turn
from zhanggui.core.intents.kinds import Intent, Wanted

LEAST = 10
"""Classes with fewer turns do not count in the mean: one turn more or less would move it."""
BANDS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
KEYWORDS = {
    "发货": Intent.CHASE_SHIPPING,
    "快递": Intent.CHASE_DELIVERY,
    "到账": Intent.CHASE_REFUND,
    "退款": Intent.REFUND,
    "退货": Intent.RETURN,
    "换货": Intent.EXCHANGE,
    "维修": Intent.REPAIR,
    "少发": Intent.MISSING,
    "发错": Intent.WRONG,
    "质量": Intent.QUALITY,
    "地址": Intent.ADDRESS_CHANGE,
    "发票": Intent.INVOICE,
    "价": Intent.PRICE,
    "货": Intent.STOCK,
    "怎么用": Intent.USE,
    "活动": Intent.PROMOTION,
    "下单": Intent.ORDER_PAYMENT,
    "差评": Intent.REVIEW_THREAT,
    "投诉": Intent.COMPLAINT,
    "谢": Intent.THANKS,
}
"""The simple table that is compared with: one word for each want; the first that stands in the message decides."""
_THEIRS: tuple[tuple[str, Intent], ...] = (
    ("什么时间出库 发货时间未到不能出库 提前配送", Intent.CHASE_SHIPPING),
    ("物流全程跟踪 配送周期 联系配送 订单状态解释 配送方式 预约配送时间 订单签收异常", Intent.CHASE_DELIVERY),
    ("申请退款 拒收 如何取消订单", Intent.REFUND),
    ("正常退款周期 退款到哪儿 退款异常 在哪里查询退款 查询取消是否成功", Intent.CHASE_REFUND),
    ("保修返修及退换货政策 返回方式 返修退换货处理周期 售后运费 返回地址", Intent.RETURN),
    ("售后维修点查询 保修期保质期", Intent.REPAIR),
    ("发错货", Intent.WRONG),
    ("少商品与少配件", Intent.MISSING),
    ("物流损", Intent.QUALITY),
    ("修改订单 下单地址填写", Intent.ADDRESS_CHANGE),
    ("补差价 商品价格咨询 无法申请价保 价保条件", Intent.PRICE),
    ("投诉", Intent.COMPLAINT),
    ("属性咨询 使用咨询 商品介绍 外包装 生产日期", Intent.USE),
    ("库存状态 为什么显示无货", Intent.STOCK),
    ("近期活动咨询 优惠券获得方式 优惠券使用 优惠券退回", Intent.PROMOTION),
    ("下单后无记录 支付方式 货到付款 订单历史记录查询 删除修改评价晒单 评价晒单异常 白条使用流程", Intent.ORDER_PAYMENT),
)
"""How the source's labels are read as ours, after the data's own README where it says."""

Answer = frozenset[Intent]


class Figure(NamedTuple):
    """Of one class: how many turns carry it, and the shares found, rightly named, and their harmonic mean."""

    support: int
    found: float
    right: float
    f1: float


def figures(turns: Sequence[Turn], answers: Sequence[Answer]) -> dict[Intent, Figure]:
    """The figures of every class that occurs."""
    of_class: dict[Intent, Figure] = {}
    for intent in Intent:
        both = sum(intent in turn.intents and intent in answer for turn, answer in zip(turns, answers, strict=True))
        support = sum(intent in turn.intents for turn in turns)
        named = sum(intent in answer for answer in answers)
        if support or named:
            of_class[intent] = Figure(support, both / support if support else 0.0, both / named if named else 0.0, 2 * both / (support + named))
    return of_class


def macro(of_class: dict[Intent, Figure], least: int = LEAST) -> float:
    """The mean F1 over the classes with enough turns."""
    counted = [figure.f1 for figure in of_class.values() if figure.support >= least]
    return sum(counted) / len(counted) if counted else 0.0


def right_share(turns: Sequence[Turn], answers: Sequence[Answer]) -> float:
    """How often at least one thing named is wanted."""
    return sum(bool(turn.intents & answer) for turn, answer in zip(turns, answers, strict=True)) / len(turns)


def answer_of(read: Sequence[Wanted]) -> Answer:
    """All wants that were read."""
    return frozenset(one.intent for one in read)


def reliability(turns: Sequence[Turn], reads: Sequence[Sequence[Wanted]]) -> list[str]:
    """Whether chances come true: for each band how many first wants it has, and how many of them are right."""
    lines = []
    for low, high in pairwise(BANDS):
        right = [read[0].intent in turn.intents for turn, read in zip(turns, reads, strict=True) if low <= read[0].confidence < high]
        if right:
            lines.append(f"{low:.1f}–{min(high, 1):.1f}: {sum(right)} of {len(right)} ({sum(right) / len(right):.0%})")
    return lines


def most_common(turns: Sequence[Turn]) -> Answer:
    """The one answer that is right most often."""
    return frozenset({Counter(intent for turn in turns for intent in turn.intents).most_common(1)[0][0]})


def by_keyword(turn: Turn) -> Answer:
    """What the simple table says."""
    return frozenset({next((intent for word, intent in KEYWORDS.items() if word in turn.text), Intent.OTHER)})


def by_their_label(turn: Turn) -> Answer:
    """What the source's own label says, read as ours."""
    if "发票" in turn.theirs:
        return frozenset({Intent.INVOICE})
    if turn.theirs.startswith("价保"):
        return frozenset({Intent.PRICE})
    return frozenset({next((intent for names, intent in _THEIRS if turn.theirs in names.split()), Intent.OTHER)})


def agreement(turns: Sequence[Turn]) -> tuple[float, float]:
    """How often both readers gave the same labels, and Cohen's kappa over the whole sets of labels."""
    same = sum(first == second for first, second in (turn.readers for turn in turns)) / len(turns)
    ones, others = (Counter(turn.readers[place] for turn in turns) for place in (0, 1))
    by_chance = sum(ones[each] * others[each] for each in ones) / len(turns) ** 2
    return same, (same - by_chance) / (1 - by_chance)


def table(of_class: dict[Intent, Figure], compared: dict[str, dict[Intent, Figure]]) -> list[str]:
    """The figures per class as lines of a page."""
    heads = ["class", "turns", "found", "rightly named", "F1", *(f"F1 {name}" for name in compared)]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for intent, figure in sorted(of_class.items(), key=lambda item: -item[1].support):
        theirs = [f"{each[intent].f1:.2f}" if intent in each else "–" for each in compared.values()]
        ours = [f"`{intent.value}`", str(figure.support), f"{figure.found:.2f}", f"{figure.right:.2f}", f"{figure.f1:.2f}"]
        lines.append("| " + " | ".join([*ours, *theirs]) + " |")
    return lines
