"""Rows that somebody holds are asked for: marked before the call, stored after it, and whatever is lost in between is asked for again by the same name.

A row that was never marked was never asked for. Once it was, only the platform's clear answer to this very asking tells that there is no number, and only
where no earlier answer was lost. The platform is expected to answer the same object with the same number; where it does not, the second one is seen and
given back, and what no answer ever told shows in the account's own figures.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.outbox.watch import Watch
from zhanggui.actions.vault import seal
from zhanggui.actions.waybills.accounts import ReadyAccount
from zhanggui.actions.waybills.calling import answered
from zhanggui.actions.waybills.moving import kept, moved, write
from zhanggui.actions.waybills.patience import LEASE, MOST_TRIES, backed_off
from zhanggui.actions.waybills.printables import is_for_the_component_alone
from zhanggui.actions.waybills.receiving import Told, Unreadable, objections, one_place, receivers_of
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.waybill import MOST_DOCUMENTS, Document, Module, Receiver, take
from zhanggui.core.say import Say, say
from zhanggui.core.waybills import NumberEvent, NumberState, receiver_key
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, waybills
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.waybills import WaybillDoubled, WaybillLost, WaybillTaken
from zhanggui.records.says import packed
from zhanggui.records.wakes import wake
from zhanggui.records.waybills import StoredWaybill

_ASKABLE = frozenset({NumberState.ASKED, NumberState.UNSURE})
_PASSING = frozenset({Trouble.RETRY, Trouble.SLOW_DOWN, Trouble.TOKEN})


class Asker(msgspec.Struct, frozen=True):
    """Who asks, from which account, and by what name the rows are held."""

    house: House
    shop_id: ShopId
    account: ReadyAccount
    holder: str
    by: int | None
    watch: Watch


def ask_for(asker: Asker, rows: Sequence[StoredWaybill]) -> None:
    """Takes rows that we hold as far as they go, ten at a time. Raises NotConnected and VaultShut before anything was asked."""
    for start in range(0, len(rows), MOST_DOCUMENTS):
        _ask_ten(asker, rows[start : start + MOST_DOCUMENTS])


def _ask_ten(asker: Asker, rows: Sequence[StoredWaybill]) -> None:
    """Rows that were asked for before we came had no answer: whoever asked was cut off, and the platform may have given a number."""
    watch = asker.watch
    told = receivers_of(asker.house, asker.shop_id, [no for row in rows for no in row.order_nos], watch.now, watch.wall)
    own = {no for row in rows if row.part == 1 for no in row.order_nos}
    against = objections(asker.house, asker.shop_id, told, watch.now, watch.wall, further=told.keys() - own)
    ready: dict[int, Document] = {}
    goods = _goods_of(asker, rows)
    for row in rows:
        why = next((against[no] for no in row.order_nos if no in against), None) or _apart(row, told)
        if why is not None:
            transact(asker.house.pool, lambda tx, row=row, why=why: _not_asked(tx, asker, row, why))  # type: ignore[misc]  # bound now
            continue
        first = told[row.order_nos[0]]
        assert isinstance(first, Receiver)
        ready[row.waybill_id] = Document(object_id=row.object_id, order_nos=tuple(row.order_nos), receiver=first, goods=goods[row.waybill_id])
    if ready:
        _take(asker, ready, frozenset(row.waybill_id for row in rows if row.asked_times))


def _take(asker: Asker, documents: Mapping[int, Document], cut_off: frozenset[int]) -> None:
    """One call for these; where the platform refuses several at once, each half alone, until it is known which of them it does not like.

    Of the rows `cut_off` an earlier asking may have brought a number that nobody heard of.
    """
    marked = transact(asker.house.pool, lambda tx: _marked(tx, asker, documents))
    documents = {waybill_id: documents[waybill_id] for waybill_id in marked}
    if not documents:
        return
    account = asker.account
    call = take(account.carrier_code, account.sender, account.shop_key, account.template_url, list(documents.values()))
    trouble: PlatformError | None = None
    modules: tuple[Module, ...] = ()
    try:
        modules = answered(asker.house, asker.shop_id, call, asker.watch.now, asker.watch.wall)
    except PlatformError as problem:
        trouble = problem
    ids = list(documents)
    if trouble is None:
        transact(asker.house.pool, lambda tx: store_told(tx, asker, ids, modules))
    elif len(ids) > 1 and not trouble.may_have_acted and trouble.trouble not in _PASSING:
        middle = len(ids) // 2
        for half in (ids[:middle], ids[middle:]):
            _take(asker, {waybill_id: documents[waybill_id] for waybill_id in half}, cut_off)
    else:
        transact(asker.house.pool, lambda tx: _failed(tx, asker, ids, trouble, cut_off))


def _marked(tx: Tx, asker: Asker, documents: Mapping[int, Document]) -> list[int]:
    """Those of them that are still ours, noted as asked for: this is on the disk before the platform hears of it."""
    until = asker.watch.wall + LEASE
    ours = []
    for row in waybills.locked(tx, asker.shop_id, list(documents)):
        if row.holder != asker.holder or row.at not in _ASKABLE:
            continue
        told = documents[row.waybill_id].receiver
        key = msgspec.json.encode(receiver_key(told.facts)).decode()
        kept(tx, msgspec.structs.replace(row, asked_times=row.asked_times + 1, receiver=key, leased_until=until, look_at=until))
        ours.append(row.waybill_id)
    return ours


def store_told(tx: Tx, asker: Asker, ids: Sequence[int], modules: Sequence[Module]) -> None:
    """Stores the numbers. A row that somebody else holds meanwhile takes a clear answer all the same."""
    now, wall = asker.watch.now, asker.watch.wall
    by_object = {module.object_id: module for module in modules}
    numbers = waybills.known_numbers(tx, asker.shop_id, asker.account.carrier_code, [module.number for module in modules])
    given = set[str]()
    for row in waybills.locked(tx, asker.shop_id, ids):
        module = by_object.get(row.object_id)
        if module is None or module.number in given or numbers.get(module.number, row.waybill_id) != row.waybill_id:
            _unsure(tx, asker, row, _odd(module))
            continue
        given.add(module.number)
        if row.at in _ASKABLE:
            _hold(tx, asker, row, module)
        elif row.number is not None and row.number != module.number and waybills.insert_stray(tx, row, module.number, now, wall) is not None:
            write(tx, row, WaybillDoubled(row.carrier, module.number, row.number), now, asker.by)
    wake(tx, asker.shop_id, [])


def _hold(tx: Tx, asker: Asker, row: StoredWaybill, module: Module) -> None:
    now = asker.watch.now
    sealed = seal(asker.house, module.print_data) if is_for_the_component_alone(module.print_data) else None
    moved(tx, row, NumberEvent.TOLD, now, number=module.number, print_data=sealed, told_at=now)
    write(tx, row, WaybillTaken(row.carrier, module.number, row.asked_times), now, asker.by)


def _odd(module: Module | None) -> Say:
    if module is None:
        return say("The platform's answer left this number out. It is asked again by itself.")
    return say("The platform named {number}, which another parcel has. It is asked again by itself.", number=module.number)


def _failed(tx: Tx, asker: Asker, ids: Sequence[int], problem: PlatformError, cut_off: frozenset[int]) -> None:
    """Lost, or refused. A refusal ends only what no earlier lost answer may have brought."""
    for row in waybills.locked(tx, asker.shop_id, ids):
        if row.holder != asker.holder or row.at not in _ASKABLE:
            continue
        if problem.may_have_acted:
            _unsure(tx, asker, row, say("The platform's answer was lost; the same number is asked for again by itself in a moment."))
        elif row.at is NumberState.UNSURE or row.waybill_id in cut_off:
            _unsure(tx, asker, row, problem.say)
        else:
            moved(tx, row, NumberEvent.REFUSED, asker.watch.now, because=problem.say)


def _not_asked(tx: Tx, asker: Asker, row: StoredWaybill, why: Unreadable) -> None:
    """The platform was not asked for this one now: nothing to ask with, or the order may not have a number."""
    held = waybills.locked(tx, asker.shop_id, [row.waybill_id])[0]
    if held.holder != asker.holder or held.at not in _ASKABLE:
        return
    if held.asked_times == 0:
        moved(tx, held, NumberEvent.REFUSED, asker.watch.now, because=why.why)
    elif why.for_good:
        if held.at is NumberState.ASKED:
            held = moved(tx, held, NumberEvent.ANSWER_LOST, asker.watch.now)
        _give_up(tx, asker, held, why.why)
    else:
        _unsure(tx, asker, held, why.why)


def _unsure(tx: Tx, asker: Asker, row: StoredWaybill, because: Say) -> None:
    """Asked for again later, longer each time; never for ever."""
    if row.at not in _ASKABLE:
        return
    if row.tries >= MOST_TRIES:
        if row.at is NumberState.ASKED:
            row = moved(tx, row, NumberEvent.ANSWER_LOST, asker.watch.now)
        _give_up(tx, asker, row, because)
        return
    look_at = asker.watch.wall + backed_off(row.tries)
    moved(tx, row, NumberEvent.ANSWER_LOST, asker.watch.now, because=because, look_at=look_at, tries=row.tries + 1)


def _give_up(tx: Tx, asker: Asker, row: StoredWaybill, because: Say) -> None:
    moved(tx, row, NumberEvent.BEYOND_ASKING, asker.watch.now, because=because)
    write(tx, row, WaybillLost(row.carrier), asker.watch.now, asker.by)


def _apart(row: StoredWaybill, told: Mapping[str, Told]) -> Unreadable | None:
    why = one_place([each for no in row.order_nos if isinstance(each := told[no], Receiver)])
    return None if why is None else Unreadable(why, for_good=True)


def _goods_of(asker: Asker, rows: Sequence[StoredWaybill]) -> dict[int, tuple[tuple[str, int], ...]]:
    """What is in each parcel, as the shop's goods are called: nothing of the buyer's."""
    nos = [no for row in rows for no in row.order_nos]
    with asker.house.pool.connection() as tx:
        orders, lines = around.orders(tx, asker.shop_id, nos), around.lines(tx, asker.shop_id, nos)
    found = {}
    for row in rows:
        goods: list[tuple[str, int]] = []
        for no in row.order_nos:
            if lines.get(no):
                goods += [(line.facts.title or line.facts.goods_id or "—", line.facts.quantity or 1) for line in lines[no]]
            elif no in orders:
                goods.append((orders[no].facts.title or orders[no].facts.goods_id or "—", orders[no].facts.quantity or 1))
        found[row.waybill_id] = tuple(goods) or (("—", 1),)
    return found


def postponed(tx: Tx, row: StoredWaybill, because: Say, wall: datetime) -> None:
    """A row of ours looked at again later, since the platform cannot be asked at all now."""
    look_at = wall + backed_off(row.tries)
    kept(tx, msgspec.structs.replace(row, holder=None, leased_until=None, look_at=look_at, tries=row.tries + 1, because=packed(because)))
