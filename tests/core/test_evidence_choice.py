"""Which pictures are handed in: what each sort of dispute needs, as tables; never worse than any other choice; and what a picture's head tells."""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.golden import moment
from zhanggui import rulebook
from zhanggui.core.clocks import case_deadlines
from zhanggui.core.clocks.cases import AGREED
from zhanggui.core.clocks.cases import HANDED_IN as HANDED
from zhanggui.core.complaints.chances import Record, chance_of, wilson
from zhanggui.core.complaints.ranking import Candidate, gains, picked, urgency, weight
from zhanggui.core.complaints.states import COMPLAINT_STEPS, ComplaintEvent, ComplaintKind, ComplaintState, complaint_after
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.disputes.images import Piece, propose_images
from zhanggui.core.disputes.needs import ClaimType, Shows, claim_of, shown_by
from zhanggui.core.disputes.pictures import Doubt, PictureFacts, doubts_of, picture_facts
from zhanggui.core.disputes.seen import DisputeSeen
from zhanggui.core.disputes.states import (
    DISPUTE_STEPS,
    HANDED_IN,
    LIVE_DISPUTES,
    DisputeEvent,
    DisputeState,
    Mover,
    dispute_after,
    dispute_events,
    dispute_stands,
)
from zhanggui.core.disputes.winning import Ended, win_rates
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, OrderFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.say import Say
from zhanggui.core.steps import NotThatStep
from zhanggui.rulebook.complaints import complaint_terms, dispute_words, entry_at, needs_at

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
ENTRY = entry_at(NOW)
GOOD = PictureFacts(width=3000, height=4000, has_camera=True)
S = Shows


def piece(seq: int, *shows: Shows, picture: PictureFacts | None = GOOD, size: int = 100_000) -> Piece:
    return Piece(seq=seq, name=f"{seq}.jpg", size=size, shows=shows, picture=picture, taken_at=NOW)


def chosen(claim: ClaimType, *pieces: Piece) -> list[int]:
    return [image.seq for image in propose_images(needs_at(claim, NOW), pieces, ENTRY).images]


@pytest.mark.parametrize(
    ("claim", "kept", "expected", "covered"),
    [
        (ClaimType.NOT_RECEIVED, [(S.TRACE,), (S.DELIVERY,), (S.CHAT,), (S.GOODS,)], [1, 2, 3], 83),
        (ClaimType.NOT_RECEIVED, [(S.TRACE, S.DELIVERY), (S.WEIGHT,), (S.CHAT,)], [1, 2, 3], 100),
        (ClaimType.NOT_RECEIVED, [(S.TRACE,), (S.TRACE,)], [2], 42),
        (ClaimType.MISSING_ITEMS, [(S.WEIGHT,), (S.PACKING,), (S.CHAT,), (S.DESCRIPTION,)], [1, 2, 3], 92),
        (ClaimType.WRONG_ITEM, [(S.PACKING,), (S.WAYBILL,), (S.DESCRIPTION,), (S.CHAT,)], [2, 3, 4], 92),
        (ClaimType.QUALITY, [(S.REPORT,), (S.GOODS,), (S.CHAT,), (S.DESCRIPTION,)], [1, 2, 3], 93),
        (ClaimType.QUALITY, [(S.WEIGHT,), (S.TRACE,)], [1, 2], 0),
        (ClaimType.QUALITY, [(S.BUYERS,), (S.REPORT,)], [2], 36),
        (ClaimType.DAMAGED, [(S.PACKING,), (S.DELIVERY,), (S.CHAT,)], [1, 2, 3], 100),
        (ClaimType.NOT_AS_DESCRIBED, [(S.DESCRIPTION, S.CHAT), (S.GOODS,)], [1, 2], 100),
        (ClaimType.BAD_RETURN, [(S.RETURN_OPENED,), (S.RETURN_PARCEL,), (S.PACKING,), (S.CHAT,)], [1, 2, 3], 86),
        (ClaimType.NOT_WANTED, [(S.DELIVERY,), (S.CHAT,), (S.DESCRIPTION,)], [3, 1, 2], 100),
        (ClaimType.OTHER, [(S.GOODS,)], [1], 30),
    ],
)
def test_it_proposes_what_covers_most(claim: ClaimType, kept: Sequence[tuple[Shows, ...]], expected: list[int], covered: int) -> None:
    pieces = [piece(seq, *shows) for seq, shows in enumerate(kept, 1)]

    proposal = propose_images(needs_at(claim, NOW), pieces, ENTRY)

    assert ([image.seq for image in proposal.images], proposal.covered) == (expected, covered)


