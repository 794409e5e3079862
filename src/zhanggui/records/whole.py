"""The whole database, table by table, as lines of JSON and back: for the export of everything.

Which tables and columns there are is asked of the database itself, so that none can be forgotten. The statements on them are put together from those
names, as pg_dump does it; none of them is ever part of a page.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from psycopg import sql

from zhanggui.records.db import Tx

COLUMNS = """
    select c.relname, a.attname, format_type(a.atttypid, null), a.attnotnull
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by c.relname, a.attnum
"""
KEYS = """
    select c.relname, a.attname
    from pg_constraint p join pg_class c on c.oid = p.conrelid
    cross join lateral unnest(p.conkey) with ordinality as k(attnum, place)
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
    where p.contype = 'p' and c.relnamespace = 'public'::regnamespace
    order by c.relname, k.place
"""
REFERS = """
    select distinct c.relname, r.relname
    from pg_constraint p join pg_class c on c.oid = p.conrelid join pg_class r on r.oid = p.confrelid
    where p.contype = 'f' and c.relnamespace = 'public'::regnamespace and c.oid <> r.oid
"""
SEQUENCES = """
    select t.relname, a.attname, s.relname
    from pg_class s
    join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.deptype in ('i', 'a')
    join pg_class t on t.oid = d.refobjid
    join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
    where s.relkind = 'S' and t.relnamespace = 'public'::regnamespace
    order by t.relname, a.attname
"""
IN_ONE_SNAPSHOT = "set transaction isolation level repeatable read, read only"
SORTS_BY_CODE_POINT = "select 'B' < 'a' and 'z' < '啊'"
PLACE_FOR_LINES = "create temporary table incoming_lines (line json not null) on commit drop"
CLEAR_LINES = "truncate incoming_lines"
SET_SEQUENCE = "select setval(%(sequence)s::regclass, %(value)s, %(is_called)s)"
MIGRATIONS = "select name, digest from schema_migrations order by name"
COUNT_ANEW = "analyze"
SHOPS = "select shop_id from shops order by shop_id"
HAS_SETTINGS = "select to_regclass('public.house_settings') is not null"
BEGUN = "bringing_back"
"""The setting of a house that is being filled from an export, and is not whole before it is gone."""
FILL_ALONE = "select pg_try_advisory_lock(7203190419)"
IS_BEGUN = "select exists (select 1 from house_settings where name = %(name)s)"
BEGIN = "insert into house_settings (name, value) values (%(name)s, 'true') on conflict (name) do nothing"
END = "delete from house_settings where name = %(name)s"
HAS_LEDGER = "select to_regclass('public.schema_migrations') is not null"

# JSON holds no such characters, so that whatever PostgreSQL quotes or parts with them stands there as it is
_FORMAT = sql.SQL("(format csv, quote E'\\x01', delimiter E'\\x02')")
_COPY_OUT = sql.SQL("copy (select row_to_json(r) from (select {columns} from {table}{where}{order}) r) to stdout {format}")
_COPY_IN = sql.SQL("copy incoming_lines from stdin {format}")
_JSON_NULL = sql.SQL("""case json_typeof({column}::json) when 'null' then '{{"$json": null}}'::json else {column}::json end as {column}""")
_AS_SHA256 = sql.SQL("encode(sha256({column}), 'hex') as {sha256}, octet_length({column}) as {size}")
_PUT = sql.SQL(
    "insert into {table} ({columns}) overriding system value select {values} from incoming_lines cross join json_populate_record(null::{table}, line) r"
)
_PUT_BACK_NULL = sql.SQL("""case when (line->{name})::text = '{{"$json": null}}' then 'null' else r.{column} end""")
_NULL_IS_JSON = sql.SQL("coalesce(r.{column}, 'null')")
_CONTENTS = sql.SQL("select {key}, {column} from {table}{where} order by {key}")
_ONE_CONTENT = sql.SQL("insert into {table} ({columns}) select {values} from json_populate_record(null::{table}, %(line)s::json) r")
_COUNT = sql.SQL("select count(*) from {table}")
_EMPTY = sql.SQL("delete from {table}")
_DROP = sql.SQL("drop table {table} cascade")
_HIGHEST = sql.SQL("select max({column}) from {table}{where}")
_STANDS = sql.SQL("select last_value, is_called from {sequence}")
_IS = sql.SQL("{column} = {value}")
_IN = sql.SQL("{column} = any({values})")
_NOT = sql.SQL("{column} <> all({values})")
_ORDER = sql.SQL(" order by {key}")
_PERSONS = sql.SQL("select distinct {column} from {table} where shop_id = %(shop_id)s and {column} is not null")
_ANY_ROW = sql.SQL("select exists (select from {table})")


class Column(msgspec.Struct, frozen=True):
    """One column: its name, PostgreSQL's name of its type, and whether it always has a value."""

    name: str
    type: str
    is_needed: bool


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One table: its columns without those the database works out, its key, and the tables it points to."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refers: frozenset[str]

    def has(self, column: str) -> bool:
        """Whether it has this column."""
        return any(each.name == column for each in self.columns)


