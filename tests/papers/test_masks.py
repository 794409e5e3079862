"""What is hidden on paper, and that nothing slips by: at least a character of a name, six digits of a number, the unit and room of an address."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.papers.masks import masked_address, masked_name, masked_phone
from zhanggui.papers.standard import standard


def test_it_goes_by_a_dated_wording_with_its_source() -> None:
    block = standard()

    assert (block.name, block.since.isoformat(), block.grade) == ("GB/T 41833-2022", "2023-02-01", "B")
    assert (block.name_hidden, block.phone_hidden, block.address_hidden) == (1, 6, ("单元", "户", "室"))
    assert block.source
    assert "sender" in block.whose


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("欧阳小美", "欧**"),
        ("李", "*"),
        ("张*", "张*"),
        ("欧**美", "欧**美"),
        ("", ""),
        (None, ""),
        (" 王 五 ", "王**"),
        ("𠮷田", "𠮷*"),
        ("John Smith", "J**"),
    ],
)
def test_it_shows_the_first_character_of_a_name(name: str | None, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800001234", "138******34"),
        ("138****1234", "138******34"),
        ("138******34", "138******34"),
        ("+86 138 0000 1234", "861********34"),
        ("１３８００００１２３４", "138******34"),
        ("0571-88880000", "057*******00"),
        ("17000001234-5678", "170********78"),
        ("95338", "******38"),
        ("", ""),
        ("无", "******"),
    ],
)
def test_it_hides_six_digits_of_a_number(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("浙江省杭州市余杭区文一西路969号西溪花园3幢2单元1203室", "浙江省杭州市余杭区文一西路969号西溪花园3幢*单元****室"),
        ("广州市天河区天河路208号天河城A座1203", "广州市天河区天河路208号天河城A座****"),
        ("上海市浦东新区张杨路500弄12号602室", "上海市浦东新区张杨路500弄12号***室"),
        ("成都市武侯区天府三街199号太平洋保险金融大厦B座25楼2503B", "成都市武侯区天府三街199号太平洋保险金融大厦B座**楼*****"),
        ("北京市朝阳区望京西园四区 5-2-1203", "北京市朝阳区望京西园四区 5-*-****"),
        ("阳光小区5栋2-1203", "阳光小区5栋*-****"),
        ("阳光小区三单元五零二室", "阳光小区*单元***室"),
        ("幸福里小区 １２０３", "幸福里小区 ****"),
        ("和平村12组34号", "和平村12组34号"),
        ("老街3号楼2门501", "老街3号楼*门***"),
        ("G104国道旁", "G104国道旁"),
        ("", ""),
    ],
)
def test_it_leaves_the_way_to_the_building(address: str, shown: str) -> None:
    assert masked_address(address) == shown


@given(st.text(max_size=30))
def test_it_shows_at_most_two_characters_of_any_name(name: str) -> None:
    shown = masked_name(name)

    assert shown == masked_name(shown)
    assert not shown or "*" in shown
    assert len(shown.replace("*", "")) <= 2


@given(st.text(max_size=30) | st.from_regex(r"1[3-9]0000[0-9]{5}(-[0-9]{4})?", fullmatch=True) | st.text("0123456789 -*()+转", max_size=24))
def test_it_shows_at_most_five_digits_of_any_number(phone: str) -> None:
    shown = masked_phone(phone)

    assert shown == masked_phone(shown)
    assert not shown or shown.count("*") >= 6
    assert sum(sign.isdigit() for sign in shown) <= 5


ROOMS = st.from_regex(r"[1-9][0-9]{0,2}(栋|幢|号楼|座)([1-9]单元|[一二三四五]单元)?[1-9][0-9]{2,3}(室|户)?", fullmatch=True)


@given(st.text("某花园小区东西南北路街道镇ABC ", min_size=1, max_size=20), ROOMS)
def test_it_shows_no_unit_and_no_room_of_any_address(way: str, door: str) -> None:
    shown = masked_address(way + door)

    behind = re.split(r"栋|幢|号楼|座", door, maxsplit=1)[1]
    assert shown == masked_address(shown)
    assert shown.startswith(way.strip()[:1].strip())
    assert not re.search(r"[0-9一二三四五六七八九]", shown[-len(behind) :])


@given(st.text(max_size=60))
def test_hiding_an_address_twice_changes_nothing(address: str) -> None:
    once = masked_address(address)

    assert once == masked_address(once)
    assert not any(unicodedata.category(sign).startswith("C") for sign in once)
