"""Labels on their way to the print component and back: handed over under the lock that keeps refunds out, and counted as printed once it has said so.

What was handed over and never answered stays open and visible: the page asks the component about it, and where that does not know a person looks.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.dispatching import may_print, not_printed, printed
from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide
from zhanggui.actions.outbox.watch import Watch
from zhanggui.actions.papers.composing import Sheet, items_of
from zhanggui.actions.platform_carriers import carriers_in
from zhanggui.actions.privacy.opening import opened_for_machine
from zhanggui.actions.refused import Refused
from zhanggui.actions.vault import VaultShut
from zhanggui.actions.waybills.calling import answered
from zhanggui.actions.waybills.moving import kept, write
from zhanggui.actions.waybills.printables import contents_of, is_for_the_component_alone
from zhanggui.actions.waybills.readdressing import readdressed
from zhanggui.actions.waybills.shapes import Label, LabelEnd, NotPrinted, PrintResult, PrintRun
from zhanggui.connectors.pdd.carriers import Carriers
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.waybill import MOST_DOCUMENTS, again
from zhanggui.core.acts import ReportPrint
from zhanggui.core.dispatch import PrintedPaper
from zhanggui.core.privacy.opening import Opening
from zhanggui.core.say import Say, say
from zhanggui.core.waybills import DocumentState, NumberState, document_state
from zhanggui.people.permissions import Permission, Person, ShopId, operator
from zhanggui.records import around, print_runs, shops, waybill_accounts, waybills
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.waybills import LabelFailed, LabelPrinted
from zhanggui.records.print_runs import StoredDocument
from zhanggui.records.wakes import wake
from zhanggui.records.waybills import StoredWaybill

MOST = 500
"""Labels of one run; those of several orders in one parcel are one."""
MOST_ORDERS = 2_000
IN_TASK = 20
"""So many labels go to the component in one bundle: few enough that what became of them is known within seconds."""
_LONGEST_TOLD = 200
_NO_NUMBER = say("It has no waybill number yet.")
_NO_LABEL = say("What the print component needs cannot be had from the platform now. Try it again, or take another number.")
_GOES_BACK = say("Its number is just being given back.")
_LATER_RUN = "printed anew in a later run"
_ANSWERS = frozenset({DocumentState.PRINTED, DocumentState.FAILED})
_WITH_ANOTHER = say("Another order of the same parcel must not be printed.")


class _Ending(msgspec.Struct, frozen=True):
    """Results that were told of a run, by whom."""

    house: House
    by: Person
    shop_id: ShopId
    run_no: int
    now: datetime
    by_eye: bool
    told: dict[str, PrintResult]
    states: dict[str, DocumentState]


def begin_print(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], printer: str, now: datetime, wall: datetime) -> PrintRun:
    """The labels of these orders that may go to the printer now, as a run whose results are told to `end_print`. Raises Refused where nothing can be had."""
    by.need(Permission.WAYBILLS_TAKE, shop_id)
    if len(order_nos) > MOST_ORDERS:
        raise Refused(say("At most {most} orders go through a step at once.", most=MOST_ORDERS))
    watch = Watch(now, wall)
    rows, refused = _held(house, shop_id, order_nos)
    if len(rows) > MOST:
        raise Refused(say("At most {most} labels are printed at once.", most=MOST))
    refused |= _without(rows, readdressed(house, shop_id, rows, by.person_id, watch))
    rows = [row for row in rows if not any(no in refused for no in row.order_nos)]
    data = _print_data(house, shop_id, rows, watch)
    refused |= _without(rows, {row.waybill_id: _NO_LABEL for row in rows if row.waybill_id not in data})
    rows = [row for row in rows if row.waybill_id in data]
    if not rows:
        return _run(None, (), refused)
    # the run stands before the lock is asked: whoever dies in between leaves labels that the page asks after, and no order that is held without a trace
    labels, run_no = transact(house.pool, lambda tx: _begun(tx, by, shop_id, rows, data, printer, now))
    named = {label.document_id for label in labels}
    refused |= _without(rows, {row.waybill_id: _GOES_BACK for row in rows if row.number not in named})
    rows = [row for row in rows if row.number in named]
    try:
        fit, stopped = _let_print(house, by, shop_id, run_no, rows, now, wall)
    except Refused:
        transact(house.pool, lambda tx: print_runs.drop(tx, shop_id, run_no, [row.waybill_id for row in rows]))
        raise
    transact(house.pool, lambda tx: _let_go(tx, shop_id, run_no, rows, fit, now))
    may_go = {row.number for row in fit}
    return _run(run_no if fit else None, tuple(label for label in labels if label.document_id in may_go), refused | stopped)


def _run(run_no: int | None, labels: tuple[Label, ...], refused: dict[str, Say]) -> PrintRun:
    return PrintRun(run_no=run_no, labels=labels, refused=tuple(NotPrinted(no, why) for no, why in refused.items()))


def preview_of(house: House, by: Person, shop_id: ShopId, order_no: str, now: datetime, wall: datetime) -> Label:
    """The label of an order to be looked at on the screen, which the component alone can show. Raises Refused where there is none."""
    by.need(Permission.WAYBILLS_TAKE, shop_id)
    rows, refused = _held(house, shop_id, [order_no])
    if not rows:
        raise Refused(refused[order_no])
    data = _print_data(house, shop_id, rows, Watch(now, wall))
    if rows[0].waybill_id not in data:
        raise Refused(_NO_LABEL)
    with house.pool.connection() as tx:
        return _labels(tx, shop_id, rows, data)[0]


def end_print(
    house: House, by: Person, shop_id: ShopId, run_no: int, results: Iterable[PrintResult], now: datetime, *, by_eye: bool = False
) -> tuple[LabelEnd, ...]:
    """What became of these labels, kept: printed ones are so for the desk, and the platform is told of them at once. Told twice it is the same."""
    by.need(Permission.WAYBILLS_TAKE, shop_id)
    told = {each.document_id: each for each in results}
    with house.pool.connection() as tx:
        open_ones = [document for document in print_runs.of_run(tx, shop_id, run_no) if document.number in told and _is_news(document, told[document.number])]
        rows = {row.waybill_id: row for row in waybills.of_ids(tx, shop_id, [document.waybill_id for document in open_ones])}
    states = {document.number: document_state(told[document.number].status) for document in open_ones}
    ending = _Ending(house, by, shop_id, run_no, now, by_eye, told, states)
    why = _tell_desk(ending, open_ones, rows)
    transact(house.pool, lambda tx: _ended(tx, ending))
    return tuple(
        LabelEnd(
            document.number,
            states[document.number],
            tuple(rows[document.waybill_id].order_nos),
            next((why[no] for no in rows[document.waybill_id].order_nos if no in why), None),
        )
        for document in open_ones
    )


def open_labels(house: House, by: Person, shop_id: ShopId, limit: int = MOST) -> tuple[StoredDocument, ...]:
    """Labels of which nobody knows yet whether they were printed."""
    by.need(Permission.WAYBILLS_TAKE, shop_id)
    with house.pool.connection() as tx:
        return tuple(print_runs.still_open(tx, shop_id, limit))


def _held(house: House, shop_id: ShopId, order_nos: Sequence[str]) -> tuple[list[StoredWaybill], dict[str, Say]]:
    """The numbers these orders have, each once with all its orders, as the orders are named; and the orders without one. Of an order that goes in several
    parcels those without a label yet are meant, as long as there are any.
    """
    with house.pool.connection() as tx:
        rows = waybills.alive_parts(tx, shop_id, order_nos)
    of_order: dict[str, list[StoredWaybill]] = {}
    for row in rows:
        for no in row.order_nos:
            of_order.setdefault(no, []).append(row)
    held = {no: [row for row in of_order.get(no, ()) if _is_held(row)] for no in order_nos}
    refused = {no: next((row.reason for row in of_order.get(no, ()) if row.reason), None) or _NO_NUMBER for no in order_nos if not held[no]}
    meant = (row for no in order_nos for row in ([row for row in held[no] if row.printed_at is None] if len(held[no]) > 1 else []) or held[no])
    return list({row.waybill_id: row for row in meant}.values()), refused


def _is_held(row: StoredWaybill | None) -> bool:
    return row is not None and row.at is NumberState.HELD


def _without(rows: Sequence[StoredWaybill], why_not: dict[int, Say]) -> dict[str, Say]:
    return {no: why_not[row.waybill_id] for row in rows if row.waybill_id in why_not for no in row.order_nos}


def _print_data(house: House, shop_id: ShopId, rows: Sequence[StoredWaybill], watch: Watch) -> dict[int, str]:
    """What the component needs, of every number of which it can be had: kept since it was taken, else told again by the platform."""
    with house.pool.connection() as tx:
        rows = waybills.of_ids(tx, shop_id, [row.waybill_id for row in rows])  # a label may just have been made anew
    data = {row.waybill_id: text for row in rows if (text := _opened(house, row)) is not None}
    missing = [row for row in rows if row.waybill_id not in data]
    for code in sorted({row.carrier_code for row in missing}):
        of_carrier = [row for row in missing if row.carrier_code == code]
        for start in range(0, len(of_carrier), MOST_DOCUMENTS):
            data |= _told_again(house, shop_id, code, of_carrier[start : start + MOST_DOCUMENTS], watch)
    return data


def _opened(house: House, row: StoredWaybill) -> str | None:
    if row.print_data is None:
        return None
    try:
        return opened_for_machine(house, Opening.LABEL, row.print_data)
    except VaultShut:
        return None  # of another home: the platform tells it again


def _told_again(house: House, shop_id: ShopId, carrier_code: str, rows: Sequence[StoredWaybill], watch: Watch) -> dict[int, str]:
    try:
        modules = answered(house, shop_id, again(carrier_code, [(row.object_id, row.number or "") for row in rows]), watch.now, watch.wall)
    except PlatformError:
        return {}
    by_number = {module.number: module.print_data for module in modules if is_for_the_component_alone(module.print_data)}
    return {row.waybill_id: by_number[row.number] for row in rows if row.number in by_number}


def _let_print(
    house: House, by: Person, shop_id: ShopId, run_no: int, rows: Sequence[StoredWaybill], now: datetime, wall: datetime
) -> tuple[list[StoredWaybill], dict[str, Say]]:
    """The numbers of this run whose orders may all be printed: from here no money goes back on them unseen. The others' slots are closed again."""
    outcomes = {one.order_no: one for one in may_print(house, by, shop_id, [no for row in rows for no in row.order_nos], now, wall)}
    fit = [row for row in rows if all(outcomes[no].done for no in row.order_nos)]
    unfit = [no for row in rows if row not in fit for no in row.order_nos]
    opened_in_vain = _not_at_the_printer(house, shop_id, [no for no in unfit if outcomes[no].done], {(run_no, row.waybill_id) for row in rows})
    if opened_in_vain:
        not_printed(house, by, shop_id, opened_in_vain, now)
    return fit, {no: (None if outcomes[no].done else outcomes[no].why) or _WITH_ANOTHER for no in unfit}