def test_of_two_that_show_the_same_it_takes_the_better_one() -> None:
    poor = PictureFacts(width=300, height=200)

    assert chosen(ClaimType.QUALITY, piece(1, S.REPORT), piece(2, S.REPORT, picture=poor)) == [1]


def test_it_never_proposes_what_the_platform_would_not_take() -> None:
    assert chosen(ClaimType.QUALITY, piece(1, S.REPORT, picture=None), piece(2, S.REPORT, size=ENTRY.most_bytes + 1)) == []


@given(kept=st.lists(st.lists(st.sampled_from(Shows), max_size=3, unique=True), max_size=7), claim=st.sampled_from(ClaimType))
def test_no_other_choice_covers_more(kept: list[list[Shows]], claim: ClaimType) -> None:
    pieces = [piece(seq, *shows) for seq, shows in enumerate(kept, 1)]
    needs = needs_at(claim, NOW)

    proposal = propose_images(needs, pieces, ENTRY)

    def worth(seqs: Sequence[int]) -> int:
        covered = {shows for each in pieces if each.seq in seqs for shows in each.shows}
        return sum(need.weight for need in needs.needs if covered.intersection(need.shows))

    best = max((worth(each) for count in range(4) for each in combinations([each.seq for each in pieces], count)), default=0)
    assert worth([image.seq for image in proposal.images]) == best
    assert len(proposal.images) <= ENTRY.most_images


@pytest.mark.parametrize(
    ("reason", "claim"),
    [
        ("少件/漏发", ClaimType.MISSING_ITEMS),
        ("商家发错货", ClaimType.WRONG_ITEM),
        ("未收到货", ClaimType.NOT_RECEIVED),
        ("快递一直没更新", ClaimType.NOT_RECEIVED),
        ("商品破损/少件", ClaimType.MISSING_ITEMS),
        ("收到商品破损", ClaimType.DAMAGED),
        ("质量问题", ClaimType.QUALITY),
        ("水果坏了变质", ClaimType.QUALITY),
        ("商品与描述不符", ClaimType.NOT_AS_DESCRIBED),
        ("不想要了", ClaimType.NOT_WANTED),
        ("七天无理由退货", ClaimType.NOT_WANTED),
        ("", ClaimType.OTHER),
        ("其他原因", ClaimType.OTHER),
    ],
)
def test_it_reads_the_reason(reason: str, claim: ClaimType) -> None:
    assert claim_of(AftersaleFacts(case_no="1", reason=reason), dispute_words()) is claim
    assert claim_of(AftersaleFacts(case_no="1", reason=reason), dispute_words(), return_is_bad=True) is ClaimType.BAD_RETURN


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("打包称重.jpg", (S.PACKING, S.WEIGHT)),
        ("聊天记录 2", (S.CHAT,)),
        ("img_2041.jpg", ()),
        ("退货开箱视频截图", (S.RETURN_OPENED,)),
        ("物流轨迹", (S.TRACE,)),
    ],
)
def test_it_reads_what_a_picture_is_called(text: str, shows: tuple[Shows, ...]) -> None:
    assert shown_by(text, dispute_words()) == shows


def jpeg(width: int, height: int, *, exif: bytes = b"") -> bytes:
    app1 = b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif if exif else b""
    return b"\xff\xd8" + app1 + b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00" + b"\xff\xda"


def exif(order: str, *, width: int, height: int) -> bytes:
    sign = "<" if order == "II" else ">"
    first = (
        struct.pack(f"{sign}H", 2) + struct.pack(f"{sign}HHI4s", 0x010F, 2, 3, b"HW\0\0") + struct.pack(f"{sign}HHII", 0x8769, 4, 1, 8 + 2 + 24 + 4) + b"\0" * 4
    )
    second = struct.pack(f"{sign}H", 2) + struct.pack(f"{sign}HHII", 0xA002, 4, 1, width) + struct.pack(f"{sign}HHII", 0xA003, 4, 1, height) + b"\0" * 4
    return order.encode() + struct.pack(f"{sign}HI", 42, 8) + first + second


