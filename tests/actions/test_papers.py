"""Papers of stored orders: only for who may, only for what may leave, hidden, in the journal, and never kept where an order changed meanwhile."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast
from tests.papers.looking import codes, drawn, pictures, text_of
from zhanggui.actions import importing, orders
from zhanggui.actions.goods.own import Own, keep_own
from zhanggui.actions.house import House
from zhanggui.actions.papers import making
from zhanggui.actions.papers.composing import Told
from zhanggui.actions.papers.making import Made, Wanted, make_papers
from zhanggui.actions.refused import Refused
from zhanggui.core.facts import OrderStage
from zhanggui.papers.drawing import labels_pdf
from zhanggui.papers.geometry import SIZES
from zhanggui.papers.shapes import Form, Paper, Party
from zhanggui.people.permissions import NotAllowed, Person, PersonId, Role
from zhanggui.records import order_goods

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
LATER_DUE, FIRST_DUE, LEFT, ASKED, HELD, GONE, LINES, TELLING, GIFTED = (f"260301-{number:015d}" for number in range(1, 10))
PARCEL = "YT8000000000001"


def _order(order_no: str, **told: Any) -> dict[str, Any]:
    plain = {
        "fact": "order", "order_no": order_no, "stage": "to_ship", "group_formed_at": "2026-03-01 10:00:00", "ship_by": "2026-03-03 10:00:00",
        "title": "每日坚果", "spec": "750g", "outer_sku": "JG-750", "quantity": 2, "receiver_masked": "欧**美 138****1234",
        "province": "浙江省", "city": "杭州市", "district": "余杭区", "pay_amount": 2990,
    }  # fmt: skip
    return plain | told


STORED: tuple[dict[str, Any], ...] = (
    _order(LATER_DUE, buyer_note="请打13800001234", warehouse="A-03"),
    _order(FIRST_DUE, ship_by="2026-03-02 20:00:00", gift_title="开心果试吃", warehouse="A-03"),
    _order(LEFT, stage="shipped", tracking_no=PARCEL, carrier="圆通快递", shipped_at="2026-03-01 20:00:00"),
    _order(ASKED, refund="open"),
    _order(HELD, on_hold=True),
    _order(GONE, stage="cancelled"),
    _order(LINES, ship_by="2026-03-04 10:00:00"),
    {"fact": "order_line", "order_no": LINES, "line_no": "1", "title": "红糖姜茶", "spec": "240g", "sku_id": "S1", "quantity": 3},
    {"fact": "order_line", "order_no": LINES, "line_no": "2", "title": "灰枣", "sku_id": "S2", "quantity": 1},
)


@pytest.fixture
def shop(house: House, people: Cast, tmp_path: Path) -> House:
    """A shop with orders to ship, one that left, and three that must not leave."""
    _tell(house, people, tmp_path, *STORED)
    return house


@pytest.fixture
def make(shop: House, people: Cast) -> Callable[..., Made]:
    """老周 makes papers."""
    return lambda *order_nos, **wanted: make_papers(shop, people.zhou, people.shop_id, Wanted(order_nos=order_nos, **wanted), NOW)


def test_a_label_carries_the_carrier_s_number_or_else_the_order_s(make: Callable[..., Made]) -> None:
    made = make(LEFT, FIRST_DUE)

    assert [(each.order_no, each.number, each.made_before) for each in made.orders] == [(LEFT, PARCEL, 0), (FIRST_DUE, FIRST_DUE, 0)]
    assert [codes(page)["Code 128"] for page in pictures(made.content)] == [PARCEL, FIRST_DUE]
    assert "欧**美138******34" in text_of(made.content)
    assert "浙江省杭州市余杭区" in text_of(made.content)
    assert "1234" not in text_of(made.content)


def test_the_same_as_zpl(make: Callable[..., Made]) -> None:
    made = make(LEFT, form=Form.ZPL, size="100x180")

    (page,) = drawn(made.content.decode("ascii"), SIZES["100x180"])
    assert codes(page) == {"Code 128": PARCEL, "QR Code": LEFT}


def test_of_a_stage_the_most_urgent_come_first_and_no_more_than_asked(make: Callable[..., Made]) -> None:
    everything = make(stage=OrderStage.TO_SHIP)
    some = make(stage=OrderStage.TO_SHIP, limit=2)

    assert [each.order_no for each in everything.orders] == [FIRST_DUE, LATER_DUE, LINES]
    assert {each.order_no for each in everything.not_made} == {ASKED, HELD}
    assert (everything.left, some.left) == (0, 1)
    assert some.orders[0].order_no == FIRST_DUE


@pytest.mark.parametrize(
    ("order_no", "word"),
    [(ASKED, "money back"), (HELD, "on hold"), (GONE, "cancelled"), ("260301-999999999999999", "no such order"), (LEFT, "shipped already")],
)
def test_what_must_not_leave_is_not_printed(make: Callable[..., Made], shop: House, people: Cast, order_no: str, word: str) -> None:
    made = make(order_no, paper=Paper.PICK)

    assert (made.content, made.orders) == (b"", ())
    assert word in made.not_made[0].because.text
    assert _made_for(shop, people, order_no) == []


def test_a_packing_slip_names_the_goods_and_never_the_note(make: Callable[..., Made]) -> None:
    made = make(LATER_DUE, FIRST_DUE, LINES, paper=Paper.PACKING)

    text = text_of(made.content)
    assert [codes(page)["QR Code"] for page in pictures(made.content)] == [LATER_DUE, FIRST_DUE, LINES]
    assert all(word in text for word in ("JG-750", "【赠品】开心果试吃", "红糖姜茶", "灰枣", "内容不打印"))
    assert "13800001234" not in text
    assert text.count("内容不打印") == 1


def test_a_pick_list_names_the_place_that_somebody_wrote_down_before_the_orders_warehouse(make: Callable[..., Made], shop: House, people: Cast) -> None:
    with shop.pool.connection() as tx:
        taken = order_goods.of_orders(tx, people.shop_id, [FIRST_DUE, LINES])
    for each in taken:
        keep_own(shop, people.lin, people.shop_id, each.sku, Own(location="C-09" if each.order_no == LINES else "B-01"), NOW)

    text = text_of(make(FIRST_DUE, LINES, paper=Paper.PICK).content)

    assert len(taken) >= 3
    assert [place in text for place in ("B-01", "C-09")] == [True, True]


def test_a_gift_is_picked_from_its_own_place_and_not_from_that_of_the_goods(make: Callable[..., Made], shop: House, people: Cast, tmp_path: Path) -> None:
    _tell(shop, people, tmp_path, _order(GIFTED, gift_id="70", gift_title="开心果试吃", warehouse="A-03"))
    unwritten = text_of(make(GIFTED, paper=Paper.PICK).content)
    with shop.pool.connection() as tx:
        goods, gift = sorted((each.sku for each in order_goods.of_orders(tx, people.shop_id, [GIFTED])), key=lambda sku: "goods:70" in sku)
    keep_own(shop, people.lin, people.shop_id, goods, Own(location="B-01"), NOW)
    goods_alone = text_of(make(GIFTED, paper=Paper.PICK).content)
    keep_own(shop, people.lin, people.shop_id, gift, Own(location="C-09"), NOW)

    text = text_of(make(GIFTED, paper=Paper.PICK).content)

    assert [(page.count("A-03"), page.count("B-01"), page.count("C-09")) for page in (unwritten, goods_alone, text)] == [(2, 0, 0), (1, 1, 0), (0, 1, 1)]
    assert text.index("B-01") < text.index("JG-750") < text.index("C-09") < text.index("开心果试吃")


def test_a_pick_list_adds_equal_goods_of_one_place_up(make: Callable[..., Made]) -> None:
    made = make(LATER_DUE, FIRST_DUE, LINES, paper=Paper.PICK)

    text = text_of(made.content)
    assert len(pictures(made.content)) == 1
    assert "3单·9件" in text
    assert text.index("A-03JG-750每日坚果750g42") < text.index("开心果试吃") < text.index("红糖姜茶")


def test_every_paper_is_in_the_journal_of_its_order(make: Callable[..., Made], shop: House, people: Cast) -> None:
    make(LEFT)
    make(LEFT, paper=Paper.PACKING)
    again = make(LEFT)

    assert again.orders[0].made_before == 1
    assert _made_for(shop, people, LEFT) == [
        ("老周", "A shipping label of {size} mm was made; its barcode holds {number}."),
        ("老周", "A packing slip was made."),
        ("老周", "A shipping label of {size} mm was made; its barcode holds {number}."),
    ]


def test_a_receiver_named_by_the_person_stands_on_the_label_hidden(make: Callable[..., Made]) -> None:
    told = Told(
        {FIRST_DUE: Party.hidden("张三丰", "13800001234", "浙江省杭州市余杭区文一西路969号3幢2单元1203室")}, Party.hidden("", "", "东湖街道1号 0571-88880000")
    )

    text = text_of(make(FIRST_DUE, told=told).content)

    assert "张**138******34" in text
    assert "文一西路969号3幢*单元****室" in text
    assert not any(secret in text for secret in ("三丰", "13800001234", "1203", "88880000"))


def test_goods_that_tell_a_number_are_refused_and_the_others_printed(make: Callable[..., Made], shop: House, people: Cast, tmp_path: Path) -> None:
    with shop.pool.connection() as tx:
        tx.execute(
            "update orders set facts = jsonb_set(facts::jsonb, '{title}', %s)::json where shop_id = %s and order_no = %s",
            (json.dumps("坚果 138-0000-1234"), people.shop_id, LATER_DUE),
        )

    for paper in Paper:
        made = make(LATER_DUE, FIRST_DUE, paper=paper)

        assert [each.order_no for each in made.orders] == [FIRST_DUE]
        assert [(each.order_no, "text of its goods" in each.because.text) for each in made.not_made] == [(LATER_DUE, True)]


def test_a_refund_that_comes_while_the_papers_are_drawn_lets_none_be_kept(
    make: Callable[..., Made], shop: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(*told: Any, **more: Any) -> bytes:
        _tell(shop, people, tmp_path, _order(FIRST_DUE, refund="open"))
        return labels_pdf(*told, **more)

    monkeypatch.setattr(making, "labels_pdf", slowly)
    with pytest.raises(Refused) as refused:
        make(FIRST_DUE, LATER_DUE)

    assert "changed while" in refused.value.say.text
    assert _made_for(shop, people, LATER_DUE) == []


def test_only_who_may_make_papers_makes_them(shop: House, people: Cast) -> None:
    viewer = Person(person_id=PersonId(9), display_name="看", roles={people.shop_id: Role.VIEWER})
    for stranger in (people.zheng, viewer):
        with pytest.raises(NotAllowed):
            make_papers(shop, stranger, people.shop_id, Wanted(order_nos=(FIRST_DUE,)), NOW)

    assert _made_for(shop, people, FIRST_DUE) == []


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        (Wanted(order_nos=(FIRST_DUE,), form=Form.ZPL, paper=Paper.PICK), "Only labels"),
        (Wanted(order_nos=(FIRST_DUE,), size="1x1"), "no label of"),
        (Wanted(order_nos=("x",) * 2_001), "At most"),
    ],
)
def test_what_cannot_be_meant_is_refused(shop: House, people: Cast, wanted: Wanted, word: str) -> None:
    with pytest.raises(Refused) as refused:
        make_papers(shop, people.zhou, people.shop_id, wanted, NOW)

    assert word in refused.value.say.text


def _made_for(shop: House, people: Cast, order_no: str) -> list[tuple[str | None, str]]:
    view = orders.order(shop, people.lin, people.shop_id, order_no, NOW)
    return [] if view is None else [(entry.by_name, entry.say.text) for entry in view.journal if entry.kind == "papers_made"]


def _tell(shop: House, people: Cast, folder: Path, *told: dict[str, Any]) -> None:
    """Stores these facts as a file that speaks of this moment."""
    file = folder / "told.jsonl"
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in told), "utf-8")
    previewed = importing.preview(shop, people.lin, people.shop_id, [file], NOW, profile="facts", as_of=NOW)
    assert sum(result.refused for result in previewed.results) == 0, [result.refusals for result in previewed.results]
    importing.confirm(shop, people.lin, people.shop_id, previewed.batch_id, NOW)
