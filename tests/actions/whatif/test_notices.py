"""A notice of a changed rule is tried on last month, adopted with its day as a to-do, and taken back; nothing of it is left then."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.money.telling import order, tell
from tests.actions.tables import contents
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import add_override, overrides, rulebook_for
from zhanggui.actions.whatif.notices import SetRule, adopt_notice, draft_notice, notice_of, notices_of, ready_for_notice, try_notice, withdraw_notice
from zhanggui.core.deadlines import Band, DeadlineKind, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.rules import Amount, Bracket, Question, Term
from zhanggui.core.whatif.notices import NoticeState
from zhanggui.core.whatif.noticing import Weight
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import deadlines
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.rulebook import rule_to_data

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
SAID = "关于发货时限的公告\n现货商品发货时限由48小时调整为24小时，2026年4月1日起生效。"
STARTS = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)
FASTER = SetRule(over="pdd.ship_by.spot@2015-09-01", starts_at=STARTS, published_on=date(2026, 3, 18), term=Term(hours=24))
EARLY, LATE, OPEN = "260310-200000000000001", "260310-200000000000002", "260319-200000000000003"


@pytest.fixture
def shop(house: House, people: Cast, tmp_path: Path) -> House:
    """One order that left within twenty hours, one within forty, one that is to leave."""
    tell(
        house,
        people,
        tmp_path,
        order(EARLY, group_formed_at="2026-03-10 10:00:00", shipped_at="2026-03-11 06:00:00"),
        order(LATE, group_formed_at="2026-03-10 10:00:00", shipped_at="2026-03-12 02:00:00"),
        {"fact": "order", "order_no": OPEN, "stage": "to_ship", "group_formed_at": "2026-03-20 09:00:00", "pay_amount": 5000, "receive_amount": 5000},
    )
    return house


def test_a_rule_tried_on_last_month_tells_what_would_have_been_missed_and_keeps_nothing(shop: House, people: Cast) -> None:
    no = draft_notice(shop, people.lin, people.shop_id, SAID, FASTER, NOW)
    before = contents(shop.pool)["deadlines"]

    tried = try_notice(shop, people.lin, people.shop_id, no, NOW)

    trial = tried.trial
    assert (trial.orders, trial.clocks, trial.missed_now, trial.missed_then) == (3, 3, 0, 1)
    assert (trial.lost_now, trial.lost_then) == (0, 300)
    assert [(each.then.subject.no, each.cost) for each in trial.changed] == [(LATE, 300)]
    assert contents(shop.pool)["deadlines"] == before
    assert overrides(shop, people.lin, people.shop_id) == ()


def test_a_rule_is_tried_in_the_place_of_the_shops_own_version_of_it(shop: House, people: Cast) -> None:
    own = {**rule_to_data(rulebook_for(shop, people.shop_id).by_cite(FASTER.over)), "effective_from": "2026-01-01", "term": {"hours": 44}}
    own = {name: value for name, value in own.items() if name != "from_is_approximate"}
    add_override(shop, people.lin, people.shop_id, own, NOW)
    no = draft_notice(shop, people.lin, people.shop_id, SAID, FASTER, NOW)

    trial = try_notice(shop, people.lin, people.shop_id, no, NOW).trial

    assert (trial.clocks, trial.missed_now, trial.missed_then) == (3, 0, 1)
    assert [each.now.due_at - each.then.due_at for each in trial.changed] == [timedelta(hours=20)]


def test_the_measures_of_last_month_move_with_the_term(shop: House, people: Cast) -> None:
    no = draft_notice(shop, people.lin, people.shop_id, SAID, FASTER, NOW)

    tried = try_notice(shop, people.lin, people.shop_id, no, NOW)

    moved = {each.formula.id: ((each.then.num - each.now.num), (each.then.den - each.now.den)) for each in tried.measures}
    assert moved["pdd_on_time_shipment_rate"] == (-1, 0)


def test_a_pickup_due_by_the_moment_to_leave_moves_with_it(house: House, people: Cast, tmp_path: Path) -> None:
    """Uploaded an hour before its term ended, so that the pickup was due by it too, and not picked up: late, and no false shipment, by either term."""
    no = "260310-200000000000009"
    sent = order(no, group_formed_at="2026-03-10 10:00:00", shipped_at="2026-03-12 09:00:00", tracking_no="YT9", carrier="圆通快递")
    told_of = {"fact": "scan", "tracking_no": "YT9", "at": "2026-03-12 09:10:00", "text": "快件信息已录入", "stage": "exception"}
    tell(house, people, tmp_path, {**sent, "stage": "shipped", "received_at": None}, told_of)
    slower = SetRule(over=FASTER.over, starts_at=STARTS, published_on=date(2026, 3, 18), term=Term(hours=60))
    drafted = draft_notice(house, people.lin, people.shop_id, SAID, slower, NOW)

    tried = try_notice(house, people.lin, people.shop_id, drafted, NOW)

    moved = {each.formula.id: ((each.then.num - each.now.num), (each.then.den - each.now.den)) for each in tried.measures}
    assert moved.get("logistics_penalty_rate", (0, 0)) == (0, 0)


def test_a_dearer_compensation_costs_only_where_something_was_late(shop: House, people: Cast, tmp_path: Path) -> None:
    tell(shop, people, tmp_path, order(LATE, group_formed_at="2026-03-10 10:00:00", shipped_at="2026-03-13 02:00:00"), as_of="2026-03-20T10:00:00+08:00")
    dearer = SetRule(
        over="pdd.compensation.late_shipment@2015-09-01", starts_at=STARTS, published_on=date(2026, 3, 18), amount=Amount((Bracket(fixed_fen=Fen(500)),))
    )
    no = draft_notice(shop, people.lin, people.shop_id, SAID, dearer, NOW)

    trial = try_notice(shop, people.lin, people.shop_id, no, NOW).trial

    assert (trial.missed_now, trial.missed_then, trial.lost_now, trial.lost_then) == (1, 1, 300, 500)


def test_an_adopted_notice_holds_from_its_day_and_is_a_to_do_until_the_shop_is_ready(shop: House, people: Cast) -> None:
    no = draft_notice(shop, people.lin, people.shop_id, SAID, FASTER, NOW)
    adopt_notice(shop, people.lin, people.shop_id, no, NOW)
    todo = _todo(shop, people, no)

    book = rulebook_for(shop, people.shop_id)
    terms = [rule.term for at in (STARTS - timedelta(seconds=1), STARTS) if (rule := book.in_force(Question.SHIP_BY, at=at, way="spot"))]
    ready_for_notice(shop, people.lin, people.shop_id, no, NOW)
    after = _todo(shop, people, no)

    assert terms == [Term(hours=48), Term(hours=24)]
    assert todo is not None
    assert (todo.due_at, todo.rule, todo.band) == (STARTS, "cn.law.notice_of_rules@2019-01-01", Band.LATER)
    assert after is not None
    assert after.band is None
    ready_for_notice(shop, people.lin, people.shop_id, no, NOW, is_ready=False)
    assert (found := _todo(shop, people, no)) is not None
    assert found.band is not None


def test_what_was_adopted_and_taken_back_leaves_nothing(shop: House, people: Cast) -> None:
    before = contents(shop.pool)["deadlines"]
    no = draft_notice(shop, people.lin, people.shop_id, SAID, FASTER, NOW)

    adopt_notice(shop, people.lin, people.shop_id, no, NOW)
    withdraw_notice(shop, people.lin, people.shop_id, no, NOW)

    assert contents(shop.pool)["deadlines"] == before
    assert overrides(shop, people.lin, people.shop_id) == ()
    assert (found := notice_of(shop, people.lin, people.shop_id, no)) is not None
    assert (found.notice.state, found.moves) == (NoticeState.WITHDRAWN, ())
    with pytest.raises(Refused, match="done already"):
        adopt_notice(shop, people.lin, people.shop_id, no, NOW)


def test_two_notices_cannot_set_the_same_rule_from_the_same_day(shop: House, people: Cast) -> None:
    first, second = (draft_notice(shop, people.lin, people.shop_id, SAID, FASTER, NOW) for _ in range(2))
    adopt_notice(shop, people.lin, people.shop_id, first, NOW)

    with pytest.raises(Refused, match="Another notice"):
        adopt_notice(shop, people.lin, people.shop_id, second, NOW)

    assert (found := notice_of(shop, people.lin, people.shop_id, second)) is not None
    assert found.notice.state == NoticeState.DRAFTED


@pytest.mark.parametrize(
    ("weight", "published", "is_short"),
    [
        (Weight.GENERAL, date(2026, 3, 18), False),
        (Weight.GENERAL, date(2026, 3, 26), True),
        (Weight.IMPORTANT, date(2026, 3, 18), True),
        (Weight.IMPORTANT, date(2026, 3, 17), False),
    ],
)
def test_a_notice_shorter_than_seven_or_fifteen_days_is_called_so(shop: House, people: Cast, weight: Weight, published: date, is_short: bool) -> None:
    told = SetRule(over=FASTER.over, starts_at=STARTS, published_on=published, term=FASTER.term, weight=weight)

    draft_notice(shop, people.lin, people.shop_id, SAID, told, NOW)

    assert [view.is_short for view in notices_of(shop, people.lin, people.shop_id)] == [is_short]


def test_a_rule_without_a_number_or_for_nobody_is_refused_and_nothing_is_kept(shop: House, people: Cast) -> None:
    bare = SetRule(over=FASTER.over, starts_at=STARTS, published_on=date(2026, 3, 18))
    strange = SetRule(over="pdd.no_such@2020-01-01", starts_at=STARTS, published_on=date(2026, 3, 18), term=Term(hours=3))

    for told in (bare, strange):
        with pytest.raises(Refused):
            draft_notice(shop, people.lin, people.shop_id, SAID, told, NOW)
    with pytest.raises(Refused):
        draft_notice(shop, people.lin, people.shop_id, " ", FASTER, NOW)
    with pytest.raises(NotAllowed):
        draft_notice(shop, people.zhou, people.shop_id, SAID, FASTER, NOW)

    assert notices_of(shop, people.lin, people.shop_id) == ()


def _todo(house: House, people: Cast, no: int) -> StoredDeadline | None:
    with house.pool.connection() as tx:
        return deadlines.one(tx, people.shop_id, Subject(SubjectKind.RULE_NOTICE, str(no)), DeadlineKind.RULE_CHANGES)