@pytest.mark.parametrize("order", ["II", "MM"])
def test_it_sees_that_a_picture_was_cut(order: str) -> None:
    whole, cut = (picture_facts(jpeg(4000, 3000, exif=exif(order, width=width, height=3000))) for width in (4000, 4160))

    assert whole == PictureFacts(width=4000, height=3000, has_camera=True, shot_width=4000, shot_height=3000)
    assert whole is not None
    assert cut is not None
    assert Doubt.CUT not in doubts(whole)
    assert doubts(cut) == (Doubt.CUT,)


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0dIHDR" + struct.pack(">II", 640, 480), (640, 480)),
        (b"GIF89a" + struct.pack("<HH", 320, 200), (320, 200)),
        (b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + (999).to_bytes(3, "little") + (499).to_bytes(3, "little"), (1000, 500)),
        (b"RIFF\0\0\0\0WEBPVP8L" + b"\0" * 4 + b"\x2f" + (99 | 49 << 14).to_bytes(4, "little"), (100, 50)),
        (b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 10 + struct.pack("<HH", 800, 600), (800, 600)),
        (jpeg(1200, 900), (1200, 900)),
    ],
)
def test_it_reads_the_size_of_every_sort(content: bytes, size: tuple[int, int]) -> None:
    found = picture_facts(content)

    assert found is not None
    assert (found.width, found.height) == size


