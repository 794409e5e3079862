"""What a rep writes is a promise or none, with its hour or without."""

from datetime import datetime

import pytest

from zhanggui.core.moments import SHANGHAI, in_shanghai
from zhanggui.core.promises import Exactness, PromiseKind, promises_in
from zhanggui.core.promises.coupons import WITHIN, coupon_in

AT = datetime(2026, 11, 21, 10, 33, tzinfo=SHANGHAI)


def read(text: str) -> list[tuple[str, str, str | None]]:
    told = promises_in(text, AT)
    return [(each.kind.value, each.exactness.value, None if each.due_at is None else f"{in_shanghai(each.due_at):%m-%d %H:%M}") for each in told]


@pytest.mark.parametrize(
    ("text", "promised"),
    [
        ("亲，今天18点前给您发出，明天能到哦", [("ship", "exact", "11-21 18:00"), ("arrive", "day", "11-23 00:00")]),
        ("半小时内回复您", [("reply", "exact", "11-21 11:03")]),
        ("马上为您核实，今晚8点前给您准确答复", [("reply", "exact", "11-21 20:00")]),
        ("这边今天17:30前给您退款，可以吗？", [("refund", "exact", "11-21 17:30")]),
        ("最晚明天中午12点发出", [("ship", "exact", "11-22 12:00")]),
        ("今天18点前，给您发出", [("ship", "exact", "11-21 18:00")]),
        ("我10点下班，马上给您退款", [("refund", "vague", None)]),
        ("今天上午10点发的", []),
        ("不能保证今天发货", []),
        ("您今天18点前能寄回吗？", []),
        ("麻烦您明天上午退货", []),
        ("退款申请今天提交就行", []),
        ("头发今天发黄", []),
    ],
)
def test_it_reads_a_promise_with_its_hour(text: str, promised: list[tuple[str, str, str | None]]) -> None:
    assert read(text) == promised


def test_without_the_moment_of_the_message_it_knows_how_exact_but_not_until_when() -> None:
    promise = promises_in("今天18点前发", None)[0]

    assert (promise.kind, promise.exactness, promise.due_at, promise.words) == (PromiseKind.SHIP, Exactness.EXACT, None, "今天18点前发")


def test_what_has_no_end_is_no_promise() -> None:
    assert promises_in("今天给您发货，" * 400, AT) == ()
    assert len(promises_in("今天给您发货。" * 400, AT)) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("耽误您的时间，另外送您一张5元的店铺优惠券。您再等等", "送您一张5元的店铺优惠券"),
        ("不好意思亲，给您补一张3元券", "给您补一张3元券"),
        ("关注店铺送您一张5元优惠券", None),
        ("已经送您一张5元优惠券了", None),
        ("送您一张5元优惠券好吗？", None),
        ("首页有优惠券可以领", None),
    ],
)
def test_a_coupon_that_is_promised_outright_is_given_within_a_day(text: str, words: str | None) -> None:
    found = coupon_in(text, AT)

    assert (None if found is None else (found.words, found.due_at)) == (None if words is None else (words, AT + WITHIN))
