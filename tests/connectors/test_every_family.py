"""Every family of export, in every encoding and container, tells the same facts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.makers import containers, exports
from zhanggui.connectors.files import Refused, read, survey
from zhanggui.core.facts import FactKind, Facts

FAMILIES: dict[str, tuple[Callable[[], exports.Export], FactKind]] = {
    "orders, short header": (lambda: exports.orders("a"), FactKind.ORDER),
    "orders, long header": (lambda: exports.orders("b"), FactKind.ORDER),
    "orders, old header": (lambda: exports.orders("c"), FactKind.ORDER),
    "aftersales": (exports.aftersales, FactKind.AFTERSALE),
    "bill": (exports.bill, FactKind.BILL_LINE),
}
PACKINGS: dict[str, Callable[[exports.Export], bytes]] = {
    "utf-8": containers.as_csv,
    "utf-8 with mark": lambda export: containers.as_csv(export, "utf-8-sig"),
    "gb18030": lambda export: containers.as_csv(export, "gb18030"),
    "utf-16": lambda export: containers.as_csv(export, "utf-16", delimiter="\t"),
    "semicolons": lambda export: containers.as_csv(export, delimiter=";"),
    "tabs between": lambda export: containers.as_csv(export, "gb18030", delimiter="\t", line_end="\n"),
    "tabs glued to ids": lambda export: containers.as_csv(containers.with_tabs(export)),
    "xlsx": containers.as_xlsx,
    "xlsx, typed cells": lambda export: containers.as_xlsx(export, typed=True, titles=2),
    "xlsx claiming A1:A1": lambda export: containers.as_xlsx(export, claims_a1=True, sheet="售后信息"),
    "gzip": lambda export: containers.as_gzip(containers.as_csv(export)),
    "zip": lambda export: containers.as_zip({"a.csv": containers.as_csv(export, "gb18030")}),
    "zip with gbk names": lambda export: containers.as_zip({"订单导出.csv": containers.as_csv(export)}, gbk_names=True),
    "zip of xlsx": lambda export: containers.as_zip({"a.xlsx": containers.as_xlsx(export)}),
    "zip in zip": lambda export: containers.as_zip({"b.zip": containers.as_zip({"a.csv": containers.as_csv(export)})}),
    "gzip in zip": lambda export: containers.as_zip({"a.csv.gz": containers.as_gzip(containers.as_csv(export))}),
    "zip in gzip": lambda export: containers.as_gzip(containers.as_zip({"a.csv": containers.as_csv(export)})),
}


def facts_in(path: Path) -> list[Facts]:
    told = list(read(path))
    refused = [one for one in told if isinstance(one, Refused)]
    assert refused == []
    return [one.facts for one in told if not isinstance(one, Refused)]


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("family", FAMILIES)
def test_it_reads_the_same_facts_from_every_packing(tmp_path: Path, family: str, packing: str) -> None:
    make, kind = FAMILIES[family]
    plain, packed = tmp_path / "plain.csv", tmp_path / "3f9a0c77d1e24b6c"
    plain.write_bytes(containers.as_csv(make()))
    packed.write_bytes(PACKINGS[packing](make()))

    tables = survey(packed).tables

    assert [(table.kind, table.profile, table.rows) for table in tables if table.rows] == [(kind, "pdd", 20)]
    assert facts_in(packed) == facts_in(plain)
    assert len(facts_in(packed)) == 20


@pytest.mark.parametrize("header", ["a", "b", "c"])
def test_it_reads_what_a_spreadsheet_saved_to_the_minute(tmp_path: Path, header: str) -> None:
    plain, saved = tmp_path / "plain.csv", tmp_path / "saved.csv"
    plain.write_bytes(containers.as_csv(exports.orders(header)))
    saved.write_bytes(containers.as_csv(containers.after_excel(exports.orders(header)), "gb18030"))

    before, after = facts_in(plain), facts_in(saved)

    assert [_to_the_minute(facts) for facts in before] == [_to_the_minute(facts) for facts in after]


@pytest.mark.parametrize("header", ["a", "b", "c"])
def test_it_takes_columns_in_any_order(tmp_path: Path, header: str) -> None:
    export = exports.orders(header)
    turned = exports.Export(list(reversed(export.headers)), [list(reversed(row)) for row in export.rows])
    (tmp_path / "a.csv").write_bytes(containers.as_csv(export))
    (tmp_path / "b.csv").write_bytes(containers.as_csv(turned))

    assert facts_in(tmp_path / "a.csv") == facts_in(tmp_path / "b.csv")


def _to_the_minute(facts: Facts) -> dict[str, object]:
    told = {name: getattr(facts, name) for name in facts.__struct_fields__}
    return {name: value.replace(second=0) if hasattr(value, "replace") and not isinstance(value, str) else value for name, value in told.items()}
