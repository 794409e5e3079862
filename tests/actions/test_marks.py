"""What a person says of a to-do moves it, and the next import bears it out or contradicts it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.files import ONE, TWO, orders_csv, row, shipped
from tests.actions.tables import contents
from tests.cast import Cast
from zhanggui.actions import importing, marks, today
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.views import TodoItem
from zhanggui.core.deadlines import Band, DeadlineKind, Subject, SubjectKind
from zhanggui.people.permissions import NotAllowed, Person, PersonId

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
EVENING = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ORDER = Subject(SubjectKind.ORDER, ONE)
EVERYWHERE = (*today.SHOWN_BANDS, Band.SNOOZED, Band.SAID_DONE, Band.NOT_OURS)


@pytest.fixture
def shop(house: House, people: Cast, tmp_path: Path) -> House:
    """Two orders to ship by 3 March 10:00, imported in the morning."""
    _bring(house, people, orders_csv(tmp_path / "first.csv", [row(ONE), row(TWO)]), MORNING)
    return house


def test_it_takes_what_is_done_off_the_list(shop: House, people: Cast) -> None:
    marks.mark_done(shop, people.zhou, people.shop_id, ORDER, DeadlineKind.SHIP_BY, reason="printed and shipped", now=NOON)

    item = _item(shop, people)
    assert item is not None
    assert item.band is Band.SAID_DONE
    assert item.mark is not None
    assert (item.mark.mark, item.mark.made_by_name, item.mark.reason) == ("done", "老周", "printed and shipped")
    assert _sums(shop, people)[Band.SAID_DONE] == 1
    assert _sums_agree_with_rows(shop, people)


def test_what_was_put_aside_comes_back_in_the_hands_of_whom_it_is_given(shop: House, people: Cast) -> None:
    assert people.zhou.person_id is not None
    marks.not_ours(shop, people.lin, people.shop_id, ORDER, DeadlineKind.SHIP_BY, now=NOON)

    marks.hand_over(shop, people.lin, people.shop_id, ORDER, DeadlineKind.SHIP_BY, assignee=people.zhou.person_id, now=NOON)

    item = _item(shop, people)
    assert item is not None
    assert item.band is Band.LATER
    assert _sums_agree_with_rows(shop, people)


def test_it_stays_not_ours_when_it_was_closed_in_between(shop: House, people: Cast, tmp_path: Path) -> None:
    marks.not_ours(shop, people.lin, people.shop_id, ORDER, DeadlineKind.SHIP_BY, now=NOON)
    _bring(shop, people, orders_csv(tmp_path / "gone.csv", [row(ONE, 订单状态="已取消")]), NOON + timedelta(hours=1))
    assert _item(shop, people) is None

    _bring(shop, people, orders_csv(tmp_path / "back.csv", [row(ONE)]), NOON + timedelta(hours=2))

    item = _item(shop, people)
    assert item is not None
    assert item.band is Band.NOT_OURS


def test_the_next_import_confirms_it(shop: House, people: Cast, tmp_path: Path) -> None:
    marks.mark_done(shop, people.zhou, people.shop_id, ORDER, DeadlineKind.SHIP_BY, now=NOON)

    done = _bring(shop, people, orders_csv(tmp_path / "next.csv", [shipped(ONE, at="2026-03-02 12:30:00")]), EVENING)

    assert _item(shop, people) is None
    assert _outcomes(shop) == [("confirmed", done)]
    assert _sums_agree_with_rows(shop, people)


def test_the_next_import_contradicts_it(shop: House, people: Cast, tmp_path: Path) -> None:
    marks.mark_done(shop, people.zhou, people.shop_id, ORDER, DeadlineKind.SHIP_BY, now=NOON)

    done = _bring(shop, people, orders_csv(tmp_path / "next.csv", [row(ONE), row(TWO, 商品="核桃")]), EVENING)

    item = _item(shop, people)
    assert item is not None
    assert item.band is Band.LATER
    assert item.mark is not None
    assert item.mark.outcome == "contradicted"
    assert _outcomes(shop) == [("contradicted", done)]


def test_older_data_say_nothing_of_it(shop: House, people: Cast, tmp_path: Path) -> None:
    marks.mark_done(shop, people.zhou, people.shop_id, ORDER, DeadlineKind.SHIP_BY, now=EVENING)

    _bring(shop, people, orders_csv(tmp_path / "next.csv", [row(ONE, 商品="核桃")]), NOON)

    item = _item(shop, people)
    assert item is not None
    assert item.band is Band.SAID_DONE
    assert _outcomes(shop) == [(None, None)]


def test_undoing_the_import_opens_the_question_again(shop: House, people: Cast, tmp_path: Path) -> None:
    marks.mark_done(shop, people.zhou, people.shop_id, ORDER, DeadlineKind.SHIP_BY, now=NOON)
    done = _bring(shop, people, orders_csv(tmp_path / "next.csv", [row(ONE, 商品="核桃")]), EVENING)

    importing.undo(shop, people.lin, people.shop_id, done, EVENING)

    item = _item(shop, people)
    assert item is not None
    assert item.band is Band.SAID_DONE
    assert _outcomes(shop) == [(None, None)]


def test_what_is_put_off_comes_back_by_itself(shop: House, people: Cast) -> None:
    marks.snooze(shop, people.mei, people.shop_id, ORDER, DeadlineKind.SHIP_BY, until=NOON + timedelta(hours=2), reason="carton missing", now=NOON)
    assert _band(shop, people) is Band.SNOOZED

    today.settle(shop, [people.shop_id], NOON + timedelta(hours=1))
    assert _band(shop, people) is Band.SNOOZED

    today.settle(shop, [people.shop_id], NOON + timedelta(hours=2))
    assert _band(shop, people) is Band.LATER
    assert _sums_agree_with_rows(shop, people)


def test_what_is_put_off_stays_so_through_an_import(shop: House, people: Cast, tmp_path: Path) -> None:
    marks.snooze(shop, people.mei, people.shop_id, ORDER, DeadlineKind.SHIP_BY, until=EVENING + timedelta(hours=2), now=NOON)

    _bring(shop, people, orders_csv(tmp_path / "next.csv", [row(ONE, 商品="核桃")]), EVENING)

    assert _band(shop, people) is Band.SNOOZED


def test_it_is_found_in_the_hands_it_was_given_to(shop: House, people: Cast, tmp_path: Path) -> None:
    assert people.zhou.person_id is not None
    marks.hand_over(shop, people.lin, people.shop_id, ORDER, DeadlineKind.SHIP_BY, assignee=people.zhou.person_id, now=NOON)
    _bring(shop, people, orders_csv(tmp_path / "next.csv", [row(ONE, 商品="核桃")]), EVENING)

    listed = today.today(shop, people.zhou, EVENING, assignee=people.zhou.person_id)

    assert [item.deadline.subject.no for _, group in listed.groups for item in group] == [ONE]
    assert {total.band: total.deadlines for total in listed.sums if total.deadlines} == {Band.LATER: 1}


def test_it_is_handed_to_nobody_outside_the_shop(shop: House, people: Cast) -> None:
    assert people.zheng.person_id is not None
    before = contents(shop.pool)

    with pytest.raises(Refused):
        marks.hand_over(shop, people.lin, people.shop_id, ORDER, DeadlineKind.SHIP_BY, assignee=people.zheng.person_id, now=NOON)

    assert contents(shop.pool) == before


def test_what_is_not_ours_stays_off_the_list_until_it_is_taken_back(shop: House, people: Cast, tmp_path: Path) -> None:
    marks.not_ours(shop, people.lin, people.shop_id, ORDER, DeadlineKind.SHIP_BY, reason="test order", now=NOON)
    _bring(shop, people, orders_csv(tmp_path / "next.csv", [row(ONE, 商品="核桃")]), EVENING)
    assert _band(shop, people) is Band.NOT_OURS

    marks.take_back(shop, people.lin, people.shop_id, ORDER, DeadlineKind.SHIP_BY, now=EVENING)

    assert _band(shop, people) is Band.LATER
    assert _sums_agree_with_rows(shop, people)


def test_it_refuses_to_put_off_into_the_past(shop: House, people: Cast) -> None:
    before = contents(shop.pool)

    with pytest.raises(Refused):
        marks.snooze(shop, people.mei, people.shop_id, ORDER, DeadlineKind.SHIP_BY, until=NOON, now=NOON)

    assert contents(shop.pool) == before


def test_it_refuses_a_mark_on_what_is_closed(shop: House, people: Cast, tmp_path: Path) -> None:
    _bring(shop, people, orders_csv(tmp_path / "next.csv", [shipped(ONE)]), EVENING)
    before = contents(shop.pool)

    with pytest.raises(Refused):
        marks.mark_done(shop, people.zhou, people.shop_id, ORDER, DeadlineKind.SHIP_BY, now=EVENING)

    assert contents(shop.pool) == before


Deed = Callable[[House, Person, Cast], None]
DEEDS: dict[str, Deed] = {
    "done": lambda shop, by, people: marks.mark_done(shop, by, people.shop_id, ORDER, DeadlineKind.SHIP_BY, now=NOON),
    "snooze": lambda shop, by, people: marks.snooze(shop, by, people.shop_id, ORDER, DeadlineKind.SHIP_BY, until=EVENING, now=NOON),
    "hand over": lambda shop, by, people: marks.hand_over(shop, by, people.shop_id, ORDER, DeadlineKind.SHIP_BY, assignee=PersonId(1), now=NOON),
    "not ours": lambda shop, by, people: marks.not_ours(shop, by, people.shop_id, ORDER, DeadlineKind.SHIP_BY, now=NOON),
    "take back": lambda shop, by, people: marks.take_back(shop, by, people.shop_id, ORDER, DeadlineKind.SHIP_BY, now=NOON),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_another_shop_can_say_nothing_of_ours(shop: House, people: Cast, deed: str) -> None:
    before = contents(shop.pool)

    with pytest.raises(NotAllowed):
        DEEDS[deed](shop, people.zheng, people)

    assert contents(shop.pool) == before


def _bring(house: House, people: Cast, path: Path, as_of: datetime) -> int:
    previewed = importing.preview(house, people.lin, people.shop_id, [path], as_of, as_of=as_of)
    return importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, as_of).batch_id


def _item(shop: House, people: Cast) -> TodoItem | None:
    return today.todo_item(shop, people.lin, people.shop_id, ORDER, DeadlineKind.SHIP_BY, NOON)


def _band(shop: House, people: Cast) -> Band | None:
    item = _item(shop, people)
    return item.band if item else None


def _sums(shop: House, people: Cast) -> dict[Band, int]:
    return {total.band: total.deadlines for total in today.today(shop, people.lin, NOON, bands=EVERYWHERE).sums}


def _outcomes(shop: House) -> list[tuple[str | None, int | None]]:
    with shop.pool.connection() as tx:
        return tx.execute("select outcome, outcome_batch from todo_marks order by mark_id").fetchall()


def _sums_agree_with_rows(shop: House, people: Cast) -> bool:
    with shop.pool.connection() as tx:
        kept = tx.execute("select band, kind, deadlines, at_risk, worth from deadline_totals order by band, kind").fetchall()
        counted = tx.execute(
            "select band, kind, count(*), sum(at_risk)::bigint, sum(worth)::bigint from deadlines where band is not null group by 1, 2 order by 1, 2"
        ).fetchall()
    return bool(kept == counted and people)
