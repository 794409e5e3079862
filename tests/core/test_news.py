"""Old news never overwrites newer, and a blank column never wipes out what another file knew."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.core.facts import AftersaleFacts, AftersaleState, FurtherParcel, OrderFacts, OrderStage, ParcelKind, RefundState
from zhanggui.core.money import Fen
from zhanggui.core.news import Merged, News, fold, merge

DAY = datetime(2026, 3, 5, tzinfo=UTC)
FIELDS = ("stage", "refund", "tracking_no", "pay_amount", "shipped_at")
FACTS = st.builds(
    OrderFacts,
    order_no=st.just("O1"),
    stage=st.none() | st.sampled_from(OrderStage),
    refund=st.none() | st.sampled_from(RefundState),
    tracking_no=st.none() | st.sampled_from(["YT1", "YT2"]),
    pay_amount=st.none() | st.integers(0, 3).map(Fen),
    shipped_at=st.none() | st.just(DAY),
)
GIVEN = st.frozensets(st.sampled_from(FIELDS))
SIGHTINGS = st.lists(st.tuples(FACTS, GIVEN, st.integers(0, 100)), min_size=1, max_size=5, unique_by=lambda sighting: sighting[2])


def seen(**facts: object) -> OrderFacts:
    return OrderFacts(order_no="O1", **facts)  # type: ignore[arg-type]  # names and values come from the test itself


def test_it_is_new_the_first_time() -> None:
    merged = merge(None, None, seen(stage=OrderStage.TO_SHIP), {"stage"}, DAY)

    assert (merged.news, merged.facts, merged.changed) == (News.NEW, seen(stage=OrderStage.TO_SHIP), ("stage",))


def test_it_changes_what_newer_news_gives() -> None:
    merged = merge(seen(stage=OrderStage.TO_SHIP), DAY, seen(stage=OrderStage.SHIPPED), {"stage"}, DAY + timedelta(hours=1))

    assert (merged.news, merged.facts.stage, merged.changed) == (News.CHANGED, OrderStage.SHIPPED, ("stage",))


def test_it_keeps_what_is_known_when_older_news_arrives() -> None:
    merged = merge(seen(stage=OrderStage.SHIPPED), DAY, seen(stage=OrderStage.TO_SHIP), {"stage"}, DAY - timedelta(hours=1))

    assert (merged.news, merged.facts) == (News.OLDER, seen(stage=OrderStage.SHIPPED))


def test_it_fills_a_blank_from_older_news() -> None:
    merged = merge(seen(stage=OrderStage.SHIPPED), DAY, seen(tracking_no="YT1"), {"tracking_no"}, DAY - timedelta(hours=1))

    assert (merged.news, merged.facts.tracking_no, merged.facts.stage) == (News.CHANGED, "YT1", OrderStage.SHIPPED)


def test_it_wipes_nothing_out_by_a_column_that_is_not_there() -> None:
    merged = merge(seen(tracking_no="YT1"), DAY, seen(stage=OrderStage.SHIPPED), {"stage"}, DAY + timedelta(hours=1))

    assert merged.facts == seen(tracking_no="YT1", stage=OrderStage.SHIPPED)


def test_it_believes_a_blank_cell_of_a_column_that_is_there() -> None:
    merged = merge(seen(tracking_no="YT1"), DAY, seen(), {"tracking_no"}, DAY + timedelta(hours=1))

    assert merged.facts.tracking_no is None


def test_a_moment_that_a_spreadsheet_cut_to_its_minute_does_not_go_over_the_whole_one() -> None:
    whole, cut = DAY + timedelta(hours=10, minutes=20, seconds=45), DAY + timedelta(hours=10, minutes=20)
    names = {"shipped_at", "title"}

    after = merge(seen(shipped_at=whole), DAY, seen(shipped_at=cut, title="坚果"), names, DAY + timedelta(hours=20))
    other_minute = merge(seen(shipped_at=whole), DAY, seen(shipped_at=cut - timedelta(minutes=1)), names, DAY + timedelta(hours=20))
    mended = merge(seen(shipped_at=cut), DAY, seen(shipped_at=whole), names, DAY)

    assert (after.facts, after.changed) == (seen(shipped_at=whole, title="坚果"), ("title",))
    assert (other_minute.facts.shipped_at, mended.facts.shipped_at) == (cut - timedelta(minutes=1), whole)


def test_a_file_that_names_the_number_of_a_gift_leaves_it_a_gift_with_its_carrier() -> None:
    gift, again = FurtherParcel(ParcelKind.GIFT, "中通快递", "ZT1"), FurtherParcel(ParcelKind.RESEND, "中通快递", "ZT2")
    by_file = FurtherParcel(ParcelKind.EXTRA, "圆通快递", "ZT1"), FurtherParcel(ParcelKind.EXTRA, "圆通快递", "YT2")
    moved = msgspec.structs.replace(gift, carrier="申通快递")
    own = FurtherParcel(ParcelKind.EXTRA, "圆通快递", "YT3")
    known, names, later = seen(carrier="圆通快递", further_parcels=(gift, again, own)), {"further_parcels"}, DAY + timedelta(hours=1)

    assert merge(known, DAY, seen(carrier="圆通快递", further_parcels=by_file), names, later).facts.further_parcels == (gift, by_file[1], again)
    assert merge(known, DAY, seen(carrier="圆通快递", further_parcels=(moved,)), names, later).facts.further_parcels == (moved,)
    assert merge(known, DAY, seen(carrier="圆通快递", further_parcels=()), names, later).facts.further_parcels == ()


def test_a_file_leaves_a_parcel_of_another_carrier_with_it_and_gives_those_it_told_itself_the_carrier_it_tells_now() -> None:
    split, own = FurtherParcel(ParcelKind.EXTRA, "中通快递", "ZT2"), FurtherParcel(ParcelKind.EXTRA, "圆通快递", "YT2")
    known, names, later = seen(carrier="圆通快递", tracking_no="YT1", further_parcels=(split, own)), {"further_parcels"}, DAY + timedelta(hours=1)

    def after(carrier: str, *numbers: str, tracking_no: str = "YT1") -> tuple[FurtherParcel, ...] | None:
        told = tuple(FurtherParcel(ParcelKind.EXTRA, carrier, number) for number in numbers)
        return merge(known, DAY, seen(carrier=carrier, tracking_no=tracking_no, further_parcels=told), names, later).facts.further_parcels

    assert after("圆通快递", "ZT2", "YT2") == (split, own)
    assert after("圆通快递", "YT2") == (own, split)
    assert after("圆通快递", "YT2", tracking_no="ZT2") == (own,)
    assert after("申通快递", "YT2") == (FurtherParcel(ParcelKind.EXTRA, "申通快递", "YT2"), split)


def test_it_takes_no_step_back_from_a_source_of_the_same_age() -> None:
    merged = merge(seen(stage=OrderStage.SHIPPED), DAY, seen(stage=OrderStage.TO_SHIP), {"stage"}, DAY)

    assert (merged.news, merged.facts.stage) == (News.UNCHANGED, OrderStage.SHIPPED)


def test_it_takes_nothing_else_either_from_a_source_of_the_same_age_that_steps_back() -> None:
    shipped = seen(stage=OrderStage.SHIPPED, status_text="已发货，待收货", shipped_at=DAY)
    before = seen(stage=OrderStage.TO_SHIP, status_text="待发货", tracking_no="YT1")

    merged = merge(shipped, DAY, before, {"stage", "status_text", "shipped_at", "tracking_no"}, DAY)

    assert merged.facts == msgspec.structs.replace(shipped, tracking_no="YT1")


def test_it_drops_the_platforms_deadline_once_the_turn_has_passed() -> None:
    answering = AftersaleFacts(case_no="A1", state=AftersaleState.SELLER_TO_ANSWER, expire_at=DAY + timedelta(hours=30))
    receiving = AftersaleFacts(case_no="A1", state=AftersaleState.SELLER_TO_RECEIVE)

    newer = merge(answering, DAY, receiving, {"state"}, DAY + timedelta(hours=9))
    older = merge(receiving, DAY + timedelta(hours=9), answering, {"state", "expire_at"}, DAY)
    same = merge(answering, DAY, AftersaleFacts(case_no="A1", state=AftersaleState.SELLER_TO_ANSWER), {"state"}, DAY + timedelta(hours=9))

    assert (newer.facts, older.facts, same.facts) == (receiving, receiving, answering)


def test_it_takes_a_step_back_from_a_newer_source() -> None:
    merged = merge(seen(stage=OrderStage.SHIPPED), DAY, seen(stage=OrderStage.TO_SHIP), {"stage"}, DAY + timedelta(seconds=1))

    assert merged.facts.stage is OrderStage.TO_SHIP


@given(SIGHTINGS, st.randoms())
def test_it_comes_to_the_same_in_any_order_of_arrival(sightings: list[tuple[OrderFacts, frozenset[str], int]], shuffle: object) -> None:
    arrived = list(sightings)
    shuffle.shuffle(arrived)  # type: ignore[attr-defined]  # hypothesis hands over a random.Random

    assert _known(arrived) == _known(sorted(sightings, key=lambda sighting: sighting[2]))
    assert fold((facts, given, _age(age)) for facts, given, age in arrived) == fold((facts, given, _age(age)) for facts, given, age in sightings)


@given(SIGHTINGS)
def test_it_changes_nothing_when_told_twice(sightings: list[tuple[OrderFacts, frozenset[str], int]]) -> None:
    once = _last(sightings)
    facts, given, age = max(sightings, key=lambda sighting: sighting[2])

    again = merge(once.facts, once.ages, facts, given, _age(age))

    assert (again.facts, again.changed) == (once.facts, ())


def _age(hours: int) -> datetime:
    return DAY + timedelta(hours=hours)


def _last(sightings: list[tuple[OrderFacts, frozenset[str], int]]) -> Merged[OrderFacts]:
    merged: Merged[OrderFacts] | None = None
    for facts, names, age in sightings:
        merged = merge(None if merged is None else merged.facts, None if merged is None else merged.ages, facts, names, _age(age))
    assert merged is not None
    return merged


def _known(sightings: list[tuple[OrderFacts, frozenset[str], int]]) -> dict[str, object]:
    """What is known of the fields that were ever given."""
    facts = _last(sightings).facts
    return {name: getattr(facts, name) for _, names, _ in sightings for name in names}