class Stand(msgspec.Struct, frozen=True, kw_only=True):
    """Where the numbers of one column stand."""

    table: str
    column: str
    value: int
    is_called: bool


class Only(msgspec.Struct, frozen=True):
    """Which rows of a table are meant: those whose column has one of these values, or with `is_not` all others."""

    column: str
    values: tuple[int, ...] | tuple[str, ...]
    is_not: bool = False


def begin_snapshot(tx: Tx) -> None:
    """Has this transaction see everything as it stands at this moment, and change nothing."""
    tx.execute(IN_ONE_SNAPSHOT)


def tables(tx: Tx) -> dict[str, Table]:
    """Every table by its name, each after all those it points to."""
    columns: dict[str, list[Column]] = {}
    for table, name, kind, is_needed in tx.execute(COLUMNS):
        columns.setdefault(table, []).append(Column(name, kind, is_needed))
    keys: dict[str, list[str]] = {}
    for table, name in tx.execute(KEYS):
        keys.setdefault(table, []).append(name)
    refers: dict[str, set[str]] = {}
    for table, target in tx.execute(REFERS):
        refers.setdefault(table, set()).add(target)
    found = {name: Table(name=name, columns=tuple(having), key=tuple(keys[name]), refers=frozenset(refers.get(name, ()))) for name, having in columns.items()}
    return {name: found[name] for name in _in_order({name: table.refers for name, table in found.items()})}


def sorts_by_code_point(tx: Tx) -> bool:
    """Whether the database sorts words as Python does: lists over several shops are merged here out of what it has sorted."""
    row = tx.execute(SORTS_BY_CODE_POINT).fetchone()
    return bool(row and row[0])


def sequences(tx: Tx) -> list[Stand]:
    """Where every counted column stands. A number that was given to something since forgotten is not given again."""
    found = []
    for table, column, name in tx.execute(SEQUENCES).fetchall():
        statement = _STANDS.format(sequence=sql.Identifier(name))
        row = tx.execute(statement).fetchone()
        assert row is not None
        found.append(Stand(table=table, column=column, value=int(row[0]), is_called=bool(row[1])))
    return found


def highest(tx: Tx, table: str, column: str, only: Sequence[Only]) -> Stand:
    """Where the numbers of a column would stand if only these rows had ever been counted."""
    statement = _HIGHEST.format(column=sql.Identifier(column), table=sql.Identifier(table), where=_where(only))
    row = tx.execute(statement).fetchone()
    most = row[0] if row else None
    return Stand(table=table, column=column, value=int(most or 1), is_called=most is not None)


def set_sequences(tx: Tx, wanted: Iterable[Stand]) -> None:
    """Has every counted column go on where it stood."""
    names = {(table, column): name for table, column, name in tx.execute(SEQUENCES).fetchall()}
    for each in wanted:
        tx.execute(SET_SEQUENCE, {"sequence": f'"{names[each.table, each.column]}"', "value": each.value, "is_called": each.is_called})


