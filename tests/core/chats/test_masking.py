"""Receivers' lines as people paste them: eighteen hundred real places with made-up names and numbers, none of which may come through."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhanggui.connectors.files.jsonlines import read_line
from zhanggui.core.chats import read_chat
from zhanggui.core.chats.masking import hidden_pieces, masked_chat
from zhanggui.core.chats.single import read_single, shown_name
from zhanggui.core.facts import MessageFacts, Place, Sighting

RUN = 5
"""So many characters of an address in a row are taken for a leak."""


def lines(data: Path) -> list[dict[str, str]]:
    with gzip.open(data / "waybill_address_ner.jsonl.gz", "rt", encoding="utf-8") as told:
        return [json.loads(line) for line in told]


def leaks(detail: str, shown: str) -> bool:
    return len(detail) >= RUN and any(detail[at : at + RUN] in shown for at in range(len(detail) - RUN + 1))


def test_it_hides_telephone_numbers_addresses_and_names(data: Path) -> None:
    every = [(line, masked_chat(line["text"]).text) for line in lines(data)]

    assert len(every) == 1800
    assert sum(line["phone"] in shown for line, shown in every if line["phone"]) <= 1
    assert sum(leaks(line["detail"], shown) for line, shown in every) <= 3
    assert sum(line["name"] in shown for line, shown in every if line["name"]) <= 18


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("今天路上10号到", "今天路上10号到"),
        ("收货地址可以改吗", "收货地址可以改吗"),
        ("放到菜鸟驿站", "放到菜鸟驿站"),
        ("订单号261121-138123456789012", "订单号261121-138123456789012"),
        ("单号773381234567890", "单号773381234567890"),
        ("我在阳光小区3栋2单元501", "我在***"),
        ("tel:13812345678", "tel:138****5678"),
        ("13812345678这个号", "138****5678这个号"),
        ("地址改成人民路12号", "地址改成***"),
    ],
)
def test_it_hides_what_is_personal_and_nothing_else(text: str, shown: str) -> None:
    assert masked_chat(text).text == shown


@pytest.mark.parametrize(
    "number",
    [
        "008613812345678",
        "013812345678",
        "10:32:1513812345678",
        "vx13812345678",
        "加V13812345678",
        "138\u30001234\u30005678",
        "138\u00a01234\u00a05678",
        "138   1234   5678",
        "(138)12345678",
        "（138）1234-5678",
        "138/1234/5678",
        "138，1234，5678",
        "138—1234—5678",
        "138_1234_5678",
        "①③⑧①②③④⑤⑥⑦⑧",
        "1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
        "一三八 一二三四 五六七八",
        "一三八12345678",
        "138一二三四5678",
        "打一三八一二三四五六七八一下",
        "110101 19900307 7715",
        "sfz110101199003077715",
    ],
)
def test_it_finds_a_number_in_the_ways_people_disguise_it(number: str) -> None:
    shown = masked_chat(number)

    assert "*" in shown.text
    assert shown.kinds
    assert not any(part in shown.text.translate(str.maketrans("一二三四①②③④", "12341234")) for part in ("1234", "19900307"))
    assert masked_chat(shown.text).text == shown.text


@pytest.mark.parametrize(
    "text", ["139****5678 2026-11-20 11:00", "共13件，一百二十三元", "单号快递V13812345678", "110 120 119", "1-3-5天到，1-2天发", "138元，2026-11-20"]
)
def test_it_leaves_what_only_looks_like_a_number(text: str) -> None:
    assert masked_chat(text).text == text


@pytest.mark.parametrize(
    "line",
    ["王小明 浙江省杭州市西湖区文三路477号 13812345678", "王小明，浙江省杭州市西湖区文三路477号，13812345678", "王小明 杭州市西湖区文三路477号 13812345678"],
)
def test_it_hides_a_name_that_stands_apart_before_an_address(line: str) -> None:
    shown = masked_chat(line)

    assert "小" not in shown.text
    assert shown.kinds == {"phone", "address", "name"}


def test_it_masks_among_many_tracking_numbers() -> None:
    shown = masked_chat("13812345678 YT1234567890123 " * 3)

    assert shown.text == "138****5678 YT1234567890123 " * 3


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("加我微信xiaomei_88吧", "加我微信***吧"),
        ("微信号：Fish-2024", "微信号：***"),
        ("vx: happyfish88", "vx: ***"),
        ("加V happyfish88", "加V ***"),
        ("wxid_a1b2c3d4e5", "***"),
        ("微信pinduoduo支付", "微信pinduoduo支付"),
        ("微信支付的", "微信支付的"),
        ("QQ 123456789", "QQ ***"),
        ("扣扣是１２３ ４５６ ７８９", "扣扣是***"),
        ("qq号:88888", "qq号:***"),
        ("发到happy.fish@example.com", "发到***"),
        ("12345678@qq.com收", "***收"),
        ("a@b", "a@b"),
        ("卡号6222 0212 3456 7890 128", "卡号***"),
        ("4111111111111111", "***"),
        ("4111111111111112", "4111111111111112"),
        ("退到6217-0000-0000-0000-001账户", "退到6217-0000-0000-0000-001账户"),
        ("银行卡 622202123456", "银行卡 ***"),
        ("订单号261121-138123456789012 卡号", "订单号261121-138123456789012 卡号"),
        ("满199减20，2件8折", "满199减20，2件8折"),
        ("型号A12345678B", "型号A12345678B"),
    ],
)
def test_it_hides_accounts_elsewhere_and_cards(text: str, shown: str) -> None:
    assert masked_chat(text).text == shown
    assert masked_chat(shown).text == shown


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (["138", "1234", "5678"], ["***"] * 3),
        (["电话", "一三八", "1234", "5678", "谢谢"], ["电话", "***", "***", "***", "谢谢"]),
        (["110101", "19900307", "7715"], ["***"] * 3),
        (["4111", "1111", "1111", "1111"], ["***"] * 4),
        (["2", "3", "100"], ["2", "3", "100"]),
        (["138", "好的", "1234", "5678"], ["138", "好的", "1234", "5678"]),
        (["13", "812", "34", "5678"], ["***"] * 4),
    ],
)
def test_it_hides_a_number_whose_digits_stand_in_several_pieces(pieces: list[str], shown: list[str]) -> None:
    assert hidden_pieces(pieces) == shown


def test_it_hides_a_number_that_somebody_wrote_over_several_messages_in_a_row() -> None:
    chat = read_chat("小鱼 10:00\n我电话\n小鱼 10:01\n138\n小鱼 10:01\n1234\n5678\n客服小美 10:02\n100", datetime(2026, 3, 1, 4, tzinfo=UTC))

    assert [message.text for message in chat.messages] == ["我电话", "***", "***\n***", "100"]


def test_it_hides_in_a_message_alone_and_in_one_of_a_file_what_it_hides_in_a_paste() -> None:
    said = "138\n1234\n5678\n加我微信xiaomei_88"
    line = {"fact": "message", "message_no": "m", "speaker": "buyer", "at": "2026-03-01T16:00:00+08:00", "text": said}
    told = read_line(json.dumps(line), Place("facts.jsonl", row=1))

    assert isinstance(told, Sighting)
    assert isinstance(told.facts, MessageFacts)
    assert told.facts.text == read_single(said).text == "***\n***\n***\n加我微信***"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("*王小明13812345678", "王******8"),
        ("李四13812345678", "李******8"),
        ("小*明妈妈呀", "小***呀"),
        ("13812345678", "138****5678"),
        ("快**鱼", "快**鱼"),
        ("138****5678", "138****5678"),
    ],
)
def test_a_buyer_s_name_is_hidden_with_a_star_of_its_own_or_a_number_behind_it(name: str, shown: str) -> None:
    assert (shown_name(name), shown_name(shown)) == (shown, shown)
