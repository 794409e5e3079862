"""The quick replies that come along: at least twenty-five situations, every one safe to send to whomever it is offered for."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui import rulebook
from zhanggui.core.drafting.claims import Claim, claims_in
from zhanggui.core.intents.kinds import Intent
from zhanggui.core.money import Fen
from zhanggui.core.promises import promises_in
from zhanggui.core.promises.shapes import PromiseKind
from zhanggui.core.scripting.changes import changes
from zhanggui.core.scripting.conceding import Limit, room
from zhanggui.core.scripting.replies import replies
from zhanggui.core.scripting.situations import TITLES, Situation, situation_of
from zhanggui.core.scripting.slots import QUICK, SLOTS, OddSlot, canonical, in_chinese, slots_in
from zhanggui.core.scripts import Fit, type_of_fill
from zhanggui.core.speech import check
from zhanggui.rulebook.speech import speech_book

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
ANSWER_BY, SHIP_BY = datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 3, 2, tzinfo=UTC)
QUICK_REPLIES = [script for script in rulebook.scripts().by_id.values() if script.situation]


def facts(fit: Fit) -> dict[str, type_of_fill]:
    """What there is to fill with where an order stands so."""
    told: dict[str, type_of_fill] = {name: SLOTS[name].sample for name in QUICK} | {"answer_by": ANSWER_BY}
    left = fit in (Fit.ON_ITS_WAY, Fit.ARRIVED)
    unknown = (set() if left else {"carrier", "tracking_no", "last_event"}) | {"ship_by"}
    return {name: value for name, value in told.items() if name not in unknown} | ({"ship_by": SHIP_BY} if fit is Fit.TO_SHIP else {})


def test_it_has_replies_for_every_situation_and_every_want() -> None:
    assert {script.situation for script in QUICK_REPLIES} == {situation.value for situation in Situation} == {situation.value for situation in TITLES}
    assert len(Situation) >= 25
    assert {situation_of(want) for want in Intent} <= set(Situation)


@pytest.mark.parametrize("fit", Fit)
def test_it_promises_nothing_but_an_answer_and_what_the_order_promises_itself(fit: Fit) -> None:
    ready = [reply.draft.zh for reply in replies(rulebook.scripts(), facts(fit), fit) if reply.draft is not None]

    promised = {(promise.kind, promise.due_at, promise.words) for text in ready for promise in promises_in(text, NOW) if "开票" not in text}
    odd = [each for each in promised if each[:2] not in {(PromiseKind.REPLY, ANSWER_BY), (PromiseKind.SHIP, SHIP_BY)} and each[1] is not None]
    assert odd == []
    assert ready


@pytest.mark.parametrize("fit", Fit)
def test_it_claims_of_a_parcel_only_what_is_so(fit: Fit) -> None:
    left = fit in (Fit.ON_ITS_WAY, Fit.ARRIVED)
    true = {
        Claim.HAS_LEFT: left,
        Claim.HAS_ARRIVED: fit is Fit.ARRIVED,
        Claim.NOT_LEFT: not left and fit is not Fit.ENDED,
        Claim.NOT_ARRIVED: fit is Fit.ON_ITS_WAY,
    }
    ready = [reply.draft.zh for reply in replies(rulebook.scripts(), facts(fit), fit) if reply.draft is not None]

    claimed = [each for text in ready for each in claims_in(text) if not true.get(each.claim, True)]

    # how the shop ships in general, and that somebody looks at it, is no claim about this parcel
    assert [each for each in claimed if not any(word in each.clause for word in ("按", "从", "可以", "物流"))] == []


@pytest.mark.parametrize("script", QUICK_REPLIES, ids=lambda script: script.id)
def test_it_is_filled_from_slots_there_are_and_says_nothing_forbidden(script: object) -> None:
    told = next(each for each in QUICK_REPLIES if each is script)
    (reply,) = (
        each
        for each in replies(rulebook.scripts(), {**facts(Fit.ON_ITS_WAY), "ship_by": SHIP_BY}, told.fits[0] if told.fits else Fit.UNCLEAR)
        if each.script is told
    )

    assert told.slots <= QUICK
    assert reply.draft is not None
    assert check(reply.draft.zh, speech_book(), NOW) == ()
    assert not {"亲", "求求", "跪"} & set(reply.draft.zh)
    assert len(reply.draft.zh) <= 160


def test_it_reads_slots_under_either_name() -> None:
    assert canonical("您好，{商品}{ 发货时间 }前发出{{注}}") == "您好，{title}{ship_by}前发出{{注}}"
    assert in_chinese("{title}：{tracking_no}{{x}}") == "{商品}：{快递单号}{{x}}"
    assert slots_in("{title}{商品}") == ("title", "title")
    for bad in ("{", "}", "{}", "{0}", "{title.x}", "{title[0]}", "{title!r}", "{title:>99}", "{不知道}"):
        with pytest.raises(OddSlot):
            canonical(bad)


@given(st.text(alphabet="您好发货，{}前后ab", max_size=40), st.text(alphabet="您好发货，{}前后ab", max_size=40))
@settings(deadline=None)
def test_it_shows_both_versions_whole(before: str, after: str) -> None:
    pieces = changes(before, after)

    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after


_FEN = st.integers(0, 100_000).map(Fen)


@given(_FEN, st.integers(0, 100), st.none() | _FEN, st.none() | _FEN, _FEN, _FEN)
@settings(deadline=None)
def test_it_never_leaves_more_room_than_any_limit(most: Fen, percent: int, month: Fen | None, price: Fen | None, to_buyer: Fen, in_all: Fen) -> None:
    found = room(Limit(most_fen=most, most_percent=percent, month_fen=month), price, to_buyer, in_all)

    assert 0 <= found.left <= max(most - to_buyer, 0)
    assert found.left * 100 <= (price or 0) * percent
    assert month is None or found.left <= max(month - in_all, 0)
    assert room(None, price, to_buyer, in_all).left == 0