@given(st.binary(max_size=400))
def test_nothing_made_up_breaks_it(content: bytes) -> None:
    for start in (b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X", b"\xff\xd8\xff\xe1\x00\xf0Exif\0\0II*\0"):
        found = picture_facts(start + content)
        assert found is None or min(found.width, found.height) > 0


def doubts(picture: PictureFacts | None, *, size: int = 1000, is_screen: bool = False, has_moment: bool = True) -> tuple[Doubt, ...]:
    return doubts_of(picture, size, is_screen=is_screen, has_moment=has_moment, most_bytes=5000, least_side=600)


@pytest.mark.parametrize(
    ("picture", "more", "expected"),
    [
        (GOOD, {}, ()),
        (None, {}, (Doubt.NO_PICTURE,)),
        (GOOD, {"size": 6000}, (Doubt.TOO_LARGE,)),
        (GOOD, {"has_moment": False}, (Doubt.NO_MOMENT,)),
        (PictureFacts(width=500, height=400), {}, (Doubt.SMALL, Doubt.NO_ORIGINAL)),
        (PictureFacts(width=3000, height=1100, has_camera=True), {}, (Doubt.ODD_SHAPE,)),
        (PictureFacts(width=1080, height=9000), {"is_screen": True}, ()),
        (PictureFacts(width=1080, height=2400, has_camera=True), {}, ()),
    ],
)
def test_it_warns_of_weak_pictures(picture: PictureFacts | None, more: dict[str, int], expected: tuple[Doubt, ...]) -> None:
    assert doubts(picture, **more) == expected  # type: ignore[arg-type]  # names and values of the table


def test_every_state_of_a_dispute_is_reached_and_left_or_is_an_end() -> None:
    reached = {step.to for step in DISPUTE_STEPS.values()} | {DisputeState.GATHERING}
    left = {state for state, _ in DISPUTE_STEPS}

    assert reached == set(DisputeState)
    assert left == set(DisputeState)
    assert left >= LIVE_DISPUTES
    assert {state for (state, event) in DISPUTE_STEPS if event is DisputeEvent.SUBMIT} == {DisputeState.SIGNED}
    assert all(step.by is Mover.SECOND for (_, event), step in DISPUTE_STEPS.items() if event is DisputeEvent.SIGN)
    assert not [event for (state, event) in DISPUTE_STEPS if state in HANDED_IN and event in (DisputeEvent.PROPOSE, DisputeEvent.SIGN, DisputeEvent.SUBMIT)]


def test_only_what_a_person_said_is_taken_back_and_to_where_the_evidence_is() -> None:
    state = DisputeState
    retractable = {each for (each, event) in DISPUTE_STEPS if event is DisputeEvent.TAKE_BACK}

    assert retractable == {
        state.SUBMITTED, state.AGREED, state.SETTLED, state.RULED_FOR, state.RULED_AGAINST, state.RULED_SPLIT, state.WITHDRAWN, state.APPEAL_WON,
    }  # fmt: skip
    assert dispute_after(state.SUBMITTED, DisputeEvent.TAKE_BACK, is_submitted=True).to is state.SIGNED
    assert dispute_after(state.APPEAL_WON, DisputeEvent.TAKE_BACK, is_submitted=True).to is state.APPEALED
    assert dispute_after(state.AGREED, DisputeEvent.TAKE_BACK).to is state.GATHERING
    assert dispute_after(state.AGREED, DisputeEvent.TAKE_BACK, is_submitted=True).to is state.SUBMITTED
    assert dispute_events(state.RULED_FOR, state.RULED_FOR) == (DisputeEvent.TAKE_BACK,)
    assert dispute_events(state.RULED_FOR, state.SUBMITTED) == ()
    assert dispute_events(state.SETTLED, state.AGREED) == (DisputeEvent.TAKE_BACK,)
    assert dispute_events(state.SETTLED, state.SETTLED) == (DisputeEvent.TAKE_BACK,)
    assert dispute_events(state.SETTLED, state.GATHERING) == ()
    assert DisputeEvent.AGREE in dispute_events(state.RULED_AGAINST, state.SUBMITTED)
    assert DisputeEvent.AGREE not in dispute_events(state.RULED_AGAINST, state.RULED_AGAINST)


@pytest.mark.parametrize("state", DisputeState)
def test_no_step_leads_where_the_table_has_none(state: DisputeState) -> None:
    for event in DisputeEvent:
        if (state, event) not in DISPUTE_STEPS:
            with pytest.raises(NotThatStep):
                dispute_after(state, event)


@pytest.mark.parametrize(
    ("said", "state", "text", "stands"),
    [
        (DisputeState.SUBMITTED, AftersaleState.PLATFORM_HANDLES, "平台处理中", DisputeState.SUBMITTED),
        (DisputeState.SUBMITTED, AftersaleState.REFUNDED, "退款成功", DisputeState.RULED_AGAINST),
        (DisputeState.AGREED, AftersaleState.REFUNDED, "退款成功", DisputeState.RULED_AGAINST),
        (DisputeState.GATHERING, AftersaleState.CLOSED, "平台拒绝退款，退款关闭", DisputeState.RULED_FOR),
        (DisputeState.SUBMITTED, AftersaleState.CLOSED, "买家撤销，退款关闭", DisputeState.WITHDRAWN),
        (DisputeState.SUBMITTED, AftersaleState.CLOSED, "退款关闭", DisputeState.HANDED_BACK),
        (DisputeState.GATHERING, AftersaleState.BUYER_TO_SEND, "待消费者发货", DisputeState.HANDED_BACK),
        (DisputeState.RULED_FOR, AftersaleState.REFUNDED, "退款成功", DisputeState.RULED_FOR),
        (DisputeState.APPEALED, AftersaleState.REFUNDED, "退款成功", DisputeState.APPEALED),
        (DisputeState.SUBMITTED, AftersaleState.UNKNOWN, "新状态", DisputeState.SUBMITTED),
    ],
)
def test_the_case_tells_how_far_it_is(said: DisputeState, state: AftersaleState, text: str, stands: DisputeState) -> None:
    assert dispute_stands(said, AftersaleFacts(case_no="1", state=state, state_text=text)) is stands
    assert dispute_stands(said, None) is said


@pytest.mark.parametrize("said", [DisputeState.GATHERING, DisputeState.SUBMITTED, DisputeState.AGREED])
def test_a_refund_that_the_shop_gave_itself_is_no_ruling(said: DisputeState) -> None:
    case = AftersaleFacts(case_no="1", state=AftersaleState.REFUNDED, state_text="退款成功")

    assert dispute_stands(said, case, is_given=True) is DisputeState.SETTLED


def test_one_filed_once_more_is_taken_back_to_where_it_was_lost() -> None:
    filed, back = ComplaintState.FILED, ComplaintEvent.TAKE_BACK

    assert [complaint_after(filed, back), complaint_after(filed, back, was_lost=True)] == [ComplaintState.TO_FILE, ComplaintState.LOST]
    assert complaint_after(ComplaintState.WON, back, was_lost=True) is filed


def test_a_complaint_goes_no_way_but_those_of_the_table() -> None:
    for state in ComplaintState:
        for event in ComplaintEvent:
            if (state, event) in COMPLAINT_STEPS:
                assert complaint_after(state, event) is COMPLAINT_STEPS[state, event]
            else:
                with pytest.raises(NotThatStep):
                    complaint_after(state, event)


@pytest.mark.parametrize(
    ("won", "of", "low", "high"), [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)]
)
def test_the_bounds_are_those_of_wilson(won: int, of: int, low: float, high: float) -> None:
    assert [round(bound, 4) for bound in wilson(won, of)] == [low, high]


def test_few_cases_move_the_chance_little() -> None:
    assert [round(chance_of(Record(won, won), 0.3, 5.0).share, 3) for won in (0, 1, 5, 50)] == [0.3, 0.417, 0.65, 0.936]


