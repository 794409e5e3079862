"""What goes into an export: every table there is, but for what holds only here and now; of one shop, what is that shop's."""

from collections.abc import Iterator, Mapping

import msgspec

from zhanggui.records import whole
from zhanggui.records.db import Tx
from zhanggui.records.whole import Only, Table

LEDGER = "schema_migrations"
LEFT_OUT: Mapping[str, str] = {
    LEDGER: "told in the manifest",
    "sign_ins": "who is signed in, is so in the house where they signed in",
    "connect_attempts": "a connection that is being made ends within ten minutes",
    "throttle": "counts attempts of the last minutes",
    "workers": "the processes at work on this house",
    "half_sign_ins": "a sign-in that is not finished ends within minutes",
    "spent_challenges": "guards sign-ins of the last minutes",
}
"""Tables that stay, each with the reason."""
SECRET_SETTINGS = ("form_secret",)
"""Settings of the house that another house makes for itself."""
BESIDE: Mapping[str, str] = {"evidence_contents": "content"}
"""Columns whose bytes lie beside the lines, as files that anybody can open."""
OTHER_SHOP = "other_shop_id"
"""Where a row compares two shops; one shop's export has only those of its own."""
HOME_FILES = ("clock.json", "platform-limits.toml", "slips.toml", "prices.toml")
"""What of the home folder the shop's people made themselves."""
KEY_FOLDERS = ("keys", "certificates")
KEY_FILES = ("settings.toml", *KEY_FOLDERS)
"""What may hold secrets, and goes along only where that was asked for."""
_HOLDS_A_PERSON = frozenset({"person_id", "by_person", "assignee", "owner"})


class Choice(msgspec.Struct, frozen=True):
    """The rows that leave from one table: those of which all of `only` is so. `blank` is a column that stays empty."""

    table: Table
    only: tuple[Only, ...] = ()
    blank: str | None = None

    @property
    def beside(self) -> str | None:
        """The column whose bytes lie beside."""
        return BESIDE.get(self.table.name)


def all_of_the_house(tx: Tx) -> Iterator[Choice]:
    """Everything."""
    for name, table in whole.tables(tx).items():
        if name not in LEFT_OUT:
            yield Choice(table, (Only("name", SECRET_SETTINGS, is_not=True),) if name == "house_settings" else ())


def all_of_a_shop(tx: Tx, shop_id: int) -> Iterator[Choice]:
    """Everything of one shop, with those who work or worked in it, without their passwords."""
    tables = whole.tables(tx)
    shared = {
        "shops": Only("shop_id", (shop_id,)),
        "people": Only("person_id", tuple(sorted(_persons(tx, tables, shop_id)))),
        "apps": Only("app_id", tuple(sorted(whole.numbers_in(tx, "connections", ["app_id"], shop_id)))),
        "trackers": Only("for_shop", (shop_id,)),
        "platform_shops": Only("of_shop", (shop_id,)),
    }
    for name, table in tables.items():
        if name in LEFT_OUT:
            continue
        if name in shared:
            yield Choice(table, (shared[name],), blank="password_hash" if name == "people" else None)
        elif table.has("shop_id"):
            yield Choice(table, tuple(Only(column, (shop_id,)) for column in ("shop_id", OTHER_SHOP) if table.has(column)))


def _persons(tx: Tx, tables: Mapping[str, Table], shop_id: int) -> set[int]:
    found: set[int] = set()
    for name, table in tables.items():
        columns = [each.name for each in table.columns if each.type == "bigint" and (each.name.endswith("_by") or each.name in _HOLDS_A_PERSON)]
        if columns and table.has("shop_id") and name not in LEFT_OUT:
            found |= whole.numbers_in(tx, name, columns, shop_id)
    return found
