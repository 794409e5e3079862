"""What came of scripts, told by the facts; and room to concede, which is never given twice."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests.actions.files import ONE, TWO
from tests.actions.scripts.conftest import NOW
from tests.cast import Cast
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.conversations.threading import link_order
from zhanggui.actions.house import House
from zhanggui.actions.money.costs import spent_on
from zhanggui.actions.refused import Refused
from zhanggui.actions.scripts import used
from zhanggui.actions.scripts.conceding import Conceding, concede, concessions_seen, drop_limit, room_for, set_limit, take_concession_back
from zhanggui.actions.scripts.measuring import outcomes
from zhanggui.core.chats import Who
from zhanggui.core.money import Fen
from zhanggui.core.scripting.conceding import Concession, Limit
from zhanggui.core.scripting.outcomes import Later, Money, Share, totals
from zhanggui.people.permissions import NotAllowed, Role

HOUR = timedelta(hours=1)
ORDERED = datetime(2026, 3, 1, 2, tzinfo=UTC)
"""When ONE was ordered."""


def later(**told: object) -> Later:
    return Later(**{"used_at": NOW, "before_order": False, **told})  # type: ignore[arg-type]  # a test's shorthand


def test_it_counts_only_what_is_settled() -> None:
    uses = [
        later(before_order=True, ordered_at=NOW + 2 * HOUR, replied_at=NOW + HOUR),
        later(before_order=True, ordered_at=NOW + 80 * HOUR),
        later(before_order=True, watched=False),
        later(refund_asked=True, money=Money.WITHDRAWN, score=5),
        later(refund_asked=True, money=Money.PAID, score=2),
        later(refund_asked=True, money=Money.REFUSED),
        later(refund_asked=True),
    ]

    soon, late = (totals([("x", use) for use in uses], NOW + after)["x"] for after in (3 * HOUR, 100 * HOUR))

    assert (soon.uses, soon.ordered, soon.kept, soon.replied, soon.pending) == (7, Share(0, 0), Share(1, 2), Share(0, 0), 7)
    assert (late.ordered, late.kept, late.replied, late.pending) == (Share(1, 3), Share(1, 2), Share(1, 6), 1)
    assert (late.score, late.good) == (3.5, Share(1, 2))


def test_quick_answers_do_not_stand_for_all_of_the_last_day() -> None:
    uses = [later(used_at=NOW + hour * HOUR, replied_at=NOW + (hour + 1) * HOUR if hour % 2 else None) for hour in range(48)]

    told = totals([("x", use) for use in uses], NOW + 48 * HOUR)["x"]

    assert told.replied == Share(12, 24)


def test_it_gives_no_share_of_nothing_and_bounds_for_few() -> None:
    assert (Share(0, 0).percent, Share(0, 0).bounds) == (None, (0, 100))
    assert (Share(3, 4).percent, Share(3, 4).bounds) == (75, (30, 95))


def test_it_reads_outcomes_from_the_facts_of_the_order(stocked: House, people: Cast) -> None:
    _use(stocked, people, ONE)
    _message(stocked, people, ONE, NOW + HOUR)
    _use(stocked, people, TWO)
    _review(stocked, people, TWO, NOW + 48 * HOUR, 4)

    told = outcomes(stocked, people.mei, people.shop_id, NOW + 50 * HOUR)

    total = told.scripts["thanks_welcome"]
    assert (told.uses, total.uses, total.replied, total.score, total.ordered) == (2, 2, Share(1, 2), 4.0, Share(0, 0))
    assert told.reps["小美"] == total
    assert told.versions["thanks_welcome", 0] == total
    assert outcomes(stocked, people.mei, people.shop_id, NOW + timedelta(days=40)).uses == 0


def test_by_rep_a_colleague_sees_nothing_and_whoever_leads_sees_everybody(stocked: House, people: Cast) -> None:
    _use(stocked, people, ONE)
    colleague = msgspec.structs.replace(people.zhou, roles={people.shop_id: Role.REP})

    theirs, all_of_them = (outcomes(stocked, who, people.shop_id, NOW + 50 * HOUR) for who in (colleague, people.lin))

    assert (theirs.uses, dict(theirs.reps), list(all_of_them.reps)) == (1, {}, ["小美"])


def test_it_concedes_nothing_without_a_limit_and_no_more_than_is_left(stocked: House, people: Cast) -> None:
    give = Conceding(kind=Concession.COUPON, fen=Fen(200), order_no=ONE)
    with pytest.raises(Refused, match="left_fen"):
        concede(stocked, people.mei, people.shop_id, give, NOW)
    with pytest.raises(NotAllowed):
        set_limit(stocked, people.mei, people.shop_id, Limit(most_fen=Fen(300), most_percent=10), NOW)
    set_limit(stocked, people.lin, people.shop_id, Limit(most_fen=Fen(300), most_percent=10), NOW)

    left = concede(stocked, people.mei, people.shop_id, give, NOW)

    assert (left.most, left.given, left.left) == (299, 200, 99)
    with pytest.raises(Refused):
        concede(stocked, people.mei, people.shop_id, give, NOW)
    with stocked.pool.connection() as tx:
        assert spent_on(tx, people.shop_id, ONE, NOW).fen == 200


def test_it_takes_a_concession_back_with_its_cost(stocked: House, people: Cast) -> None:
    set_limit(stocked, people.lin, people.shop_id, Limit(most_fen=Fen(300), most_percent=50, month_fen=Fen(400)), NOW)
    concede(stocked, people.mei, people.shop_id, Conceding(kind=Concession.GIFT, fen=Fen(300), order_no=ONE), NOW)
    with stocked.pool.connection() as tx:
        other = room_for(tx, people.shop_id, NOW, order_no=TWO)
    (row,) = concessions_seen(stocked, people.mei, people.shop_id, NOW).rows

    take_concession_back(stocked, people.mei, people.shop_id, row.concession_no, NOW)

    assert other.left == 100
    with stocked.pool.connection() as tx:
        assert room_for(tx, people.shop_id, NOW, order_no=ONE).left == 300
        assert spent_on(tx, people.shop_id, ONE, NOW).fen == 0
    with pytest.raises(Refused):
        take_concession_back(stocked, people.mei, people.shop_id, row.concession_no, NOW)


def test_it_goes_by_the_limit_of_the_product_before_that_of_the_shop(stocked: House, people: Cast) -> None:
    set_limit(stocked, people.lin, people.shop_id, Limit(most_fen=Fen(300), most_percent=50), NOW)
    set_limit(stocked, people.lin, people.shop_id, Limit(goods_id="901", most_fen=Fen(100), most_percent=50), NOW)

    with stocked.pool.connection() as tx:
        own = room_for(tx, people.shop_id, NOW, order_no=ONE).left
    drop_limit(stocked, people.lin, people.shop_id, "901", NOW)
    with stocked.pool.connection() as tx:
        shop = room_for(tx, people.shop_id, NOW, order_no=ONE).left

    assert (own, shop) == (100, 300)


def test_it_never_gives_for_a_rating(stocked: House, people: Cast) -> None:
    set_limit(stocked, people.lin, people.shop_id, Limit(most_fen=Fen(300), most_percent=50), NOW)

    with pytest.raises(Refused, match="Nothing is given for a rating"):
        concede(stocked, people.mei, people.shop_id, Conceding(kind=Concession.COUPON, fen=Fen(100), order_no=ONE, note="换五星好评"), NOW)
    with pytest.raises(Refused, match="to whom"):
        concede(stocked, people.mei, people.shop_id, Conceding(kind=Concession.COUPON, fen=Fen(100)), NOW)


def _use(house: House, people: Cast, order_no: str) -> None:
    with house.pool.connection() as tx:
        used(tx, people.mei, people.shop_id, "thanks_welcome", order_no=order_no, now=NOW)


def _message(house: House, people: Cast, order_no: str, at: datetime) -> None:
    with house.pool.connection() as tx:
        tx.execute(
            "insert into messages (shop_id, message_no, order_no, speaker, at, as_of, facts) values (%s, 'm1', %s, 'buyer', %s, %s, '{}')",
            (people.shop_id, order_no, at, at),
        )


def _review(house: House, people: Cast, order_no: str, at: datetime, score: int) -> None:
    with house.pool.connection() as tx:
        tx.execute(
            "insert into reviews (shop_id, review_no, order_no, score, created_at, as_of, facts) values (%s, 'r1', %s, %s, %s, %s, '{}')",
            (people.shop_id, order_no, score, at, at),
        )


def test_it_counts_an_inquiry_that_became_an_order(stocked: House, people: Cast) -> None:
    asked = Incoming(message_id="m1", who=Who.BUYER, said="这个有货吗", at=ORDERED - HOUR, external_id="talk-1", name="乐**")
    thread_no = take_message(stocked, people.mei, people.shop_id, asked, ORDERED - HOUR).thread_no
    with stocked.pool.connection() as tx:
        used(tx, people.mei, people.shop_id, "stock_ask", thread_no=thread_no, now=ORDERED - HOUR / 2)
    before = outcomes(stocked, people.mei, people.shop_id, NOW, script_id="stock_ask").scripts["stock_ask"]
    again = Incoming(message_id="m2", who=Who.BUYER, said="拍好了", at=ORDERED + HOUR, external_id="talk-1", name="乐**")
    take_message(stocked, people.mei, people.shop_id, again, ORDERED + HOUR)
    link_order(stocked, people.mei, people.shop_id, thread_no, ONE, NOW)

    after = outcomes(stocked, people.mei, people.shop_id, NOW + 73 * HOUR, script_id="stock_ask").scripts["stock_ask"]
    late = outcomes(stocked, people.mei, people.shop_id, NOW, script_id="thanks_welcome")

    assert (before.ordered, before.replied, before.pending) == (Share(0, 0), Share(0, 0), 1)
    assert (after.ordered, after.replied, after.pending) == (Share(1, 1), Share(1, 1), 0)
    assert late.uses == 0
