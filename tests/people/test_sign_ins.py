"""Sign-ins: how they begin, are known, seen and ended."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import Cast
from zhanggui.people import sign_ins
from zhanggui.people.permissions import PersonId, Role
from zhanggui.records.db import Pool

NOW = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)


def test_it_knows_who_holds_a_token(pool: Pool, people: Cast) -> None:
    with pool.connection() as tx:
        token = sign_ins.begin(tx, _id(people), NOW, device="Firefox · Linux")

        known = sign_ins.known(tx, token, NOW)

    assert known is not None
    assert known.person == people.lin
    assert known.person.roles == {people.shop_id: Role.OWNER}


def test_it_stores_no_token(pool: Pool, people: Cast) -> None:
    with pool.connection() as tx:
        token = sign_ins.begin(tx, _id(people), NOW)
        rows = tx.execute("select s::text from sign_ins s").fetchall()

    assert token not in rows[0][0]
    assert token.encode().hex() not in rows[0][0]


@pytest.mark.parametrize("token", ["", "x", "null", "a" * 43])
def test_it_knows_nobody_by_an_invented_token(pool: Pool, people: Cast, token: str) -> None:
    with pool.connection() as tx:
        sign_ins.begin(tx, _id(people), NOW)

        assert sign_ins.known(tx, token, NOW) is None


def test_it_ends_when_nobody_came_for_a_week(pool: Pool, people: Cast) -> None:
    with pool.connection() as tx:
        token = sign_ins.begin(tx, _id(people), NOW)

        assert sign_ins.known(tx, token, NOW + timedelta(days=7)) is None


def test_it_goes_on_while_somebody_comes_but_not_beyond_thirty_days(pool: Pool, people: Cast) -> None:
    with pool.connection() as tx:
        token = sign_ins.begin(tx, _id(people), NOW)

        came = [sign_ins.known(tx, token, NOW + timedelta(days=day)) is not None for day in (6, 12, 18, 24, 29, 30)]

    assert came == [True, True, True, True, True, False]


def test_it_writes_that_somebody_was_seen_at_most_every_five_minutes(pool: Pool, people: Cast) -> None:
    with pool.connection() as tx:
        token = sign_ins.begin(tx, _id(people), NOW)

        seen = []
        for minutes in (4, 5, 9, 10):
            sign_ins.known(tx, token, NOW + timedelta(minutes=minutes))
            seen.append(sign_ins.of_person(tx, _id(people), NOW + timedelta(minutes=minutes))[0].seen_at - NOW)

    assert seen == [timedelta(0), timedelta(minutes=5), timedelta(minutes=5), timedelta(minutes=10)]


def test_it_ends_one_sign_in_and_leaves_the_others(pool: Pool, people: Cast) -> None:
    with pool.connection() as tx:
        phone, desk = sign_ins.begin(tx, _id(people), NOW, device="phone"), sign_ins.begin(tx, _id(people), NOW, device="desk")
        number = next(each.number for each in sign_ins.of_person(tx, _id(people), NOW) if each.device == "phone")

        assert sign_ins.end_numbered(tx, _id(people), number) is True

        assert sign_ins.known(tx, phone, NOW) is None
        assert sign_ins.known(tx, desk, NOW) is not None


def test_it_lets_nobody_end_the_sign_in_of_another(pool: Pool, people: Cast) -> None:
    assert people.zheng.person_id is not None
    with pool.connection() as tx:
        token = sign_ins.begin(tx, _id(people), NOW)
        number = sign_ins.of_person(tx, _id(people), NOW)[0].number

        assert sign_ins.end_numbered(tx, people.zheng.person_id, number) is False

        assert sign_ins.known(tx, token, NOW) is not None


def test_it_ends_all_but_the_one_in_use(pool: Pool, people: Cast) -> None:
    with pool.connection() as tx:
        tokens = [sign_ins.begin(tx, _id(people), NOW) for _ in range(3)]

        assert sign_ins.end_all(tx, _id(people), but=sign_ins.digest_of(tokens[1])) == 2

        assert [sign_ins.known(tx, token, NOW) is not None for token in tokens] == [False, True, False]


def test_it_forgets_what_has_ended(pool: Pool, people: Cast) -> None:
    with pool.connection() as tx:
        sign_ins.begin(tx, _id(people), NOW - timedelta(days=31))
        sign_ins.begin(tx, _id(people), NOW - timedelta(days=8))
        sign_ins.begin(tx, _id(people), NOW)

        assert sign_ins.sweep(tx, NOW) == 2


def test_it_does_not_know_people_whose_account_is_closed(pool: Pool, people: Cast) -> None:
    with pool.connection() as tx:
        token = sign_ins.begin(tx, _id(people), NOW)
        tx.execute("update people set closed_at = %s where person_id = %s", (NOW, _id(people)))

        assert sign_ins.known(tx, token, NOW) is None


def _id(people: Cast) -> PersonId:
    assert people.lin.person_id is not None
    return people.lin.person_id