def _begun(
    tx: Tx, by: Person, shop_id: ShopId, rows: Sequence[StoredWaybill], data: dict[int, str], printer: str, now: datetime
) -> tuple[tuple[Label, ...], int]:
    held = {row.waybill_id for row in waybills.locked(tx, shop_id, [row.waybill_id for row in rows]) if _is_held(row)}
    rows = [row for row in rows if row.waybill_id in held]  # one may just have begun to go back
    labels = _labels(tx, shop_id, rows, data)
    named = [(row.waybill_id, row.number or "") for row in rows]
    run_no, tasks = print_runs.begin(tx, shop_id, printer[:_LONGEST_TOLD], by.person_id, now, named, IN_TASK)
    return tuple(msgspec.structs.replace(label, task_id=task) for label, task in zip(labels, tasks, strict=True)), run_no


def _let_go(tx: Tx, shop_id: ShopId, run_no: int, rows: Sequence[StoredWaybill], fit: Sequence[StoredWaybill], now: datetime) -> None:
    """The run tells of what goes to the printer now, and of nothing else: what an earlier run left open of the others stays open there."""
    print_runs.drop(tx, shop_id, run_no, [row.waybill_id for row in rows if row not in fit])
    print_runs.close_earlier(tx, shop_id, run_no, [row.waybill_id for row in fit], _LATER_RUN, now)


