"""Texts to telephones go once, within consent, caps, cost and hours; a lost answer is asked about and never sent again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from tests.actions.files import orders_csv, row, shipped
from tests.cast import Cast
from tests.connectors.sms.receiver import KEY_ID, SECRET, Receiver, receiving
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.refused import Refused
from zhanggui.actions.texts import sending
from zhanggui.actions.texts.deciding import LetGo, fact_against, let_texts_go, texts_offered
from zhanggui.actions.texts.sending import send_due_texts, stop_text
from zhanggui.actions.texts.settling import NewWay, bring_numbers, forget_numbers, keep_template, keep_terms, keep_way
from zhanggui.connectors.sms.line import SmsLine
from zhanggui.core.facts import ScanFacts, ScanStage
from zhanggui.core.texts.kinds import TextKind, TextState, TextWay
from zhanggui.core.texts.terms import TextTerms
from zhanggui.people.permissions import NotAllowed, ShopId
from zhanggui.records import texts
from zhanggui.records.db import conninfo_of, open_pool

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
"""14:00 in Shanghai."""
A, B, C = (f"260301-{digit * 15}" for digit in "123")
PHONE, OTHER = "13812345678", "13912345678"
SHIPPED, FESTIVAL, ALIYUN = TextKind.SHIPPED, TextKind.FESTIVAL, TextWay.ALIYUN
TEMPLATE = "您的${title}已由${carrier}发出，尾号${tail}，请留意查收。"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Shop:
    """The house with the line to the provider, and the provider."""

    house: House
    people: Cast
    receiver: Receiver
    folder: Path

    def imported(self, *rows: dict[str, str], at: datetime = NOW - MINUTE) -> None:
        view = preview(self.house, self.people.lin, self.people.shop_id, [orders_csv(self.folder / f"{at:%d%H%M%S}.csv", list(rows))], at, as_of=at)
        confirm(self.house, self.people.lin, self.people.shop_id, view.batch_id, at)

    def numbers(self, *lines: str) -> None:
        bring_numbers(self.house, self.people.lin, self.people.shop_id, "\n".join(lines), NOW)

    def let_go(self, *order_nos: str, kind: TextKind = SHIPPED, now: datetime = NOW, festival: str = "") -> LetGo:
        return let_texts_go(self.house, self.people.mei, self.people.shop_id, kind, order_nos, now, festival=festival)

    def works(self, now: datetime = NOW, wall: datetime | None = None) -> None:
        send_due_texts(self.house, self.people.shop_id, now, wall or now)

    def states(self) -> list[str]:
        with self.house.pool.connection() as tx:
            return [each.state for each in reversed(texts.newest(tx, self.people.shop_id, 2**62, 99))]

    def reasons(self, gone: LetGo) -> list[str]:
        return [why.text for _, why in gone.left]


@pytest.fixture
def shop(house: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with receiving(tmp_path, monkeypatch) as (receiver, context):
        made = Shop(replace(house, texts=SmsLine(context, httpx.Timeout(3.0))), people, receiver, tmp_path)
        account = NewWay(way=ALIYUN, sign="林记坚果", is_on=True, key_id=KEY_ID, secret=SECRET)
        keep_way(made.house, people.lin, people.shop_id, account, NOW)
        keep_template(made.house, people.lin, people.shop_id, SHIPPED, ALIYUN, "SMS_1", TEMPLATE, NOW)
        made.imported(*(shipped(no, at="2026-03-01 11:00:00") for no in (A, B)), row(C))
        yield made


def test_it_sends_what_a_person_let_go_once(shop: Shop) -> None:
    shop.numbers(f"{A},{PHONE},否")

    offered = texts_offered(shop.house, shop.people.mei, shop.people.shop_id, SHIPPED, NOW)
    gone, again = shop.let_go(A), shop.let_go(A)
    shop.works()
    shop.works(NOW + 5 * MINUTE)

    assert [(each.order_no, each.cost_li) for each in offered.going] == [(A, 45)]
    assert offered.going[0].said == "【林记坚果】您的坚果礼盒已由圆通快递发出，尾号1111，请留意查收。"
    assert len(gone.text_nos) == 1
    assert shop.reasons(again) == ["Somebody has decided about it already."]
    assert [(each["PhoneNumbers"], each["OutId"]) for each in shop.receiver.sent] == [(PHONE, f"zg-{shop.people.shop_id}-{gone.text_nos[0]}")]
    assert shop.states() == ["text_sent"]


def test_the_number_lies_nowhere_in_clear_and_is_forgotten(shop: Shop) -> None:
    shop.numbers(f"{A},{PHONE},是", "no number here")
    shop.let_go(A)
    shop.works()

    with shop.house.pool.connection() as tx:
        tables = [name for (name,) in tx.execute("select table_name from information_schema.tables where table_schema = current_schema()")]
        for table in tables:
            kept = tx.execute(f'select count(*) from "{table}" t where t::text like %s', (f"%{PHONE}%",)).fetchone()
            assert kept == (0,), table
        assert texts.count_numbers(tx, shop.people.shop_id, NOW) == (1, 1)
    forget_numbers(shop.house, NOW + timedelta(days=31))
    with shop.house.pool.connection() as tx:
        assert texts.count_numbers(tx, shop.people.shop_id, NOW) == (0, 0)


def test_a_lost_answer_is_asked_about_and_never_sent_again(shop: Shop) -> None:
    shop.numbers(f"{A},{PHONE},否", f"{B},{OTHER},否")
    for order_no, mood in ((A, "cut"), (B, "garbage")):
        shop.let_go(order_no)
        shop.receiver.mood = mood
        shop.works()

    unsure = shop.states()
    shop.receiver.mood = ""
    shop.works(NOW + 4 * MINUTE)
    shop.works(NOW + 60 * MINUTE)

    assert (unsure, shop.states()) == (["text_unsure"] * 2, ["text_sent"] * 2)
    assert len(shop.receiver.sent) == 2


def test_a_lost_answer_of_a_text_that_the_carrier_refused_is_not_called_sent(shop: Shop) -> None:
    shop.numbers(f"{A},{PHONE},否")
    shop.let_go(A)
    shop.receiver.mood, shop.receiver.carrier_refuses = "cut", True
    shop.works()
    shop.receiver.mood = ""

    shop.works(NOW + 4 * MINUTE)

    assert shop.states() == ["text_failed"]


def test_what_the_record_never_shows_stays_unsure_and_is_not_sent_again(shop: Shop) -> None:
    shop.numbers(f"{A},{PHONE},否")
    shop.let_go(A)
    shop.receiver.mood = "isp.SYSTEM_ERROR"
    shop.works()
    shop.receiver.mood = ""

    for hours in (1, 3, 8, 25, 30, 60):
        shop.works(NOW + timedelta(hours=hours))

    assert shop.states() == ["text_unsure"]
    assert shop.receiver.sent == []
    with shop.house.pool.connection() as tx:
        (text,) = texts.newest(tx, shop.people.shop_id, 2**62, 9)
    assert (text.look_at, text.sealed) == (None, None)


def test_a_sender_that_died_over_it_leaves_it_unsure(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.numbers(f"{A},{PHONE},否")
    shop.let_go(A)

    def dies(*_given: object, **_named: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(SmsLine, "ask", dies)
    with pytest.raises(KeyboardInterrupt):
        shop.works()
    monkeypatch.undo()
    shop.works(NOW + MINUTE)
    died = shop.states()
    shop.works(NOW + 3 * MINUTE)

    assert (died, shop.states()) == (["text_sending"], ["text_unsure"])
    assert shop.receiver.sent == []


def test_a_busy_provider_is_waited_for_and_a_wrong_key_stops_the_door(shop: Shop) -> None:
    shop.numbers(f"{A},{PHONE},否", f"{B},{OTHER},否")
    shop.let_go(A)
    shop.receiver.mood = "Throttling.User"
    shop.works()
    waits = shop.states()
    shop.receiver.mood = ""
    shop.works(NOW + 2 * MINUTE)
    assert (waits, shop.states()) == (["text_waits"], ["text_sent"])

    keep_way(shop.house, shop.people.lin, shop.people.shop_id, NewWay(way=ALIYUN, sign="林记坚果", is_on=True, key_id=KEY_ID, secret="wrong"), NOW)
    shop.let_go(B)
    shop.works(NOW + 3 * MINUTE)

    assert shop.states() == ["text_sent", "text_failed"]
    with shop.house.pool.connection() as tx:
        (way,) = texts.ways(tx, shop.people.shop_id)
    assert way.rests_until == NOW + 63 * MINUTE
    assert "SignatureDoesNotMatch" in (way.problem or "")
    assert b"wrong" not in (way.secret or b"")


def test_a_number_that_does_not_open_is_held_and_goes_once_it_does(shop: Shop) -> None:
    shop.numbers(f"{A},{PHONE},否")
    shop.let_go(A)
    with shop.house.pool.connection() as tx:
        (kept,) = tx.execute("select sealed from text_numbers").fetchall()
        tx.execute("update text_numbers set sealed = 'shut'::bytea")
    shop.works()
    held = shop.states()
    with shop.house.pool.connection() as tx:
        tx.execute("update text_numbers set sealed = %s", kept)

    shop.works(NOW + 61 * MINUTE)

    assert (held, shop.states()) == (["text_waits"], ["text_sent"])
    assert len(shop.receiver.sent) == 1


def test_where_the_keys_are_not_at_hand_a_text_waits_for_them(shop: Shop, tmp_path: Path) -> None:
    shop.numbers(f"{A},{PHONE},否", f"{B},{OTHER},否")
    shop.let_go(A, B)
    with open_pool(conninfo_of(shop.house.pool)) as pool:
        send_due_texts(replace(shop.house, pool=pool, home=tmp_path / "elsewhere"), shop.people.shop_id, NOW, NOW)
    held = shop.states()

    shop.works(NOW + 61 * MINUTE)

    assert (held, shop.states()) == (["text_waits"] * 2, ["text_sent"] * 2)


def test_a_shop_that_makes_trouble_keeps_no_other_waiting(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []

    def breaks(_house: House, shop_id: ShopId, _now: datetime, _wall: datetime) -> int:
        looked.append(shop_id)
        raise RuntimeError("broken")

    monkeypatch.setattr(sending, "send_due_texts", breaks)

    with pytest.raises(RuntimeError, match="broken"):
        sending.send_texts(shop.house, NOW, NOW)

    assert sorted(looked) == [shop.people.shop_id, shop.people.other_shop_id]


def test_it_keeps_to_caps_cost_consent_and_refusals(shop: Shop) -> None:
    shop.numbers(f"{A},{PHONE},否", f"{B},{PHONE},否")
    keep_terms(shop.house, shop.people.lin, shop.people.shop_id, TextTerms(a_day=1), NOW)
    assert shop.reasons(shop.let_go(A, B)) == ["This number had {most} texts within 24 hours."]

    keep_terms(shop.house, shop.people.lin, shop.people.shop_id, TextTerms(monthly_li=45), NOW)
    assert shop.reasons(shop.let_go(B)) == ["The month's texts would cost more than the shop lets them."]

    keep_terms(shop.house, shop.people.lin, shop.people.shop_id, TextTerms(), NOW)
    with shop.house.pool.connection() as tx:
        (text,) = texts.newest(tx, shop.people.shop_id, 2**62, 9)
    stop_text(shop.house, shop.people.mei, shop.people.shop_id, text.text_no, NOW, wants_none=True)
    assert shop.reasons(shop.let_go(B)) == ["The buyer wants no texts."]
    assert shop.reasons(shop.let_go(C)) == ["There is no number to send it to, or no door with a template of this kind for it."]
    shop.works()
    assert shop.receiver.sent == []


def test_who_wants_no_texts_gets_none_by_another_number_either(shop: Shop) -> None:
    shop.numbers(f"{A},{PHONE},否", f"{B},{OTHER},否")
    named = [shipped(no, at="2026-03-01 11:00:00", 收货人="李小*") for no in (A, B)]
    file = shop.folder / "named.csv"
    file.write_text("\n".join([",".join(named[0]), *(",".join(told.values()) for told in named)]), encoding="utf-8")
    view = preview(shop.house, shop.people.lin, shop.people.shop_id, [file], NOW, as_of=NOW)
    confirm(shop.house, shop.people.lin, shop.people.shop_id, view.batch_id, NOW)
    night = datetime(2026, 3, 1, 14, tzinfo=UTC)
    (waits,) = shop.let_go(B, now=night).text_nos
    (text,) = shop.let_go(A).text_nos
    shop.works()

    stop_text(shop.house, shop.people.mei, shop.people.shop_id, text, NOW, wants_none=True)
    shop.works(night + timedelta(hours=12))

    assert waits < text
    assert ([each["PhoneNumbers"] for each in shop.receiver.sent], shop.states()) == ([PHONE], ["text_stopped", "text_sent"])


def test_what_is_let_go_at_night_goes_in_the_morning_and_not_at_all_once_the_money_is_asked_for(shop: Shop) -> None:
    night = datetime(2026, 3, 1, 14, tzinfo=UTC)
    shop.numbers(f"{A},{PHONE},否", f"{B},{OTHER},否")
    shop.let_go(A, B, now=night)
    shop.works(night)
    shop.imported(shipped(B, at="2026-03-01 11:00:00") | {"售后状态": "退款中"}, at=night + MINUTE)
    asleep = list(shop.receiver.sent)

    shop.works(datetime(2026, 3, 2, 1, tzinfo=UTC))

    assert asleep == []
    assert [each["PhoneNumbers"] for each in shop.receiver.sent] == [PHONE]
    assert shop.states() == ["text_sent", "text_stopped"]


def test_a_greeting_goes_once_to_whoever_agreed_and_says_how_to_get_no_more(shop: Shop) -> None:
    with pytest.raises(Refused):
        keep_template(shop.house, shop.people.lin, shop.people.shop_id, FESTIVAL, ALIYUN, "SMS_2", "${festival}快乐！", NOW)
    keep_template(shop.house, shop.people.lin, shop.people.shop_id, FESTIVAL, ALIYUN, "SMS_2", "${festival}快乐！拒收请回复R", NOW)
    shop.numbers(f"{A},{PHONE},是", f"{B},{OTHER},否", f"{C},{PHONE},是")

    gone = shop.let_go(A, B, C, kind=FESTIVAL, festival="端午节")
    shop.works()

    assert [each["TemplateParam"] for each in shop.receiver.sent] == ['{"festival":"端午节"}']
    assert sorted(shop.reasons(gone)) == ["A greeting counts as advertising, and the buyer has not agreed to any.", "Somebody has decided about it already."]
    assert shop.let_go(A, kind=FESTIVAL, festival="端午节").text_nos == ()


def test_a_greeting_is_offered_to_whoever_had_none_yet_and_wants_texts(shop: Shop) -> None:
    keep_template(shop.house, shop.people.lin, shop.people.shop_id, FESTIVAL, ALIYUN, "SMS_2", "${festival}快乐！拒收请回复R", NOW)
    shop.numbers(f"{A},{PHONE},是", f"{B},{OTHER},是", f"{C},13712345678,是")
    (text,) = shop.let_go(C, kind=FESTIVAL, festival="端午节").text_nos
    stop_text(shop.house, shop.people.mei, shop.people.shop_id, text, NOW, wants_none=True)
    shop.let_go(A, kind=FESTIVAL, festival="端午节")

    offers = [texts_offered(shop.house, shop.people.mei, shop.people.shop_id, FESTIVAL, NOW, festival=name) for name in ("端午节", "中秋节")]

    assert [sorted(each.order_no for each in offer.ready) for offer in offers] == [[B], [A, B]]


def test_a_new_years_greeting_is_one_before_and_after_midnight(shop: Shop) -> None:
    eve, day = datetime(2025, 12, 31, 4, tzinfo=UTC), datetime(2026, 1, 1, 4, tzinfo=UTC)
    keep_template(shop.house, shop.people.lin, shop.people.shop_id, FESTIVAL, ALIYUN, "SMS_2", "${festival}快乐！拒收请回复R", eve)
    shop.numbers(f"{A},{PHONE},是")

    gone = [shop.let_go(A, kind=FESTIVAL, festival="元旦", now=at) for at in (eve, day)]

    assert [len(each.text_nos) for each in gone] == [1, 0]
    assert shop.reasons(gone[1]) == ["Somebody has decided about it already."]


def test_nobody_is_told_that_a_parcel_left_whose_traces_show_no_pickup(shop: Shop) -> None:
    shop.numbers(f"{A},{PHONE},否", f"{B},{OTHER},否")
    with shop.house.pool.connection() as tx:
        known = orders_known(tx, shop.people.shop_id, [A])[A]
    label = ScanFacts(tracking_no=known.order.tracking_no or "", at=NOW - MINUTE, text="已下单", stage=ScanStage.UNKNOWN)

    told, unseen = (fact_against(SHIPPED, each, shop.house.rulebook) for each in (msgspec.structs.replace(known, scans=(label,)), known))

    assert told is not None
    assert (told.text, unseen) == ("Its number is uploaded, but its traces show no pickup.", None)


def test_a_greeting_that_waits_through_the_night_does_not_go_to_whoever_agrees_no_more(shop: Shop) -> None:
    keep_template(shop.house, shop.people.lin, shop.people.shop_id, FESTIVAL, ALIYUN, "SMS_2", "${festival}快乐！拒收请回复R", NOW)
    shop.numbers(f"{A},{PHONE},是")
    shop.let_go(A, kind=FESTIVAL, festival="端午节", now=datetime(2026, 3, 1, 14, tzinfo=UTC))
    shop.numbers(f"{A},{PHONE},否")

    shop.works(datetime(2026, 3, 2, 1, tzinfo=UTC))

    assert (shop.receiver.sent, shop.states()) == ([], ["text_stopped"])


def test_it_takes_no_template_that_must_not_be_sent(shop: Shop) -> None:
    for content in ("五星好评返5元", "加微信 nut888 领券", "看 http://a.cn/x", "【别家】发货了", "您的${phone}", "您的${title", "长" * 600):
        with pytest.raises(Refused):
            keep_template(shop.house, shop.people.lin, shop.people.shop_id, TextKind.RECEIVED, ALIYUN, "SMS_9", content, NOW)


def test_a_line_that_is_too_long_is_none_and_is_not_read_over_and_over(shop: Shop) -> None:
    brought = bring_numbers(shop.house, shop.people.lin, shop.people.shop_id, f"1{chr(9) * 50_000}x\n{A},{PHONE}", NOW)

    assert (brought.kept, brought.lines_left) == (1, (1,))


def test_only_who_may_does_it(shop: Shop) -> None:
    for who in (shop.people.zheng, shop.people.zhou, shop.people.mei):
        with pytest.raises(NotAllowed):
            bring_numbers(shop.house, who, shop.people.shop_id, f"{A},{PHONE},是", NOW)
        with pytest.raises(NotAllowed):
            keep_template(shop.house, who, shop.people.shop_id, SHIPPED, ALIYUN, "SMS_1", TEMPLATE, NOW)
    for who in (shop.people.zheng, shop.people.zhou):
        with pytest.raises(NotAllowed):
            let_texts_go(shop.house, who, shop.people.shop_id, SHIPPED, [A], NOW)

    assert shop.states() == []
    assert TextState.WAITS.value == "text_waits"
