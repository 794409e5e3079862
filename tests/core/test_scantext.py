"""A tracking text names its stage in Chinese; what it does not name stays unknown."""

from time import monotonic

import pytest

from zhanggui.core.facts import ScanStage
from zhanggui.core.scantext import Reading, read_scan, stage_of


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("【杭州市】已揽收", ScanStage.PICKED_UP),
        ("顺丰速运 已收取快件", ScanStage.PICKED_UP),
        ("【陕西省西安市周至县公司】 已收件 取件人: 某某", ScanStage.PICKED_UP),
        ("等待揽收中", ScanStage.UNKNOWN),
        ("商家已打单，等待快递员上门", ScanStage.UNKNOWN),
        ("【青岛转运中心】，正发往【广州番禺转运中心】", ScanStage.IN_TRANSIT),
        ("【山东省济南市孙村公司】 已收入", ScanStage.ARRIVED),
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
        ("您的订单已由本人签收。感谢您在京东购物，欢迎您再次光临！", ScanStage.DELIVERED),
        ("配送员开始配送，请您准备收货，配送员，张三，手机号，13800000000", ScanStage.OUT_FOR_DELIVERY),
        ("货物已到达【北京通州配送站】", ScanStage.ARRIVED),
        ("货物已分配，等待配送", ScanStage.ARRIVED),
        ("货物已完成分拣，离开【北京马驹桥分拣中心】", ScanStage.IN_TRANSIT),
        ("您的快件在【北京通州营业部】分拣完成", ScanStage.IN_TRANSIT),
        ("您的订单已送达【XX自提点】，请您尽快取货", ScanStage.READY_FOR_PICKUP),
        ("您的包裹已由物流公司揽收", ScanStage.PICKED_UP),
        ("【杭州市】您的包裹已存放至【菜鸟驿站】，请凭取件码6-1-2222前来领取", ScanStage.READY_FOR_PICKUP),
        ("快件离开【义乌转运中心】已发往【上海转运中心】", ScanStage.IN_TRANSIT),
        ("【邮件已收寄】，揽投员:张三", ScanStage.PICKED_UP),
        ("【北京市】已收寄,揽投员:张三,电话:13800000000", ScanStage.PICKED_UP),
        ("离开【杭州邮件处理中心】，下一站【北京综合邮件处理中心】", ScanStage.IN_TRANSIT),
        ("到达【北京综合邮件处理中心】（经转）", ScanStage.ARRIVED),
        ("【北京市朝阳区揽投部】安排投递,投递员:李四", ScanStage.OUT_FOR_DELIVERY),
        ("已妥投【本人签收】", ScanStage.DELIVERED),
        ("未妥投，备注（收件人名址有误），安排二次投递", ScanStage.EXCEPTION),
        ("已签收,他人代收：门卫", ScanStage.DELIVERED),
        ("已投递到包裹柜", ScanStage.READY_FOR_PICKUP),
        ("快件派送不成功(因客户电话无人接听),待再次派送", ScanStage.EXCEPTION),
        ("您的快件因收方客户要求改期派送", ScanStage.EXCEPTION),
        ("应客户要求，快件正在转寄中", ScanStage.EXCEPTION),
        ("快件已退回，退回寄件人", ScanStage.RETURN_TO_SENDER),
        ("您的快件已拒收，退回中", ScanStage.RETURN_TO_SENDER),
        ("【苏州市】包裹已签收！（凭取件码）如有问题请联系：13800000000", ScanStage.DELIVERED),
        ("快件已被【XX小区菜鸟驿站】的【老板】揽收", ScanStage.PICKED_UP),
        ("包裹正在等待揽收", ScanStage.UNKNOWN),
        ("商家正在通知快递公司揽件", ScanStage.UNKNOWN),
        ("您的包裹已出库", ScanStage.UNKNOWN),
        ("快件到达【杭州下沙营业部】，正准备派送", ScanStage.OUT_FOR_DELIVERY),
        ("因天气原因，快件延误", ScanStage.EXCEPTION),
        ("快件已由【丰巢快递柜】取出", ScanStage.DELIVERED),
        ("快件已在代理点被取走", ScanStage.DELIVERED),
        ("收件人已取走包裹", ScanStage.DELIVERED),
        ("已到达派送网点", ScanStage.ARRIVED),
        ("卖家发货", ScanStage.UNKNOWN),
        ("【深圳市】快件到达【深圳福田站】，正在分配派件员", ScanStage.ARRIVED),
        ("您的快件已到达【深圳市】，快递员正在为您派送，请保持电话畅通", ScanStage.OUT_FOR_DELIVERY),
        ("[北京市]由【北京朝阳区】发往【上海】", ScanStage.IN_TRANSIT),
        ("快件在【东莞】完成分拣，准备发往【深圳】", ScanStage.IN_TRANSIT),
        ("快件正送往【上海中转场】", ScanStage.IN_TRANSIT),
        ("正在派送途中,请您准备签收(派件人:张三,电话:13800000000)", ScanStage.OUT_FOR_DELIVERY),
        ("代理点签收", ScanStage.DELIVERED),
        ("已代签收，【物业】", ScanStage.DELIVERED),
        ("快递员已上门揽收", ScanStage.PICKED_UP),
        ("【某市】已揽件，小件员：张三", ScanStage.PICKED_UP),
        ("派件已【签收】,签收人是【本人】", ScanStage.DELIVERED),
        ("【武汉】已发出", ScanStage.IN_TRANSIT),
        ("货物到中转站", ScanStage.ARRIVED),
        ("快件转运中", ScanStage.IN_TRANSIT),
        ("您的快件已被退件签收", ScanStage.RETURN_TO_SENDER),
        ("快件已破损，联系客户中", ScanStage.EXCEPTION),
        ("快件遗失", ScanStage.EXCEPTION),
        ("客户要求拦截，拦截成功", ScanStage.EXCEPTION),
        ("更改收件地址，转其他网点派送", ScanStage.EXCEPTION),
        ("快件已送达，暂存至妈妈驿站，请及时取件", ScanStage.READY_FOR_PICKUP),
        ("电话无人接听，再次派送", ScanStage.EXCEPTION),
        ("疫情管控，暂停派送", ScanStage.EXCEPTION),
        ("正在清关", ScanStage.IN_TRANSIT),
        ("航班起飞", ScanStage.IN_TRANSIT),
        ("快件已装箱", ScanStage.IN_TRANSIT),
        ("包裹已送至客户手中", ScanStage.DELIVERED),
    ],
)
def test_it_names_the_stage(text: str, stage: ScanStage) -> None:
    assert stage_of(text) is stage