def _labels(tx: Tx, shop_id: ShopId, rows: Sequence[StoredWaybill], data: dict[int, str]) -> tuple[Label, ...]:
    nos = [no for row in rows for no in row.order_nos]
    orders, lines = around.orders(tx, shop_id, nos), around.lines(tx, shop_id, nos)
    custom = {account.account_no: account.custom_url for account in waybill_accounts.of_shop(tx, shop_id)}
    shop = shops.of_ids(tx, [shop_id])[0].name
    found = []
    for row in rows:
        sheets = [Sheet(orders[no].facts, [line.facts for line in lines.get(no, ())], shop) for no in row.order_nos if no in orders]
        goods = "；".join(" ".join(part for part in (item.title, item.spec) if part) + f" ×{item.pieces}" for sheet in sheets for item in items_of(sheet))
        which = f"（{row.part}）" if row.part > 1 else ""
        contents = contents_of(data[row.waybill_id], which + goods, " ".join(row.order_nos), custom.get(row.account_no))
        found.append(Label(document_id=row.number or "", order_nos=tuple(row.order_nos), contents=contents))
    return tuple(found)


def _is_news(document: StoredDocument, told: PrintResult) -> bool:
    """Whether this result still changes anything: what was printed stays so."""
    return document.at is not DocumentState.PRINTED and document.at is not document_state(told.status)


