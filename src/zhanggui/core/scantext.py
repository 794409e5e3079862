"""What a line of Chinese tracking text says happened to the parcel."""

import re

from zhanggui.core.facts import ScanStage

_WORDS: tuple[tuple[ScanStage, re.Pattern[str]], ...] = (
    (ScanStage.RETURN_TO_SENDER, re.compile("退回|退件|退签|返回寄件|转寄回")),
    (ScanStage.REFUSED, re.compile("拒收|拒签")),
    (ScanStage.PICKED_UP, re.compile("(快递员|小哥|业务员|收件员|揽收员)[^，,。；;]*(已取件|取件成功)")),
    (ScanStage.DELIVERED, re.compile("已签收|本人签收|已妥投|已经妥投")),
    (ScanStage.EXCEPTION, re.compile("问题件|异常|滞留|丢失|破损|无法联系|联系不上|地址不详|失败|不成功|未能签收|无人签收")),
    (ScanStage.READY_FOR_PICKUP, re.compile("取件码|请及时取件|待取件|待自提|等待自提")),
    (ScanStage.DELIVERED, re.compile("签收人|代签收|已送达|投递成功|已取件|取件成功|已领取")),
    (ScanStage.READY_FOR_PICKUP, re.compile("代收|暂存|存放|放入|驿站|丰巢|自提柜")),
    (ScanStage.OUT_FOR_DELIVERY, re.compile("派送|派件|配送|投递")),
    (ScanStage.PICKED_UP, re.compile("揽收|揽件|已收件|收寄|已取走|收取快件")),
    (ScanStage.IN_TRANSIT, re.compile("发往|离开|运输|转运途中|装车|发车|下一站|已发出|已收入|公司】? ?已打包")),
    (ScanStage.ARRIVED, re.compile("^到|到达|抵达|已到|入库")),
)
"""Tried in this order; the first that occurs decides. Words of the end stand before words of the way, since closing lines name both."""

_NOT_YET = re.compile("(待|等待|未|将|预约|通知快递员|准备)揽[收件]|已下单|订单已创建|已打单|已接单|待快递员")
"""The parcel is announced, not picked up."""

_PICKED_UP_AFTER_ALL = re.compile("已揽[收件]|已收件")

_SUPPOSED = re.compile("(如有|如遇|如需|如您|如对|如发现|如果|若有|若您|若遇|若需)[^。；;！!]*|预计[^，,。；;！!]*")
"""What might happen, or is expected to: advice and forecasts at the end of a line, which tell of no event."""


def stage_of(text: str) -> ScanStage:
    """The stage a tracking text names, `unknown` where none of our words occurs: never the nearest guess."""
    bare = _SUPPOSED.sub("", text).strip()
    if _NOT_YET.search(bare) and not _PICKED_UP_AFTER_ALL.search(bare):
        return ScanStage.UNKNOWN
    return next((stage for stage, words in _WORDS if words.search(bare)), ScanStage.UNKNOWN)
