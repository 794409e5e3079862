"""Hints: told often, read once or twice; what cannot be read is tried later, and given up visibly."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from psycopg import connect

from tests.cast import Cast
from zhanggui.actions import second_looks
from zhanggui.actions.chores import mend_moments
from zhanggui.actions.hints import REST, SECOND_LOOK, note, note_all
from zhanggui.actions.house import House
from zhanggui.actions.lanes import MOST_ATTEMPTS, ShopRests, let_rest, went_well
from zhanggui.actions.platform import NotConnected
from zhanggui.actions.reading_again import AT_ONCE, IMPORTS_WAIT, LEASE, read_hints, shops_hinted, try_again
from zhanggui.actions.refused import Refused
from zhanggui.actions.syncing import ToldAgain
from zhanggui.actions.vault import VaultShut
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.core.facts import OrderFacts, OrderStage, Place, Sighting
from zhanggui.core.say import say
from zhanggui.people.permissions import ShopId
from zhanggui.records import hints as records
from zhanggui.records import locks, sync_sources
from zhanggui.records.hints import Because

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ORDER = "260302-000000000000001"
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


class Reader:
    """Reads, and remembers what; may meet something at each, and may be told something."""

    def __init__(self, meet: Callable[[str], None] = lambda _: None, told: Callable[[str], Sequence[Sighting[Any]]] = lambda _: ()) -> None:
        self.read: list[tuple[str, str]] = []
        self.meet = meet
        self.told = told

    def __call__(self, house: House, shop_id: ShopId, what: str, no: str, now: datetime, wall: datetime, *, order_no: str | None = None) -> ToldAgain:
        self.read.append((what, f"{order_no}/{no}" if order_no else no))
        self.meet(no)
        return ToldAgain("order", self.told(no))


class Desk:
    """The hints of one shop, and a reader of them."""

    def __init__(self, house: House, shop_id: ShopId) -> None:
        self.house = house
        self.shop_id = shop_id

    def note(self, no: str, at: datetime = NOW, because: Because = "asked", order_no: str | None = None) -> None:
        with self.house.pool.connection() as tx:
            note(tx, self.shop_id, "case" if order_no else "order", no, at, because, order_no=order_no)

    def look(self, reader: Reader, at: datetime = NOW, holder: str = "a worker") -> bool:
        return read_hints(self.house, self.shop_id, at, at, holder, read=reader)

    def rows(self) -> dict[str, tuple[datetime | None, int, str | None]]:
        """When each hint is looked at next, how often it failed, and who holds it."""
        with self.house.pool.connection() as tx:
            found = tx.execute("select no, look_at, attempts, holder from hints where shop_id = %s", (self.shop_id,)).fetchall()
        return {no: (look_at, attempts, holder) for no, look_at, attempts, holder in found}


@pytest.fixture
def desk(house: House, people: Cast) -> Desk:
    """The hints of 林's shop."""
    return Desk(house, people.shop_id)


def refusing(trouble: Trouble, do: str = "wait", wait: timedelta = timedelta(0)) -> Callable[[str], None]:
    """What meets a reader whom the platform refuses."""

    def meet(no: str) -> None:
        raise PlatformError("pdd.order.information.get", trouble, do, code=50000, text="no", wait=wait)

    return meet


def test_it_reads_what_a_push_told_at_once_and_once_more_after_the_read_lag(desk: Desk) -> None:
    reader = Reader()
    desk.note(ORDER, because="push")

    looks = [desk.look(reader, NOW + after) for after in (timedelta(0), SECOND, SECOND_LOOK - SECOND, SECOND_LOOK, SECOND_LOOK + SECOND)]

    assert looks == [True, False, False, True, False]
    assert reader.read == [("order", ORDER), ("order", ORDER)]
    assert desk.rows() == {}


