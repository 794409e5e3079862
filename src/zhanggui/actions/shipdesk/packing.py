"""The packing check: the waybill is scanned, then the goods, then perhaps the weight; a refund that came meanwhile stops it here."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.dispatching import find_dispatch, packed, unpacked
from zhanggui.actions.goods.packing import Line, Packing, packing_facts, weighed
from zhanggui.actions.house import House
from zhanggui.core.batches.packing import Answer, Ordered, Tone, is_code, put_in, weight_in
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.dispatch import Dispatch, DispatchState
from zhanggui.core.numbers import as_number
from zhanggui.core.say import Say, say
from zhanggui.estimates.weights import Range
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, items, journal, ship_parts, shipdesk
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.shipdesk import PartPacked
from zhanggui.records.ship_parts import PartRow

_HERE = (DispatchState.PRINTED, DispatchState.PACKED)


class Packer(msgspec.Struct, frozen=True, kw_only=True):
    """What the page carries from scan to scan: the waybill, the pieces counted so far, the weight; and whether every parcel has to be weighed."""

    code: str = ""
    counts: tuple[int, ...] = ()
    weight_g: int | None = None
    weighs: bool = False


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel before whoever packs it: what belongs in, what is in, and what is said of it."""

    packer: Packer
    tone: Tone
    said: Say
    because: Say | None = None
    order_nos: tuple[str, ...] = ()
    tracking_no: str | None = None
    carrier: str | None = None
    lines: tuple[Line, ...] = ()
    expected: Range | None = None
    notes: tuple[str, ...] = ()
    is_done: bool = False
    may_force: bool = False
    """Whether only the weight speaks against it, which a person may overrule."""
    part: int = 1
    of: int = 1
    """Which of how many parcels of its order."""

    @property
    def may_close(self) -> bool:
        """Whether it may be closed though not everything is in: the rest goes into another parcel."""
        return self.of > 1 and self.is_open and any(self.packer.counts)

    @property
    def is_open(self) -> bool:
        """Whether a parcel waits for goods."""
        return bool(self.order_nos) and not self.is_done and self.tone is not Tone.STOP


BLANK = say("Scan a waybill")


def scan(
    house: House, by: Person, shop_id: ShopId, packer: Packer, text: str, now: datetime, wall: datetime | None, *, force: bool = False, close: bool = False
) -> Check:
    """What this scan does: it opens a parcel, counts a piece, or tells the weight. Once all is in, the parcel is closed, if the facts still let it leave.

    `close`: one of several parcels of an order is full, and the rest goes into another.
    """
    by.need(Permission.SHIPPING_WRITE, shop_id)
    told = text.strip()
    if not packer.code:
        return opened(house, by, shop_id, told, now, weighs=packer.weighs) if told else Check(packer=packer, tone=Tone.CALM, said=BLANK)
    found = _parcel(house, by, shop_id, packer.code, now)
    if isinstance(found, Check):
        return msgspec.structs.replace(found, packer=Packer(weighs=packer.weighs))
    if force or (close and found.parts):
        return _close(house, by, shop_id, found, packer, now, wall)
    grams = _grams(house, shop_id, found.lines, told)
    if grams is not None:
        return _weighed(house, by, shop_id, found, msgspec.structs.replace(packer, weight_g=grams), now, wall)
    counts = packer.counts if len(packer.counts) == len(found.lines) else (0,) * len(found.lines)
    answer = put_in(_ordered(found.lines), counts, told)
    if answer.tone is Tone.STOP:
        other = _parcel(house, by, shop_id, told, now)
        if not isinstance(other, Check):
            return msgspec.structs.replace(
                opened(house, by, shop_id, told, now, weighs=packer.weighs),
                tone=Tone.WARN,
                said=say("The parcel before was not finished; it is not packed. This is another one."),
            )
    return _counted(house, by, shop_id, found, msgspec.structs.replace(packer, counts=answer.counts), answer, now, wall)


