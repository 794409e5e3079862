"""Packing slips and pick lists: whole however long, readable however odd, inside the paper."""

from hypothesis import given
from hypothesis import strategies as st

from tests.papers.looking import NOW, ORDER, characters, codes, pictures, slip, text_of
from tests.papers.test_labels import FEW, TEXTS
from zhanggui.papers.clear import holds_number
from zhanggui.papers.drawing import picks_pdf, slips_pdf
from zhanggui.papers.shapes import Item, Pick, PickList
from zhanggui.papers.tidy import tidy

WIDE, HIGH = 210, 297


def pick_list(*items: Item) -> PickList:
    return PickList(
        shop="林记坚果", made_at="2026-11-16 09:05", orders=2, pieces=sum(item.pieces for item in items), picks=[Pick(item=item, orders=1) for item in items]
    )


def test_a_long_order_goes_on_to_the_next_page_with_its_headings() -> None:
    pdf = slips_pdf([slip(items=[Item(title=f"商品 {number}", pieces=1) for number in range(60)]), slip(order_no="261116-2")], made_at=NOW)

    pages = pictures(pdf)
    assert [codes(page).get("QR Code") for page in pages] == [ORDER, None, "261116-2"]
    assert text_of(pdf).count("商家编码") == 3
    assert "共60件" in text_of(pdf)


def test_a_long_pick_list_numbers_its_pages() -> None:
    pdf = picks_pdf(pick_list(*(Item(title=f"商品 {number}", place=f"A-{number:02d}", pieces=2) for number in range(90))), made_at=NOW)

    pages = len(pictures(pdf))
    assert pages > 1
    assert f"第{pages}页，共{pages}页" in text_of(pdf)
    assert text_of(pdf).count("库位") == pages
    assert "2单·180件" in text_of(pdf)


@FEW
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=5))
def test_whatever_the_goods_are_called_stays_on_the_paper(told: list[tuple[str, str, str]]) -> None:
    items = [Item(title=title, spec=spec, code=code, place=code) for title, spec, code in told if not any(map(holds_number, (title, spec, code)))]

    slips, picks = slips_pdf([slip(items=items)], made_at=NOW), picks_pdf(pick_list(*items), made_at=NOW)

    assert codes(pictures(slips)[0])["QR Code"] == ORDER
    for pdf in (slips, picks):
        for page in range(len(pictures(pdf, dots_a_mm=1))):
            assert [each.text for each in characters(pdf, page) if not (0 < each.left < each.right < WIDE and 0 < each.top < each.bottom < HIGH)] == []


@given(st.text(max_size=40))
def test_text_on_paper_is_one_line_of_what_can_be_seen(text: str) -> None:
    clean = tidy(text)

    assert clean == tidy(clean)
    assert clean.isprintable() or not clean.replace("\u3000", " ").isascii()
    assert "\n" not in clean
