"""A person's own text is held against what must not be said before it goes out."""

from tests.cast import Cast
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide, stop
from zhanggui.core.acts import NoteOrder
from zhanggui.records.db import transact


def noted(house: House, people: Cast, note: str) -> int:
    return transact(house.pool, lambda tx: decide(tx, house, people.lin, people.shop_id, NoteOrder(order_no="1-1", note=note), NOW))


def test_it_shows_what_must_not_be_said_in_a_note_before_it_is_sent(lin: Seat, house: House, people: Cast) -> None:
    noted(house, people, "好评返现5元")

    page = lin.get("/acts").text

    assert '<blockquote class="draft small" lang="zh-Hans">好评返现5元</blockquote>' in page
    assert "不能说：“好评返现”" in page
    assert "《网络反不正当竞争暂行规定》第九条第（五）项" in page
    assert "欢迎您如实评价" in page


def test_it_explains_in_english_and_keeps_the_safe_sentence_chinese(lin: Seat, house: House, people: Cast) -> None:
    noted(house, people, "好评返现5元")
    lin.send_form("/language", {"language": "en"}, page="/acts")

    page = lin.get("/acts").text

    assert "Not to be said: “好评返现”" in page
    assert "E-commerce law, art. 17" in page
    assert "欢迎您如实评价" in page


def test_it_says_nothing_of_a_note_that_may_go_out_or_was_stopped(lin: Seat, house: House, people: Cast) -> None:
    noted(house, people, "装紧，放泡沫")
    stopped = transact(house.pool, lambda tx: decide(tx, house, people.lin, people.shop_id, NoteOrder(order_no="1-2", note="好评返现5元"), NOW))
    stop(house, people.lin, people.shop_id, stopped, NOW)

    page = lin.get("/acts").text

    assert "装紧，放泡沫" in page
    assert "不能说" not in page
