"""Labels handed to the print component: what was in each run, and what became of every label."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.waybills import DocumentState
from zhanggui.records.db import Tx


class StoredDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One label of one run."""

    shop_id: int
    run_no: int
    waybill_id: int
    number: str
    task: str
    state: str
    told: str
    changed_at: datetime

    @property
    def at(self) -> DocumentState:
        """What became of it."""
        return DocumentState(self.state)


INSERT = """
    insert into print_runs (shop_id, printer, made_by, made_at) values (%(shop_id)s, %(printer)s, %(made_by)s, %(made_at)s) returning run_no
"""
INSERT_DOCUMENTS = """
    insert into print_documents (shop_id, run_no, waybill_id, number, task, state, changed_at)
    select %(shop_id)s, %(run_no)s, told.waybill_id, told.number, told.task, 'sent', %(at)s
    from unnest(%(ids)s::bigint[], %(numbers)s::text[], %(tasks)s::text[]) as told (waybill_id, number, task)
"""
LOCK_DOCUMENTS = """
    select * from print_documents where shop_id = %(shop_id)s and run_no = %(run_no)s and number = any(%(numbers)s) order by waybill_id for update
"""
PRINTER = "select printer from print_runs where shop_id = %(shop_id)s and run_no = %(run_no)s"
OF_RUN = "select * from print_documents where shop_id = %(shop_id)s and run_no = %(run_no)s order by waybill_id"
SET_STATE = """
    update print_documents set state = %(state)s, told = %(told)s, changed_at = %(at)s
    where shop_id = %(shop_id)s and run_no = %(run_no)s and waybill_id = %(waybill_id)s
"""
OPEN = """
    select * from print_documents where shop_id = %(shop_id)s and state in ('sent', 'unknown') order by run_no desc, waybill_id limit %(limit)s
"""
ANY_OPEN = "select 1 from print_documents where shop_id = %(shop_id)s and waybill_id = %(waybill_id)s and state in ('sent', 'unknown') limit 1"
OPEN_OF_ORDERS = """
    select waybill_orders.order_no, print_documents.run_no, print_documents.waybill_id
    from waybill_orders
    join print_documents on print_documents.shop_id = waybill_orders.shop_id and print_documents.waybill_id = waybill_orders.waybill_id
    where waybill_orders.shop_id = %(shop_id)s and print_documents.shop_id = %(shop_id)s and waybill_orders.order_no = any(%(order_nos)s)
        and print_documents.state in ('sent', 'unknown')
"""
DROP = "delete from print_documents where shop_id = %(shop_id)s and run_no = %(run_no)s and waybill_id = any(%(ids)s) and state = 'sent'"
# labels of the same numbers that are still open in earlier runs: the newer run tells
CLOSE_EARLIER = """
    update print_documents set state = 'failed', told = %(told)s, changed_at = %(at)s
    where shop_id = %(shop_id)s and waybill_id = any(%(ids)s) and run_no < %(run_no)s and state in ('sent', 'unknown')
"""
FAILED = """
    select print_documents.* from print_documents
    join waybills on waybills.shop_id = print_documents.shop_id and waybills.waybill_id = print_documents.waybill_id
    where print_documents.shop_id = %(shop_id)s and print_documents.state = 'failed' and print_documents.changed_at >= %(since)s
        and waybills.state = 'held' and (waybills.printed_at is null or waybills.printed_at < print_documents.changed_at)
    order by print_documents.changed_at desc limit %(limit)s
"""


def begin(tx: Tx, shop_id: int, printer: str, by: int | None, at: datetime, labels: Sequence[tuple[int, str]], in_task: int) -> tuple[int, list[str]]:
    """The number of a new run of these labels (waybill and number), and the bundle each is in: so many go in one."""
    row = tx.execute(INSERT, {"shop_id": shop_id, "printer": printer, "made_by": by, "made_at": at}).fetchone()
    assert row is not None
    ids, tasks = [waybill_id for waybill_id, _ in labels], [f"zg-{shop_id}-{row[0]}-{place // in_task + 1}" for place in range(len(labels))]
    slots = {"shop_id": shop_id, "run_no": row[0], "ids": ids, "numbers": [number for _, number in labels], "tasks": tasks, "at": at}
    tx.execute(INSERT_DOCUMENTS, slots)
    return int(row[0]), tasks


def close_earlier(tx: Tx, shop_id: int, run_no: int, ids: Sequence[int], told: str, at: datetime) -> None:
    """Ends what earlier runs left open of the same labels."""
    tx.execute(CLOSE_EARLIER, {"shop_id": shop_id, "run_no": run_no, "ids": list(ids), "told": told, "at": at})


def drop(tx: Tx, shop_id: int, run_no: int, ids: Sequence[int]) -> None:
    """Takes labels out of a run that never went to the printer."""
    tx.execute(DROP, {"shop_id": shop_id, "run_no": run_no, "ids": list(ids)})


def printer_of(tx: Tx, shop_id: int, run_no: int) -> str:
    """The printer a run went to."""
    row = tx.execute(PRINTER, {"shop_id": shop_id, "run_no": run_no}).fetchone()
    return str(row[0]) if row else ""


def locked(tx: Tx, shop_id: int, run_no: int, numbers: Sequence[str]) -> list[StoredDocument]:
    """These labels of the run, held until the transaction ends."""
    return _rows(tx, LOCK_DOCUMENTS, {"shop_id": shop_id, "run_no": run_no, "numbers": list(numbers)})


def of_run(tx: Tx, shop_id: int, run_no: int) -> list[StoredDocument]:
    """The labels of a run."""
    return _rows(tx, OF_RUN, {"shop_id": shop_id, "run_no": run_no})


def set_state(tx: Tx, document: StoredDocument, state: DocumentState, told: str, at: datetime) -> None:
    """Keeps what became of a label."""
    slots = {"shop_id": document.shop_id, "run_no": document.run_no, "waybill_id": document.waybill_id, "state": state.value, "told": told, "at": at}
    tx.execute(SET_STATE, slots)


def still_open(tx: Tx, shop_id: int, limit: int) -> list[StoredDocument]:
    """Labels of which nobody knows what became of them, the newest run first."""
    return _rows(tx, OPEN, {"shop_id": shop_id, "limit": limit})


def any_open(tx: Tx, shop_id: int, waybill_id: int) -> bool:
    """Whether a label with this number went to the printer of which nobody knows what became of it."""
    return tx.execute(ANY_OPEN, {"shop_id": shop_id, "waybill_id": waybill_id}).fetchone() is not None


def open_of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[tuple[str, int, int]]:
    """The labels of these orders of which nobody knows what became of them, as (order, run, waybill)."""
    return tx.execute(OPEN_OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall()


def failed(tx: Tx, shop_id: int, since: datetime, limit: int) -> list[StoredDocument]:
    """Labels that failed and were not printed since."""
    return _rows(tx, FAILED, {"shop_id": shop_id, "since": since, "limit": limit})


def _rows(tx: Tx, statement: str, slots: dict[str, object]) -> list[StoredDocument]:
    with tx.cursor(row_factory=class_row(StoredDocument)) as cursor:
        return cursor.execute(statement, slots).fetchall()
