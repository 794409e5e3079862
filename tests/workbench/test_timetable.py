"""The Timetable page: who is at work, what waits, what went wrong, and what to do about it."""

from collections.abc import Callable
from datetime import timedelta

from tests.cast import Cast
from tests.workbench.seat import Seat
from zhanggui import clock
from zhanggui.actions.hints import note
from zhanggui.actions.house import House
from zhanggui.actions.lanes import ShopRests, let_rest
from zhanggui.actions.presence import say_alive
from zhanggui.actions.reading_again import read_hints
from zhanggui.actions.syncing import ToldAgain
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.core.say import say
from zhanggui.people.permissions import Person
from zhanggui.worker.loop import Worker

ORDER = "261121-000000000000001"


def refuse(*_: object, **__: object) -> ToldAgain:
    """A platform that does not know the order."""
    raise PlatformError("pdd.order.information.get", Trouble.FOREVER, "foreign", code=45001, text="订单不存在")


def give_up(house: House, people: Cast) -> None:
    """A hint that could not be read."""
    with house.pool.connection() as tx:
        note(tx, people.shop_id, "order", ORDER, clock.unwound() - timedelta(minutes=5), "asked")
    read_hints(house, people.shop_id, clock.now(), clock.unwound(), "a worker", read=refuse)


def test_it_warns_when_no_worker_is_at_work_and_names_those_who_are(lin: Seat, house: House) -> None:
    before = lin.get("/timetable").text
    say_alive(house, "kitchen:17:abc", clock.unwound())
    after = lin.get("/timetable").text

    assert "没有后台进程在工作" in before
    assert "没有后台进程在工作" not in after
    assert "kitchen:17:abc" in after


def test_it_tells_when_each_chore_was_done_and_is_done_next(lin: Seat, house: House) -> None:
    Worker(house, lanes=()).tick(clock.unwound() - timedelta(minutes=30))

    page = lin.get("/timetable").text

    assert "30 分钟前" in page
    assert "5 小时 29 分后" in page
    assert "每 6 小时" in page


def test_it_shows_what_could_not_be_read_with_what_to_do_and_has_it_tried_again(lin: Seat, house: House, people: Cast) -> None:
    give_up(house, people)
    page = lin.get("/timetable").text

    answer = lin.send_form("/timetable/unread", page="/timetable")
    after = lin.get(answer.headers["location"]).text

    assert ORDER in page
    assert "已放弃" in page
    assert "45001 订单不存在" in page
    assert "正在重新读取 1 项" in after
    assert "已放弃" not in after


def test_it_shows_which_shop_rests_and_why(lin: Seat, house: House, people: Cast) -> None:
    trouble = say("The platform found it too much.")
    with house.pool.connection() as tx:
        note(tx, people.shop_id, "order", ORDER, clock.unwound(), "asked")
    for _ in range(9):
        let_rest(house, "hints", people.shop_id, ShopRests(trouble), clock.unwound())

    page = lin.get("/timetable").text

    assert "The platform found it too much." in page
    assert "连续 9 次" in page
    assert "分钟后再试" in page


def test_it_shows_nobody_the_shops_of_others(at_desk: Callable[[Person], Seat], house: House, people: Cast) -> None:
    give_up(house, people)
    zheng = at_desk(people.zheng)

    page = zheng.get("/timetable").text
    zheng.send_form("/timetable/unread", page="/timetable")

    assert ORDER not in page
    assert "林记坚果" not in page
    with house.pool.connection() as tx:
        row = tx.execute("select look_at from hints where no = %s", (ORDER,)).fetchone()
    assert row == (None,)


def test_it_shows_a_rep_the_chores_and_no_shop(mei: Seat, house: House, people: Cast) -> None:
    give_up(house, people)

    page = mei.get("/timetable").text

    assert "定时事务" in page
    assert ORDER not in page
    assert "再试已放弃的" not in page
