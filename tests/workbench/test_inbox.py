"""The inbox: whom to answer first, the talk and what is known around it, what a rep does there, and a paste shown as it is read before anything is kept."""

from datetime import timedelta

import pytest

from tests.cast import Cast
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from tests.workbench.shop_files import SOON
from zhanggui import clock
from zhanggui.actions.bridge_tokens import bearer_of, make_token, note_look
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.conversations.handing import answers_out, release
from zhanggui.actions.house import House
from zhanggui.actions.inbox.saying import words_mark
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.chats.shapes import Who

PASTE = "张三 2026-11-21 14:20:05\n我的快递怎么还没到，电话13812345678\n客服小美 2026-11-21 14:21:30\n亲，今天18点前给您发\n"


def asks(house: House, people: Cast, who: str, said: str, minutes_ago: float, order_no: str | None = None) -> int:
    """A buyer writes through a service tool; the number of the thread."""
    at = NOW - timedelta(minutes=minutes_ago)
    incoming = Incoming(message_id=f"{who}{minutes_ago}", external_id=who, who=Who.BUYER, name=who, said=said, at=at, order_no=order_no)
    return take_message(house, people.mei, people.shop_id, incoming, NOW).thread_no


@pytest.fixture
def thread(mei: Seat, house: House, people: Cast) -> str:
    """The page of a buyer who has waited for a minute."""
    return f"/shops/{people.shop_id}/threads/{asks(house, people, '王小明', '什么时候发货呀', 1)}"


def test_it_lists_first_whom_an_answer_still_reaches_in_time(mei: Seat, house: House, people: Cast) -> None:
    late = asks(house, people, "迟到的", "在吗", 9)
    soon = asks(house, people, "快到点", "发了吗", 1)
    fresh = asks(house, people, "刚来的", "你好", 0.1)

    page = mei.get("/inbox").text

    places = [page.index(f'id="thread-{people.shop_id}-{no}"') for no in (soon, fresh, late)]
    assert places == sorted(places)
    assert 'data-due="2026-11-21T06:32:00+00:00"' in page


def test_it_shows_the_talk_with_the_words_that_decided_and_an_answer_to_be_said(mei: Seat, thread: str) -> None:
    page = mei.get(thread).text

    assert "<mark>什么时候发货</mark>" in page
    assert "王*明" in page or "王**" in page
    assert "王小明" not in page
    assert 'id="composer-said"' in page
    assert 'id="draft-1"' in page


def test_it_is_drawn_alike_for_the_stream_that_keeps_it_in_step(mei: Seat, thread: str, people: Cast) -> None:
    number = thread.rsplit("/", 1)[1]

    empty, opened = mei.get("/live/inbox"), mei.get(f"/live/inbox?thread_shop={people.shop_id}&thread_no={number}")

    assert empty.status_code == opened.status_code == 200
    assert f'id="thread-{people.shop_id}-{number}"' in empty.text
    assert 'id="composer-said"' in opened.text


def test_it_keeps_what_a_rep_says_was_sent_and_the_buyer_waits_no_more(mei: Seat, thread: str, people: Cast) -> None:
    answer = mei.send_form(f"{thread}/answers", {"said": "您好，您的订单今天18点前发出。"}, page=thread)

    assert answer.headers["location"] == f"{thread}?done=said"
    page = mei.get(thread).text
    assert "您好，您的订单今天18点前发出。" in page
    assert "今天18点前发出" in page.split("承诺", 1)[1]
    assert "小美 在接" in page
    assert f'id="thread-{people.shop_id}-' not in mei.get("/inbox").text
    assert f'id="thread-{people.shop_id}-' in mei.get("/inbox?view=mine").text


def test_the_talk_shows_the_order_beside_it_and_the_order_its_talk_and_what_was_promised(mei: Seat, stocked: str, house: House, people: Cast) -> None:
    talk = f"/shops/{people.shop_id}/threads/{asks(house, people, '王小明', '什么时候发货呀', 1, SOON)}"
    mei.send_form(f"{talk}/answers", {"said": "您好，您的订单今天18点前发出。"}, page=talk)

    page, order = mei.get(talk).text, mei.get(f"/shops/{people.shop_id}/orders/{SOON}").text

    assert f'href="/shops/{people.shop_id}/orders/{SOON}"' in page
    assert "时限</h3>" in page
    assert f'href="{talk}"' in order
    assert "今天18点前发出" in order.split("承诺</h3>", 1)[1]


def test_it_says_what_must_not_be_said_while_it_is_typed(mei: Seat, thread: str, people: Cast) -> None:
    bad = mei.send_form(f"/shops/{people.shop_id}/checking", {"said": "亲，五星好评返现5元哦"}, page=thread)
    good = mei.send_form(f"/shops/{people.shop_id}/checking", {"said": "您好，马上为您查"}, page=thread)
    by_tool = mei.send_form(f"/shops/{people.shop_id}/checking", {"said": "快递员电话13912345678", "tool": "1"}, page=thread)
    by_hand = mei.send_form(f"/shops/{people.shop_id}/checking", {"said": "快递员电话13912345678"}, page=thread)

    assert "可以这样说" in bad.text
    assert good.text.strip() == ""
    assert "买家会看到星号" in by_tool.text
    assert "买家会看到星号" not in by_hand.text


