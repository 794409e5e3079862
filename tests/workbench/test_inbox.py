"""The inbox: what is pasted is shown as it is read before anything of it is kept."""

from tests.cast import Cast
from tests.workbench.seat import Seat
from zhanggui.actions.house import House

PASTE = "张三 2026-11-21 14:20:05\n我的快递怎么还没到，电话13812345678\n客服小美 2026-11-21 14:21:30\n亲，今天18点前给您发\n"


def test_it_shows_what_a_paste_is_read_as_and_keeps_nothing_of_it(mei: Seat, people: Cast, house: House) -> None:
    read = mei.send_form(f"/shops/{people.shop_id}/pastes", {"text": "半句话\n" + PASTE, "step": "read"}, page="/inbox")

    assert "读出 2 条消息" in read.text
    assert "1 行没看懂" in read.text
    assert "承诺：今天18点前给您发" in read.text
    assert "13812345678" not in read.text.split("</textarea>", 1)[1]
    with house.pool.connection() as tx:
        assert tx.execute("select count(*) from conversations").fetchone() == (0,)


def test_it_takes_a_paste_in_once_it_was_looked_at(mei: Seat, people: Cast, house: House) -> None:
    taken = mei.send_form(f"/shops/{people.shop_id}/pastes", {"text": PASTE, "step": "take"}, page="/inbox")

    assert taken.status_code == 303
    with house.pool.connection() as tx:
        assert tx.execute("select count(*) from conversation_messages where shop_id = %s", [people.shop_id]).fetchone() == (2,)
