"""Facts as JSON lines, from the demo and from other programs."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.connectors.desk import NO, refusal, told, words, write
from zhanggui.connectors.files import Refused, reread, survey
from zhanggui.core.facts import FactKind, FurtherParcel, MessageFacts, OrderFacts, OrderStage, ParcelKind, Place, ReviewFacts, ScanFacts, Sighting, Speaker

LINES = f"""
{{"fact": "order", "as_of": "2026-11-21 10:20:30", "order_no": "{NO}", "stage": "to_ship", "pay_amount": 2990, "tracking_no": null}}
{{"fact": "scan", "tracking_no": "YT1", "at": "2026-11-21T03:00:00Z", "text": "已揽收", "stage": "picked_up"}}

{{"fact": "message", "message_no": "m1", "speaker": "buyer", "at": "2026-11-21 11:30:00", "text": "打我 13912345678", "order_no": "{NO}"}}
{{"fact": "review", "review_no": "r1", "order_no": "{NO}", "score": 1, "text": "破了"}}
"""


def test_it_reads_every_kind_from_one_file(tmp_path: Path) -> None:
    found = told(write(tmp_path, LINES, "heard.jsonl"))

    assert found == [
        Sighting(
            OrderFacts(order_no=NO, stage=OrderStage.TO_SHIP, pay_amount=2990),  # type: ignore[arg-type]  # fen
            frozenset({"order_no", "stage", "pay_amount", "tracking_no"}),
            Place("heard.jsonl", row=2),
            datetime(2026, 11, 21, 2, 20, 30, tzinfo=UTC),
        ),
        Sighting(
            ScanFacts(tracking_no="YT1", at=datetime(2026, 11, 21, 3, 0, tzinfo=UTC), text="已揽收", stage="picked_up"),  # type: ignore[arg-type]  # equal to the word
            frozenset({"tracking_no", "at", "text", "stage"}),
            Place("heard.jsonl", row=3),
        ),
        Sighting(
            MessageFacts(message_no="m1", speaker=Speaker.BUYER, at=datetime(2026, 11, 21, 3, 30, tzinfo=UTC), text="打我 139****5678", order_no=NO),
            frozenset({"message_no", "speaker", "at", "text", "order_no"}),
            Place("heard.jsonl", row=5),
        ),
        Sighting(
            ReviewFacts(review_no="r1", order_no=NO, score=1, text="破了"),
            frozenset({"review_no", "order_no", "score", "text"}),
            Place("heard.jsonl", row=6),
        ),
    ]


def test_it_surveys_one_table_for_each_kind(tmp_path: Path) -> None:
    found = survey(write(tmp_path, LINES, "heard.jsonl"))

    assert [(table.kind, table.profile, table.rows) for table in found.tables] == [
        (FactKind.ORDER, "facts", 1),
        (FactKind.SCAN, "facts", 1),
        (FactKind.MESSAGE, "facts", 1),
        (FactKind.REVIEW, "facts", 1),
    ]
    assert (found.as_of, found.as_of_source) == (datetime(2026, 11, 21, 3, 30, tzinfo=UTC), "data")


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ('{"fact": "order", "order_no": "A1", "stage": "flying"}', "stage", "stage cannot be taken: Invalid enum value 'flying'."),
        ('{"fact": "order", "order_no": "A1", "pay_amount": 19.9}', "pay_amount", "pay_amount cannot be taken: Expected `int | null`, got `float`."),
        ('{"fact": "order", "order_no": 5}', "order_no", "order_no cannot be taken: Expected `str`, got `int`."),
        ('{"fact": "order", "stage": "to_ship"}', "order_no", "order_no cannot be taken: Object missing required field `order_no`."),
        ('{"fact": "order", "order_no": "A1", "ship_by": "tomorrow"}', "ship_by", "ship_by holds tomorrow, which is no moment."),
        ('{"fact": "order", "order_no": "A1", "colour": "red"}', "colour", "order has no field colour."),
        ('{"fact": "parcel", "no": "A1"}', "fact", "fact holds parcel, which is no kind of fact"),
        ('{"fact": "order", "order_no": "A1", "pay_amount": 1000000000000000000000}', "pay_amount", "pay_amount holds 1000000000000000000000, which is no"),
        ('{"fact": "order", "order_no": "A1", "under_review": 7}', "under_review", "under_review cannot be taken: Expected `bool | null`, got `int`."),
        ('{"fact": "order", "order_no": "  "}', "order_no", "order_no is blank, and without it"),
        ('{"fact": "review", "review_no": "1", "order_no": "A1", "score": 99}', "score", "score holds 99, which is no"),
        (f'{{"fact": "order", "order_no": "{"9" * 200}"}}', "order_no", "order_no begins with 9999"),
        (f'{{"fact": "scan", "tracking_no": "1", "at": "2026-11-21 10:00", "text": "{"到" * 600}"}}', "text", "text begins with "),
        ('{"fact": "order", "order_no": "A', None, "The line is no JSON object"),
        ('["fact"]', None, "The line is no JSON object."),
        ('{"fact": "review", "review_no": "1", "order_no": "A1", "buyer": "李四光"}', "buyer", "buyer takes a keyed digest of the buyer"),
        ('{"fact": "order", "order_no": "A1", "title": "a\\u0000b"}', "title", "title holds characters that occur in damaged files only."),
    ],
)
def test_it_refuses_a_line_and_says_why(tmp_path: Path, line: str, column: str | None, reason: str) -> None:
    found = refusal(write(tmp_path, f'{{"fact": "order", "order_no": "A0"}}\n{line}\n'))

    assert (found.place.row, found.place.column) == (2, column)
    assert words(found.reason).startswith(reason)


def test_it_reads_a_mended_line_again(tmp_path: Path) -> None:
    refused = refusal(write(tmp_path, '{"fact": "order", "order_no": "A1", "pay_amount": 19.9, "under_review": true, "ship_by": null}\n'))

    again = reread("facts", refused.kind, refused.cells | {"pay_amount": "1990"}, refused.place)

    assert not isinstance(again, Refused)
    assert [one.facts for one in again] == [OrderFacts(order_no="A1", pay_amount=1990, under_review=True)]  # type: ignore[arg-type]  # fen


def test_it_keeps_the_same_order_at_two_moments_and_refuses_two_tales_of_one(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '{"fact": "order", "as_of": "2026-11-20 10:00:00", "order_no": "A1", "stage": "to_ship"}\n'
        '{"fact": "order", "as_of": "2026-11-21 10:00:00", "order_no": "A1", "stage": "shipped"}\n'
        '{"fact": "order", "as_of": "2026-11-21 10:00:00", "order_no": "A1", "stage": "received"}\n',
    )

    first, second, third = told(path)

    assert not isinstance(first, Refused)
    assert not isinstance(second, Refused)
    assert isinstance(third, Refused)
    assert words(third.reason) == "A1 stands in row 2 already and says something else there. Delete the row that is wrong."


def test_it_masks_a_receiver_told_in_clear(tmp_path: Path) -> None:
    (one,) = told(write(tmp_path, '{"fact": "order", "order_no": "A1", "receiver_masked": "张三丰 13912345678"}\n'))

    assert not isinstance(one, Refused)
    assert isinstance(one.facts, OrderFacts)
    assert one.facts.receiver_masked == "张*丰 139****5678"


def test_it_reads_tags_and_further_parcels_as_lists(tmp_path: Path) -> None:
    parcel = '{"kind": "gift", "carrier": "圆通快递", "tracking_no": "YT\\u00002"}'
    line = f'{{"fact": "order", "order_no": "{NO}", "tags": ["free_sf"], "further_parcels": [{parcel}]}}'

    found = told(write(tmp_path, line, "heard.jsonl"))

    (heard,) = found
    assert isinstance(heard, Sighting)
    order = heard.facts
    assert isinstance(order, OrderFacts)
    assert order.tags == ("free_sf",)
    assert order.further_parcels == (FurtherParcel(ParcelKind.GIFT, "圆通快递", "YT�2"),)


def test_it_keeps_no_name_of_a_review_and_no_address_that_leads_elsewhere(tmp_path: Path) -> None:
    told_by = '{"fact": "review", "review_no": "1", "order_no": "A1", "score": 5'
    addresses = '"picture_addresses": ["javascript:alert(1)", "http://x/1.jpg", "https://x/1.jpg"]'
    good = f'{told_by}, "buyer": "{"0a" * 16}", "reply": "收货人：李小明 13812345678", {addresses}}}'
    path = write(tmp_path, f'{good}\n{told_by}, "buyer": "李四光 13812345678"}}\n', "heard.jsonl")

    found, refused = told(path)

    assert isinstance(found, Sighting)
    assert isinstance(found.facts, ReviewFacts)
    assert (found.facts.reply, found.facts.picture_addresses, found.facts.buyer) == ("收货人：李*明 138****5678", ("https://x/1.jpg",), "0a" * 16)
    assert "李四光" not in repr(refused)
