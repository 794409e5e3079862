"""The page of measures and standing: five views, figures pasted from the back office, standards, limits and penalties of the owner's."""

import re
from collections.abc import Callable

from tests.cast import Cast
from tests.workbench.seat import Seat
from zhanggui.people.permissions import Person

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


def test_a_measure_tells_its_orders_its_formula_and_where_its_list_goes_on(lin: Seat, at_desk: Callable[[Person], Seat], people: Cast, stocked: str) -> None:
    here = f"/shops/{people.shop_id}/measures/quality_refund_rate"

    whole = lin.get(f"{here}?side=denominator").text
    odd = [lin.get(f"{here}?{query}").status_code for query in ("side=other", "after=x", "after=WzFd")]
    unknown = lin.get(f"/shops/{people.shop_id}/measures/shop_activity").text

    assert re.findall(r'data-open href="(/shops/\d+/orders/[^"]+)"', whole)
    assert "发货超 24 小时或已签收" in whole  # an older version of the formula stands below
    assert odd == [200, 422, 422]
    assert "不计算：构成从未公布" in unknown
    assert lin.get(f"/shops/{people.shop_id}/measures/no_such").status_code == 404
    assert at_desk(people.zheng).get(here).status_code == 404


def test_the_owner_enters_standards_penalties_and_single_figures_and_a_rep_only_sees_them(lin: Seat, mei: Seat, people: Cast) -> None:
    shop = f"/shops/{people.shop_id}/standing"
    page = "/standing?view=shown"

    lin.send_form(f"{shop}/lines", {"kind": "limit", "name": "pdd.quality_restriction", "value": "1.25", "source": "后台"}, page=page)
    lin.send_form(f"{shop}/readings", {"figure": "help_rate", "value": "2.46", "day": "2026-11-19"}, page=page)
    lin.send_form(f"{shop}/penalties", {"title": "二级<b>限制", "until": "2026-11-25"}, page=page)
    refused = [
        mei.send_form(f"{shop}/{what}", {"text": "品质退款率 2%"}).status_code for what in ("pages", "readings", "lines", "penalties", "penalties/1/end")
    ]
    odd = [
        lin.send_form(f"{shop}/{what}", form, page=page).status_code
        for what, form in {"lines": {"kind": "x"}, "readings": {"figure": "x"}, "penalties": {"title": " "}, "pages": {"text": "没有"}}.items()
    ]

    assert "1.25 %" in mei.get("/standing?view=restrictions").text
    assert "2.46 %" in mei.get(page).text
    assert "识别并登记" not in mei.get(page).text
    assert "二级&lt;b&gt;限制" in mei.get("/standing?view=ranking").text
    assert "还剩 5 天" in mei.get("/standing?view=ranking").text
    assert (refused, odd) == ([404] * 5, [422] * 4)
