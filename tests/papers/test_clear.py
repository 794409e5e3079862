"""The last look refuses what is still clear, however it is written, and does not take models and sizes for numbers of people."""

import pytest

from tests.papers.looking import NOW, label, slip
from zhanggui.papers.clear import holds_number, holds_person
from zhanggui.papers.drawing import labels_pdf, slips_pdf
from zhanggui.papers.geometry import SIZES
from zhanggui.papers.shapes import Item, Label, Party, Slip
from zhanggui.papers.trouble import ClearData
from zhanggui.papers.zpl import labels_zpl

SMALL = SIZES["76x130"]


@pytest.mark.parametrize(
    "text",
    [
        "请打13800001234",
        "138 0000 1234",
        "138-0000-1234",
        "1 3 8 0 0 0 0 1 2 3 4",
        "+8613800001234",
        "１３８００００１２３４",
        "一三八零零零零一二三四",
        "幺三八〇〇〇〇幺二三四",
        "电话 0571-88880000",
        "身份证 110101200001011234",
    ],
)
def test_it_finds_a_number_however_it_is_written(text: str) -> None:
    assert holds_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "适用 13/14/15/16 Pro 256G",
        "5斤装 2026-11-16 发货",
        "261116-480221756310337",
        "YT7351946208153",
        "138******34",
        "坚果 750g ×2",
        "13800mAh 充电宝",
        "69号 1203",
    ],
)
def test_it_takes_no_model_for_a_number(text: str) -> None:
    assert not holds_number(text)


@pytest.mark.parametrize("text", ["改到3单元501", "送到1203室", "收件人：张三丰", "联系人: 李四"])
def test_it_finds_doors_and_names_in_free_text(text: str) -> None:
    assert holds_person(text)


@pytest.mark.parametrize(
    ("clear", "word"),
    [
        (label(receiver=Party("张三", "138******34", "")), "name"),
        (label(receiver=Party("张三*", "", "")), None),
        (label(receiver=Party("张三丰*", "", "")), "name"),
        (label(receiver=Party("张*", "13800001234", "")), "telephone"),
        (label(receiver=Party("张*", "138****1234", "")), "telephone"),
        (label(receiver=Party("张*", "138******34", "文一路1号2单元301室")), "unit or room"),
        (label(receiver=Party("张*", "138******34", "文一路1号 找13800001234")), "unit or room"),
        (label(sender=Party("林记", "13800001234", "")), "telephone"),
        (label(sender=Party("林记", "", "文一路1号3幢1203室")), "unit or room"),
        (label(goods="坚果 联系13800001234"), "goods"),
        (label(carrier="圆通 138-0000-1234"), "goods"),
    ],
)
def test_no_label_is_drawn_with_clear_data_and_the_refusal_repeats_none(clear: Label, word: str | None) -> None:
    if word is None:
        assert labels_pdf([clear], SMALL, made_at=NOW)
        return
    for draw in (lambda: labels_pdf([label(), clear], SMALL, made_at=NOW), lambda: labels_zpl([label(), clear], SMALL)):
        with pytest.raises(ClearData) as refused:
            draw()

        said = refused.value.say.text.format(**refused.value.say.slots)
        assert word in said
        assert not any(secret in said for secret in ("张三", "13800001234", "1234", "1203", "301"))


@pytest.mark.parametrize(
    "clear",
    [
        slip(receiver=Party("张三", "", "")),
        slip(receiver=Party("张*", "13800001234", "")),
        slip(items=(Item(title="坚果", spec="打13800001234"),)),
        slip(region="余杭区3幢2单元1203室"),
    ],
)
def test_no_slip_is_drawn_with_clear_data(clear: Slip) -> None:
    with pytest.raises(ClearData):
        slips_pdf([slip(), clear], made_at=NOW)
