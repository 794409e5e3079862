"""The world: reproducible, whole, and in time at any speed."""

import hashlib

import msgspec
import pytest

from tests.emulator.caller import DAY, HOUR, START_SECONDS
from zhanggui.emulator.clock import Clock
from zhanggui.emulator.methods.order_shape import order_info
from zhanggui.emulator.moments import china_text, from_iso
from zhanggui.emulator.scenario import SCENARIOS, Scenario, Size, read_scenario
from zhanggui.emulator.world.journeys import journey
from zhanggui.emulator.world.making import make_world
from zhanggui.emulator.world.numbers import OrderNumbers
from zhanggui.emulator.world.places import PLACES
from zhanggui.emulator.world.world import Tidings, World

LIVELY = read_scenario("quarrel")


def told(world: World) -> str:
    """A digest of everything there is to tell about the orders and cases of a world."""
    orders = [msgspec.json.encode(order_info(world, row)) for row in range(len(world.orders))]
    cases = [msgspec.json.encode(case) for case in world.cases.each()]
    penalties = [msgspec.json.encode(each) for each in world.books.penalties]
    return hashlib.sha256(b"".join([*orders, *cases, *penalties])).hexdigest()


def test_the_same_seed_gives_the_same_world_however_its_time_is_cut() -> None:
    one, other, third = (make_world(LIVELY, seed, START_SECONDS) for seed in (1, 1, 2))
    one.advance(START_SECONDS + 5 * DAY)
    for step in range(1, 121):
        other.advance(START_SECONDS + step * HOUR)
    third.advance(START_SECONDS + 5 * DAY)

    assert told(one) == told(other) != told(third)


def test_every_kind_of_thing_happens_in_a_quarrelsome_month() -> None:
    world, topics = make_world(LIVELY, 3, START_SECONDS), set[str]()

    def hear(tidings: Tidings) -> None:
        topics.add(tidings.topic)

    world.listener = hear
    world.advance(START_SECONDS + 30 * DAY)

    assert {case.status for case in world.cases.each()} >= {10, 11}
    assert {each.kind for each in world.books.penalties} >= {"late_shipment", "false_shipment", "out_of_stock"}
    assert {"pdd_trade_TradeConfirmed", "pdd_trade_TradeRiskChanged", "pdd_refund_RefundCreated", "pdd_refund_RefundAgreeAgreement"} <= topics
    assert world.cancelled
    assert any(world.orders.urged_at)
    assert world.books.reviews


def test_a_budget_only_cuts_the_work_never_the_outcome() -> None:
    whole, cut = make_world(LIVELY, 1, START_SECONDS), make_world(LIVELY, 1, START_SECONDS)
    whole.advance(START_SECONDS + 2 * DAY)
    rounds = 0
    while not cut.advance(START_SECONDS + 2 * DAY, 0.0005):
        rounds += 1

    assert rounds > 0
    assert told(whole) == told(cut)


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_scenario_of_ours_can_be_read(path: object) -> None:
    assert read_scenario(str(path)).name in str(path)


def test_the_days_before_the_start_are_played_by_a_seller_of_their_own() -> None:
    world = make_world(read_scenario("quarrel"), 1, START_SECONDS)
    shipped = world.measures.published(world.started_at // DAY + 10, world.rules.indicators[0]).shipped
    world.advance(START_SECONDS + 4 * DAY)

    assert world.started_at == START_SECONDS - 3 * DAY
    assert any(case.created_at < START_SECONDS and case.was_shipped for case in world.cases.each())
    assert shipped > 500
    assert all(at < START_SECONDS for at in world.orders.shipped_at)


def test_on_autopilot_the_seller_goes_on() -> None:
    world = make_world(read_scenario("alone"), 1, START_SECONDS)
    world.advance(START_SECONDS + 4 * DAY)

    assert sum(1 for at in world.orders.shipped_at if at > START_SECONDS) > 500


def test_a_limit_ends_the_arrivals() -> None:
    world = make_world(Scenario(size=Size(per_day=1000, limit=20)), 1, START_SECONDS)
    world.advance(START_SECONDS + 3 * DAY)

    assert len(world.orders) + len(world.cancelled) + len(world.pending) == 20


def test_order_numbers_can_be_read_back_and_look_like_the_platforms() -> None:
    numbers = OrderNumbers(5)
    texts = {serial: numbers.text(serial, START_SECONDS) for serial in range(1, 2000)}

    assert len(set(texts.values())) == len(texts)
    assert all(numbers.serial(text) == serial for serial, text in texts.items())
    assert all(text.startswith("260302-") and len(text) == 22 for text in texts.values())
    assert [numbers.serial(text) for text in ("", "260302", "260302-12", "260302-12345678901234x", "20260302-123456789")] == [None] * 5


def test_a_journey_is_in_order_and_ends() -> None:
    for serial in range(300):
        way = journey(1, serial, START_SECONDS, PLACES[serial % len(PLACES)], LIVELY.parcels)
        moments = [scan.at for scan in way.scans]

        assert moments == sorted(moments)
        assert bool(way.signed_at) == (way.fate in ("fine", "stalled"))
        assert len(way.scans) < 32


def test_the_clock_runs_steps_stops_and_follows(tmp_path_factory: pytest.TempPathFactory) -> None:
    wall, followed = [1000.0], tmp_path_factory.mktemp("clock") / "clock.json"
    clock = Clock(start=50.0, speed=10.0, wall=lambda: wall[0], follow=followed)
    wall[0] += 2
    assert clock.now() == 70.0
    clock.run_at(0)
    wall[0] += 100
    assert clock.now() == 70.0
    assert clock.step(5) == 75.0
    clock.run_at(10_000)
    wall[0] += 1
    assert clock.now() == 10_075.0
    followed.write_text('{"offset_seconds": 3600}', "utf-8")
    assert clock.now() == 13_675.0
    with pytest.raises(ValueError, match="speed"):
        clock.run_at(10_001)
    with pytest.raises(ValueError, match="back"):
        clock.step(-1)


def test_moments_are_china_time() -> None:
    assert china_text(START_SECONDS) == "2026-03-02 09:00:00"
    assert china_text(0) == ""
    assert from_iso("2026-03-02") == START_SECONDS - 9 * HOUR
