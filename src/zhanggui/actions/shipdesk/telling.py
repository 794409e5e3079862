"""The platform is told the numbers, once: through the door out in a connected shop, by a bulk-shipping file in any other. Every number is checked first."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide
from zhanggui.actions.outbox.kinds import limits_in
from zhanggui.actions.platform import access_to
from zhanggui.actions.pre_checking import pre_checked_list
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.desk import MOST
from zhanggui.actions.shipdesk.following import follow_orders
from zhanggui.actions.shipping_slips import MadeFile, SlipReport, check_slips, make_shipping_file
from zhanggui.connectors.files.bulk_shipping import SheetForm
from zhanggui.connectors.files.slips import Slip
from zhanggui.core.acts import ActKind, ActLevel, Ship
from zhanggui.core.batches import Step
from zhanggui.core.facts import Place
from zhanggui.core.numbers import Verdict
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import act_limits, ship_batches, shipdesk
from zhanggui.records.db import Tx, transact

_ON_THE_WAY = frozenset({Step.PACK.value, Step.HAND_OVER.value, Step.AWAY.value})


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the numbers: sent on their way, or kept with a reason. `warned` may go once a person has looked."""

    sent: tuple[str, ...]
    warned: tuple[tuple[str, Say], ...]
    blocked: tuple[tuple[str, Say], ...]


def tell_platform(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime, wall: datetime, *, include: Collection[str] = ()) -> Told:
    """Decides to upload the number of each of these orders, all in one transaction: good ones, and warned ones that are in `include`. The platform is asked
    beforehand what it thinks of each number, as far as its limits allow.

    The same decision twice is one act. Raises Refused where the shop is not connected, or the door is closed to it.
    """
    by.need(Permission.SHIPPING_UPLOAD, shop_id)
    access_to(house, shop_id, now)
    report = pre_checked_list(house, by, shop_id, check_slips(house, by, shop_id, _slips(house, shop_id, order_nos), now), now, wall)
    good = [row.slip for row in report.rows if row.verdict is Verdict.OK or (row.verdict is Verdict.WARN and row.slip.order_no in include)]

    def work(tx: Tx) -> tuple[str, ...]:
        for slip in good:
            decide(tx, house, by, shop_id, Ship(order_no=slip.order_no, tracking_no=slip.tracking_no, carrier=slip.carrier), now)
        return tuple(slip.order_no for slip in good)

    sent = transact(house.pool, work)
    return Told(sent=sent, warned=_reasons(report, Verdict.WARN, sent), blocked=_reasons(report, Verdict.BLOCK, sent))


def not_to_tell(house: House, by: Person, shop_id: ShopId) -> Say | None:
    """Why this person cannot upload numbers of the shop through the platform now, None where nothing is in the way but perhaps the number itself."""
    if not by.may(Permission.SHIPPING_UPLOAD, shop_id):
        return say("You may not upload numbers here; make the file, or ask an owner.")
    with house.pool.connection() as tx:
        if not act_limits.switch(tx).is_open:
            return say("Everything automatic is switched off for the whole house. A keeper of the house can switch it on again under Automatic handling.")
        if limits_in(tx, [shop_id])[shop_id, ActKind.SHIP_UPLOAD].level is ActLevel.OFF:
            return say("Uploading is off in this shop. An owner can let it be suggested under Automatic handling; until then, make the file.")
    return None


def would_be_filed(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime, *, include: Collection[str] = ()) -> Told:
    """What would become of these orders' numbers in a file made now; nothing is made yet. Raises Refused where there are no numbers to tell."""
    report = check_slips(house, by, shop_id, _slips(house, shop_id, order_nos), now)
    if not report.rows:
        raise Refused(say("None of these orders has a number that the platform has yet to be told."))
    sent = tuple(row.slip.order_no for row in report.rows if row.verdict is Verdict.OK or (row.verdict is Verdict.WARN and row.slip.order_no in include))
    return Told(sent=sent, warned=_reasons(report, Verdict.WARN, sent), blocked=_reasons(report, Verdict.BLOCK, sent))


def file_for_platform(
    house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], form: SheetForm, now: datetime, *, include: Collection[str] = ()
) -> MadeFile:
    """The bulk-shipping file of all these orders' numbers, and the note at each of them that it stands in one. Raises Refused where one may not go in."""
    slips = _slips(house, shop_id, order_nos)
    expected = frozenset(slip.order_no for slip in slips)
    made = make_shipping_file(house, by, shop_id, slips, form, now, include=frozenset(include), expected=expected)
    if not made.content:
        raise Refused(say("None of these numbers may go into a file. Look at the reasons beside them."))

    def work(tx: Tx) -> None:
        nos = [row.slip.order_no for row in made.rows]
        ship_batches.filed(tx, shop_id, nos, now)
        follow_orders(tx, shop_id, nos)

    transact(house.pool, work)
    return made


def _slips(house: House, shop_id: ShopId, order_nos: Sequence[str]) -> list[Slip]:
    """Carrier and number of each order that is on its way out and that the platform has not been told of."""
    if len(order_nos) > MOST:
        raise Refused(say("At most {most} orders are taken in one go.", most=MOST))
    with house.pool.connection() as tx:
        rows = shipdesk.of_orders(tx, shop_id, order_nos)
    ready = [row for no in order_nos if (row := rows.get(no)) is not None and row.step in _ON_THE_WAY and not row.is_told and row.tracking_no]
    return [Slip(row.order_no, row.carrier, row.tracking_no or "", Place("", None, None)) for row in ready]


def _reasons(report: SlipReport, verdict: Verdict, sent: Collection[str]) -> tuple[tuple[str, Say], ...]:
    return tuple((row.slip.order_no, row.reasons[0]) for row in report.of(verdict) if row.slip.order_no not in sent)
