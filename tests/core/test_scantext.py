"""A tracking text names its stage in Chinese; what it does not name stays unknown."""

import pytest

from zhanggui.core.facts import ScanStage
from zhanggui.core.scantext import stage_of


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("【杭州市】已揽收", ScanStage.PICKED_UP),
        ("顺丰速运 已收取快件", ScanStage.PICKED_UP),
        ("【陕西省西安市周至县公司】 已收件 取件人: 某某", ScanStage.PICKED_UP),
        ("等待揽收中", ScanStage.UNKNOWN),
        ("商家已打单，等待快递员上门", ScanStage.UNKNOWN),
        ("【青岛转运中心】，正发往【广州番禺转运中心】", ScanStage.IN_TRANSIT),
        ("【山东省济南市孙村公司】 已收入", ScanStage.IN_TRANSIT),
        ("到【广州番禺转运中心】", ScanStage.ARRIVED),
        ("快件到达【武汉转运中心】", ScanStage.ARRIVED),
        ("【苏州市】的快递员正在第1次派件，请保持电话畅通", ScanStage.OUT_FOR_DELIVERY),
        ("快件已由菜鸟驿站代收，请及时取件", ScanStage.READY_FOR_PICKUP),
        ("【苏州市】您的快递已签收，签收人在【丰巢智能快递柜】领取", ScanStage.DELIVERED),
        ("客户签收人: 他人代签 已签收", ScanStage.DELIVERED),
        ("收件人拒收，快件将退回", ScanStage.RETURN_TO_SENDER),
        ("收件人拒收", ScanStage.REFUSED),
        ("已进行【问题件】上报，原因：电话联系不上", ScanStage.EXCEPTION),
        ("感谢使用", ScanStage.UNKNOWN),
        ("您的快件已签收，签收人：本人，如有破损请联系客服", ScanStage.DELIVERED),
        ("快件正在派送，请当面验收，如有破损请拒收", ScanStage.OUT_FOR_DELIVERY),
        ("预计3月2日到达", ScanStage.UNKNOWN),
        ("已从【杭州】发往【北京】，预计明天签收", ScanStage.IN_TRANSIT),
        ("商家已下单，快递员已揽收", ScanStage.PICKED_UP),
        ("快递员张三已取件", ScanStage.PICKED_UP),
        ("派送不成功，改日再派", ScanStage.EXCEPTION),
    ],
)
def test_it_names_the_stage(text: str, stage: ScanStage) -> None:
    assert stage_of(text) is stage