def test_an_answer_goes_to_the_tool_that_brought_the_talk_while_it_listens(mei: Seat, thread: str, house: House, people: Cast) -> None:
    wall = clock.unwound()
    token = make_token(house, people.lin, people.shop_id, "客服工具", [Scope.ANSWERS_SEND], clock.now(), wall).token
    tool = bearer_of(house, token, wall)
    assert tool is not None
    note_look(house, tool, wall)

    held = mei.send_form(f"{thread}/answers", {"said": "五星好评返现5元", "tool": "1"}, page=thread)
    read = {"despite": words_mark("五星好评返现5元"), "tool": "1"}
    other = mei.send_form(f"{thread}/answers", {"said": "五星好评返现10元", **read}, page=thread)
    starred = mei.send_form(f"{thread}/answers", {"said": "快递员电话13912345678", "tool": "1"}, page=thread)
    answer = mei.send_form(f"{thread}/answers", {"said": "您好，马上为您查", "tool": "1"}, page=thread)

    assert "可以这样说" in held.text
    assert f'name="despite" value="{read["despite"]}"' in held.text
    assert "可以这样说" in other.text
    assert ">五星好评返现5元</textarea>" in held.text
    assert ">快递员电话13912345678</textarea>" in starred.text
    assert "买家会看到星号" in starred.text
    assert answer.headers["location"] == f"{thread}?done=given"
    assert "回复发送中" in mei.get("/inbox").text
    assert [each.said for each in answers_out(house, people.mei, people.shop_id)] == ["您好，马上为您查"]


@pytest.mark.parametrize(
    ("listens", "told", "says"),
    [(False, {"tool": "1"}, "没有记下，也没有发出"), (True, {}, "还没有交给客服工具"), (True, {"tool": "1", "copied": "1"}, "还没有交给客服工具")],
    ids=["the tool fell silent", "the tool is back", "it was copied"],
)
def test_an_answer_that_would_go_another_way_than_the_page_said_is_kept_by_nobody(
    mei: Seat, thread: str, house: House, people: Cast, *, listens: bool, told: dict[str, str], says: str
) -> None:
    wall = clock.unwound()
    tool = bearer_of(house, make_token(house, people.lin, people.shop_id, "客服工具", [Scope.ANSWERS_SEND], clock.now(), wall).token, wall)
    assert tool is not None
    if listens:
        note_look(house, tool, wall)

    shown = mei.send_form(f"{thread}/answers", {"said": "您好，马上为您查", **told}, page=thread)

    assert says in shown.text
    assert ">您好，马上为您查</textarea>" in shown.text
    assert answers_out(house, people.mei, people.shop_id) == ()
    assert f'id="thread-{people.shop_id}-' in mei.get("/inbox").text


def test_promises_are_held_against_the_limit_of_the_order(mei: Seat, stocked: str, house: House, people: Cast) -> None:
    number = asks(house, people, "王小明", "什么时候发货呀", 1, SOON)
    talk, words = f"/shops/{people.shop_id}/threads/{number}", {"said": "您好，24小时内给您发出。"}

    of_the_order = mei.send_form(f"/shops/{people.shop_id}/checking", {**words, "thread": str(number)}, page=talk)
    of_none = mei.send_form(f"/shops/{people.shop_id}/checking", words, page=talk)

    assert "可以这样说" in of_the_order.text
    assert of_none.text.strip() == ""


def test_an_answer_that_no_tool_has_fetched_is_taken_back_from_the_talk(mei: Seat, thread: str, house: House, people: Cast) -> None:
    number = int(thread.rsplit("/", 1)[1])
    key = release(house, people.mei, people.shop_id, number, "您好，马上为您查", NOW).message_key

    shown = mei.get(thread).text
    back = mei.send_form(f"{thread}/steps", {"step": "take_back", "key": key}, page=thread)

    assert f'name="key" value="{key}"' in shown
    assert back.headers["location"] == f"{thread}?done=taken_back"
    assert "您好，马上为您查" not in mei.get(thread).text
    assert answers_out(house, people.mei, people.shop_id) == ()


def test_needs_no_answer_settles_what_stood_on_the_page_alone(mei: Seat, thread: str, house: House, people: Cast) -> None:
    seen = mei.get(thread).text.split('name="seen" value="', 1)[1].split('"', 1)[0]
    asks(house, people, "王小明", "还有一件事，能改地址吗", 0.2)

    mei.send_form(f"{thread}/steps", {"step": "settle", "seen": seen}, page=thread)

    assert "还有一件事，能改地址吗" in mei.get("/inbox").text


def test_it_takes_puts_off_and_settles_a_talk(mei: Seat, thread: str) -> None:
    for step, more, shown in (
        ("take", {}, "小美 在接"),
        ("put_off", {"until": "2026-11-21T15:00"}, "推迟到"),
        ("take_up", {}, "推迟</span>"),
        ("settle", {}, "不接了"),
        ("let_go", {}, "我来接"),
    ):
        assert mei.send_form(f"{thread}/steps", {"step": step, **more}, page=thread).status_code == 303
        assert shown in mei.get(thread).text


def test_it_finds_a_buyer_by_name_or_by_words(mei: Seat, thread: str) -> None:
    assert "thread-" in mei.get("/inbox?find=发货").text
    assert 'class="threadrow' not in mei.get("/inbox?find=没有这个词").text


def test_it_offers_quick_replies_that_hold_the_words(mei: Seat, thread: str) -> None:
    assert 'class="reply"' in mei.get(f"{thread}/replies?q=您好").text


def test_it_shows_nothing_of_a_shop_to_the_owner_of_another(lin: Seat, thread: str, at_desk, people: Cast) -> None:  # type: ignore[no-untyped-def]
    other = at_desk(people.zheng)

    assert other.get(thread).status_code == 404
    assert "thread-" not in other.get("/inbox").text


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


@pytest.mark.parametrize(
    "path", ["/shops/{shop}/threads/99999999999999999999999", "/shops/{shop}/threads/777777", "/live/inbox?thread_shop={shop}&thread_no=777777"]
)
def test_it_finds_no_talk_that_is_not_there(mei: Seat, people: Cast, path: str) -> None:
    assert mei.get(path.format(shop=people.shop_id)).status_code == 404