def candidate(no: str, days_ago: int, chance: float = 0.5) -> Candidate:
    return Candidate(order_no=no, case_no=None, counts_from=_ago(days_ago), signs=1, chance=chance)


def _ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def test_orders_that_count_longest_are_picked_first_and_those_about_to_leave_never() -> None:
    ranked = gains([candidate("old", 29), candidate("fresh", 2), candidate("middle", 15), candidate("gone", 31)], 200, NOW)

    assert [(gain.order_no, gain.points, round(gain.days)) for gain in ranked] == [("fresh", 0.5, 28), ("middle", 0.5, 15), ("old", 0.5, 1), ("gone", 0.5, 0)]
    assert [gain.order_no for gain in picked(ranked, 10)] == ["fresh", "middle", "old"]
    assert [gain.order_no for gain in picked(ranked, 1)] == ["fresh"]


def test_what_is_over_weighs_nothing_and_what_ends_soon_weighs_most() -> None:
    hours = [-1, 0, 24, 48, 240]

    assert [round(urgency(NOW + timedelta(hours=hour), NOW), 3) for hour in hours] == [0.0, 1.0, 0.607, 0.368, 0.007]
    assert weight(Fen(1000), 0.5, NOW, NOW) == 500.0


def test_shares_are_told_by_what_was_shown() -> None:
    rates = win_rates(
        [
            Ended(ClaimType.QUALITY, frozenset({S.REPORT}), DisputeState.RULED_FOR, 3),
            Ended(ClaimType.QUALITY, frozenset({S.REPORT}), DisputeState.RULED_AGAINST, 1),
            Ended(ClaimType.QUALITY, frozenset(), DisputeState.ACCEPTED, 2),
            Ended(ClaimType.QUALITY, frozenset(), DisputeState.SUBMITTED, 9),
        ]
    )

    assert [(rate.shown, rate.won, rate.of) for rate in rates] == [(None, 3, 6), ((S.REPORT,), 3, 4), ((), 0, 2)]


def test_everything_is_known_for_a_day_long_past() -> None:
    then = datetime(2016, 1, 1, tzinfo=UTC)

    assert {needs_at(claim, then).claim for claim in ClaimType} == set(ClaimType)
    assert entry_at(then).most_images == 3
    assert {kind: complaint_terms(kind, then).a_month for kind in ComplaintKind if complaint_terms(kind, then).a_month} == {ComplaintKind.MALICIOUS_ORDER: 10}
    with pytest.raises(LookupError):
        entry_at(datetime(2014, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(("taken_over_again", "state"), [(None, "met"), ("2026-03-08 09:00:00", "met"), ("2026-03-12 09:00:00", "open")])
def test_evidence_of_an_earlier_intervention_answers_no_later_one(taken_over_again: str | None, state: str) -> None:
    case = AftersaleFacts(
        case_no="1", order_no="1", kind=AftersaleKind.REFUND_ONLY, state=AftersaleState.PLATFORM_HANDLES, expire_at=moment("2026-03-14 09:00:00")
    )
    known = OrderKnowledge(
        order=OrderFacts(order_no="1"),
        data_as_of=moment("2026-03-12 10:00:00"),
        disputes={"1": DisputeSeen(DisputeState.SUBMITTED, moment("2026-03-08 12:00:00"))},
        cases_entered={} if taken_over_again is None else {"1": moment(taken_over_again)},
    )

    [found] = [each for each in case_deadlines(case, known, rulebook.load()) if each.kind is DeadlineKind.ANSWER_PLATFORM]

    assert found.state == state


@pytest.mark.parametrize(("handed_in", "state", "because"), [(None, "open", AGREED), ("2026-03-08 12:00:00", "met", HANDED)])
def test_settling_with_the_buyer_alone_does_not_end_the_clock_of_the_evidence(handed_in: str | None, state: str, because: Say) -> None:
    case = AftersaleFacts(case_no="1", order_no="1", state=AftersaleState.PLATFORM_HANDLES, expire_at=moment("2026-03-14 09:00:00"))
    seen = DisputeSeen(DisputeState.AGREED, None if handed_in is None else moment(handed_in))
    known = OrderKnowledge(order=OrderFacts(order_no="1"), data_as_of=moment("2026-03-12 10:00:00"), disputes={"1": seen})

    [found] = [each for each in case_deadlines(case, known, rulebook.load()) if each.kind is DeadlineKind.ANSWER_PLATFORM]

    assert (found.state, found.because) == (state, because)
