"""The page of measures and standing: five views, figures pasted from the back office, standards, limits and penalties of the owner's."""

from tests.cast import Cast
from tests.workbench.seat import Seat

PAGE = (
    "领航员综合分行业排名 36% 售后服务 近30天平台求助率 2.46% 已达标 近30天3分钟人工回复率 52.17% 未达标（≥85%） 近30天在途订单退款时长 0.02小时 已达标"
    " 商品品质 近90天用户评价得分排名 12.60% 未达标 店铺活跃 近30天店铺活跃度 36% 未达标 特色服务 消费者体验提升计划开通状态 未开通去开通 未达标"
)


def test_a_page_of_the_back_office_tells_what_the_next_star_asks(lin: Seat, people: Cast) -> None:
    answer = lin.send_form(f"/shops/{people.shop_id}/standing/pages", {"text": PAGE}, page="/standing?view=shown")
    text = lin.get("/standing?view=stars").text

    assert answer.headers["location"].endswith("n=7")
    assert "36.00 %" in text
    assert "升到 3.0 星还差什么" in text


def test_every_view_opens_and_tells_what_it_is_for(lin: Seat, people: Cast, stocked: str) -> None:
    told = {view: lin.get(f"/standing?view={view}").text for view in ("measures", "stars", "restrictions", "ranking", "shown")}

    assert [
        view
        for view, word in {
            "measures": "品质退款率",
            "stars": "下一星级标准",
            "restrictions": "店铺二级限制",
            "ranking": "生效中的处罚",
            "shown": "识别并登记",
        }.items()
        if word not in told[view]
    ] == []
