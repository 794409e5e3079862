"""No draft contradicts the facts, whatever they are: told by plain readings of the facts that share no code with the tree."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.answers.golden import TRACKING_NO, books, rules
from tests.core.golden import moment
from zhanggui.core.answers import Answer, GoodsSeen, Ground, answers
from zhanggui.core.answers.hours import ship_hour
from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.dispatch.shapes import Dispatch
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, OrderFacts, OrderStage, RefundState, ScanFacts, ScanStage
from zhanggui.core.intents.kinds import Intent, Wanted
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.promises.shapes import PromiseKind

NOW = moment("2026-11-20 14:10:00")
SAYS_LEFT = ("已经交给", "在路上了", "正在派送", "已经到取件点")
SAYS_HERE = ("还没有发出", "还没有寄出", "还在我们仓库")
OWNS_UP = ("慢了", "没做到", "本该")
WITH_CARRIER = set(ScanStage) - {ScanStage.UNKNOWN, ScanStage.EXCEPTION}
ASKS_GOODS = {AftersaleKind.EXCHANGE, AftersaleKind.RESEND, AftersaleKind.REPAIR}


def hours(low: int, high: int) -> st.SearchStrategy[datetime]:
    return st.integers(low, high).map(lambda hour: NOW + timedelta(hours=hour))


def maybe(strategy: st.SearchStrategy[datetime]) -> st.SearchStrategy[datetime | None]:
    return st.none() | strategy


orders = st.builds(
    OrderFacts,
    order_no=st.just("O1"),
    stage=st.sampled_from((OrderStage.TO_SHIP, OrderStage.TO_SHIP, OrderStage.SHIPPED, *OrderStage)),
    refund=st.sampled_from(RefundState) | st.none(),
    group_formed_at=maybe(hours(-100, -1)),
    ship_by=maybe(hours(-48, 48)),
    shipped_at=maybe(hours(-90, -1)),
    received_at=maybe(hours(-40, -1)),
    picked_up_at=maybe(hours(-80, -1)),
    tracking_no=st.none() | st.just(TRACKING_NO),
    carrier=st.none() | st.just("中通快递"),
    under_review=st.none() | st.booleans(),
    on_hold=st.none() | st.booleans(),
    pay_amount=st.none() | st.just(Fen(2990)),
    title=st.none() | st.just("加厚保暖袜"),
)
scans = st.lists(
    st.builds(ScanFacts, tracking_no=st.just(TRACKING_NO), at=hours(-80, -1), text=st.just("快件到达【杭州转运中心】"), stage=st.sampled_from(ScanStage)),
    max_size=3,
)
cases = st.lists(
    st.builds(
        AftersaleFacts,
        case_no=st.sampled_from(("S1", "S2")),
        order_no=st.just("O1"),
        kind=st.sampled_from(AftersaleKind),
        state=st.sampled_from(AftersaleState),
        refund_amount=st.none() | st.sampled_from((Fen(500), Fen(2990))),
        agreed_at=maybe(hours(-20, -1)),
    ),
    max_size=2,
    unique_by=lambda case: case.case_no,
)
dispatches = st.none() | st.builds(
    Dispatch,
    order_no=st.just("O1"),
    state=st.none() | st.sampled_from(DispatchState),
    tracking_no=st.none() | st.just(TRACKING_NO),
    carrier=st.none() | st.just("中通快递"),
    printed_at=maybe(hours(-60, -1)),
    slot_at=maybe(hours(-60, -1)),
)
wants = st.lists(st.sampled_from(tuple(Intent)), min_size=1, max_size=3, unique=True)


@st.composite
def grounds(draw: st.DrawFn) -> tuple[Ground, datetime | None]:
    order, dispatch, leaves_at = draw(orders), draw(dispatches), draw(maybe(hours(0, 72)))
    known = OrderKnowledge(order=order, data_as_of=NOW, scans=tuple(draw(scans)), cases=tuple(draw(cases)), dispatch=dispatch)
    bare = Ground(known=known, rulebook=rules(), now=NOW)
    due = bare.due
    ground = Ground(
        known=known,
        rulebook=rules(),
        now=NOW,
        hour=ship_hour(leaves_at, None if due is None else due.due_at, NOW),
        goods=GoodsSeen(in_stock=draw(st.none() | st.booleans()), is_free=draw(st.none() | st.booleans())),
        prints_here=draw(st.booleans()),
        is_repaid=draw(st.booleans()),
        coupon=draw(st.sampled_from((Fen(0), Fen(300)))),
    )
    return ground, leaves_at


@settings(max_examples=200, deadline=None)
@given(grounds(), wants, st.booleans())
def test_no_draft_contradicts_the_facts(drawn: tuple[Ground, datetime | None], intents: list[Intent], is_sure: bool) -> None:
    ground, leaves_at = drawn

    found = answers([Wanted(intent, 0.9, sure=is_sure) for intent in intents], ground, books())

    assert 1 <= len(found) <= 3
    for answer in found:
        assert answer.draft is not None
        assert answer.findings == ()
        _holds(answer, answer.draft.zh, ground, leaves_at)
        assert "有现货" not in answer.draft.zh or ground.goods.is_free
        if any(words in answer.draft.zh for words in OWNS_UP):
            assert ground.due is not None
            assert ground.due.due_at < NOW


def _holds(answer: Answer, zh: str, ground: Ground, leaves_at: datetime | None) -> None:
    known = ground.known
    assert known is not None
    has_left, is_asked = _has_left(known), _is_asked(known)
    _says_what_is_shown(zh, ground, known)
    if any(words in zh for words in SAYS_LEFT):
        assert has_left
    if any(words in zh for words in SAYS_HERE):
        assert not has_left or known.order.stage is OrderStage.SHIPPED  # a label that was destroyed or came back, shown as shipped
        assert known.order.received_at is None
    if "撤销退款" in zh:
        assert has_left
        assert is_asked
    if "缺货" in zh:
        assert ground.goods.in_stock is False
    if "前同意退款" in zh:
        assert is_asked
    if "店铺优惠券" in zh:
        assert ground.coupon
        assert "本该在" in zh
    if answer.promise is not None:
        assert answer.promise.until > NOW
        if answer.promise.kind is PromiseKind.SHIP:
            _can_be_kept(answer.promise.until, ground, leaves_at)
            assert not is_asked
            assert not ground.is_repaid
            assert not known.order.under_review
            assert not known.order.on_hold
            assert known.order.refund is not RefundState.REFUNDED
            assert known.order.stage in (OrderStage.TO_SHIP, OrderStage.SHIPPED)


def _says_what_is_shown(zh: str, ground: Ground, known: OrderKnowledge) -> None:
    if "已经签收" in zh or "显示已签收" in zh:
        assert any(scan.stage is ScanStage.DELIVERED for scan in known.scans)
    assert "确认收货" not in zh or known.order.received_at
    if "已收货" in zh:
        assert known.order.received_at or known.order.stage is OrderStage.RECEIVED
    if "还没有打单" in zh:
        assert ground.prints_here or known.order.stage is OrderStage.FORMING


def _can_be_kept(until: datetime, ground: Ground, leaves_at: datetime | None) -> None:
    due = ground.due
    assert leaves_at is not None
    assert until >= leaves_at
    assert due is None or due.due_at < NOW or until <= due.due_at
    assert until <= NOW + timedelta(hours=73)


def _has_left(known: OrderKnowledge) -> bool:
    scanned = any(scan.stage in WITH_CARRIER for scan in known.scans) or known.order.picked_up_at is not None
    return scanned or (known.dispatch is not None and known.dispatch.state is DispatchState.HANDED_OVER)


def _is_asked(known: OrderKnowledge) -> bool:
    asked = any(case.state is AftersaleState.SELLER_TO_ANSWER and case.kind not in ASKS_GOODS for case in known.cases)
    return asked or known.order.refund is RefundState.OPEN
