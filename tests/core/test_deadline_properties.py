"""What holds for every order, whatever its facts."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhanggui import rulebook
from zhanggui.core.clocks import order_deadlines
from zhanggui.core.clocks.pickup import pickup_due
from zhanggui.core.clocks.shipping import ship_due
from zhanggui.core.clocks.terms import Due
from zhanggui.core.deadlines import DeadlineKind, DeadlineState, DueSource
from zhanggui.core.facts import OrderFacts, OrderStage, RefundState, ScanFacts, ScanStage, ShippingKind
from zhanggui.core.knowledge import OrderKnowledge, PromisedHours
from zhanggui.core.money import Fen

RULES = rulebook.load()
MOMENTS = st.integers(0, 10 * 365 * 24 * 3600).map(lambda seconds: datetime(2018, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
MAYBE = st.none() | MOMENTS
ORDERS = st.builds(
    OrderFacts,
    order_no=st.just("O1"),
    stage=st.none() | st.sampled_from(OrderStage),
    refund=st.none() | st.sampled_from(RefundState),
    shipping_kind=st.none() | st.sampled_from(ShippingKind),
    created_at=MAYBE,
    paid_at=MAYBE,
    group_formed_at=MAYBE,
    ship_by=MAYBE,
    deliver_by=MAYBE,
    shipped_at=MAYBE,
    picked_up_at=MAYBE,
    received_at=MAYBE,
    presale_ship_at=MAYBE,
    booked_at=MAYBE,
    delay_allowed=st.none() | st.booleans(),
    receive_amount=st.none() | st.integers(0, 10_000_000).map(Fen),
    pay_amount=st.none() | st.integers(0, 10_000_000).map(Fen),
    tracking_no=st.none() | st.just("YT1"),
)
SCANS = st.lists(
    st.builds(ScanFacts, tracking_no=st.sampled_from(["YT1", "YT2"]), at=MOMENTS, text=st.just(""), stage=st.sampled_from(ScanStage)), max_size=4
).map(tuple)
PROMISED = st.none() | st.builds(PromisedHours, hours=st.integers(1, 200), source=st.sampled_from(["entered", "learnt"]))
KNOWN = st.builds(OrderKnowledge, order=ORDERS, data_as_of=MOMENTS, lines_ship_by=MAYBE, scans=SCANS, promised=PROMISED)


@given(KNOWN)
def test_it_never_ends_before_it_begins(known: OrderKnowledge) -> None:
    assert all(deadline.started_at <= deadline.due_at for deadline in order_deadlines(known, RULES))


@given(KNOWN)
def test_it_closes_what_is_over_and_counts_nothing_for_what_is_waived(known: OrderKnowledge) -> None:
    for deadline in order_deadlines(known, RULES):
        assert deadline.at_risk >= 0
        if deadline.closed_at is not None:
            assert deadline.state is (DeadlineState.MET if deadline.closed_at <= deadline.due_at else DeadlineState.MISSED)
        if deadline.state is DeadlineState.WAIVED:
            assert deadline.at_risk == 0


@given(KNOWN)
def test_it_cites_rules_that_exist_and_hold(known: OrderKnowledge) -> None:
    for deadline in order_deadlines(known, RULES):
        assert not RULES.by_cite(deadline.rule).is_rival
        assert not RULES.by_cite(deadline.rule).is_unknown
        assert deadline.risk_rule is None or not RULES.by_cite(deadline.risk_rule).is_rival


@given(KNOWN)
def test_it_takes_the_earlier_of_two_ends(known: OrderKnowledge) -> None:
    order, ship = known.order, ship_due(known, RULES)
    if order.shipped_at is None:
        return

    due, _ = pickup_due(order, order.shipped_at, ship, RULES)
    alone, _ = pickup_due(order, order.shipped_at, None, RULES)

    assert due is not None
    assert alone is not None
    assert due.due_at == (min(alone.due_at, ship.due_at) if _binds(ship, order.shipped_at) and ship is not None else alone.due_at)


@given(KNOWN)
def test_it_believes_the_platform_then_the_shop_then_what_was_learnt(known: OrderKnowledge) -> None:
    due = ship_due(known, RULES)
    if due is None:
        return

    given_by_platform = known.order.ship_by or known.lines_ship_by
    if given_by_platform is not None:
        assert (due.source, due.due_at) == (DueSource.PLATFORM, given_by_platform)
    elif known.promised is not None and not _is_stated(known.order):
        expected = DueSource.SHOP if known.promised.source == "entered" else DueSource.LEARNT
        assert (due.source, due.due_at) == (expected, due.started_at + timedelta(hours=known.promised.hours))
    else:
        assert due.source is DueSource.RULEBOOK


@given(KNOWN)
def test_it_leaves_the_pickup_unverified_only_where_no_scan_is_known(known: OrderKnowledge) -> None:
    for deadline in order_deadlines(known, RULES):
        if deadline.state is DeadlineState.UNVERIFIED:
            assert deadline.kind is DeadlineKind.PICKUP_BY
            assert known.order.picked_up_at is None
            assert known.order.received_at is None


def _binds(ship: Due | None, shipped_at: datetime) -> bool:
    """Whether two ends count and the upload was not late already."""
    if ship is None or shipped_at >= ship.due_at:
        return False
    ends = RULES.in_force("ship_ends", at=ship.started_at)
    return ends is not None and "picked_up" in ends.counts_to


def _is_stated(order: OrderFacts) -> bool:
    """Whether the way of shipping brings a stated moment, before which promised hours do not go."""
    dated = {ShippingKind.PRESALE: order.presale_ship_at, ShippingKind.BOOKED: order.booked_at}
    if order.shipping_kind is ShippingKind.ONE_DAY:
        return True
    return order.shipping_kind in dated and dated[order.shipping_kind] is not None
