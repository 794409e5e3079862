"""What came of asking: who wrote after being asked, and with which stars; silence that the platform filled is silence."""

from datetime import timedelta
from pathlib import Path

from tests.actions.activities.told import NOW, bought, number, reviewed, shop
from tests.cast import Cast
from zhanggui.actions.activities.asking import AskedRow, asking_of
from zhanggui.actions.house import House
from zhanggui.core.notices.steps import NoticeState, NoticeStep

ASK = """
    insert into notices (shop_id, order_no, step, state, script, said, gloss, since, released_at, moved_at)
    values (%s, %s, %s, %s, 'ask', '您好', 'hello', %s, %s, %s)
"""


def test_a_rating_of_the_platform_s_own_is_no_answer(house: House, people: Cast, tmp_path: Path) -> None:
    told = [bought(no, 40) for no in range(1, 5)]
    shop(house, people, tmp_path, *told, reviewed(1, 15, 40, 4), reviewed(2, 15, 40, 5, is_default=True), reviewed(3, 25, 40, 5))
    at = NOW - timedelta(days=20)
    with house.pool.connection() as tx:
        for no in range(1, 5):
            tx.execute(ASK, (people.shop_id, number(40, no), NoticeStep.REVIEW.value, NoticeState.SENT.value, at, at, at))

    assert asking_of(house, people.lin, people.shop_id, NOW).rows == (AskedRow("ask", 4, 1, 4),)
