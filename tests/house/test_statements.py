"""Every statement is a named constant that parses, names the shop it touches, reads no clock, and would run on a spread database."""

import ast
from collections.abc import Iterator

import pytest
from sqlglot import exp

from tests.house.source import calls, dotted, modules
from tests.house.statements import ROOMS, Statement, statements, tables_of_a_shop

ACROSS_SHOPS = {
    # which shops a person belongs to is asked before any shop is known, by the index of that one small table
    "memberships",
    # an invitation is opened by its secret alone, which is what names its shop
    "invitations",
}
"""Small tables of a shop that may be read by another key than the shop's."""
ASKS_WHICH_SHOPS = {
    # after a crash: which shops have an import that was cut off; each is then mended in a transaction of its own
    "records/batches.py RUNNING",
    # a few rows a shop: in which shops windows are due to be read from the platform
    "records/sync_sources.py DUE",
}
"""Statements that ask which shops have work, by an index or in a small table, before each shop is served by itself."""
FEW_BESIDE = {
    # a rule's own firings, what somebody said of things in one band, the campaigns of one shop: few rows, found by what is equal
    "records/automation_firings.py ACTED_ON_SINCE",
    "records/marks.py SAID_DONE",
    "records/rewards.py RIVAL",
}
"""Statements that may take some of what lies on one side of a moment without an order, since what else they ask leaves few."""
COMPARES_CLOCKS = "records/vitals.py SERVER"
CLOCKS = {"now", "current_timestamp", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "localtimestamp", "current_date", "current_time"}
RUNS_SQL = {"execute", "executemany", "copy"}


def test_there_are_statements_to_judge() -> None:
    assert len(statements()) > 50
    assert "orders" in tables_of_a_shop()
    assert "people" not in tables_of_a_shop()


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_its_statements_parse_name_their_shop_and_run_everywhere(room: str) -> None:
    """A room at a time and each statement read once: one by one they were a third of all tests, each read thrice, and looked for before any test ran."""
    judged = [statement for statement in statements() if statement.module.startswith(f"{room}/")]

    assert judged
    assert [f"{statement}: {fault}" for statement in judged for fault in _faults(statement)] == []


def _faults(statement: Statement) -> Iterator[str]:
    """Everything that is wrong with a statement."""
    trees = statement.parsed
    if not trees:
        yield "nothing is read in it"
    if str(statement) not in ASKS_WHICH_SHOPS:
        yield from (f"{table.name}: shop_id is not named beside it" for tree in trees for table in _shopless(tree))
    nodes = [node for tree in trees for node in tree.walk()]
    functions = {(node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower() for node in nodes if isinstance(node, exp.Func)}
    if any(isinstance(node, exp.Merge) for node in nodes):
        yield "ON CONFLICT, never MERGE"
    if functions & CLOCKS and str(statement) != COMPARES_CLOCKS:
        yield "moments are handed in"
    if str(statement) not in FEW_BESIDE:
        # planned once for every moment, "some that are due by then" without an order is taken for a third of the table and read by walking all of it
        yield from (f"it takes the first few of no order: {look.sql()}" for tree in trees for look in _hasty_looks(tree))


@pytest.mark.parametrize(
    ("sql", "faults"),
    [
        ("", ["nothing is read in it"]),
        ("select order_no from orders where shop_id = %(shop_id)s and made_at < now()", ["moments are handed in"]),
        ("merge into shops using people on true when matched then delete", ["ON CONFLICT, never MERGE"]),
        ("select order_no from orders where shop_id = %(shop_id)s and made_at < %(now)s order by order_no limit 5", []),
        (
            "select login from people where made_at < %(now)s limit 5",
            ["it takes the first few of no order: SELECT login FROM people WHERE made_at < :now LIMIT 5"],
        ),
    ],
)
def test_it_would_notice_every_fault(sql: str, faults: list[str]) -> None:
    assert list(_faults(Statement("here", "SQL", sql))) == faults


def test_only_constants_are_run() -> None:
    loose = [f"{module.name}:{call.lineno}" for module in modules() if module.room in ROOMS for call in _runs(module.tree) if _is_made_up(call.args[0])]

    assert loose == []


def test_only_the_rooms_that_remember_hold_statements() -> None:
    elsewhere = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        if module.room not in ROOMS | {"server"}
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _looks_like_a_statement(node.value)
    ]

    assert elsewhere == []


