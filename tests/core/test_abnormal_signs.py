"""Signs of abnormal orders: who stands in a crowded window, checked against a count from scratch."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.core.abnormal import Sign, Signed, SignKind, SignTerms, signs_of
from zhanggui.rulebook.abnormal import sign_terms

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
THREE_IN_TEN = SignTerms(kind=SignKind.SAME_RECEIVER, orders=3, minutes=10, basis="assumed", source="a test")
moments = st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["张*", "李*", None])), max_size=14)


def signed(told: list[tuple[int, str | None]]) -> list[Signed]:
    return [Signed(f"{place:03d}", START + timedelta(minutes=minute), receiver=receiver) for place, (minute, receiver) in enumerate(told)]


@given(moments)
def test_an_order_bears_a_sign_exactly_where_a_window_around_it_is_crowded(told: list[tuple[int, str | None]]) -> None:
    orders = signed(told)

    found = signs_of(orders, [THREE_IN_TEN])

    for order in orders:
        alike = [each.formed_at for each in orders if each.receiver and each.receiver == order.receiver]
        windows = [
            sum(start <= at <= start + timedelta(minutes=10) for at in alike) for start in alike if start <= order.formed_at <= start + timedelta(minutes=10)
        ]
        fullest = max(windows, default=0)
        assert (order.order_no in found) is (fullest >= 3)
        if order.order_no in found:
            assert found[order.order_no][0].orders == fullest


def test_two_of_a_mask_are_no_sign_and_three_are(  # masks hide digits, so strangers share one
) -> None:
    two, three = signed([(0, "张*"), (1, "张*")]), signed([(0, "张*"), (1, "张*"), (9, "张*")])

    assert signs_of(two, [THREE_IN_TEN]) == {}
    assert signs_of(three, [THREE_IN_TEN])["000"] == (Sign(SignKind.SAME_RECEIVER, 3, 9),)


def test_every_sign_has_its_bound_and_its_source() -> None:
    terms = sign_terms()

    assert {term.kind for term in terms} == set(SignKind)
    assert all(term.orders > 1 and term.minutes > 0 and term.source for term in terms)
