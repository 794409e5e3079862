"""Several cases of one order, and parcels that are called back: nothing goes twice, nothing goes too early, whoever sends it."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.actions.cases.telling import ORDER, case_told, order_told, platform_tells, scan_told
from tests.actions.complaints.court import NOW
from tests.cast import Cast
from zhanggui.actions.advice.seeing import CaseSeen, begin_by_hand, case_seen
from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide, set_limits
from zhanggui.actions.outbox.kinds import act_terms
from zhanggui.actions.recalls.seeing import recalls_seen
from zhanggui.actions.recalls.stepping import begin_recall, step_recall
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActKind, ActLevel, AgreeRefund
from zhanggui.core.advice.case import Indicator, Stopping
from zhanggui.core.facts import AftersaleState, Facts, OrderStage, ScanStage, Sighting
from zhanggui.core.money import Fen
from zhanggui.core.recalls.states import RecallEvent, RecallState
from zhanggui.core.verdicts import Act
from zhanggui.records.db import transact

FIRST, SECOND = "9000001", "9000002"
ASKED = NOW - timedelta(days=1)
SENT = NOW - timedelta(days=4)
RECALLING: dict[str, Any] = {"state": AftersaleState.SELLER_TO_RECEIVE, "status_code": 33, "shipped": True, "reason": "不想要了"}


@pytest.fixture
def shop(house: House, people: Cast) -> House:
    """A shop whose refunds a person may send."""
    limits = msgspec.structs.replace(act_terms()[ActKind.REFUND_AGREE].limits, level=ActLevel.SUGGEST)
    set_limits(house, people.lin, people.shop_id, ActKind.REFUND_AGREE, limits, SENT)
    _tell(house, people, order_told(SENT))
    return house


def _tell(house: House, people: Cast, *told: Sighting[Facts]) -> None:
    platform_tells(house, people.shop_id, told, NOW)


def _case(no: str = SECOND, **fields: Any) -> Sighting[Facts]:
    told = {"case_no": no, "shipped": True, "reason": "质量问题", "pictures": 1, "refund_amount": Fen(3000), "applied_at": ASKED, "updated_at": ASKED}
    return case_told(ASKED, **told | fields)


def _paid(no: str = FIRST, fen: int = 5990) -> Sighting[Facts]:
    return _case(no, state=AftersaleState.REFUNDED, status_code=10, refund_amount=Fen(fen))


def _seen(house: House, people: Cast, no: str = SECOND) -> CaseSeen:
    return case_seen(house, people.lin, people.shop_id, no, NOW)


def _decides(house: House, people: Cast, no: str = SECOND, fen: int = 3000) -> int:
    request = AgreeRefund(order_no=ORDER, case_no=no, amount=Fen(fen))
    return transact(house.pool, lambda tx: decide(tx, house, people.lin, people.shop_id, request, NOW))


def test_nothing_goes_for_an_order_whose_money_is_back(shop: House, people: Cast) -> None:
    _tell(shop, people, _paid(), _case())

    seen = _seen(shop, people)

    assert (seen.facts.gone_back, seen.facts.left, seen.verdict.act) == (5990, 0, Act.REFUSE)
    assert seen.proposals == ()
    with pytest.raises(Refused, match="went back in another case"):
        _decides(shop, people)


def test_no_more_goes_than_the_other_case_left(shop: House, people: Cast) -> None:
    _tell(shop, people, _paid(fen=4000), _case())

    with pytest.raises(Refused, match="at most"):
        _decides(shop, people)
    _tell(shop, people, case_told(NOW, case_no=SECOND, shipped=True, reason="质量问题", refund_amount=Fen(1990), applied_at=ASKED, updated_at=NOW))

    assert _decides(shop, people, fen=1990) > 0


def test_what_the_house_is_paying_counts_before_anybody_shows_it(shop: House, people: Cast) -> None:
    _tell(shop, people, _case(FIRST, refund_amount=Fen(5990)), _case())
    first = _decides(shop, people, FIRST, 5990)
    while_announced = _seen(shop, people).facts.gone_back
    transact(shop.pool, lambda tx: tx.execute("update acts set state = 'unsure' where shop_id = %s and act_no = %s", (people.shop_id, first)))

    assert while_announced is None
    assert _seen(shop, people).facts.gone_back == 5990
    with pytest.raises(Refused, match="went back in another case"):
        _decides(shop, people)


def test_an_order_counts_once(shop: House, people: Cast) -> None:
    _tell(shop, people, _paid(fen=1000), _case(has_joined=True))

    seen = _seen(shop, people)

    assert set(seen.facts.counts_already) == {Indicator.QUALITY, Indicator.INTERVENTION}
    assert not seen.verdict.alone


def test_another_case_that_asks_is_told_of_and_left_to_a_person(shop: House, people: Cast) -> None:
    _tell(shop, people, _case(FIRST, refund_amount=Fen(500)), _case(refund_amount=Fen(500)))

    seen = _seen(shop, people)

    assert (seen.facts.others_open, seen.verdict.alone) == (1, False)
    assert "look at both together" in " ".join(reason.text for reason in seen.verdict.because)


def test_no_money_goes_while_its_parcel_is_called_back(shop: House, people: Cast) -> None:
    _tell(shop, people, _case(**RECALLING))

    seen = _seen(shop, people)

    assert (seen.verdict.act, [each.weighed.act for each in seen.answers if each.weighed.barred]) == (Act.INTERCEPT, [Act.AGREE_REFUND])
    assert seen.proposals == ()
    with pytest.raises(Refused, match="being called back"):
        _decides(shop, people)


def test_it_goes_once_the_parcel_is_on_its_way_back(shop: House, people: Cast) -> None:
    _tell(shop, people, _case(**RECALLING))
    _tell(shop, people, scan_told(NOW, tracking_no="YT7600000000001", text="退回", stage=ScanStage.RETURN_TO_SENDER))

    seen = _seen(shop, people)

    assert (seen.verdict.act, [each.kind for each in seen.proposals]) == (Act.AGREE_REFUND, [ActKind.REFUND_AGREE])
    assert _decides(shop, people) > 0


@pytest.mark.parametrize("stage", [OrderStage.SHIPPED, OrderStage.RECEIVED])
def test_it_waits_for_somebody_to_say_who_signed_for_the_parcel_after_its_refusal(shop: House, people: Cast, stage: OrderStage) -> None:
    _tell(shop, people, _case(**RECALLING))
    recall_no = begin_recall(shop, people.lin, people.shop_id, ORDER, "", NOW)
    for day, scanned in ((2, ScanStage.REFUSED), (1, ScanStage.DELIVERED)):
        _tell(shop, people, scan_told(NOW - timedelta(days=day), tracking_no="YT7600000000001", text=scanned.value, stage=scanned))
    _tell(shop, people, order_told(ASKED, stage=stage))

    seen = _seen(shop, people)

    assert (seen.facts.stopping, seen.verdict.act, seen.proposals) == (Stopping.SIGNED_FOR, Act.LOOK, ())
    with pytest.raises(Refused, match="say whether it came to you or to the buyer"):
        _decides(shop, people)
    step_recall(shop, people.lin, people.shop_id, recall_no, RecallEvent.RECEIVE, NOW)
    assert _decides(shop, people) > 0


def test_it_pays_for_nothing_that_a_person_says_the_buyer_signed_for(shop: House, people: Cast) -> None:
    _tell(shop, people, _case(**RECALLING))
    recall_no = begin_recall(shop, people.lin, people.shop_id, ORDER, "", NOW)
    for day, scanned in ((2, ScanStage.REFUSED), (1, ScanStage.DELIVERED)):
        _tell(shop, people, scan_told(NOW - timedelta(days=day), tracking_no="YT7600000000001", text=scanned.value, stage=scanned))
    (asked,) = recalls_seen(shop, people.lin, people.shop_id, NOW).rows

    step_recall(shop, people.lin, people.shop_id, recall_no, RecallEvent.SIGN, NOW)
    _tell(shop, people, order_told(ASKED, stage=OrderStage.SHIPPED, title="换了标题"))

    (over,) = recalls_seen(shop, people.lin, people.shop_id, NOW, live=False).rows
    assert asked.events == (RecallEvent.RECEIVE, RecallEvent.SIGN, RecallEvent.DROP)
    assert (over.state, _seen(shop, people).facts.stopping) == (RecallState.FAILED, Stopping.FAILED)


def test_a_barred_answer_is_no_button_and_no_step(shop: House, people: Cast) -> None:
    _tell(shop, people, order_told(SENT, received_at=NOW - timedelta(days=2)), _case(pictures=0, reason="不想要了"))

    seen = _seen(shop, people)
    barred = [each for each in seen.answers if each.weighed.barred]

    assert [each.weighed.act for each in barred if each.is_by_hand] == []
    assert Act.REFUSE in [each.weighed.act for each in barred]
    with pytest.raises(Refused, match="Within seven days"):
        begin_by_hand(shop, people.lin, people.shop_id, SECOND, Act.REFUSE, NOW)


def test_what_was_to_go_for_a_case_that_is_closed_is_not_gone(shop: House, people: Cast) -> None:
    _tell(shop, people, _case(FIRST, refund_amount=Fen(5990)))
    first = _decides(shop, people, FIRST, 5990)
    transact(shop.pool, lambda tx: tx.execute("update acts set state = 'needs_person' where shop_id = %s and act_no = %s", (people.shop_id, first)))

    _tell(shop, people, _case(FIRST, refund_amount=Fen(5990), state=AftersaleState.CLOSED, status_code=11), _case())

    assert _seen(shop, people).facts.gone_back is None
    assert _decides(shop, people) > 0
