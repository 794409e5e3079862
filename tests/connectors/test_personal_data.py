"""Names, telephone numbers, addresses and identity numbers end at the edge."""

from pathlib import Path

import pytest

from tests.connectors.desk import NO, order, refusal, told, write
from tests.makers import containers, exports
from zhanggui.connectors.files import survey
from zhanggui.connectors.files.masking import masked_name, masked_numbers, masked_offence, masked_person, province_of

CLEAR = ("张三", "欧阳小美", "李四", "王五六", "周老", "某某街道", "3301061990")


def test_it_masks_the_receiver_of_an_old_export_and_keeps_the_place(tmp_path: Path) -> None:
    found = order(write(tmp_path, f"订单号,收货人,手机,省,市,区,街道,身份证号码\n{NO},欧阳小美,13912345678,浙江省,杭州市,余杭区,某某街道,330106199001011234\n"))

    assert found.receiver_masked == "欧**美 139****5678"
    assert (found.province, found.city, found.district) == ("浙江省", "杭州市", "余杭区")


def test_it_lets_nothing_personal_out_of_a_whole_old_export(tmp_path: Path) -> None:
    export = exports.orders("c", 60)
    for number, row in enumerate(export.rows):
        if number % 3 == 0:
            row[export.headers.index("用户实付金额(元)")] = "x"
        if number % 3 == 1:
            del row[20:]
    path = tmp_path / "old.csv"
    path.write_bytes(containers.as_csv(export, "gb18030"))

    out = repr(told(path)) + repr(survey(path))

    assert [clear for clear in CLEAR if clear in out] == []
    assert [number for number in range(60) if f"139{number:04d}4321" in out or f"138{number:04d}5678" in out or f"137{number:04d}9999" in out] == []


def test_it_masks_a_cell_that_slipped_into_another_column(tmp_path: Path) -> None:
    found = refusal(write(tmp_path, f"订单号,商品id,收货人\n{NO},欧阳小美,x\n"))

    assert found.reason.slots == {"column": "商品id", "cell": "欧***"}
    assert found.cells == {"订单号": NO, "商品id": "欧***", "收货人": "*"}


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("张三", "张*"),
        ("张*", "张*"),
        ("欧阳小美", "欧**美"),
        ("李", "*"),
        ("13912345678", "139****5678"),
        ("139****5678", "139****5678"),
        ("18412345678-1234", "184****5678"),
        ("0571-88886666", "057****6666"),
        ("", ""),
    ],
)
def test_it_masks_a_person(text: str, masked: str) -> None:
    assert masked_person(text) == masked
    assert masked_person(masked) == masked


def test_it_masks_numbers_inside_a_note_and_leaves_ids_alone() -> None:
    assert masked_numbers("请打 139 1234 5678，身份证330106199001011234") == "请打 139****5678，身份证***"
    assert masked_numbers("订单 261120-139123456789012 单号 7613912345678") == "订单 261120-139123456789012 单号 7613912345678"


def test_it_lets_only_the_province_of_an_address_pass() -> None:
    assert province_of("内蒙古自治区 呼和浩特市 某某路 1 号") == "内蒙古自治区"
    assert province_of("上海") == "上海"
    assert province_of("某某路 1 号") is None


def test_it_shows_plain_offences_whole() -> None:
    assert masked_offence("12.345") == "12.345"
    assert masked_offence("2026-13-01 00:00") == "2026-13-01 00:00"
    assert masked_offence("张三") == "张***"
    assert masked_name("王五六") == "王*六"


def test_it_refuses_a_name_that_no_database_could_hold(tmp_path: Path) -> None:
    found = refusal(write(tmp_path, f"订单号,收货人,商品\n{NO},张\0三,x\n"))

    assert (found.place.column, found.cells["收货人"]) == ("收货人", "张*三")
    assert found.reason.text.startswith("{column} holds characters that occur in damaged files only.")
