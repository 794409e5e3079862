"""The real schema: a table is shared and small, or every key of it begins with the shop."""

from typing import Any

from zhanggui.records.db import Pool

SHARED = {
    "shops": "what everything else refers to",
    "people": "somebody may work in several shops",
    "sign_ins": "belong to a person, not to a shop",
    "code_apps": "belong to a person, not to a shop",
    "passkeys": "belong to a person, not to a shop",
    "recovery_codes": "belong to a person, not to a shop",
    "half_sign_ins": "belong to a person, not to a shop",
    "spent_challenges": "somebody who signs in is not known to any shop yet",
    "entries": "belong to a person, not to a shop",
    "throttle": "counts attempts of strangers, before any shop is known",
    "house_settings": "of the whole house",
    "chores": "of the whole house",
    "workers": "the processes at work on the house",
    "apps": "one application may serve many shops",
    "trackers": "one account with a tracking service may serve all shops of the house",
    "platform_carriers": "the platform's carriers are the same for every shop",
    "platform_shops": "which shop of the platform is which of ours: no two may be the same",
    "schema_migrations": "the ledger of the schema itself",
    "act_switch": "one switch for the whole house, in one row",
}
"""Tables without a shop: small, and copied whole to every server of a spread database."""

TABLES = "select relname from pg_class join pg_namespace n on n.oid = relnamespace where nspname = 'public' and relkind in ('r', 'p') order by relname"
UNIQUE = """
    select t.relname, i.indexrelid::regclass::text, a.attname
    from pg_index i
    join pg_class t on t.oid = i.indrelid
    join pg_namespace n on n.oid = t.relnamespace
    left join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
    where n.nspname = 'public' and i.indisunique
"""
PRIMARY = "select conrelid::regclass::text from pg_constraint where contype = 'p' and connamespace = 'public'::regnamespace"
FOREIGN = """
    select conrelid::regclass::text, confrelid::regclass::text,
        (select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]),
        (select attname from pg_attribute where attrelid = confrelid and attnum = confkey[1])
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
"""
INDEXES = """
    select t.relname, i.indexrelid::regclass::text, a.attname
    from pg_index i
    join pg_class t on t.oid = i.indrelid
    join pg_namespace n on n.oid = t.relnamespace
    left join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
    where n.nspname = 'public' and not i.indisunique
"""
BY_ANOTHER_KEY = {
    # a person's shops are asked for before any shop is known
    "memberships_of_person",
    # the numbers in it hold the shop (records/measures/keys.py); an index over the elements of an array takes no other column beside them
    "measure_orders_by_key",
}
TIMES_WITHOUT_ZONE = """
    select table_name || '.' || column_name from information_schema.columns
    where table_schema = 'public' and data_type = 'timestamp without time zone'
"""
FLOATS_OF_MONEY = """
    select table_name || '.' || column_name from information_schema.columns
    where table_schema = 'public' and data_type in ('real', 'double precision', 'numeric', 'money') and column_name not in ('score', 'worth')
"""


def test_every_table_is_named_as_shared_or_has_its_shop(pool: Pool) -> None:
    tables = {row[0] for row in _ask(pool, TABLES)}
    with_shop = {row[0] for row in _ask(pool, "select table_name from information_schema.columns where column_name = 'shop_id' and table_schema = 'public'")}

    assert tables - with_shop == set(SHARED) - {"shops"}


def test_the_shop_comes_first_in_every_primary_and_unique_key(pool: Pool) -> None:
    wrong = [f"{table}: {index}" for table, index, first in _ask(pool, UNIQUE) if table not in SHARED and first != "shop_id"]

    assert wrong == []


def test_every_table_has_a_primary_key(pool: Pool) -> None:
    tables = {row[0] for row in _ask(pool, TABLES)}
    keyed = {row[0] for row in _ask(pool, PRIMARY)}

    assert tables - keyed == set()


def test_the_shop_comes_first_in_every_foreign_key_to_a_table_of_a_shop(pool: Pool) -> None:
    foreign = _ask(pool, FOREIGN)
    wrong = [f"{table} -> {target}" for table, target, ours, theirs in foreign if target not in SHARED and (ours, theirs) != ("shop_id", "shop_id")]

    assert foreign
    assert wrong == []


def test_the_shop_comes_first_in_every_other_index(pool: Pool) -> None:
    wrong = [index for table, index, first in _ask(pool, INDEXES) if table not in SHARED and first != "shop_id" and index not in BY_ANOTHER_KEY]

    assert wrong == []


def test_moments_carry_their_zone_and_money_is_whole(pool: Pool) -> None:
    assert _ask(pool, TIMES_WITHOUT_ZONE) == []
    assert _ask(pool, FLOATS_OF_MONEY) == []


def _ask(pool: Pool, question: str) -> list[tuple[Any, ...]]:
    with pool.connection() as tx:
        return tx.execute(question).fetchall()
