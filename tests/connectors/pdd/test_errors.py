"""The error table: every code the platform documents has a class and a sentence that says what to do, in both languages."""

from datetime import timedelta

import pytest

from tests.connectors.pdd.samples import refused
from zhanggui.connectors.pdd.calls import answer_in
from zhanggui.connectors.pdd.errors import DO, PlatformError, Trouble, error_table, refusal, treatment_of
from zhanggui.connectors.pdd.shipping import agree_refund
from zhanggui.words import Language, load

R, S, T, P, F = Trouble.RETRY, Trouble.SLOW_DOWN, Trouble.TOKEN, Trouble.PERSON, Trouble.FOREVER

DOCUMENTED = {
    10000: F, 10001: F, 10011: P, 10014: T, 10016: P, 10017: F, 10018: P, 10019: T, 10035: T,
    20004: P, 20005: P, 20007: F, 20031: P, 20032: T, 20034: F, 20035: F,
    21001: F, 21002: F, 30000: P, 30001: P, 45001: F,
    50000: R, 50001: P, 50002: R, 52001: R, 52002: R, 52004: F, 52101: S, 52102: R, 52103: R,
    70031: S, 70032: P, 70033: P, 70034: P, 70035: P, 70036: P,
}  # fmt: skip


def refusal_of(code: int, text: str = "", sub_code: str = "", sub_text: str = "", *, is_act: bool = False) -> PlatformError:
    return refusal("pdd.refund.agree", code, text, sub_code, sub_text, "17952228001234567", is_act=is_act)


def test_it_knows_every_documented_code() -> None:
    assert {code: treatment.trouble for code, treatment in error_table().codes.items()} == DOCUMENTED


@pytest.mark.parametrize("code", DOCUMENTED)
def test_it_says_what_to_do_about_every_code_in_both_languages(code: int) -> None:
    problem = refusal_of(code, "文字")

    english, chinese = (load(language).render(problem.say) for language in (Language.EN, Language.ZH_HANS))

    assert "{" not in english + chinese
    assert f"{code} 文字" in english
    assert f"{code} 文字" in chinese
    assert english != chinese


def test_it_has_a_sentence_for_every_way_out_and_no_other() -> None:
    table = error_table()
    named = {each.do for each in (*table.codes.values(), *table.sub_codes.values(), *(worded.answer for worded in table.texts))}

    assert named <= set(DO)
    assert set(DO) - named == {"unknown", "unsure", "refused", "no_answer", "no_way", "failed", "strange", "astray", "pace"}
    assert all(sentence in load(Language.ZH_HANS).sentences for sentence in DO.values())


@pytest.mark.parametrize(
    ("code", "text", "sub_code", "sub_text", "trouble", "do"),
    [
        (50001, "业务服务错误", "ISV_TRACK_ERROR", "暂无物流轨迹", R, "no_trace"),
        (50001, "业务服务错误", "AFTER_SALES_STATUS_CHANGED", "售后单状态已变更", P, "business"),
        (50001, "业务服务错误", "", "refresh_token已过期", T, "connect"),
        (50001, "业务服务错误", "1", "系统繁忙，请稍后再试", R, "wait"),
        (10001, "公共参数错误:timestamp", "", "", P, "clock"),
        (10001, "公共参数错误:access_token", "", "", T, "connect"),
        (10001, "公共参数错误:type", "", "", F, "mend"),
        (99999, "新的错误", "", "", P, "unknown"),
    ],
)
def test_it_looks_below_the_code(code: int, text: str, sub_code: str, sub_text: str, trouble: Trouble, do: str) -> None:
    treatment = treatment_of(code, text, sub_code, sub_text)

    assert (treatment.trouble, treatment.do) == (trouble, do)


@pytest.mark.parametrize(
    ("code", "may_have_acted"), [(52001, True), (50000, True), (99999, True), (52102, False), (70031, False), (50001, False), (10019, False)]
)
def test_it_tells_after_which_refusals_an_act_may_have_been_carried_out(code: int, may_have_acted: bool) -> None:
    assert refusal_of(code, is_act=True).may_have_acted is may_have_acted
    assert not refusal_of(code).may_have_acted


def test_it_says_of_a_lost_answer_that_the_platform_is_asked_first() -> None:
    assert "asked before anything is sent again" in refusal_of(52001, is_act=True).say.text
    assert "tried again by itself" in refusal_of(52001).say.text


def test_it_tells_how_long_to_wait() -> None:
    assert refusal_of(70031).wait == timedelta(seconds=2)
    assert refusal_of(10019).wait == timedelta(0)


def test_it_keeps_the_platform_s_own_words_and_no_one_s_secrets() -> None:
    problem = refusal_of(20032, f"access_token错误:{'a1' * 20}", "x" * 1000, "收件人电话13800001234")

    assert problem.text == "access_token错误:***"
    assert problem.sub_text == "收件人电话138****1234"
    assert len(problem.sub_code) == 300
    assert "a1a1" not in str(problem)


def test_it_reads_a_refusal_whose_codes_are_text() -> None:
    with pytest.raises(PlatformError) as problem:
        agree_refund("a", "1").decode(refused("50001", "业务服务错误", 45001, "订单不属于当前店铺"))

    assert (problem.value.code, problem.value.sub_code, problem.value.reason) == (50001, "45001", "业务服务错误: 45001 订单不属于当前店铺")


@pytest.mark.parametrize("code", [10**9 + 1, -(10**30), int("9" * 4000), "9" * 4000], ids=["large", "negative", "endless", "text"])
def test_it_takes_no_endless_number_for_a_code(code: int | str) -> None:
    with pytest.raises(PlatformError) as raised:
        answer_in("pdd.order.information.get", refused(code, "?"), is_act=True)

    assert (raised.value.do, raised.value.code, raised.value.may_have_acted) == ("strange", 0, True)


def test_it_stars_out_long_words_that_look_like_a_token() -> None:
    problem = refusal_of(10019, f"access_token {'a1' * 64} is wrong")

    assert problem.text == "access_token *** is wrong"


def test_it_keeps_nothing_that_steers_a_terminal() -> None:
    problem = refusal_of(10001, "\x1b[2J\r\nall\x9b is\x00 well\u202e", sub_text="\x07")

    assert (problem.text, problem.sub_text) == ("[2J all  is\ufffd well", "")
