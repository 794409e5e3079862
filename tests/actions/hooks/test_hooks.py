"""Events reach another program: signed, at least once, in order for each thing; a program that takes nothing is paused, and nothing is lost."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import pytest

from tests.actions.cases.telling import case_told, order_told, platform_tells, scan_told
from tests.actions.hooks.receiver import Program, listening
from tests.cast import BEGAN, Cast
from zhanggui.actions.bridge_tokens import make_token
from zhanggui.actions.hooks import sending
from zhanggui.actions.hooks.making import (
    add_hook,
    change_secret,
    remove_hook,
    resume_hook,
    send_again,
    send_all_again,
    set_kinds,
    switch_hook,
    try_hook,
)
from zhanggui.actions.hooks.seeing import events_seen, hook_log, hook_seen
from zhanggui.actions.hooks.sending import send_events, shops_with_hooks_due
from zhanggui.actions.hooks.spreading import KEPT, forget_events, shops_with_events, spread_events
from zhanggui.actions.house import House
from zhanggui.actions.people import change_role, remove_member
from zhanggui.actions.refused import Refused
from zhanggui.actions.today import settle
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.facts import OrderStage
from zhanggui.core.hooks.kinds import EventKind, kinds_of
from zhanggui.people import factors
from zhanggui.people.permissions import NotAllowed, Role
from zhanggui.records import hook_events, journal
from zhanggui.records.journal_entries import ActMoved

WALL = BEGAN
FIRST, SECOND = "260301-111111111111111", "260301-222222222222222"


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """A program on this machine, to which the house may send."""
    monkeypatch.setenv("ZHANGGUI_NOTIFY_HOSTS", "127.0.0.1")
    with listening() as made:
        yield made


@pytest.fixture
def hook_no(house: House, people: Cast, program: Program) -> int:
    """A hook that is told of everything."""
    made = add_hook(house, people.lin, people.shop_id, "ERP", program.address, ["*"], BEGAN)
    program.secret = made.secret
    return made.hook_no


def tells(house: House, people: Cast, *told: Any, at: datetime = BEGAN) -> None:
    platform_tells(house, people.shop_id, told, at)


def spreads(house: House, people: Cast, wall: datetime = WALL) -> None:
    while spread_events(house, people.shop_id, BEGAN, wall, "worker"):
        pass


def sends(house: House, people: Cast, wall: datetime = WALL) -> None:
    """The lanes, until nothing can leave any more at this moment."""
    spreads(house, people, wall)
    while send_events(house, people.shop_id, BEGAN, wall, "worker"):
        pass


def test_it_tells_of_orders_cases_parcels_and_deadlines_as_they_come(house: House, people: Cast, program: Program, hook_no: int) -> None:
    tells(house, people, order_told(BEGAN, stage=OrderStage.TO_SHIP, shipped_at=None, tracking_no=None))
    sends(house, people)
    begun = list(program.heard)
    tells(house, people, order_told(BEGAN + timedelta(hours=1)), scan_told(BEGAN, tracking_no="YT7600000000001", text="已揽收"), at=BEGAN + timedelta(hours=1))
    tells(house, people, case_told(BEGAN + timedelta(hours=2)), at=BEGAN + timedelta(hours=2))
    sends(house, people)

    assert [(each["type"], each["data"]["no"]) for each in begun] == [("order.seen", FIRST), ("deadline.opened", FIRST)]
    assert begun[0]["data"]["what"] == {"stage": "to_ship", "refund": "none", "pay_amount_fen": 5990}
    assert begun[1]["data"]["what"]["deadline"] == "ship_by"
    kinds = [each["type"] for each in program.heard[2:]]
    assert {"order.moved", "parcel.seen", "deadline.closed", "deadline.opened", "case.stepped"} <= set(kinds)
    moved = next(each for each in program.heard if each["type"] == "order.moved")
    assert (moved["data"]["what"], moved["data"]["order_no"], moved["timestamp"]) == (
        {"before": "to_ship", "after": "shipped"}, FIRST, "2026-03-01T01:00:00Z" if BEGAN.hour == 0 else moved["timestamp"],
    )  # fmt: skip
    assert (program.forged, len(set(program.ids))) == (0, len(program.ids))


def test_it_notes_nothing_where_nobody_listens(house: House, people: Cast, program: Program, hook_no: int) -> None:
    switch_hook(house, people.lin, people.shop_id, hook_no, BEGAN, is_on=False)

    tells(house, people, order_told(BEGAN))

    assert noted(house, people) == 0
    assert shops_with_events(house, BEGAN, WALL) == []


def test_it_notes_only_what_somebody_wants_and_everything_for_a_token_that_reads_events(house: House, people: Cast, program: Program, hook_no: int) -> None:
    set_kinds(house, people.lin, people.shop_id, hook_no, ["order.moved"], BEGAN)
    tells(house, people, order_told(BEGAN))
    unwanted = noted(house, people)

    make_token(house, people.lin, people.shop_id, "ERP", [Scope.EVENTS_READ], BEGAN, WALL)
    tells(house, people, order_told(BEGAN, order_no=SECOND))

    assert (unwanted, noted(house, people) > 2) == (0, True)


def test_it_keeps_the_order_for_each_thing_and_lets_others_pass(house: House, people: Cast, program: Program, hook_no: int) -> None:
    set_kinds(house, people.lin, people.shop_id, hook_no, ["order.*"], BEGAN)
    program.answers = lambda told: 500 if told["data"]["no"] == FIRST else 204
    tells(house, people, order_told(BEGAN, stage=OrderStage.TO_SHIP))
    tells(house, people, order_told(BEGAN + timedelta(hours=1)), at=BEGAN + timedelta(hours=1))
    tells(house, people, order_told(BEGAN, order_no=SECOND))
    sends(house, people)
    meanwhile = program.taken[:]
    program.answers = lambda _: 204

    for minutes in range(1, 20):
        sends(house, people, WALL + timedelta(minutes=minutes))

    assert meanwhile == [("order.seen", SECOND)]
    assert [kind for kind, no in program.taken if no == FIRST] == ["order.seen", "order.moved", "order.changed"]


def test_it_keeps_no_program_waiting_for_another(house: House, people: Cast, program: Program, hook_no: int) -> None:
    set_kinds(house, people.lin, people.shop_id, hook_no, ["order.*"], BEGAN)
    program.answers = lambda _: 500
    with listening() as other:
        other.secret = add_hook(house, people.lin, people.shop_id, "BI", other.address, ["order.*"], BEGAN).secret
        tells(house, people, order_told(BEGAN, stage=OrderStage.TO_SHIP))
        sends(house, people)
        tells(house, people, order_told(BEGAN + timedelta(hours=1)), at=BEGAN + timedelta(hours=1))
        sends(house, people)

    assert [kind for kind, _ in other.taken] == ["order.seen", "order.moved", "order.changed"]
    assert program.taken == []


def test_it_sends_again_what_was_under_way_when_the_worker_died(house: House, people: Cast, program: Program, hook_no: int) -> None:
    set_kinds(house, people.lin, people.shop_id, hook_no, ["order.*"], BEGAN)
    tells(house, people, order_told(BEGAN))
    spreads(house, people)
    with house.pool.connection() as tx:
        (claimed,) = hook_events.claim(tx, people.shop_id, hook_no, WALL, WALL + sending.LEASE, 20)

    sends(house, people, WALL + timedelta(minutes=1))
    before = program.taken[:]
    sends(house, people, WALL + sending.LEASE)

    assert (before, program.taken) == ([], [("order.seen", FIRST)])
    with house.pool.connection() as tx:
        assert not hook_events.end(
            tx, people.shop_id, hook_no, claimed.place, WALL + sending.LEASE, state="waiting", look_at=WALL, status=500, took_ms=1, answer=""
        )


def test_it_pauses_a_program_that_took_nothing_for_a_day_rings_and_loses_nothing(house: House, people: Cast, program: Program, hook_no: int) -> None:
    set_kinds(house, people.lin, people.shop_id, hook_no, ["order.seen"], BEGAN)
    tries: list[str] = []

    def busy(told: dict[str, Any]) -> int:
        tries.append(told["data"]["no"])
        return 503

    program.answers = busy
    tells(house, people, order_told(BEGAN))
    tells(house, people, order_told(BEGAN, order_no=SECOND))

    for minutes in range(0, 26 * 60, 5):
        sends(house, people, WALL + timedelta(minutes=minutes))
    paused = hook_seen(house, people.lin, people.shop_id, hook_no)
    many, ringing = len(tries), rings(house, people)
    sends(house, people, WALL + timedelta(hours=30))
    program.answers = lambda _: 200
    resume_hook(house, people.lin, people.shop_id, hook_no, BEGAN, WALL + timedelta(hours=31))
    sends(house, people, WALL + timedelta(hours=31))

    assert (paused.paused_at is not None, paused.waiting, paused.problem is not None) == (True, 2, True)
    assert 20 < many < 200
    assert len(tries) == many
    assert (ringing, rings(house, people)) == (["mend_hook"], [])
    assert sorted(program.taken) == [("order.seen", FIRST), ("order.seen", SECOND)]


def test_what_waited_while_a_program_was_paused_has_another_day_from_when_it_is_resumed(house: House, people: Cast, program: Program, hook_no: int) -> None:
    set_kinds(house, people.lin, people.shop_id, hook_no, ["order.seen"], BEGAN)
    program.answers = lambda _: 503
    tells(house, people, order_told(BEGAN))
    tells(house, people, order_told(BEGAN, order_no=SECOND))
    for minutes in range(0, 26 * 60, 5):
        sends(house, people, WALL + timedelta(minutes=minutes))
    program.answers = lambda told: 200 if told["data"]["no"] == SECOND else 503

    resumed = WALL + timedelta(hours=40)
    resume_hook(house, people.lin, people.shop_id, hook_no, BEGAN, resumed)
    for minutes in range(0, 120, 5):
        sends(house, people, resumed + timedelta(minutes=minutes))

    seen = hook_seen(house, people.lin, people.shop_id, hook_no)
    assert program.taken == [("order.seen", SECOND)]
    assert (seen.waiting, seen.given_up, seen.paused_at) == (1, 0, None)


def test_it_pauses_a_hook_whose_maker_lacks_the_second_factor_that_the_shop_asks(house: House, people: Cast, program: Program, hook_no: int) -> None:
    with house.pool.connection() as tx:
        factors.put_terms(tx, people.shop_id, frozenset({Role.OWNER}), None, WALL)
    tells(house, people, order_told(BEGAN))

    sends(house, people)

    paused = hook_seen(house, people.lin, people.shop_id, hook_no)
    assert (program.taken, paused.paused_at, paused.problem) == ([], WALL, sending.WITHHELD)


def test_it_gives_up_one_event_that_is_never_taken_while_others_are(house: House, people: Cast, program: Program, hook_no: int) -> None:
    set_kinds(house, people.lin, people.shop_id, hook_no, ["order.seen"], BEGAN)
    program.answers = lambda told: 400 if told["data"]["no"] == FIRST else 204
    tells(house, people, order_told(BEGAN))

    for hours in range(30):
        tells(house, people, order_told(BEGAN, order_no=f"260301-3333333333333{hours:02d}"))
        sends(house, people, WALL + timedelta(hours=hours))

    hook = hook_seen(house, people.lin, people.shop_id, hook_no)
    (given_up,) = hook_log(house, people.lin, people.shop_id, hook_no, state="given_up").rows
    assert (hook.paused_at, hook.waiting, hook.given_up, len(program.taken)) == (None, 0, 1, 30)
    assert (given_up.subject_no, given_up.status) == (FIRST, 400)
    program.answers = lambda _: 204
    send_again(house, people.lin, people.shop_id, hook_no, given_up.place, WALL + timedelta(hours=31))
    sends(house, people, WALL + timedelta(hours=31))
    assert program.taken[-1] == ("order.seen", FIRST)


def test_it_pauses_at_once_where_the_program_says_that_it_is_gone(house: House, people: Cast, program: Program, hook_no: int) -> None:
    program.answers = lambda _: 410
    tells(house, people, order_told(BEGAN))

    sends(house, people)

    assert hook_seen(house, people.lin, people.shop_id, hook_no).paused_at == WALL
    assert shops_with_hooks_due(house, BEGAN, WALL + timedelta(hours=1)) == []


def test_it_signs_by_both_secrets_for_a_day_when_one_is_changed(house: House, people: Cast, program: Program, hook_no: int) -> None:
    set_kinds(house, people.lin, people.shop_id, hook_no, ["order.seen"], BEGAN)
    fresh = change_secret(house, people.lin, people.shop_id, hook_no, BEGAN, WALL).secret
    tells(house, people, order_told(BEGAN))
    sends(house, people)
    by_the_old_one = program.taken[:]

    program.secret, old = fresh, program.secret
    tells(house, people, order_told(BEGAN, order_no=SECOND))
    sends(house, people, WALL + timedelta(days=2))
    program.secret = old
    tells(house, people, order_told(BEGAN, order_no="260301-444444444444444"))
    sends(house, people, WALL + timedelta(days=2, hours=1))

    assert by_the_old_one == [("order.seen", FIRST)]
    assert (program.taken, program.forged) == ([("order.seen", FIRST), ("order.seen", SECOND)], 1)


@pytest.mark.parametrize("address", ["http://10.0.0.1/x", "http://example.com/x", "ftp://127.0.0.1/", "https://a:b@example.com/", "https://exa mple/", ""])
def test_it_takes_no_address_to_which_nothing_may_be_sent(house: House, people: Cast, program: Program, address: str) -> None:
    with pytest.raises(Refused):
        add_hook(house, people.lin, people.shop_id, "ERP", address, ["*"], BEGAN)


def test_it_sends_nothing_into_private_networks_and_follows_nobody_elsewhere(
    house: House, people: Cast, program: Program, hook_no: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = add_hook(house, people.lin, people.shop_id, "ERP 2", f"https://127.0.0.1:{program.port}/", ["*"], BEGAN).hook_no
    monkeypatch.delenv("ZHANGGUI_NOTIFY_HOSTS")
    for number in (hook_no, inside):
        with pytest.raises(Refused, match="private network"):
            try_hook(house, people.lin, people.shop_id, number, BEGAN, WALL)
    monkeypatch.setenv("ZHANGGUI_NOTIFY_HOSTS", "127.0.0.1")
    program.answers = lambda _: 302

    with pytest.raises(Refused, match="leads somewhere else"):
        try_hook(house, people.lin, people.shop_id, hook_no, BEGAN, WALL)

    assert program.heard == []


def test_it_can_be_tried_sent_once_more_and_removed(house: House, people: Cast, program: Program, hook_no: int) -> None:
    assert try_hook(house, people.lin, people.shop_id, hook_no, BEGAN, WALL) >= 0
    tells(house, people, order_told(BEGAN, stage=OrderStage.TO_SHIP))
    sends(house, people)
    first = program.taken[:]

    many = send_all_again(house, people.lin, people.shop_id, hook_no, BEGAN - timedelta(hours=1), WALL)
    sends(house, people)
    remove_hook(house, people.lin, people.shop_id, hook_no, BEGAN)

    assert first[0] == ("hook.test", str(hook_no))
    assert (program.taken[len(first) :], many) == (first[1:], len(first) - 1)
    assert program.ids[1 : len(first)] == program.ids[len(first) :]
    with pytest.raises(NotAllowed):
        hook_seen(house, people.lin, people.shop_id, hook_no)


def test_it_sends_no_event_beside_whoever_is_sending_it_just_now(house: House, people: Cast, program: Program, hook_no: int) -> None:
    set_kinds(house, people.lin, people.shop_id, hook_no, ["order.*"], BEGAN)
    tells(house, people, order_told(BEGAN))
    spreads(house, people)
    with house.pool.connection() as tx:
        (claimed,) = hook_events.claim(tx, people.shop_id, hook_no, WALL, WALL + sending.LEASE, 20)

    with pytest.raises(Refused, match="waits anyway"):
        send_again(house, people.lin, people.shop_id, hook_no, claimed.place, WALL + timedelta(minutes=1))
    sends(house, people, WALL + timedelta(minutes=1))

    assert program.taken == []


def test_it_shows_and_changes_hooks_only_for_those_who_set_the_shop(house: House, people: Cast, program: Program, hook_no: int) -> None:
    for by in (people.mei, people.zheng):
        for deed in (
            partial(hook_seen, house, by, people.shop_id, hook_no),
            partial(hook_log, house, by, people.shop_id, hook_no),
            partial(change_secret, house, by, people.shop_id, hook_no, BEGAN, WALL),
            partial(add_hook, house, by, people.shop_id, "x", program.address, ["*"], BEGAN),
            partial(send_all_again, house, by, people.shop_id, hook_no, BEGAN, WALL),
        ):
            with pytest.raises(NotAllowed):
                deed()
    with pytest.raises(NotAllowed):
        hook_seen(house, people.zheng, people.other_shop_id, hook_no)


@pytest.mark.parametrize("is_removed", [False, True])
def test_it_sends_nothing_on_the_word_of_somebody_who_sets_the_shop_no_more(house: House, people: Cast, program: Program, is_removed: bool) -> None:
    assert people.mei.person_id is not None
    change_role(house, people.lin, people.shop_id, people.mei.person_id, Role.OWNER, BEGAN)
    mei = msgspec.structs.replace(people.mei, roles={people.shop_id: Role.OWNER})
    made = add_hook(house, mei, people.shop_id, "hers", program.address, ["order.seen"], BEGAN)
    program.secret = made.secret
    tells(house, people, order_told(BEGAN))
    sends(house, people)
    before = list(program.taken)
    if is_removed:
        remove_member(house, people.lin, people.shop_id, people.mei.person_id, BEGAN)
    else:
        change_role(house, people.lin, people.shop_id, people.mei.person_id, Role.REP, BEGAN)

    tells(house, people, order_told(BEGAN, order_no=SECOND))
    sends(house, people)
    after, seen, ringing = list(program.taken), hook_seen(house, people.lin, people.shop_id, made.hook_no), rings(house, people)
    resume_hook(house, people.lin, people.shop_id, made.hook_no, BEGAN, WALL)
    sends(house, people)

    assert (before, after, seen.waiting, seen.paused_at is not None, seen.problem == sending.NOBODY_ANSWERS) == ([("order.seen", FIRST)], before, 1, True, True)
    assert (ringing, rings(house, people)) == (["mend_hook"], [])
    assert program.taken == [("order.seen", FIRST), ("order.seen", SECOND)]


def test_it_never_shows_an_event_before_an_earlier_one(house: House, people: Cast, program: Program, hook_no: int) -> None:
    act = ActMoved("order.note", 1, "stopped")
    with house.pool.connection() as slow:
        journal.write(slow, people.shop_id, act, at=BEGAN, by=None)
        with house.pool.connection() as quick:
            journal.write(quick, people.shop_id, ActMoved("order.note", 2, "stopped"), at=BEGAN, by=None)
        spreads(house, people)
        first = events_seen(house, people.lin, people.shop_id)
    spreads(house, people)

    later = events_seen(house, people.lin, people.shop_id, cursor=first.next_cursor)
    again = events_seen(house, people.lin, people.shop_id, cursor=later.next_cursor)

    assert [[row.subject_no for row in page.rows] for page in (first, later, again)] == [["2"], ["1"], []]
    assert again.next_cursor == later.next_cursor
    assert [row.place for row in events_seen(house, people.lin, people.shop_id, kinds=["act.*"], limit=1).rows] == [1]
    assert events_seen(house, people.lin, people.shop_id, newest=True).rows == ()


def test_it_tells_when_a_deadline_comes_near_and_passes(house: House, people: Cast, program: Program, hook_no: int) -> None:
    set_kinds(house, people.lin, people.shop_id, hook_no, ["deadline.soon", "deadline.overdue"], BEGAN)
    due = BEGAN + timedelta(hours=5)
    tells(house, people, order_told(BEGAN, stage=OrderStage.TO_SHIP, shipped_at=None, tracking_no=None, ship_by=due))

    for minutes in (0, 250, 290, 301, 400):
        settle(house, [people.shop_id], BEGAN + timedelta(minutes=minutes))
        sends(house, people)

    assert [(each["type"], each["data"]["what"]["deadline"], each["data"]["what"]["due_at"]) for each in program.heard] == [
        ("deadline.soon", "ship_by", due.isoformat().replace("+00:00", "Z")),
        ("deadline.overdue", "ship_by", due.isoformat().replace("+00:00", "Z")),
    ]


def test_it_forgets_events_that_are_kept_no_longer_and_never_counts_from_one_again(house: House, people: Cast, program: Program, hook_no: int) -> None:
    tells(house, people, order_told(BEGAN))
    spreads(house, people)
    last = events_seen(house, people.lin, people.shop_id, limit=500).rows[-1].place

    forget_events(house, BEGAN + KEPT + timedelta(days=1))
    gone = events_seen(house, people.lin, people.shop_id).rows
    tells(house, people, order_told(BEGAN, order_no=SECOND))
    spreads(house, people)

    assert gone == ()
    assert events_seen(house, people.lin, people.shop_id).rows[0].place == last + 1


def test_it_knows_kinds_by_name_by_family_and_all() -> None:
    assert kinds_of(["act.*", "order.seen"]) == {EventKind.ACT_ANNOUNCED, EventKind.ACT_MOVED, EventKind.ORDER_SEEN}
    assert kinds_of(["*"]) == set(EventKind)
    for wrong in ("order", "orders.*", "*.*"):
        with pytest.raises(ValueError, match=wrong.replace("*", r"\*")):
            kinds_of([wrong])


def noted(house: House, people: Cast) -> int:
    with house.pool.connection() as tx:
        row = tx.execute("select count(*) from hook_notes where shop_id = %s", (people.shop_id,)).fetchone()
    assert row is not None
    return int(row[0])


def rings(house: House, people: Cast) -> list[str]:
    with house.pool.connection() as tx:
        rows = tx.execute("select kind from alerts where shop_id = %s and state <> 'ended' order by 1", (people.shop_id,)).fetchall()
    return [kind for (kind,) in rows]