def migrations_applied(tx: Tx) -> list[tuple[str, str]]:
    """The steps of the schema that this database has, with their digests; none where it holds nothing yet."""
    row = tx.execute(HAS_LEDGER).fetchone()
    return [(name, digest) for name, digest in tx.execute(MIGRATIONS)] if row and row[0] else []


def lines_out(tx: Tx, table: Table, only: Sequence[Only] = (), *, beside: str | None = None, blank: str | None = None) -> Iterator[bytes]:
    """Every row of the table as a line of JSON, in the order of its key.

    A column named `beside` is told by its size and SHA-256 alone; of one named `blank` stands `!`, which is no password.
    """
    json_columns = {each.name for each in table.columns if not each.is_needed and each.type in {"json", "jsonb"}}
    chosen: list[sql.Composable] = []
    for column in table.columns:
        name = sql.Identifier(column.name)
        if column.name == beside:
            chosen.append(_AS_SHA256.format(column=name, sha256=sql.Identifier(f"{beside}_sha256"), size=sql.Identifier(f"{beside}_size")))
        elif column.name == blank:
            chosen.append(sql.SQL("'!' as {}").format(name))
        elif column.name in json_columns:
            chosen.append(_JSON_NULL.format(column=name))
        else:
            chosen.append(name)
    statement = _COPY_OUT.format(
        columns=sql.SQL(", ").join(chosen), table=sql.Identifier(table.name), where=_where(only), order=_ORDER.format(key=_key(tx, table)), format=_FORMAT
    )
    with tx.cursor().copy(statement) as copy:
        for line in copy:
            yield bytes(line)


def contents_out(tx: Tx, table: Table, column: str, only: Sequence[Only] = ()) -> Iterator[tuple[tuple[object, ...], bytes]]:
    """The key and the bytes of this column, row by row, one at a time in memory."""
    statement = _CONTENTS.format(
        key=sql.SQL(", ").join(map(sql.Identifier, table.key)), column=sql.Identifier(column), table=sql.Identifier(table.name), where=_where(only)
    )
    with tx.cursor(name="contents_out") as cursor:
        cursor.itersize = 1
        cursor.execute(statement)
        for row in cursor:
            yield tuple(row[:-1]), bytes(row[-1])


def make_place_for_lines(tx: Tx) -> None:
    """Makes the place where lines lie before they become rows; it is gone with the transaction."""
    tx.execute(PLACE_FOR_LINES)


def lines_in(tx: Tx, table: Table, blocks: Iterable[bytes]) -> int:
    """Puts lines of JSON back as rows of the table, all at once; how many there were."""
    copy_in = _COPY_IN.format(format=_FORMAT)
    with tx.cursor().copy(copy_in) as copy:
        for block in blocks:
            copy.write(block)
    statement = _PUT.format(table=sql.Identifier(table.name), columns=_names(table.columns), values=sql.SQL(", ").join(map(_value, table.columns)))
    put = tx.execute(statement).rowcount
    tx.execute(CLEAR_LINES)
    return put


def content_in(tx: Tx, table: Table, column: str, line: str, content: bytes) -> None:
    """Puts one row back whose bytes came beside its line."""
    others = [each for each in table.columns if each.name != column]
    values = sql.SQL(", ").join([*map(_value_alone, others), sql.Placeholder("content")])
    columns = sql.SQL(", ").join([_names(others), sql.Identifier(column)])
    statement = _ONE_CONTENT.format(table=sql.Identifier(table.name), columns=columns, values=values)
    tx.execute(statement, {"line": line, "content": content})


def count(tx: Tx, table: str) -> int:
    """How many rows a table has."""
    statement = _COUNT.format(table=sql.Identifier(table))
    row = tx.execute(statement).fetchone()
    return int(row[0]) if row else 0


def has_rows(tx: Tx, table: str) -> bool:
    """Whether a table has any row."""
    statement = _ANY_ROW.format(table=sql.Identifier(table))
    row = tx.execute(statement).fetchone()
    return bool(row and row[0])


