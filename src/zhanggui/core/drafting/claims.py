"""What a message claims, clause by clause: where the parcel is, what becomes of money, what is in stock, what somebody has done. In doubt it is one.

A clause that asks, looks something up or supposes claims nothing; one that speaks of what is over claims it whatever else stands there.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

import msgspec


class Claim(StrEnum):
    """What is claimed."""

    HAS_LEFT = "has_left"
    NOT_LEFT = "not_left"
    HAS_ARRIVED = "has_arrived"
    NOT_ARRIVED = "not_arrived"
    IN_STOCK = "in_stock"
    SOLD_OUT = "sold_out"
    GIVES = "gives"
    """Money, goods or anything else is given, or was."""
    DONE = "done"
    """Somebody has done something for the buyer."""
    GUARANTEE = "guarantee"
    CARRIER = "carrier"
    """A carrier by name."""


class Claimed(msgspec.Struct, frozen=True):
    """A claim, the words that make it, and the clause they stand in."""

    claim: Claim
    words: str
    clause: str


CLAUSE = re.compile(r"[，。；！？、,;!?\n]|\s{2,}")
_OVER = re.compile(r"已|刚|昨|前天|在路上|途中|手上|正在|[走出件货送到收回完流补下]了|发的$|过了")
_SUPPOSES = re.compile(r"如果|要是|若|万一|是否|有没有|是不是|能不能|可不可以|什么时候|何时|一旦|的话|才能|才会")
_LOOKS_UP = re.compile(r"核实|确认|核对|查|看看|看一下|看下|问|了解|咨询|为准")
_LATER = re.compile(r"前|后|会|将|待|等|预计|计划|之内|内")
_DENIED = re.compile(r"(?:没有?|未|尚|不|别|无法|待|暂无)[^，]{0,4}$")
_MOVES = re.compile(
    r"发货(?!时|地|单)|发出|发走|寄出|寄走|揽件|揽收|收件(?!人)|取走|取件(?!码|方)|出库|中转|转运|派件|派送|运输|在途|路上|配送|装车"
    r"|快递手|交给(?:快递|物流)|交寄|物流显示[^签]{0,3}到|发顺丰|点发的|天发的|早发的|晚发的"
)
_WAITS = re.compile(
    r"(?:没有?|未|尚|没来得及)[^，]{0,6}(?:发(?!票)|寄|出库)|(?:没有?|未)[^，]{0,7}走|待发货|打包|备货|配货|在仓库|仓库(?:正|在)|还在仓|准备发|安排发"
    r"|马上发|尽快发|排队|加急发"
)
_THERE = re.compile(r"签收|送达|妥投|驿站|丰巢|取件码|凭码|代收点|自提|送到(?:您|了)|到货了|丢件|丢失|退回|拦截|拦下|拒收了")
_NOT_THERE = re.compile(r"(?:没有?|未|尚)[^，]{0,4}(?:签收|送达|送到|到您|到[呢吧啊。]?$)|路上|在途|途中|运输|派送|派件|配送")
_STOCK = re.compile(r"有(?:现)?货|现货|货源|库存|库里|[给为]您留|只剩|还剩|有的是")
_NO_STOCK = re.compile(r"(?:没|无|缺|断)(?:现)?货|卖完|售罄|库存(?:不|紧)|没有库存|补货|下架")
_GIVES = re.compile(
    r"退(?!货地|换货须|出)|打回|返还|返给|返现|到账|赔|补偿|补发|补寄|补了|补一|补您|补给|重发|重寄|重新(?:发|寄|给)|再寄|再发|换新"
    r"|免(?:运|邮|单|费)|包邮|赠|送您|送小|送一|就送|买.送|礼物|小礼|小样|优惠|券|红包|减|便宜|打折|差价|报销|给您报|我们出|我们承担|抵扣"
)
_BUYER_ASKS = re.compile(r"申请|怎么退|退货地址|退回来")
_ANSWERED = re.compile(r"已|通过|同意|批准|直接|马上|立即|立刻|这就|给您|为您|帮您|我们(?:来|就)?退")
_DONE = re.compile(
    r"已(?:经)?(?:[^，]{0,3}(?:为您|帮您|给您|替您|向|跟))?[^，]{0,2}"
    r"(?:联系|催|反馈|通知|安排|备注|登记|拦截|提交|处理|修改|改好|改成|加急|升级|转交|上报|申请|沟通|协调|预留|记录)"
    r"|(?:帮您|为您|给您)[^，]{0,4}(?:好了|完了|过了|成功)|(?:审核|处理|办理)(?:完成|完毕|好了)|马上安排|立即安排"
)
_GUARANTEE = re.compile(r"保证|肯定(?!会答)|绝对|百分百|百分之百|假一赔|包您|一定(?!会?(?:给您)?(?:答复|回复|核实))|放心拍|无条件|卖得最|最好的|第一")
_CARRIERS = re.compile(r"顺丰|京东|中通|圆通|申通|韵达|极兔|邮政|EMS|德邦|菜鸟|百世|丰网|宅急送|跨越", re.IGNORECASE)


def claims_in(text: str) -> Iterator[Claimed]:
    """Every claim of the text, in the order of its clauses."""
    for clause in (each.strip() for each in CLAUSE.split(text)):
        if clause:
            yield from _of_clause(clause)


def _of_clause(clause: str) -> Iterator[Claimed]:
    supposes = _SUPPOSES.search(clause) is not None
    looks_up = _LOOKS_UP.search(clause) is not None and _OVER.search(clause) is None
    if not supposes and not looks_up:
        yield from _where(clause)
        yield from _found(Claim.IN_STOCK, _STOCK, clause, deniable=True)
        yield from _found(Claim.SOLD_OUT, _NO_STOCK, clause)
    if not supposes:
        yield from _given(clause)
    yield from _found(Claim.DONE, _DONE, clause)
    yield from _found(Claim.GUARANTEE, _GUARANTEE, clause)
    yield from _found(Claim.CARRIER, _CARRIERS, clause)


def _where(clause: str) -> Iterator[Claimed]:
    is_later = _LATER.search(clause) is not None and _OVER.search(clause) is None
    if not is_later:
        yield from _found(Claim.HAS_LEFT, _MOVES, clause, deniable=True)
        yield from _found(Claim.HAS_ARRIVED, _THERE, clause, deniable=True)
    yield from _found(Claim.NOT_LEFT, _WAITS, clause)
    yield from _found(Claim.NOT_ARRIVED, _NOT_THERE, clause)


def _given(clause: str) -> Iterator[Claimed]:
    """What the buyer may ask for is no gift; what is agreed to, or done at once, is."""
    if _BUYER_ASKS.search(clause) and not _ANSWERED.search(clause):
        return
    yield from _found(Claim.GIVES, _GIVES, clause, deniable=True)
    if "申请" in clause and re.search(r"通过|同意|批准", clause):
        yield Claimed(Claim.GIVES, clause, clause)


def _found(claim: Claim, pattern: re.Pattern[str], clause: str, *, deniable: bool = False) -> Iterator[Claimed]:
    for found in pattern.finditer(clause):
        if not deniable or _DENIED.search(clause[: found.start()]) is None:
            yield Claimed(claim, found[0], clause)