def test_it_names_the_words_that_decided_and_the_place() -> None:
    reading = read_scan("【武汉市】快件离开【武汉转运中心】已发往【义乌转运中心】")

    assert reading == Reading(ScanStage.IN_TRANSIT, 0.95, "离开", "武汉转运中心")


def test_it_is_sure_of_nothing_where_it_knows_no_word() -> None:
    assert read_scan("祝您生活愉快") == Reading(ScanStage.UNKNOWN, 0.0, "", None)


def test_it_is_less_sure_of_words_in_brackets() -> None:
    assert read_scan("【邮件已收寄】，揽投员") == Reading(ScanStage.PICKED_UP, 0.78, "已收寄", "邮件已收寄")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("到杭州市【杭州转运中心】", "杭州转运中心"),
        ("已到达-浙江杭州公司", "浙江杭州公司"),
        ("浙江杭州公司-已发往-浙江宁波公司", "浙江杭州公司"),
        ("快件已暂存至老张菜鸟驿站，请取件", "老张菜鸟驿站"),
        ("【浙江省杭州市】 已发出 下一站 【宁波转运中心】", None),
        ("已签收", None),
    ],
)
def test_it_finds_where_the_parcel_is_and_not_where_it_goes(text: str, place: str | None) -> None:
    assert read_scan(text).place == place


@pytest.mark.parametrize("text", ["已" * 100_000, "被" * 100_000, "【" * 100_000, "（" * 100_000, "如有" * 50_000, "正在派" * 30_000])
def test_no_text_takes_long_to_read(text: str) -> None:
    before = monotonic()

    read_scan(text)

    assert monotonic() - before < 0.5
