"""The pages of reviews: lists in both languages, an answer that leads to the next review, a report, a paste, expert reviews; and who may do what."""

from collections.abc import Callable

from tests.cast import Cast
from tests.workbench.seat import Seat
from tests.workbench.shop_files import LATE, SENT
from zhanggui.people.permissions import Person

BAD, WORSE = SENT, LATE
PASTE = f"""评价列表
订单编号：{BAD} 评价时间：2026-11-21 09:00
描述相符 1分
评价内容：质量太差，傻逼商家，不给返现就等着差评
订单编号：{WORSE} 评价时间：2026-11-21 10:00
描述相符 2分
评价内容：包装破了
"""


def _pasted(who: Seat, people: Cast) -> None:
    shop = f"/shops/{people.shop_id}"
    answer = who.send_form(f"{shop}/pasted_reviews", {"text": PASTE, "do": "take"}, page="/reviews/paste")
    assert answer.headers["location"] == f"/reviews?view=all&shop={people.shop_id}&done=taken"


def test_it_leads_from_a_paste_to_answers_one_review_after_the_other(stocked: str, lin: Seat, mei: Seat, people: Cast) -> None:
    assert stocked
    shop = f"/shops/{people.shop_id}"
    one, other = f"{shop}/reviews/{BAD}/{BAD}", f"{shop}/reviews/{WORSE}/{WORSE}"

    looked = mei.send_form(f"{shop}/pasted_reviews", {"text": PASTE, "do": "look"}, page="/reviews/paste").text
    none = mei.get("/reviews").text
    _pasted(mei, people)
    waiting = mei.get("/reviews?view=waiting").text
    page = mei.get(other).text
    answered = mei.send_form(f"{other}/answer", {"said": "东西没有包好，抱歉。", "script": "review_reply_packaging", "do": "answered"}, page=other)
    badly = mei.send_form(f"{one}/answer", {"said": "亲，改好评返现5元", "do": "answered"}, page=one)
    after = mei.get(badly.headers["location"]).text
    again = mei.send_form(f"{one}/answer", {"do": "reopen"}, page=one)
    empty = mei.send_form(f"{one}/answer", {"said": " "}, page=one)
    lin.send_form("/language", {"language": "en"})

    assert "包装破了" in looked
    assert "评价列表" in looked
    assert "中差评都已回复" in none
    assert (BAD in waiting, WORSE in waiting) == (True, True)
    assert "东西没有包好，让您收到时不放心，抱歉" in page
    assert answered.headers["location"] == f"{one}?done=answered"
    assert badly.headers["location"] == f"{one}?done=answered_badly"
    assert "用好处换评价" in after or "红包、赠品或让利" in after
    assert again.headers["location"] == f"{one}?done=reopened"
    assert empty.status_code == 422
    assert [lin.get(path).status_code for path in (one, "/reviews?view=all", "/reviews?view=reported", "/reviews/experts", "/reviews/paste")] == [200] * 5
    assert "What the buyer says" in lin.get(one).text
    assert lin.get("/reviews?view=all&stars=9").status_code == 422
    assert lin.get("/reviews?view=none").status_code == 404


def test_it_reports_a_review_once_and_shows_an_outsider_nothing(stocked: str, lin: Seat, mei: Seat, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    assert stocked
    shop = f"/shops/{people.shop_id}"
    one = f"{shop}/reviews/{BAD}/{BAD}"
    _pasted(lin, people)

    seen = mei.get(one).text
    reported = mei.send_form(f"{one}/report", {"ground": "ground_abuse"}, page=one)
    again = mei.send_form(f"{one}/report", {"ground": "ground_extortion"}, page=one)
    register = mei.get(f"/complaints?view=register&shop={people.shop_id}").text
    zhou, zheng = at_desk(people.zhou), at_desk(people.zheng)

    assert seen.index("ground_abuse") < seen.index("ground_extortion")
    assert '<mark class="bad"' in seen
    assert (reported.headers["location"], again.status_code) == (f"{one}?done=reported", 422)
    assert "评价写有“傻逼”" in register
    assert BAD in mei.get("/reviews?view=reported").text
    assert zhou.get(one).status_code == 200
    assert zhou.send_form(f"{one}/answer", {"said": "谢谢"}).status_code == 404
    assert [zheng.get(one).status_code, zheng.send_form(f"{one}/report", {"ground": "ground_abuse"}).status_code] == [404, 404]


def test_it_follows_the_report_of_an_expert_review_to_its_end(stocked: str, mei: Seat, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    assert stocked
    shop = f"/shops/{people.shop_id}"
    told = {"goods_id": "901", "title": "坚果礼盒", "author": "美食达人", "said": "大家去老王旗舰店买，电话13812345678", "placed_at": "2026-11-20 09:00"}

    kept = mei.send_form(f"{shop}/experts", told, page="/reviews/experts")
    number = kept.headers["location"].rpartition("-")[2]
    found = mei.get("/reviews/experts?q=坚果").text
    path = f"{shop}/experts/{number}"
    hollow = mei.send_form(path, {"event": "expert.prepare", "reason": "广告"}, page="/reviews/experts")
    strange = mei.send_form(path, {"event": "expert.prepare", "reason": "广告", "report": "引流", "order_no": BAD, "pieces": "9"}, page="/reviews/experts")
    steps = [
        mei.send_form(path, told, page="/reviews/experts").status_code
        for told in (
            {"event": "expert.prepare", "reason": "引流", "report": "该心得引流到其他店铺"},
            {"event": "expert.file"},
            {"event": "expert.win"},
            {"event": "expert.file"},
        )
    ]
    forgotten = mei.send_form(path, {"event": "forget"}, page="/reviews/experts")

    assert "138****5678" in found
    assert "13812345678" not in found
    assert "同行恶意差评" in found
    assert "没有符合条件的行家心得" in mei.get("/reviews/experts?goods=902").text
    assert [hollow.status_code, strange.status_code, *steps, forgotten.status_code] == [422, 422, 303, 303, 303, 422, 422]
    assert "已下架" in mei.get("/reviews/experts?stands=expert_taken_down").text
    assert at_desk(people.zheng).send_form(path, {"event": "expert.file"}, page="/today").status_code == 404


def test_an_answer_as_long_as_the_field_allows_is_taken_with_the_line_ends_of_browsers(stocked: str, mei: Seat, people: Cast) -> None:
    assert stocked
    _pasted(mei, people)
    one = f"/shops/{people.shop_id}/reviews/{BAD}/{BAD}"
    said = "\r\n".join(["感谢您的反馈" + "好" * 118] * 4)

    answered = mei.send_form(f"{one}/answer", {"said": said, "do": "answered"}, page=one)

    assert answered.headers["location"].endswith("?done=answered")