def taken_out(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> None:
    """What was packed is not packed after all; of an order in several parcels all of them are open again."""
    unpacked(house, by, shop_id, order_nos, now)
    transact(house.pool, lambda tx: ship_parts.unpacked(tx, shop_id, order_nos))


def opened(house: House, by: Person, shop_id: ShopId, code: str, now: datetime, *, weighs: bool = False) -> Check:
    """The parcel of this waybill, or why it must not be packed."""
    found = _parcel(house, by, shop_id, code, now)
    if isinstance(found, Check):
        return msgspec.structs.replace(found, packer=Packer(weighs=weighs))
    packer = Packer(code=code.strip(), counts=(0,) * len(found.lines), weighs=weighs)
    pieces = sum(line.quantity for line in found.lines)
    return _check(found, packer, Tone.CALM, say("To put in: {pieces}", pieces=pieces))


class _Parcel(msgspec.Struct, frozen=True, kw_only=True):
    dispatches: tuple[Dispatch, ...]
    lines: tuple[Line, ...]
    expected: Range | None
    notes: tuple[str, ...]
    part: int = 1
    parts: tuple[PartRow, ...] = ()
    """The parcels of an order that goes in several; none where it goes in one."""
    places: tuple[int, ...] = ()
    """Of such an order: which of all its lines each of those shown is."""

    def put_in(self, counts: Sequence[int]) -> tuple[int, ...]:
        """By line of the whole order, how many pieces these are."""
        shown = dict(zip(self.places, counts, strict=False))
        return tuple(shown.get(place, 0) for place in range(max(self.places, default=-1) + 1))

    @property
    def others_open(self) -> tuple[int, ...]:
        """The other parcels of the order that are not closed yet."""
        return tuple(row.part for row in self.parts if row.part != self.part and row.packed_at is None)


def _parcel(house: House, by: Person, shop_id: ShopId, code: str, now: datetime) -> "_Parcel | Check":
    """Everything that travels with this number, or what has to be said instead."""
    dispatch = find_dispatch(house, by, shop_id, as_number(code), now) or find_dispatch(house, by, shop_id, code.strip(), now)
    nobody = Packer()
    if dispatch is None or dispatch.state is None:
        return Check(packer=nobody, tone=Tone.STOP, said=say("No label with {code} was printed here.", code=code.strip()[:40]))
    if dispatch.state not in _HERE:
        return _stopped(dispatch)
    with house.pool.connection() as tx:
        parts = ship_parts.of_orders(tx, shop_id, [dispatch.order_no]).get(dispatch.order_no, ())
        found = _read(tx, shop_id, dispatch)
    return _of_several(found, parts, as_number(code)) if parts else found


def _of_several(found: _Parcel, parts: tuple[PartRow, ...], number: str) -> _Parcel:
    """One parcel of an order that goes in several: what the others hold does not belong in."""
    part = next((row.part for row in parts if row.tracking_no == number), 1)
    elsewhere = [sum(row.put_in[place] for row in parts if row.part != part and row.packed_at and place < len(row.put_in)) for place in range(len(found.lines))]
    left = [msgspec.structs.replace(line, quantity=max(0, line.quantity - elsewhere[place])) for place, line in enumerate(found.lines)]
    places = tuple(place for place, line in enumerate(left) if line.quantity)
    carried = next((row for row in parts if row.part == part and part > 1), None)
    dispatches = found.dispatches
    if carried is not None:
        dispatches = tuple(msgspec.structs.replace(each, tracking_no=carried.tracking_no, carrier=carried.carrier or each.carrier) for each in dispatches)
    lines = tuple(left[place] for place in places)
    return msgspec.structs.replace(found, dispatches=dispatches, lines=lines, expected=None, part=part, parts=parts, places=places)


def _stopped(dispatch: Dispatch) -> Check:
    """What has to be done with a parcel that is not to be packed."""
    said = {
        DispatchState.TO_DESTROY: say("Stop: it must not leave. Put the parcel aside and destroy its label."),
        DispatchState.DESTROYED: say("Stop: its label was destroyed. It must not leave with it."),
        DispatchState.HANDED_OVER: say("It was handed to the carrier already."),
        DispatchState.RECALLED: say("The parcel came back. Print a new label before it leaves again."),
    }
    state = dispatch.state or DispatchState.HANDED_OVER
    no, number = dispatch.order_no, dispatch.tracking_no
    return Check(packer=Packer(), tone=Tone.STOP, said=said[state], because=dispatch.because, order_nos=(no,), tracking_no=number)


def _read(tx: Tx, shop_id: ShopId, dispatch: Dispatch) -> _Parcel:
    together = shipdesk.of_number(tx, shop_id, dispatch.tracking_no) if dispatch.tracking_no else []
    nos = [row.order_no for row in together if row.step in ("pack", "hand_over")] or [dispatch.order_no]
    facts = packing_facts(tx, shop_id, nos)
    orders = around.orders(tx, shop_id, nos)
    notes = [note for no in nos if no in orders for note in (orders[no].facts.buyer_note, orders[no].facts.seller_note) if note]
    expected = facts[nos[0]].expected_weight if len(nos) == 1 and nos[0] in facts else None
    return _Parcel(
        dispatches=tuple(msgspec.structs.replace(dispatch, order_no=no) for no in nos),
        lines=_merged([facts[no] for no in nos if no in facts]),
        expected=expected,
        notes=tuple(dict.fromkeys(notes)),
    )


def _grams(house: House, shop_id: ShopId, lines: Sequence[Line], told: str) -> int | None:
    """The weight that was told; None where it is a code of goods, of this parcel or of any others of the shop."""
    grams = weight_in(told)
    if grams is None or is_code(_ordered(lines), told):
        return None
    with house.pool.connection() as tx:
        return None if items.of_number(tx, shop_id, told, 1) else grams


def _merged(packings: Sequence[Packing]) -> tuple[Line, ...]:
    """The lines of all orders of the parcel; one SKU is one line."""
    found: dict[tuple[object, ...], Line] = {}
    for packing in packings:
        for line in packing.lines:
            key = (line.sku_key or line.barcodes or (line.title, line.spec),)
            earlier = found.get(key)
            found[key] = line if earlier is None else msgspec.structs.replace(earlier, quantity=earlier.quantity + line.quantity)
    return tuple(found.values())


def _ordered(lines: Sequence[Line]) -> list[Ordered]:
    return [Ordered(line.barcodes, line.quantity) for line in lines]


def _counted(house: House, by: Person, shop_id: ShopId, found: _Parcel, packer: Packer, answer: Answer, now: datetime, wall: datetime | None) -> Check:
    if answer.tone is Tone.STOP or not answer.is_complete(_ordered(found.lines)):
        return _check(found, packer, answer.tone, answer.said)
    if packer.weighs and packer.weight_g is None:
        return _check(found, packer, Tone.CALM, say("All in. Now the weight"))
    return _weighed(house, by, shop_id, found, packer, now, wall)


def _weighed(house: House, by: Person, shop_id: ShopId, found: _Parcel, packer: Packer, now: datetime, wall: datetime | None) -> Check:
    """Closes the parcel where all is in and the weight is what it should be."""
    if found.parts and any(packer.counts):
        return _close(house, by, shop_id, found, packer, now, wall)
    if tuple(packer.counts) != tuple(line.quantity for line in found.lines):
        left = sum(line.quantity for line in found.lines) - sum(packer.counts)
        return _check(found, packer, Tone.WARN, say("{left} pieces are missing still.", left=left))
    if packer.weight_g is not None and found.expected is not None and not found.expected.holds(packer.weight_g):
        said = say(
            "{weight} g, but such a parcel weighs {low} to {high} g. Look inside.",
            weight=packer.weight_g,
            low=found.expected.low_g,
            high=found.expected.high_g,
        )
        return msgspec.structs.replace(_check(found, packer, Tone.STOP, said), may_force=True)
    return _close(house, by, shop_id, found, packer, now, wall)


def _close(house: House, by: Person, shop_id: ShopId, found: _Parcel, packer: Packer, now: datetime, wall: datetime | None) -> Check:
    """The parcel is closed, if the facts still let every order of it leave."""
    if found.parts:
        return _close_one(house, by, shop_id, found, packer, now, wall)
    weight = packer.weight_g if len(found.dispatches) == 1 else None
    outcomes = packed(house, by, shop_id, [dispatch.order_no for dispatch in found.dispatches], weight, now, wall)
    against = [outcome for outcome in outcomes if not outcome.done]
    blank = Packer(weighs=packer.weighs)
    if against:
        return _check(found, blank, Tone.STOP, against[0].why or say("Stop: it must not leave."))
    if weight is not None:
        transact(house.pool, lambda tx: weighed(tx, shop_id, found.dispatches[0].order_no, weight, now))
    minded = [outcome.why for outcome in outcomes if outcome.why is not None]
    done = _check(found, blank, Tone.WARN if minded else Tone.GOOD, minded[0] if minded else say("Packed"))
    return msgspec.structs.replace(done, is_done=True)


def _close_one(house: House, by: Person, shop_id: ShopId, found: _Parcel, packer: Packer, now: datetime, wall: datetime | None) -> Check:
    """One of several parcels of an order is closed; with the last of them the order is packed."""
    order_no, counts = found.dispatches[0].order_no, tuple(packer.counts)
    left = sum(line.quantity for line in found.lines) - sum(counts)
    if not left and found.others_open:
        said = say(
            "All is in here, so that nothing is left for parcel {part}. Take something out, or take that parcel off in its batch.", part=found.others_open[0]
        )
        return _check(found, packer, Tone.WARN, said)
    if left and not found.others_open:
        return _check(found, packer, Tone.WARN, say("{left} pieces are missing still.", left=left))
    blank = Packer(weighs=packer.weighs)
    if not left:
        outcome = packed(house, by, shop_id, order_no, None, now, wall)[0]
        if not outcome.done:
            return _check(found, blank, Tone.STOP, outcome.why or say("Stop: it must not leave."))

    def work(tx: Tx) -> None:
        ship_parts.packed(tx, shop_id, order_no, found.part, found.put_in(counts), packer.weight_g, by=by.person_id, now=now)
        entry = PartPacked(found.part, sum(counts))
        journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)

    transact(house.pool, work)
    if not left:
        return msgspec.structs.replace(_check(found, blank, Tone.GOOD, say("Packed: all {parcels} parcels", parcels=len(found.parts))), is_done=True)
    said = say("Parcel {part} of {parcels} is closed. {left} pieces go into the next; scan its waybill.", part=found.part, parcels=len(found.parts), left=left)
    return msgspec.structs.replace(_check(found, blank, Tone.GOOD, said), is_done=True)


def _check(found: _Parcel, packer: Packer, tone: Tone, said: Say) -> Check:
    return Check(
        packer=packer,
        tone=tone,
        said=said,
        order_nos=tuple(dispatch.order_no for dispatch in found.dispatches),
        tracking_no=found.dispatches[0].tracking_no,
        carrier=found.dispatches[0].carrier,
        lines=found.lines,
        expected=found.expected,
        notes=found.notes,
        part=found.part,
        of=len(found.parts) or 1,
    )
