"""What a line of Chinese tracking text says happened to the parcel."""

from zhanggui.core.facts import ScanStage

_WORDS: tuple[tuple[ScanStage, tuple[str, ...]], ...] = (
    (ScanStage.RETURN_TO_SENDER, ("退回", "退件", "退签", "返回寄件", "转寄回")),
    (ScanStage.REFUSED, ("拒收", "拒签")),
    (ScanStage.EXCEPTION, ("异常", "滞留", "丢失", "破损", "无法联系", "地址不详", "问题件")),
    (ScanStage.READY_FOR_PICKUP, ("待取件", "请凭取件码", "取件码", "已存放", "已放入", "暂存", "等待自提", "待自提", "驿站代收", "丰巢", "到达代收点")),
    (ScanStage.DELIVERED, ("已签收", "签收人", "本人签收", "已代签收", "代签收", "已妥投", "已送达", "投递成功", "已取件", "取件成功")),
    (ScanStage.OUT_FOR_DELIVERY, ("派送", "派件", "配送中", "投递中", "正在投递", "安排投递")),
    (ScanStage.PICKED_UP, ("揽收", "揽件", "已收件", "已收寄", "收寄", "已取走", "收取快件")),
    (ScanStage.IN_TRANSIT, ("发往", "离开", "运输", "中转", "转运", "装车", "发车", "下一站", "已发出")),
    (ScanStage.ARRIVED, ("到达", "抵达", "已到", "入库")),
)
"""Tried in this order; the first that occurs decides."""

_NOT_YET = ("待揽收", "等待揽收", "等待揽件", "待揽件", "未揽收", "通知快递员揽收", "将揽收", "预约揽收", "下单", "已打单", "接单")
"""The parcel is announced, not picked up."""


def stage_of(text: str) -> ScanStage:
    """The stage a tracking text names, `unknown` where none of our words occurs: never the nearest guess."""
    if any(word in text for word in _NOT_YET):
        return ScanStage.UNKNOWN
    return next((stage for stage, words in _WORDS if any(word in text for word in words)), ScanStage.UNKNOWN)