def empty(tx: Tx, table: str) -> None:
    """Takes every row out of a table of a house that is about to be filled."""
    statement = _EMPTY.format(table=sql.Identifier(table))
    tx.execute(statement)


def may_fill(tx: Tx) -> bool:
    """Whether nobody else fills this house; if so nobody else does while this connection lasts."""
    row = tx.execute(FILL_ALONE).fetchone()
    return bool(row and row[0])


def begin_filling(tx: Tx) -> None:
    """Notes that this house is being filled: until that is ended, nobody else opens it."""
    tx.execute(BEGIN, {"name": BEGUN})


def end_filling(tx: Tx) -> None:
    """The house is whole."""
    tx.execute(END, {"name": BEGUN})


def is_half_filled(tx: Tx) -> bool:
    """Whether somebody began to fill this house, and has not ended it."""
    there = tx.execute(HAS_SETTINGS).fetchone()
    begun = tx.execute(IS_BEGUN, {"name": BEGUN}).fetchone() if there and there[0] else None
    return bool(begun and begun[0])


def drop_all(tx: Tx) -> None:
    """Takes away every table of a house that was being filled."""
    for name in reversed(tables(tx)):
        statement = _DROP.format(table=sql.Identifier(name))
        tx.execute(statement)


def shop_ids(tx: Tx) -> tuple[int, ...]:
    """Every shop there is."""
    return tuple(int(shop_id) for (shop_id,) in tx.execute(SHOPS))


def count_anew(tx: Tx) -> None:
    """Has the database look at what it holds now, so that it finds its ways through it."""
    tx.execute(COUNT_ANEW)


def numbers_in(tx: Tx, table: str, columns: Iterable[str], shop_id: int) -> set[int]:
    """The numbers that stand in these columns of a shop's rows."""
    found: set[int] = set()
    for column in columns:
        statement = _PERSONS.format(column=sql.Identifier(column), table=sql.Identifier(table))
        found.update(int(number) for (number,) in tx.execute(statement, {"shop_id": shop_id}))
    return found


def _where(only: Sequence[Only]) -> sql.Composable:
    if not only:
        return sql.SQL("")
    return sql.SQL(" where ") + sql.SQL(" and ").join(map(_condition, only))


def _condition(only: Only) -> sql.Composable:
    if len(only.values) == 1 and not only.is_not:
        return _IS.format(column=sql.Identifier(only.column), value=sql.Literal(only.values[0]))
    form = _NOT if only.is_not else _IN
    return form.format(column=sql.Identifier(only.column), values=sql.Literal(list(only.values)))


def _key(tx: Tx, table: Table) -> sql.Composable:
    """The order of the rows, the same on every server however it sorts words by itself."""
    kinds = {each.name: each.type for each in table.columns}
    is_plain = sorts_by_code_point(tx)
    return sql.SQL(", ").join(
        sql.SQL('{} collate "C"').format(sql.Identifier(name)) if kinds.get(name) == "text" and not is_plain else sql.Identifier(name) for name in table.key
    )


def _value(column: Column) -> sql.Composable:
    name = sql.Identifier(column.name)
    if column.type not in {"json", "jsonb"}:
        return sql.SQL("r.{}").format(name)
    if column.is_needed:
        return _NULL_IS_JSON.format(column=name)
    return _PUT_BACK_NULL.format(name=sql.Literal(column.name), column=name)


def _value_alone(column: Column) -> sql.Composable:
    return sql.SQL("r.{}").format(sql.Identifier(column.name))


def _names(columns: Iterable[Column]) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(each.name) for each in columns)


def _in_order(refers: Mapping[str, frozenset[str]]) -> list[str]:
    """The names so that each stands after those it refers to, else by the alphabet."""
    left = {name: set(targets) for name, targets in sorted(refers.items())}
    order: list[str] = []
    while left:
        free = [name for name, targets in left.items() if not targets - set(order)]
        if not free:
            raise ValueError(f"tables point to each other in a circle: {sorted(left)}")
        order.extend(free)
        for name in free:
            del left[name]
    return order