def _tell_desk(ending: _Ending, documents: Sequence[StoredDocument], rows: dict[int, StoredWaybill]) -> dict[str, Say]:
    """Tells the desk what came out and what did not; what has to be done about a label that is there although it should not be."""
    states = ending.states
    out = [rows[document.waybill_id] for document in documents if states[document.number] is DocumentState.PRINTED]
    papers = [PrintedPaper(no, row.carrier, row.number, row.part) for row in out for no in row.order_nos]
    failed = [no for document in documents if states[document.number] is DocumentState.FAILED for no in rows[document.waybill_id].order_nos]
    answered_for = {(ending.run_no, document.waybill_id) for document in documents if states[document.number] in _ANSWERS}
    free = _not_at_the_printer(ending.house, ending.shop_id, failed, answered_for)
    outcomes = printed(ending.house, ending.by, ending.shop_id, papers, ending.now) if papers else ()
    if free:
        not_printed(ending.house, ending.by, ending.shop_id, free, ending.now)
    return {one.order_no: one.why for one in outcomes if one.why is not None}


def _not_at_the_printer(house: House, shop_id: ShopId, order_nos: Sequence[str], known: Collection[tuple[int, int]]) -> list[str]:
    """Those of these orders of which no label may still come out; of the `known` ones (run, waybill) it is known whether they did."""
    if not order_nos:
        return []
    with house.pool.connection() as tx:
        waiting = {no for no, run_no, waybill_id in print_runs.open_of_orders(tx, shop_id, order_nos) if (run_no, waybill_id) not in known}
    return [no for no in order_nos if no not in waiting]


def _ended(tx: Tx, ending: _Ending) -> None:
    documents = print_runs.locked(tx, ending.shop_id, ending.run_no, list(ending.states))
    rows = {row.waybill_id: row for row in waybills.locked(tx, ending.shop_id, [document.waybill_id for document in documents])}
    printer, carriers = print_runs.printer_of(tx, ending.shop_id, ending.run_no), carriers_in(tx)
    for document in documents:
        if not _is_news(document, ending.told[document.number]):
            continue
        row, state, words = rows[document.waybill_id], ending.states[document.number], ending.told[document.number].message[:_LONGEST_TOLD]
        print_runs.set_state(tx, document, state, words, ending.now)
        if state is DocumentState.PRINTED:
            _out(tx, ending, row, printer, carriers)
        elif state is DocumentState.FAILED:
            write(tx, row, LabelFailed(document.number, words or state.value), ending.now, ending.by.person_id)
    wake(tx, ending.shop_id, [no for row in rows.values() for no in row.order_nos])


def _out(tx: Tx, ending: _Ending, row: StoredWaybill, printer: str, carriers: Carriers) -> None:
    """A label is on paper: what the component needed is wiped, and the platform is told of each order."""
    now = ending.now
    kept(tx, msgspec.structs.replace(row, printed_at=now, printed=row.printed + 1, print_data=None))
    write(tx, row, LabelPrinted(row.number or "", printer, ending.by_eye), now, ending.by.person_id)
    carrier = carriers.by_code.get(row.carrier_code.upper())
    if carrier is None or row.number is None:
        return
    for order_no in row.order_nos:
        request = ReportPrint(order_no=order_no, tracking_no=row.number, carrier_id=carrier.id)
        try:
            decide(tx, ending.house, operator("worker"), ShopId(row.shop_id), request, now, by_itself=True)
        except Refused:
            return  # switched off in this shop, or for the whole house: that is what was wanted