def test_what_a_settled_window_brought_is_not_read_once_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, other = Reader(), "26-2"
    monkeypatch.setattr(second_looks, "platform_now", lambda _asking, _now, wall: wall + HOUR)
    for no, at in ((ORDER, NOW), (other, NOW + SECOND)):
        desk.note(no, at, because="push")
    desk.look(reader, NOW + SECOND)
    with desk.house.pool.connection() as tx:
        sync_sources.begin(tx, desk.shop_id, ["orders"], NOW, NOW)
        sync_sources.read(tx, desk.shop_id, "orders", floor=NOW, horizon=NOW + HOUR, seen_to=None, calls=0, things=0, healed=0)

    looked = desk.look(reader, NOW + SECOND_LOOK + SECOND)

    assert looked
    assert sorted(reader.read) == sorted([("order", ORDER), ("order", other), ("order", other)])
    assert desk.rows() == {}


def test_it_keeps_one_hint_however_often_a_thing_is_told(desk: Desk) -> None:
    reader = Reader()
    for seconds in (5, 0, 3, 2):
        desk.note(ORDER, NOW + seconds * SECOND, "push")

    desk.look(reader, NOW)

    assert reader.read == [("order", ORDER)]
    assert desk.rows() == {ORDER: (NOW + 5 * SECOND + SECOND_LOOK, 0, None)}


def test_it_reads_once_more_what_is_told_anew_while_it_is_read(desk: Desk) -> None:
    reader = Reader(meet=lambda no: desk.note(no, NOW + SECOND) if len(reader.read) == 1 else None)
    desk.note(ORDER)

    looks = [desk.look(reader), desk.look(reader), desk.look(reader)]

    assert looks == [True, True, False]
    assert len(reader.read) == 2
    assert desk.rows() == {}


def test_it_names_a_new_case_together_with_its_order(desk: Desk) -> None:
    reader = Reader()
    desk.note("88000001", order_no=ORDER)

    desk.look(reader)

    assert reader.read == [("case", f"{ORDER}/88000001")]


def test_it_is_read_by_one_worker_only_and_by_another_once_the_first_has_died(desk: Desk) -> None:
    reader, other = Reader(), Reader()
    desk.note(ORDER)
    with desk.house.pool.connection() as tx:
        records.claim(tx, desk.shop_id, "died", NOW, NOW + LEASE, AT_ONCE)

    while_held = desk.look(reader)
    after_the_lease = desk.look(other, NOW + LEASE)

    assert (while_held, after_the_lease) == (False, True)
    assert (reader.read, other.read) == ([], [("order", ORDER)])
    assert desk.rows() == {}


def test_a_thing_that_always_fails_is_tried_later_and_later_and_then_given_up_with_a_word_of_what_to_do(desk: Desk) -> None:
    def meet(no: str) -> None:
        raise ValueError(no)

    reader = Reader(meet)
    desk.note(ORDER)
    tried, at = [], NOW
    while (look_at := desk.rows()[ORDER][0]) is not None:
        at = max(at, look_at)
        desk.look(reader, at)
        tried.append(at)

    with desk.house.pool.connection() as tx:
        (trouble,) = records.troubles(tx, [desk.shop_id], 10)
    waits = [after - before for before, after in pairwise(tried)]
    assert len(tried) == MOST_ATTEMPTS
    assert all(after >= before for before, after in zip(waits[::2], waits[2::2], strict=False))
    assert waits[0] >= timedelta(seconds=7)
    assert waits[-1] >= timedelta(minutes=8)
    assert desk.look(reader, at + timedelta(days=1)) is False
    assert "ValueError" in trouble.problem
    assert "report it" in trouble.problem


def test_what_was_given_up_is_not_tried_each_time_it_is_told(desk: Desk) -> None:
    reader = Reader(refusing(Trouble.FOREVER, "foreign"))
    desk.note(ORDER)
    desk.look(reader)

    for seconds in range(1, 100):
        desk.note(ORDER, NOW + seconds * SECOND)
        desk.look(reader, NOW + seconds * SECOND)

    assert len(reader.read) == 1
    assert desk.rows() == {ORDER: (NOW + REST, 1, None)}


def test_what_is_not_there_yet_is_looked_for_again_after_the_read_lag_and_then_given_up(desk: Desk) -> None:
    reader = Reader(refusing(Trouble.FOREVER, "foreign"))
    desk.note(ORDER, because="push")

    for seconds in (0, 1, 599, 600, 601, 10000):
        desk.look(reader, NOW + seconds * SECOND)

    assert len(reader.read) == 2
    assert desk.rows() == {ORDER: (None, 2, None)}


