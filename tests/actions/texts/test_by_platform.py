"""Through the platform's own method a text goes to a ciphertext, once; what got lost is found in the platform's record."""

from datetime import timedelta
from typing import Any

from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.syncing import read_again
from zhanggui.actions.texts.deciding import let_texts_go
from zhanggui.actions.texts.sending import send_due_texts
from zhanggui.actions.texts.settling import NewWay, keep_ciphers, keep_template, keep_way
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.pdd.paces import Limits, Paces
from zhanggui.connectors.pdd.texts import SEND
from zhanggui.core.texts.kinds import TextKind, TextWay
from zhanggui.records import texts


class Forgetful(Line):
    """A line on which, when told to, the answer to a text is lost after the platform has given it."""

    loses = False

    def call(self, app: Any, call: Call[Any], **more: Any) -> Any:
        answer = super().call(app, call, **more)
        if self.loses and call.method == SEND:
            raise PlatformError(SEND, Trouble.RETRY, "no_answer", may_have_acted=True)
        return answer


def test_it_goes_to_a_ciphertext_once_and_a_lost_one_is_found_in_the_record(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        line = Forgetful(Paces(Limits(limit=())))
        door = Door(house, people.lin, people.shop_id, platform, line=line)
        keep_way(door.house, people.lin, people.shop_id, NewWay(way=TextWay.PLATFORM, sign="林记坚果", is_on=True), door.now)
        keep_template(door.house, people.lin, people.shop_id, TextKind.SHIPPED, TextWay.PLATFORM, "7001", "您的${title}已发出，请留意查收。", door.now)
        door.later(timedelta(hours=(30 - door.now.hour) % 24))  # in the middle of the day there
        first, second = door.orders(2)
        keep_ciphers(door.house, door.now, door.wall)
        for number, order_no in enumerate((first, second)):
            platform.ship(order_no, f"YT730000000000{number}")
            assert read_again(door.house, people.shop_id, "order", order_no, door.now, door.wall)

        let_texts_go(door.house, people.mei, people.shop_id, TextKind.SHIPPED, [first], door.now)
        send_due_texts(door.house, people.shop_id, door.now, door.wall)
        send_due_texts(door.house, people.shop_id, door.now, door.wall)
        line.loses = True
        let_texts_go(door.house, people.mei, people.shop_id, TextKind.SHIPPED, [second], door.now)
        send_due_texts(door.house, people.shop_id, door.now, door.wall)
        line.loses = False
        lost = states(door)
        door.later(timedelta(minutes=4))
        send_due_texts(door.house, people.shop_id, door.now, door.wall)

        sent = platform.ledger(effect="text.sent")

    assert lost == ["text_sent", "text_unsure"]
    assert states(door) == ["text_sent", "text_sent"]
    assert len(sent) == 2


def states(door: Door) -> list[str]:
    with door.house.pool.connection() as tx:
        return [each.state for each in reversed(texts.newest(tx, door.shop_id, 2**62, 9))]
