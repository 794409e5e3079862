"""What is written to the platform of what happened when: nothing is said to have been delivered but what a carrier delivered to the buyer."""

from tests.core.golden import moment
from zhanggui.core.disputes.course import course_of
from zhanggui.core.facts import AftersaleFacts, OrderFacts, ScanFacts, ScanStage

ORDER = OrderFacts(order_no="O1", tracking_no="YT1", paid_at=moment("2026-03-01 08:00:00"), shipped_at=moment("2026-03-01 12:00:00"))
CONFIRMED = OrderFacts(order_no="O1", tracking_no="YT1", received_at=moment("2026-03-09 08:00:00"))


def scan(at: str, stage: ScanStage, tracking_no: str = "YT1") -> ScanFacts:
    return ScanFacts(tracking_no=tracking_no, at=moment(at), text="", stage=stage)


PICKED_UP = scan("2026-03-01 20:00:00", ScanStage.PICKED_UP)
DELIVERED = scan("2026-03-04 09:00:00", ScanStage.DELIVERED)
REFUSED = scan("2026-03-04 09:00:00", ScanStage.REFUSED)
HOME = (
    scan("2026-03-05 08:00:00", ScanStage.RETURN_TO_SENDER),
    scan("2026-03-05 09:00:00", ScanStage.PICKED_UP),
    scan("2026-03-07 10:00:00", ScanStage.DELIVERED),
)


def test_it_tells_what_happened_in_order() -> None:
    case = AftersaleFacts(case_no="S1", applied_at=moment("2026-03-05 08:00:00"))

    told = course_of(ORDER, case, (DELIVERED, PICKED_UP, scan("2026-03-03 09:00:00", ScanStage.DELIVERED, "ZT9")))

    assert told.zh == "2026-03-01 08:00下单付款，2026-03-01 12:00发货，2026-03-01 20:00快递揽收，2026-03-04 09:00快递签收，2026-03-05 08:00买家申请售后"
    assert told.en.endswith("2026-03-04 09:00 delivered; 2026-03-05 08:00 after-sales request")


def test_the_shop_s_own_signature_for_what_came_back_is_no_delivery() -> None:
    told = course_of(ORDER, None, (*HOME, REFUSED, PICKED_UP))

    assert ("快递签收" in told.zh, "delivered" in told.en) == (False, False)
    assert "2026-03-01 20:00快递揽收" in told.zh


def test_a_pickup_on_the_way_home_is_not_when_it_left() -> None:
    assert "快递揽收" not in course_of(ORDER, None, HOME).zh


def test_what_was_delivered_and_sent_back_later_was_delivered() -> None:
    assert "2026-03-04 09:00快递签收" in course_of(ORDER, None, (PICKED_UP, DELIVERED, *HOME)).zh


def test_a_confirmed_receipt_is_called_by_its_name() -> None:
    told = course_of(CONFIRMED, None)

    assert (told.zh, told.en) == ("2026-03-09 08:00确认收货", "2026-03-09 08:00 receipt confirmed")


def test_the_carrier_s_word_goes_before_a_confirmed_receipt() -> None:
    assert course_of(CONFIRMED, None, (DELIVERED,)).zh == "2026-03-04 09:00快递签收"


def test_nothing_is_told_where_nothing_is_known() -> None:
    assert course_of(None, None).zh == "情况如下"