def test_it_gives_back_what_it_did_not_try_when_the_platform_asks_to_be_slower(desk: Desk) -> None:
    reader = Reader(refusing(Trouble.SLOW_DOWN, "slow", 2 * SECOND))
    for number in range(5):
        desk.note(f"{ORDER}{number}")

    with pytest.raises(ShopRests) as rests:
        desk.look(reader)

    assert (rests.value.say, rests.value.wait) == (None, 2 * SECOND)
    assert len(reader.read) == 1
    assert desk.rows() == {f"{ORDER}{number}": (NOW, 0, None) for number in range(5)}


def test_the_shop_rests_when_the_platform_does_not_answer_and_nothing_else_is_counted_as_tried(desk: Desk) -> None:
    reader = Reader(refusing(Trouble.RETRY, "no_answer"))
    for number in range(3):
        desk.note(f"{ORDER}{number}", NOW + number * SECOND)

    with pytest.raises(ShopRests) as rests:
        desk.look(reader, NOW + 3 * SECOND)

    assert rests.value.say is not None
    assert [attempts for _, attempts, _ in desk.rows().values()] == [1, 0, 0]
    assert [holder for _, _, holder in desk.rows().values()] == [None, None, None]


def test_a_refusal_of_one_thing_keeps_no_other_from_being_read(desk: Desk) -> None:
    def meet(no: str) -> None:
        if no == ORDER:
            refusing(Trouble.PERSON, "business")(no)

    reader = Reader(meet)
    desk.note(ORDER)
    desk.note("260302-000000000000002", NOW + SECOND)

    desk.look(reader, NOW + SECOND)

    assert [no for _, no in reader.read] == [ORDER, "260302-000000000000002"]
    assert list(desk.rows()) == [ORDER]


def test_what_is_refused_for_one_thing_lets_no_shop_rest(desk: Desk) -> None:
    def meet(no: str) -> None:
        if no == ORDER:
            raise Refused(say("There is no such thing here."))

    reader = Reader(meet)
    desk.note(ORDER)
    desk.note("260302-000000000000002", NOW + SECOND)

    desk.look(reader, NOW + SECOND)

    assert [no for _, no in reader.read] == [ORDER, "260302-000000000000002"]
    assert {no: (attempts, holder) for no, (_, attempts, holder) in desk.rows().items()} == {ORDER: (1, None)}


def waits(no: str) -> Sequence[Sighting[Any]]:
    """What the platform tells of an order that waits to be shipped."""
    return [Sighting(OrderFacts(order_no=no, stage=OrderStage.TO_SHIP), frozenset({"order_no", "stage"}), Place("pdd.order"), NOW)]


def test_it_stores_in_one_transaction_what_it_was_told_of_many_things(desk: Desk) -> None:
    for number in range(7):
        desk.note(f"{ORDER}{number}")

    desk.look(Reader(told=waits))

    with desk.house.pool.connection() as tx:
        stored = tx.execute("select count(*), count(distinct xmin::text) from orders where shop_id = %s", (desk.shop_id,)).fetchone()
    assert stored == (7, 1)
    assert desk.rows() == {}


def test_what_cannot_be_stored_keeps_nothing_else_from_being_stored(desk: Desk) -> None:
    for number in range(3):
        desk.note(f"{ORDER}{number}")

    desk.look(Reader(told=lambda no: waits(no) if no != f"{ORDER}1" else [None]))  # type: ignore[list-item]  # what the program stumbles over

    with desk.house.pool.connection() as tx:
        stored = tx.execute("select order_no from orders where shop_id = %s order by order_no", (desk.shop_id,)).fetchall()
    assert stored == [(f"{ORDER}0",), (f"{ORDER}2",)]
    assert {no: attempts for no, (_, attempts, _) in desk.rows().items()} == {f"{ORDER}1": 1}