def _hasty_looks(tree: exp.Expression) -> Iterator[exp.Select]:
    """The selects of one table that take only some of what stands on one side of a given value, whichever those are."""
    for select in tree.find_all(exp.Select):
        where = select.args.get("where")
        if select.args.get("limit") and not select.args.get("order") and where and not select.args.get("joins"):
            compared = (each for sort in (exp.LT, exp.LTE, exp.GT, exp.GTE) for each in where.find_all(sort) if each.find_ancestor(exp.Select) is select)
            if any(isinstance(each.expression, exp.Placeholder) for each in compared):
                yield select


def _shopless(tree: exp.Expression) -> Iterator[exp.Table]:
    """The uses of a shop's table whose own clause names no shop."""
    named_parts = {part.alias for part in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        is_ours = table.name in tables_of_a_shop() and table.name not in ACROSS_SHOPS and table.name not in named_parts
        if is_ours and not table.find_ancestor(exp.Create, exp.Drop) and not _names_shop(table):
            yield table


def _names_shop(table: exp.Table) -> bool:
    clause = table.find_ancestor(exp.Select, exp.Update, exp.Delete, exp.Insert, exp.Copy)
    if isinstance(clause, (exp.Insert, exp.Copy)):
        return any(column.name == "shop_id" for column in clause.this.find_all(exp.Identifier))
    if clause is None:
        return False
    conditions = [clause.args.get("where"), *(clause.args.get("joins") or []), clause.args.get("from_"), clause.args.get("from")]
    return any(name.name == "shop_id" for condition in conditions if condition for name in condition.find_all(exp.Identifier))


def _runs(tree: ast.Module) -> Iterator[ast.Call]:
    return (call for call in calls(tree) if isinstance(call.func, ast.Attribute) and call.func.attr in RUNS_SQL and call.args)


def _is_made_up(statement: ast.expr) -> bool:
    """Whether a statement is put together, or written, where it is run."""
    if isinstance(statement, ast.IfExp):
        return _is_made_up(statement.body) or _is_made_up(statement.orelse)
    return not dotted(statement) and not isinstance(statement, ast.Subscript)


def _looks_like_a_statement(text: str) -> bool:
    words = text.lower().split()
    return len(words) > 3 and ((words[0] == "select" and "from" in words) or words[:2] in (["insert", "into"], ["delete", "from"]))


@pytest.mark.parametrize(
    ("sql", "refused"),
    [
        ("select order_no from orders where order_no = %(no)s", True),
        ("select order_no from orders where shop_id = %(shop_id)s", False),
        ("update orders set stage = 'shipped' where order_no = %(no)s", True),
        ("delete from deadlines where shop_id = any(%(shop_ids)s)", False),
        ("insert into notes (note_id, text) values (1, 'x')", True),
        ("insert into notes (shop_id, text) values (%(shop_id)s, 'x')", False),
        ("with mine as (select 1 from orders) select * from mine", True),
        ("select n.text from notes n join orders o using (shop_id, order_no) where n.shop_id = 1", False),
        ("select 1 from orders where shop_id = 1 and exists (select 1 from reviews where order_no = orders.order_no)", True),
        ("select login from people", False),
    ],
)
def test_it_would_notice(sql: str, *, refused: bool) -> None:
    shopless = [table for tree in Statement("here", "SQL", sql).parsed for table in _shopless(tree)]

    assert bool(shopless) == refused
