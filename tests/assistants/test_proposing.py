"""What an assistant proposes waits for a person: nothing reaches the platform before, and then once."""

from collections.abc import Iterator

import msgspec
import pytest

from tests.actions.outbox.door import Door
from tests.assistants.test_tools import ask, called, caller
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.outbox import confirm
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.bridge.scopes import Scope
from zhanggui.people.permissions import NotAllowed

REFUND = ActKind.REFUND_AGREE


@pytest.fixture
def door(house: House, people: Cast) -> Iterator[Door]:
    """A connected shop."""
    with running(quiet()) as platform:
        yield Door(house, people.lin, people.shop_id, platform)


def test_it_proposes_and_a_person_sends(door: Door, house: House, people: Cast) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _, case_no = door.refund_asked()
    by = msgspec.structs.replace(caller(house, people, Scope.ACTS_PROPOSE), now=lambda: door.now)
    asked = {"subject": "aftersale", "no": case_no, "kind": "answer_refund"}

    first, again = ask(by, "propose_act", **asked), ask(by, "propose_act", **asked)
    door.works()

    assert (first["act"], first["state"], first["is_new"], again["is_new"]) == ("refund.agree", "proposed", True, False)
    assert again["act_no"] == first["act_no"]
    assert door.told(REFUND) == 0
    with pytest.raises(NotAllowed):
        confirm(house, by.person, people.shop_id, first["act_no"], door.now)
    confirm(house, people.lin, people.shop_id, first["act_no"], door.now)
    door.works()
    assert door.happened(REFUND, after_sales_id=case_no) == 1
    assert door.journal() == ["act_limits_set", "act_proposed", "announced", "sending", "carried_out"]


def test_a_person_who_decides_the_same_takes_the_proposal_up(door: Door, house: House, people: Cast) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _, case_no = door.refund_asked()
    by = msgspec.structs.replace(caller(house, people, Scope.ACTS_PROPOSE), now=lambda: door.now)
    proposed = ask(by, "propose_act", subject="aftersale", no=case_no, kind="answer_refund")

    pressed = door.sends(case_no)
    door.works()

    assert pressed == proposed["act_no"]
    assert door.happened(REFUND, after_sales_id=case_no) == 1
    assert door.act(pressed).state == "carried_out"


def test_it_proposes_nothing_that_is_off_or_that_the_house_does_by_itself(door: Door, house: House, people: Cast) -> None:
    _, case_no = door.refund_asked()
    by = msgspec.structs.replace(caller(house, people), now=lambda: door.now)
    asked = {"subject": "aftersale", "no": case_no, "kind": "answer_refund"}

    off = called(by, "propose_act", **asked).text
    other = called(by, "propose_act", **asked, act="ship.upload").text
    door.put(REFUND, ActLevel.ACT)
    alone = called(by, "propose_act", **asked).text

    assert off == "agreement to a refund is off in this shop. An owner can change that under Automatic handling."
    assert other == "This to-do calls for no such act on the platform. Its next step is for a person."
    assert alone == "The house does this by itself in this shop; nobody need propose it."
    assert door.acts() == []


@pytest.mark.parametrize(("is_other", "states"), [(False, ["withdrawn", "announced"]), (True, ["proposed"])])
def test_what_the_house_does_by_itself_by_now_takes_the_place_of_its_proposal_and_of_no_other(
    door: Door, house: House, people: Cast, is_other: bool, states: list[str]
) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _, case_no = door.refund_asked()
    by = msgspec.structs.replace(caller(house, people, Scope.ACTS_PROPOSE), now=lambda: door.now)
    ask(by, "propose_act", subject="aftersale", no=case_no, kind="answer_refund")
    if is_other:
        with house.pool.connection() as tx:
            tx.execute("update acts set once = 'something else' where shop_id = %s", (people.shop_id,))

    door.put(REFUND, ActLevel.ACT)
    door.works()

    assert [act.state for act in door.acts()] == states