def test_what_was_told_while_an_import_holds_the_shop_is_asked_for_again_soon(desk: Desk) -> None:
    desk.note(ORDER)
    assert isinstance(desk.house.pool.conninfo, str)
    with connect(desk.house.pool.conninfo) as importing:
        locks.hold_shop(importing, desk.shop_id)

        with pytest.raises(ShopRests) as rests:
            desk.look(Reader(told=waits))

    assert (rests.value.say, rests.value.wait) == (None, IMPORTS_WAIT)
    assert desk.rows() == {ORDER: (NOW, 0, None)}


def test_the_hints_of_a_shop_that_is_no_longer_connected_are_forgotten(desk: Desk) -> None:
    def meet(no: str) -> None:
        raise NotConnected(say("The shop is not connected to the platform. An owner can connect it on the Settings page."))

    for number in range(3):
        desk.note(f"{ORDER}{number}")

    desk.look(Reader(meet))

    assert desk.rows() == {}


def test_after_a_long_trouble_of_the_platform_what_was_given_up_is_tried_once_more(desk: Desk) -> None:
    desk.note(ORDER)
    desk.look(Reader(refusing(Trouble.FOREVER, "foreign")))
    for _ in range(3):
        let_rest(desk.house, "hints", desk.shop_id, ShopRests(say("The platform did not answer.")), NOW)

    went_well(desk.house, "hints", desk.shop_id, NOW + SECOND)
    went_well(desk.house, "hints", desk.shop_id, NOW + 2 * SECOND)

    assert desk.rows() == {ORDER: (NOW + SECOND, 1, None)}


def test_a_person_can_have_it_tried_again(desk: Desk) -> None:
    desk.note(ORDER)
    desk.look(Reader(refusing(Trouble.FOREVER, "foreign")))
    reader = Reader()

    tried = try_again(desk.house, [desk.shop_id], NOW + SECOND)
    desk.look(reader, NOW + SECOND)

    assert tried == 1
    assert reader.read == [("order", ORDER)]
    assert desk.rows() == {}


def test_a_clock_set_back_holds_no_hint_for_long(desk: Desk) -> None:
    reader = Reader()
    desk.note(ORDER, NOW + timedelta(days=1))
    with desk.house.pool.connection() as tx:
        records.claim(tx, desk.shop_id, "died", NOW + timedelta(days=1), NOW + timedelta(days=1) + LEASE, AT_ONCE)

    before = desk.look(reader)
    mend_moments(desk.house, NOW)
    after = desk.look(reader)

    assert (before, after) == (False, True)


def test_a_silent_parcel_waits_for_its_hours_and_is_no_wrong_clock(desk: Desk) -> None:
    reader = Reader()
    with desk.house.pool.connection() as tx:
        for no, hours in (("YT1", 12), ("YT2", 30)):
            note_all(tx, desk.shop_id, {("parcel", no): ORDER}, NOW + hours * HOUR, "silence")

    mend_moments(desk.house, NOW)
    looked = desk.look(reader)

    assert looked
    assert desk.rows() == {"YT1": (NOW + 12 * HOUR, 0, None)}


def test_it_takes_a_few_at_a_time_longest_waiting_first(desk: Desk, people: Cast) -> None:
    reader = Reader()
    with desk.house.pool.connection() as tx:
        for number in range(3000):
            note_all(tx, desk.shop_id, {("order", f"{ORDER}{number:04}"): None}, NOW - number * SECOND, "asked")
        note(tx, people.other_shop_id, "order", ORDER, NOW, "asked")

    due = shops_hinted(desk.house, NOW, NOW)
    desk.look(reader)

    assert due == [people.shop_id, people.other_shop_id]
    assert [no for _, no in reader.read] == [f"{ORDER}{number:04}" for number in range(2999, 2999 - AT_ONCE, -1)]


def test_a_shut_vault_lets_the_shop_rest_and_blames_no_single_thing(desk: Desk) -> None:
    shut = say("The key is missing.")

    def meet(_: str) -> None:
        raise VaultShut(shut)

    reader = Reader(meet)
    for number in range(3):
        desk.note(f"{ORDER}{number}")

    with pytest.raises(ShopRests) as rests:
        desk.look(reader)

    assert rests.value.say == shut
    assert len(reader.read) == 1
    assert {(attempts, holder) for _, attempts, holder in desk.rows().values()} == {(0, None)}
