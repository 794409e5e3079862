"""The inventory of personal data against the real schema: a text that nobody has said anything about fails here."""

import re
from pathlib import Path
from typing import Any

import msgspec

import zhanggui
from zhanggui.core.facts import KIND_OF
from zhanggui.core.privacy.inventory import Form, inventory
from zhanggui.core.privacy.retention import OTHER_ENDS, terms
from zhanggui.people.permissions import Permission
from zhanggui.records.db import Pool
from zhanggui.records.facts.sealed import SEALED_FIELDS

TEXTS = """
    select table_name, column_name from information_schema.columns
    where table_schema = 'public' and (data_type in ('text', 'json', 'jsonb', 'bytea', 'character varying') or (data_type = 'ARRAY' and udt_name = '_text'))
    order by 1, 2
"""


def test_every_column_that_may_hold_personal_data_is_in_the_inventory(pool: Pool) -> None:
    unsaid = [f"{table}.{column}" for table, column in _texts(pool) if inventory().column(table, column) is None]

    assert unsaid == [], "name these in src/zhanggui/core/privacy/inventory.toml"


def test_the_inventory_names_no_column_that_is_not_there(pool: Pool) -> None:
    there = set(_texts(pool))

    gone = [f"{table}.{column}" for table, column in inventory().named_columns() if (table, column) not in there]

    assert gone == []


def test_no_column_is_named_twice() -> None:
    named = inventory().named_columns()

    assert sorted(named) == sorted(set(named))


def test_the_reason_somebody_typed_is_named_wherever_it_is_repeated() -> None:
    repeated = ("complaints", "recalls", "alerts", "deadlines")

    assert [inventory().column(table, "because") for table in repeated] == ["remarks"] * len(repeated)


def test_every_field_of_a_fact_is_in_the_inventory() -> None:
    fields = [
        (kind.value, field.name)
        for facts, kind in KIND_OF.items()
        for field in msgspec.structs.fields(facts)
        if "str" in str(field.type) or "FurtherParcel" in str(field.type)
    ]

    assert [f"{kind}.{name}" for kind, name in fields if inventory().field(kind, name) is None] == []


def test_every_kind_has_an_end_and_whoever_may_see_it() -> None:
    known = {term.kind for term in terms().term} | set(OTHER_ENDS)
    rights = {permission.value for permission in Permission} | {"nobody", "keeper"}

    assert [kind.id for kind in inventory().kind if kind.kept not in known or kind.who not in rights] == []
    assert [file.path for file in inventory().file if file.kept not in known or file.who not in rights] == []


def test_what_the_inventory_calls_sealed_is_what_is_sealed_in_facts() -> None:
    said = {field for kind in inventory().kind if kind.form is Form.SEALED for field in kind.fields}

    assert said == {f"{kind.value}.{field}" for kind, fields in SEALED_FIELDS.items() for field in fields}


def test_the_docs_name_every_kind_and_every_kind_of_file() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text("utf-8")

    assert [kind.id for kind in inventory().kind if f"| `{kind.id}` | {kind.en}." not in docs] == []
    assert [file.path for file in inventory().file if f"| `{file.path}` |" not in docs] == []


def test_what_is_sealed_of_buyers_is_opened_in_one_place_alone() -> None:
    sources = Path(zhanggui.__file__).parent
    unsealing = {
        str(file.relative_to(sources))
        for file in sources.rglob("*.py")
        if re.search(r"^from zhanggui\.actions\.vault import .*\bunseal\b", file.read_text(), re.MULTILINE)
    }

    assert unsealing == {*SECRETS_OPENED_BY, "actions/privacy/opening.py"}


SECRETS_OPENED_BY = {
    "actions/alerting/sending.py",
    "actions/applications.py",
    "actions/drafting/asking.py",
    "actions/hooks/making.py",
    "actions/hooks/sending.py",
    "actions/own_factors.py",
    "actions/second_factors.py",
    "actions/texts/sending.py",
    "actions/tokens.py",
    "actions/tracing.py",
}
"""Who opens secrets of the shop's own: keys, tokens, addresses of channels. What is a buyer's goes through actions/privacy/opening.py."""


def _texts(pool: Pool) -> list[tuple[str, str]]:
    with pool.connection() as tx:
        rows: list[tuple[Any, ...]] = tx.execute(TEXTS).fetchall()
    return [(str(table), str(column)) for table, column in rows]
