"""Parcels that stand still are asked about once for each branch, watched until they move, called back, claimed, renumbered; all of it follows the facts."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.files import orders_csv, row, shipped
from tests.cast import Cast
from zhanggui.actions.chasing.asking import ask_again, mark_sent, note_answer
from zhanggui.actions.chasing.gathering import ToChase, to_chase
from zhanggui.actions.chasing.seeing import open_chases
from zhanggui.actions.claims.making import Particulars, begin_claim, enter_particulars, missing_evidence, step_claim
from zhanggui.actions.claims.seeing import claims_seen
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview, undo
from zhanggui.actions.recalls.seeing import recalls_seen
from zhanggui.actions.recalls.stepping import begin_recall, step_recall
from zhanggui.actions.refused import Refused
from zhanggui.actions.renumbering.adding import add_parcel, move_parcel, told_buyer_of_parcel
from zhanggui.actions.renumbering.changing import Doubtful, drop_change, plan_change, said_done, told_buyer
from zhanggui.actions.renumbering.seeing import numbers_seen
from zhanggui.actions.scans import paste_scans
from zhanggui.actions.today import settle
from zhanggui.core.claims.evidence import Evidence
from zhanggui.core.claims.states import ClaimEvent, ClaimState, Loss
from zhanggui.core.deadlines import Band, DeadlineKind
from zhanggui.core.facts import ParcelKind
from zhanggui.core.money import Fen
from zhanggui.core.recalls.states import RecallEvent, RecallState
from zhanggui.core.renumbering.states import ChangeState, ExtraState
from zhanggui.people.permissions import NotAllowed, Person, ShopId
from zhanggui.records import deadlines
from zhanggui.records.deadlines import StoredDeadline

NOW = datetime(2026, 3, 6, 2, tzinfo=UTC)
"""10:00 in Shanghai on 6 March, five days after the orders left."""
A, B, C = (f"260301-{digit * 15}" for digit in "123")
HUB = "2026-03-02 08:00:00 【上海转运中心】已发出，下一站【广州转运中心】"


def number_of(order_no: str) -> str:
    return f"YT730000{order_no[-7:]}"


def imported(house: House, by: Person, shop_id: ShopId, folder: Path, rows: list[Mapping[str, str]], now: datetime = NOW) -> int:
    view = preview(house, by, shop_id, [orders_csv(folder / f"orders{now:%d%H%M}.csv", rows)], now, as_of=now)
    confirm(house, by, shop_id, view.batch_id, now)
    return view.batch_id


def sent(order_no: str, **changes: str) -> dict[str, str]:
    return shipped(order_no) | {"快递单号": number_of(order_no)} | changes


@pytest.fixture
def stuck(house: House, people: Cast, tmp_path: Path) -> House:
    """Two parcels that left the hub of 上海 on 2 March and were never seen again, and one that nobody ever picked up."""
    imported(house, people.lin, people.shop_id, tmp_path, [sent(A), sent(B), sent(C)], now=NOW - timedelta(days=4))
    for no in (A, B):
        paste_scans(house, people.lin, people.shop_id, no, f"2026-03-01 21:00:00 【义乌网点】已揽收\n{HUB}", NOW - timedelta(days=3))
    paste_scans(house, people.lin, people.shop_id, C, "2026-03-01 20:30:00 商家已下单，等待揽收", NOW - timedelta(days=3))
    settle(house, [people.shop_id], NOW)
    return house


def of_kind(house: House, shop_id: ShopId, order_nos: list[str], kind: DeadlineKind) -> dict[str, StoredDeadline]:
    with house.pool.connection() as tx:
        return {row.order_no or "": row for row in deadlines.of_orders(tx, shop_id, order_nos) if row.kind == kind}


def followed(house: House, shop_id: ShopId, kind: str, no: int) -> StoredDeadline | None:
    with house.pool.connection() as tx:
        found = deadlines.of_subjects(tx, shop_id, kind, [str(no)])
    return found[0] if found else None


def groups(told: ToChase) -> list[tuple[str | None, str | None, list[str]]]:
    return [(each.group.carrier, each.group.branch, [parcel.order_no for parcel in each.group.parcels]) for each in told.groups]


def test_it_gathers_one_message_for_each_branch(stuck: House, people: Cast) -> None:
    told = to_chase(stuck, people.mei, people.shop_id, NOW)

    assert sorted(groups(told), key=lambda group: group[2]) == [("圆通快递", "上海转运中心", [A, B]), ("圆通快递", None, [C])]
    message = next(each.message for each in told.groups if each.group.branch)
    assert message is not None
    assert message.zh.splitlines()[1:3] == [
        f"1. {number_of(A)}：3月2日08:00起没有新记录（已 4 天）",
        f"2. {number_of(B)}：3月2日08:00起没有新记录（已 4 天）",
    ]
    assert told.groups[0].hotline is not None
    assert told.groups[0].hotline.phone == "95554"


def test_it_lets_the_parcels_wait_for_the_answer_once_the_message_was_sent(stuck: House, people: Cast) -> None:
    chase_no = mark_sent(stuck, people.mei, people.shop_id, [A, B], "查一下", NOW)

    assert groups(to_chase(stuck, people.mei, people.shop_id, NOW)) == [("圆通快递", None, [C])]
    rows = of_kind(stuck, people.shop_id, [A, B], DeadlineKind.PARCEL_MOVES)
    assert {row.band for row in rows.values()} == {Band.SNOOZED}
    assert {row.look_at for row in rows.values()} == {NOW + timedelta(hours=24)}
    watch = followed(stuck, people.shop_id, "chase", chase_no)
    assert watch is not None
    assert (watch.due_at, watch.state) == (NOW + timedelta(hours=24), "open")
    with pytest.raises(Refused):
        mark_sent(stuck, people.zhou, people.shop_id, [A, B], "查一下", NOW)


def test_it_ends_a_chase_once_every_parcel_has_moved_and_takes_that_back_with_the_import(stuck: House, people: Cast) -> None:
    chase_no = mark_sent(stuck, people.mei, people.shop_id, [A, B], "查一下", NOW)
    later = NOW + timedelta(hours=5)

    paste_scans(stuck, people.lin, people.shop_id, A, "2026-03-06 12:00:00 已到达【广州转运中心】", later)
    after_one = open_chases(stuck, people.mei, people.shop_id, later).rows[0]
    batch = paste_scans(stuck, people.lin, people.shop_id, B, "2026-03-06 13:00:00 已到达【广州转运中心】", later)
    after_both = followed(stuck, people.shop_id, "chase", chase_no)
    undo(stuck, people.lin, people.shop_id, batch.batch_id, later)

    assert [parcel.order_no for parcel in after_one.waiting] == [B]
    assert after_both is not None
    assert after_both.state == "met"
    assert [parcel.order_no for parcel in open_chases(stuck, people.mei, people.shop_id, later).rows[0].waiting] == [B]
    again = followed(stuck, people.shop_id, "chase", chase_no)
    assert again is not None
    assert again.state == "open"


def test_it_asks_again_and_settles(stuck: House, people: Cast) -> None:
    chase_no = mark_sent(stuck, people.mei, people.shop_id, [A], "查一下", NOW, check_at=NOW + timedelta(hours=3))
    tomorrow = NOW + timedelta(hours=4)
    settle(stuck, [people.shop_id], tomorrow)

    ask_again(stuck, people.mei, people.shop_id, chase_no, tomorrow)
    asked = open_chases(stuck, people.mei, people.shop_id, tomorrow).rows[0].chase
    note_answer(stuck, people.mei, people.shop_id, chase_no, "网点说明天派送", tomorrow, is_settled=True)

    assert (asked.times, asked.sent_at, asked.check_at) == (2, tomorrow, None)
    assert open_chases(stuck, people.mei, people.shop_id, tomorrow).rows == ()
    assert of_kind(stuck, people.shop_id, [A], DeadlineKind.PARCEL_MOVES)[A].band == Band.OVERDUE
    with pytest.raises(Refused):
        ask_again(stuck, people.mei, people.shop_id, chase_no, tomorrow)


@pytest.mark.parametrize(("orders", "message"), [([], "x"), ([A], "  "), (["260301-999999999999999"], "x"), ([A] * 51, "x")])
def test_it_refuses_a_chase_of_nothing(stuck: House, people: Cast, orders: list[str], message: str) -> None:
    with pytest.raises(Refused):
        mark_sent(stuck, people.mei, people.shop_id, orders, message, NOW)

    assert open_chases(stuck, people.mei, people.shop_id, NOW).rows == ()


def test_it_follows_a_recall_until_the_parcel_is_back(stuck: House, people: Cast) -> None:
    recall_no = begin_recall(stuck, people.mei, people.shop_id, A, "买家不要了", NOW)
    again = begin_recall(stuck, people.zhou, people.shop_id, A, "", NOW)

    asked = followed(stuck, people.shop_id, "recall", recall_no)
    step_recall(stuck, people.mei, people.shop_id, recall_no, RecallEvent.TELL, NOW + timedelta(minutes=10))
    told = followed(stuck, people.shop_id, "recall", recall_no)
    paste_scans(stuck, people.lin, people.shop_id, A, "2026-03-06 15:00:00 【广州转运中心】快件退回中，退回原因：拦截", NOW + timedelta(hours=6))
    turned = followed(stuck, people.shop_id, "recall", recall_no)
    step_recall(stuck, people.zhou, people.shop_id, recall_no, RecallEvent.RECEIVE, NOW + timedelta(days=3), fee=Fen(400))

    assert again == recall_no
    assert asked is not None
    assert (asked.due_at, asked.at_risk) == (NOW + timedelta(minutes=30), 1794)
    assert told is not None
    assert told.due_at == NOW + timedelta(hours=4, minutes=10)
    assert turned is not None
    assert turned.due_at == datetime(2026, 3, 16, 7, tzinfo=UTC)
    assert followed(stuck, people.shop_id, "recall", recall_no) is None
    over = recalls_seen(stuck, people.mei, people.shop_id, NOW + timedelta(days=3), live=False)
    assert [(each.state, each.recall.fee) for each in over.rows] == [(RecallState.BACK, 400)]
    assert [(each.tried, each.came_back) for each in over.chances] == [(0, 0), (0, 0), (0, 0), (1, 1)]


def test_it_gives_a_recall_up_when_the_parcel_was_delivered_all_the_same(stuck: House, people: Cast) -> None:
    recall_no = begin_recall(stuck, people.mei, people.shop_id, A, "", NOW)
    step_recall(stuck, people.mei, people.shop_id, recall_no, RecallEvent.AGREE, NOW)

    paste_scans(stuck, people.lin, people.shop_id, A, "2026-03-06 15:00:00 您的快件已签收，签收人：本人", NOW + timedelta(hours=6))

    seen = recalls_seen(stuck, people.mei, people.shop_id, NOW + timedelta(hours=6), live=False).rows
    assert [each.state for each in seen] == [RecallState.FAILED]
    assert seen[0].to_buyer is not None
    assert followed(stuck, people.shop_id, "recall", recall_no) is None


def test_it_tells_when_a_recall_no_longer_pays(stuck: House, people: Cast) -> None:
    begin_recall(stuck, people.mei, people.shop_id, A, "", NOW)

    told = recalls_seen(stuck, people.mei, people.shop_id, NOW).rows[0].advice

    assert told is not None
    assert (told.pays, told.gain, told.chance.chance) == (True, 139, 0.1)
    assert told.because[0].slots == {"hours": 110, "share": 10}


def test_it_claims_a_lost_parcel_step_by_step(stuck: House, people: Cast) -> None:
    late = NOW + timedelta(days=8)
    settle(stuck, [people.shop_id], late)
    lost = claims_seen(stuck, people.mei, people.shop_id, late)

    claim_no = begin_claim(stuck, people.mei, people.shop_id, A, Loss.LOST, late, Particulars(freight=Fen(350)))
    begun = claims_seen(stuck, people.mei, people.shop_id, late)
    to_file = followed(stuck, people.shop_id, "claim", claim_no)
    enter_particulars(
        stuck, people.mei, people.shop_id, claim_no, Particulars(evidence=(Evidence.WAYBILL, Evidence.TRACE, Evidence.INSURANCE), ticket="T1"), late
    )
    step_claim(stuck, people.mei, people.shop_id, claim_no, ClaimEvent.FILE, late)
    filed = followed(stuck, people.shop_id, "claim", claim_no)
    step_claim(stuck, people.mei, people.shop_id, claim_no, ClaimEvent.OFFER, late, amount=Fen(2000))
    state = step_claim(stuck, people.mei, people.shop_id, claim_no, ClaimEvent.PAY, late + timedelta(days=1), amount=Fen(2000))

    assert [each.order_no for each in lost.lost] == [A, B]
    assert lost.lost_rule == "carrier.claim_lost@2015-09-01"
    assert [each.order_no for each in begun.lost] == [B]
    assert (begun.rows[0].limit.fen, begun.rows[0].limit.rule) == (1750, "carrier.claim_limit@2018-05-01")
    assert to_file is not None
    assert (to_file.kind, to_file.due_at, to_file.at_risk) == ("claim_by", late + timedelta(days=3), 2990)
    assert filed is not None
    assert (filed.kind, filed.due_at) == ("claim_answer", late + timedelta(days=7))
    assert state is ClaimState.PAID
    assert followed(stuck, people.shop_id, "claim", claim_no) is None
    over = claims_seen(stuck, people.mei, people.shop_id, late, live=False).rows[0]
    assert missing_evidence(over.claim) == (Evidence.ORDER_VALUE, Evidence.CARRIER_TALK)
    with pytest.raises(Refused):
        step_claim(stuck, people.mei, people.shop_id, claim_no, ClaimEvent.OFFER, late, amount=Fen(1))


def test_a_sum_that_was_mistyped_is_put_right(stuck: House, people: Cast) -> None:
    claim_no = begin_claim(stuck, people.mei, people.shop_id, A, Loss.LOST, NOW)
    step_claim(stuck, people.mei, people.shop_id, claim_no, ClaimEvent.FILE, NOW)
    step_claim(stuck, people.mei, people.shop_id, claim_no, ClaimEvent.PAY, NOW, amount=Fen(200000))

    step_claim(stuck, people.mei, people.shop_id, claim_no, ClaimEvent.PAY, NOW + timedelta(days=2), amount=Fen(2000))
    with pytest.raises(Refused):  # on a page that is older
        step_claim(stuck, people.lin, people.shop_id, claim_no, ClaimEvent.PAY, NOW, amount=Fen(1750), seen=1)

    page = claims_seen(stuck, people.mei, people.shop_id, NOW, live=False)
    assert (page.rows[0].claim.got, page.rows[0].claim.stepped_at) == (2000, NOW)
    assert [(each.state, each.got) for each in page.totals] == [("claim_paid", 2000)]


def test_particulars_take_back_nobody_elses_and_may_be_unknown_after_all(stuck: House, people: Cast) -> None:
    claim_no = begin_claim(stuck, people.mei, people.shop_id, A, Loss.LOST, NOW, Particulars(freight=Fen(350), declared_value=Fen(9900)))
    insured = claims_seen(stuck, people.mei, people.shop_id, NOW).rows[0]

    enter_particulars(stuck, people.lin, people.shop_id, claim_no, Particulars(ticket="T123", unknown=("declared_value",)), NOW, seen=insured.claim.version)
    with pytest.raises(Refused):
        enter_particulars(stuck, people.mei, people.shop_id, claim_no, Particulars(ticket=""), NOW, seen=insured.claim.version)

    row = claims_seen(stuck, people.mei, people.shop_id, NOW).rows[0]
    assert (insured.claim.declared_value, row.claim.declared_value, row.claim.freight, row.claim.ticket) == (9900, None, 350, "T123")
    assert row.limit.rule != insured.limit.rule


def test_claimed_parcels_hide_no_other_that_is_lost(stuck: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    late = NOW + timedelta(days=8)
    settle(stuck, [people.shop_id], late)
    monkeypatch.setattr("zhanggui.actions.claims.seeing.SILENT_SHOWN", 1)
    first = claims_seen(stuck, people.mei, people.shop_id, late)

    begin_claim(stuck, people.mei, people.shop_id, A, Loss.LOST, late)

    then = claims_seen(stuck, people.mei, people.shop_id, late)
    assert ([each.order_no for each in first.lost], first.lost_is_cut) == ([A], True)
    assert [each.order_no for each in then.lost] == [B]


def test_it_puts_a_wrong_number_right_by_hand(stuck: House, people: Cast, tmp_path: Path) -> None:
    new = "YT7366152940871"
    change_no = plan_change(stuck, people.mei, people.shop_id, C, "圆通快递", new, NOW, reason="看错一位")
    planned = followed(stuck, people.shop_id, "number_change", change_no)

    said_done(stuck, people.mei, people.shop_id, change_no, NOW + timedelta(minutes=5))
    told_buyer(stuck, people.mei, people.shop_id, change_no, NOW + timedelta(minutes=6))
    imported(stuck, people.lin, people.shop_id, tmp_path, [sent(C)], now=NOW + timedelta(hours=1))
    contradicted = numbers_seen(stuck, people.mei, people.shop_id).changes[0].state
    batch_id = imported(stuck, people.lin, people.shop_id, tmp_path, [sent(C) | {"快递单号": new}], now=NOW + timedelta(hours=2))
    confirmed = numbers_seen(stuck, people.mei, people.shop_id).changes[0]
    undo(stuck, people.lin, people.shop_id, batch_id, NOW + timedelta(hours=3))

    assert planned is not None
    assert (planned.due_at, planned.at_risk) == (datetime(2026, 3, 2, 12, tzinfo=UTC), 500)
    assert contradicted is ChangeState.PLANNED
    assert (confirmed.state, confirmed.change.told_at) == (ChangeState.DONE, NOW + timedelta(minutes=6))
    assert numbers_seen(stuck, people.mei, people.shop_id).changes[0].state is ChangeState.PLANNED


def test_it_takes_a_doubtful_number_only_from_somebody_who_is_sure(stuck: House, people: Cast) -> None:
    near = number_of(A)[:-1] + "9"

    with pytest.raises(Doubtful):
        plan_change(stuck, people.mei, people.shop_id, C, "圆通快递", near, NOW)
    change_no = plan_change(stuck, people.mei, people.shop_id, C, "圆通快递", near, NOW, is_sure=True)
    drop_change(stuck, people.mei, people.shop_id, change_no, NOW)

    assert numbers_seen(stuck, people.mei, people.shop_id).changes == ()
    assert followed(stuck, people.shop_id, "number_change", change_no) is None


def test_it_refuses_another_number_for_what_has_not_left(stuck: House, people: Cast, tmp_path: Path) -> None:
    imported(stuck, people.lin, people.shop_id, tmp_path, [row("260306-444444444444444")])

    for order_no in ("260306-444444444444444", "260306-999999999999999"):
        with pytest.raises(Refused):
            plan_change(stuck, people.mei, people.shop_id, order_no, "圆通快递", "YT7366152940871", NOW)


def test_it_keeps_further_parcels(stuck: House, people: Cast) -> None:
    extra_no = add_parcel(stuck, people.mei, people.shop_id, A, ParcelKind.RESEND, "圆通快递", "YT7366152940871", NOW)
    move_parcel(stuck, people.mei, people.shop_id, extra_no, ExtraState.TOLD, NOW)
    told_buyer_of_parcel(stuck, people.mei, people.shop_id, extra_no, NOW)

    seen = numbers_seen(stuck, people.mei, people.shop_id).extras

    assert [(each.kind, each.state, each.extra.told_at) for each in seen] == [(ParcelKind.RESEND, ExtraState.TOLD, NOW)]
    assert seen[0].message is not None
    assert "补发" in seen[0].message.zh
    with pytest.raises(Refused):
        add_parcel(stuck, people.mei, people.shop_id, A, ParcelKind.GIFT, "圆通快递", "YT7366152940871", NOW, is_sure=True)


def test_it_shows_and_lets_do_nothing_to_strangers(stuck: House, people: Cast) -> None:
    chase_no = mark_sent(stuck, people.mei, people.shop_id, [A], "查一下", NOW)
    recall_no = begin_recall(stuck, people.mei, people.shop_id, A, "", NOW)

    for attempt in (
        lambda: to_chase(stuck, people.zheng, people.shop_id, NOW),
        lambda: note_answer(stuck, people.zheng, people.shop_id, chase_no, "", NOW, is_settled=True),
        lambda: note_answer(stuck, people.zheng, people.other_shop_id, chase_no, "", NOW, is_settled=True),
        lambda: step_recall(stuck, people.zheng, people.other_shop_id, recall_no, RecallEvent.DROP, NOW),
        lambda: begin_claim(stuck, people.zheng, people.shop_id, A, Loss.LOST, NOW),
        lambda: numbers_seen(stuck, people.zheng, people.shop_id),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_damage_is_claimed_from_when_the_carrier_delivered_and_not_from_when_receipt_was_confirmed(stuck: House, people: Cast, tmp_path: Path) -> None:
    paste_scans(stuck, people.lin, people.shop_id, A, "2026-03-04 09:00:00 您的快件已签收，签收人：本人", NOW)
    received = sent(A, 订单状态="已收货") | {"确认收货时间": "2026-03-06 09:30:00"}
    imported(stuck, people.lin, people.shop_id, tmp_path, [received], now=NOW + timedelta(minutes=1))

    claim_no = begin_claim(stuck, people.mei, people.shop_id, A, Loss.DAMAGED, NOW + timedelta(minutes=2))

    noticed = claims_seen(stuck, people.mei, people.shop_id, NOW).rows[0].claim
    assert (noticed.claim_no, noticed.noticed_at) == (claim_no, datetime(2026, 3, 4, 1, tzinfo=UTC))
