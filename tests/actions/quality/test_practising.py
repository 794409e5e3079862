"""Practice: a pretended buyer chats, the answers are graded like real ones, and nothing of it is stored anywhere else."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.quality.practising import answer_round, begin_round, end_round, practice_seen, round_seen
from zhanggui.actions.quality.pretending import Said, may_be, pretended, slots_for
from zhanggui.actions.refused import Refused
from zhanggui.core.grading import FaultKind
from zhanggui.core.grading.models import model_for
from zhanggui.core.intents.kinds import Intent
from zhanggui.emulator.world.chats.manner import manner
from zhanggui.people.permissions import NotAllowed
from zhanggui.rulebook.quality import model_answers

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
"""10:00 in Shanghai."""
MINUTE = timedelta(minutes=1)
TABLES = "select relname from pg_class join pg_namespace n on n.oid = relnamespace where nspname = 'public' and relkind = 'r'"


def begun(house: House, people: Cast, want: str = "chase_shipping", temper: str = "calm") -> int:
    return begin_round(house, people.mei, people.shop_id, NOW, want=want, temper=temper, seed=1)


def test_the_buyer_writes_and_takes_a_good_answer_well(house: House, people: Cast) -> None:
    round_no = begun(house, people)
    first = round_seen(house, people.mei, people.shop_id, round_no, NOW + MINUTE)
    answer_round(house, people.mei, people.shop_id, round_no, "让您久等了，抱歉，您的订单今天16点前发出", NOW + MINUTE)
    ended = round_seen(house, people.mei, people.shop_id, round_no, NOW + 3 * MINUTE)

    assert not first.is_ended
    assert [line.party.value for line in first.told.lines][-1] == "buyer"
    assert (ended.is_ended, ended.row.points, ended.row.outcome) == (True, 100, "content")
    assert ended.good[0].want == "chase_shipping"
    assert ended.good[0].model.why.zh


def test_a_bad_answer_is_graded_under_the_message_that_holds_it(house: House, people: Cast) -> None:
    round_no = begun(house, people, temper="angry")
    answer_round(house, people.mei, people.shop_id, round_no, "已经给您发货了，催什么催", NOW + 2 * MINUTE)
    end_round(house, people.mei, people.shop_id, round_no, NOW + 4 * MINUTE)

    told = round_seen(house, people.lin, people.shop_id, round_no, NOW + 60 * MINUTE)
    place = next(place for place, line in enumerate(told.told.lines) if line.party.value == "rep")
    assert {fault.kind for fault in told.faults_at(place)} == {FaultKind.RUDE, FaultKind.CONTRADICTED}
    assert told.row.points == 50
    assert told.taken == {place: "wrong"}


def test_ending_twice_changes_nothing_and_who_says_nothing_has_no_points(house: House, people: Cast) -> None:
    round_no = begun(house, people)
    end_round(house, people.mei, people.shop_id, round_no, NOW + 2 * MINUTE)
    end_round(house, people.mei, people.shop_id, round_no, NOW + 9 * MINUTE)

    told = round_seen(house, people.mei, people.shop_id, round_no, NOW + 20 * MINUTE)
    assert (told.row.ended_at, told.row.points) == (NOW + 2 * MINUTE, 0)
    with pytest.raises(Refused, match="over"):
        answer_round(house, people.mei, people.shop_id, round_no, "您好", NOW + 21 * MINUTE)


def test_scores_are_seen_by_whom_they_are_of_and_by_who_leads(house: House, people: Cast) -> None:
    round_no = begun(house, people)
    answer_round(house, people.mei, people.shop_id, round_no, "您的订单今天16点前发出", NOW + MINUTE)
    round_seen(house, people.mei, people.shop_id, round_no, NOW + 3 * MINUTE)
    begin_round(house, people.lin, people.shop_id, NOW, want="use", seed=2)

    assert practice_seen(house, people.mei, people.shop_id).scores == {"小美": (100,)}
    assert [each.row.name for each in practice_seen(house, people.lin, people.shop_id).rounds] == ["林", "小美"]
    assert [each.row.name for each in practice_seen(house, people.mei, people.shop_id).rounds] == ["小美"]
    with pytest.raises(Refused, match="somebody else's"):
        answer_round(house, people.lin, people.shop_id, round_no, "您好", NOW)
    with pytest.raises(NotAllowed):
        practice_seen(house, people.zheng, people.shop_id)


def test_nothing_of_it_reaches_the_shops_records(house: House, people: Cast) -> None:
    before = _counts(house)
    round_no = begun(house, people, "quality", "sly")
    answer_round(house, people.mei, people.shop_id, round_no, "明天18点前给您退款，打我电话13812345678", NOW + MINUTE)
    end_round(house, people.mei, people.shop_id, round_no, NOW + 5 * MINUTE)
    after = _counts(house)

    assert {table for table, many in after.items() if many != before[table]} == {"practice_rounds"}
    assert "138****5678" in round_seen(house, people.mei, people.shop_id, round_no, NOW + 6 * MINUTE).row.said


def _counts(house: House) -> dict[str, int]:
    with house.pool.connection() as tx:
        tables = [name for (name,) in tx.execute(TABLES).fetchall()]
        return {name: tx.execute(f'select count(*) from "{name}"').fetchone()[0] for name in tables}  # type: ignore[index]


def test_it_refuses_a_buyer_there_is_not_and_an_empty_answer(house: House, people: Cast) -> None:
    round_no = begun(house, people)

    with pytest.raises(Refused, match="no such buyer"):
        begin_round(house, people.mei, people.shop_id, NOW, want="gold")
    with pytest.raises(Refused, match="Write an answer"):
        answer_round(house, people.mei, people.shop_id, round_no, "  ", NOW)
    with pytest.raises(Refused, match="no such round"):
        round_seen(house, people.mei, people.shop_id, 99, NOW)


@pytest.mark.parametrize("want", sorted(manner().wants))
def test_the_good_answer_contents_the_buyer(want: str) -> None:
    seed = next(seed for seed in range(20) if may_be(seed, NOW, want, "hurried"))
    at = NOW + MINUTE
    before = pretended(seed, NOW, want, "hurried", [], at)
    model = model_for(model_answers(), Intent(want), before.standing)
    assert model is not None

    told = pretended(seed, NOW, want, "hurried", [Said(at, model.filled(slots_for(before, at)))], at + 2 * MINUTE)

    assert (told.taken[0].taken, told.taken[0].wrong) == ("solved", ())
