"""The buttons that send something to the platform, on every page that has them: each says what it showed, and sends nothing else."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from zhanggui.actions.house import House
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.money import Fen


@pytest.fixture
def door(lin: Seat, house: House, people: Cast) -> Iterator[Door]:
    """The shop connected to a platform, whose buyer asks for the money back an hour before the story's moment."""
    with running(quiet(start=(NOW - timedelta(hours=4)).isoformat())) as platform:
        yield Door(house, people.lin, people.shop_id, platform)


def sending(page: str, door: Door) -> dict[str, str]:
    """The hidden fields of the page's form that agrees to the refund, but for its token."""
    forms = re.findall(rf'<form[^>]*action="/shops/{door.shop_id}/acts".*?</form>', page, re.DOTALL)
    fields = [dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)) for form in forms]
    (found,) = [each for each in fields if each["act"] == ActKind.REFUND_AGREE.value]
    return {name: value for name, value in found.items() if not name.startswith("_")}


@pytest.mark.parametrize("page", ["todos/aftersale/answer_refund?no={case}", "aftersales/{case}", "orders/{order}/answers"])
def test_it_sends_no_sum_that_the_page_did_not_show(lin: Seat, door: Door, page: str) -> None:
    door.put(ActKind.REFUND_AGREE, ActLevel.SUGGEST)
    order_no, case_no = door.refund_asked()
    path, acts = f"/shops/{door.shop_id}/{page.format(case=case_no, order=order_no)}", f"/shops/{door.shop_id}/acts"
    seen = sending(lin.get(path).text, door)

    door.asks_for(case_no, Fen(30_000))
    stale, bare = lin.send_form(acts, seen), lin.send_form(acts, {**seen, "saw": ""})
    sent_before = door.acts()
    fresh = lin.send_form(acts, sending(lin.get(path).text, door))

    assert [answer.status_code for answer in (stale, bare, fresh)] == [422, 422, 303]
    assert "现在的退款金额是 ¥300.00" in stale.text
    assert sent_before == []
    assert [act.money for act in door.acts()] == [30_000]
