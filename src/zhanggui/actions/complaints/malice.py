"""Which orders to complain about as malicious: those with signs whose win takes most out of the quality refund rate for the rest of its thirty days."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.complaints.opening import Complaint, open_complaint
from zhanggui.actions.complaints.quota import chances_now, quota_now
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.advice.book import AdviceBook
from zhanggui.core.advice.indicators import QUALITY
from zhanggui.core.advice.reading import grievance_of
from zhanggui.core.complaints.malice import Malice, MaliceKind, chance_with, malice_of
from zhanggui.core.complaints.ranking import WINDOW, Candidate, Gain, gains, picked
from zhanggui.core.complaints.states import ComplaintKind, ComplaintState
from zhanggui.core.complaints.terms import Quota
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import abnormal_orders, advice, around, complaints, locks, malice
from zhanggui.records.complaints import ComplaintRecord
from zhanggui.records.db import Tx, transact
from zhanggui.rulebook.complaints import malice_terms

DOUBTFUL = 0.5
"""What a reason weighs of which no source settles whether it counts."""
_WITHOUT_END = Quota(3000, 0, 0)
_AT_ONCE = 500
"""So many orders' talks are read at a time."""


class Suspect(msgspec.Struct, frozen=True, kw_only=True):
    """An order that counts and bears signs; `worth` is what the win is worth by the shop's price of a point."""

    gain: Gain
    case: AftersaleFacts
    signs: tuple[Malice, ...]
    title: str | None
    chance: float
    is_doubtful: bool
    is_picked: bool
    worth: Fen
    complaint_no: int | None
    """Where it stands in the register already."""


class MalicePlan(msgspec.Struct, frozen=True, kw_only=True):
    """The suspects, best first; how many are left; the rate now, and what it would be if every pick were won."""

    suspects: tuple[Suspect, ...]
    quota: Quota
    to_file: int
    """Those that wait on the register to be filed: each takes one of those that are left."""
    counted: int
    formed: int
    cite: str | None
    without_signs: int
    """Orders that count and bear no sign: nothing is to be complained about there."""

    @property
    def percent(self) -> float | None:
        """The rate as far as our data show it."""
        return 100 * self.counted / self.formed if self.formed else None

    @property
    def percent_after(self) -> float | None:
        """The rate if every pick were won."""
        picks = sum(each.is_picked for each in self.suspects)
        return 100 * (self.counted - picks) / self.formed if self.formed else None


def malice_plan(house: House, by: Person, shop_id: ShopId, now: datetime) -> MalicePlan:
    """What the rest of the month's complaints is best spent on. What a buyer wrote is told to those alone who may read the talk."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        book = rulebook_in(tx, house, shop_id).advice
        refunded = _refunded(tx, shop_id, book, now)
        listed = _listed(tx, shop_id, refunded)
        counting = {no: found for no, found in refunded.items() if no not in listed or listed[no].state != ComplaintState.WON.value}
        to_file = complaints.count(tx, shop_id, [ComplaintState.TO_FILE.value], ComplaintKind.MALICIOUS_ORDER.value)
        formed = advice.formed(tx, shop_id, now - WINDOW, now)
        quota = quota_now(tx, shop_id, ComplaintKind.MALICIOUS_ORDER, now) or _WITHOUT_END
        signs = _signs(tx, shop_id, refunded, counting)
        suspects = _suspects(tx, shop_id, {no: counting[no] for no in signs}, signs, listed, formed, max(0, quota.left - to_file), book, now)
        version = book.metric_at(QUALITY, now)
    return MalicePlan(
        suspects=suspects if by.may(Permission.CONVERSATIONS_READ, shop_id) else tuple(map(_without_words, suspects)),
        quota=quota,
        to_file=to_file,
        counted=len(counting),
        formed=formed,
        cite=None if version is None else version.cite,
        without_signs=len(counting) - len(suspects),
    )


def _refunded(tx: Tx, shop_id: ShopId, book: AdviceBook, now: datetime) -> dict[str, tuple[AftersaleFacts, bool]]:
    """The refunded cases that count in the rate until a complaint about them is won, by order, and whether that is in doubt."""
    version = book.metric_at(QUALITY, now)
    found: dict[str, tuple[AftersaleFacts, bool]] = {}
    for case in malice.cases(tx, shop_id, AftersaleState.REFUNDED.value, now - WINDOW) if version else ():
        grievance = grievance_of(case.reason or "", case.kind or AftersaleKind.UNKNOWN, book).kind
        is_counted, is_doubtful = version is not None and grievance in version.reasons, version is not None and grievance in version.doubtful
        if case.order_no and (is_counted or is_doubtful) and case.shipped is not False:
            found.setdefault(case.order_no, (case, is_doubtful))
    return found


def _listed(tx: Tx, shop_id: ShopId, refunded: Mapping[str, tuple[AftersaleFacts, bool]]) -> dict[str, ComplaintRecord]:
    """What the register holds of these orders: of several of one order the one that was won, else the latest."""
    rows = [row for row in complaints.of_orders(tx, shop_id, sorted(refunded)) if row.kind == ComplaintKind.MALICIOUS_ORDER.value]
    return {row.order_no: row for row in sorted(rows, key=lambda row: (row.state == ComplaintState.WON.value, row.complaint_no))}


def _signs(
    tx: Tx, shop_id: ShopId, refunded: Mapping[str, tuple[AftersaleFacts, bool]], counting: Mapping[str, tuple[AftersaleFacts, bool]]
) -> dict[str, tuple[Malice, ...]]:
    """The signs of each order that counts and bears any. How often its buyer asked tells of every refund, also of one whose complaint was won."""
    terms, nos = malice_terms(), sorted(counting)
    repeats = Counter(case.buyer_masked for case, _ in refunded.values() if case.buyer_masked)
    found: dict[str, tuple[Malice, ...]] = {}
    for some in (nos[start : start + _AT_ONCE] for start in range(0, len(nos), _AT_ONCE)):
        messages, abnormal = around.messages(tx, shop_id, some), abnormal_orders.of_orders(tx, shop_id, some)
        for no in some:
            buyer, told = counting[no][0].buyer_masked, (one.facts for one in messages.get(no, ()))
            shared = abnormal[no].signs if no in abnormal else ()
            found[no] = malice_of(told, shared, repeats[buyer] if buyer else 0, terms)
    return {no: signs for no, signs in found.items() if signs}


def _suspects(
    tx: Tx,
    shop_id: ShopId,
    suspected: Mapping[str, tuple[AftersaleFacts, bool]],
    signs: Mapping[str, tuple[Malice, ...]],
    listed: Mapping[str, ComplaintRecord],
    formed: int,
    left: int,
    book: AdviceBook,
    now: datetime,
) -> tuple[Suspect, ...]:
    terms = malice_terms()
    base = chances_now(tx, shop_id, now)[ComplaintKind.MALICIOUS_ORDER].share
    orders = around.orders(tx, shop_id, sorted(suspected))
    candidates = []
    for no, (case, is_doubtful) in suspected.items():
        order = orders[no].facts if no in orders else None
        chance = chance_with(base, len(signs[no]), terms) * (DOUBTFUL if is_doubtful else 1.0)
        began = (order.group_formed_at or order.paid_at if order else None) or case.applied_at or now
        candidates.append(Candidate(order_no=no, case_no=case.case_no, counts_from=began, signs=len(signs[no]), chance=chance))
    ranked = gains(candidates, formed, now, answer_takes=timedelta(days=terms.answer_days))
    picks = {gain.order_no for gain in picked([gain for gain in ranked if gain.order_no not in listed], left)}
    chances = {each.order_no: each.chance for each in candidates}
    price = 100 * book.terms.indicators["quality"].point_fen
    return tuple(
        Suspect(
            gain=gain,
            case=suspected[gain.order_no][0],
            signs=signs[gain.order_no],
            title=orders[gain.order_no].facts.title if gain.order_no in orders else None,
            chance=chances[gain.order_no],
            is_doubtful=suspected[gain.order_no][1],
            is_picked=gain.order_no in picks,
            worth=Fen(round(price * chances[gain.order_no] * gain.days / (WINDOW / timedelta(days=1)))),
            complaint_no=listed[gain.order_no].complaint_no if gain.order_no in listed else None,
        )
        for gain in ranked
    )


def _without_words(suspect: Suspect) -> Suspect:
    """The suspect with its signs, and nothing of what its buyer wrote."""
    signs = tuple(Malice(sign.kind, "") if sign.kind is MaliceKind.THREAT else sign for sign in suspect.signs)
    return msgspec.structs.replace(suspect, signs=signs)


def take_malicious(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> int:
    """Puts these suspects onto the register, each with its signs; how many were. Raises Refused where one is none of them."""
    by.need(Permission.COMPLAINTS_WRITE, shop_id)
    if not order_nos:
        raise Refused(say("Tick an order first."))
    plan = {suspect.gain.order_no: suspect for suspect in malice_plan(house, by, shop_id, now).suspects}
    if any(no not in plan for no in order_nos):
        raise Refused(say("This order does not count in the rate, or bears no sign any more. Look at the list again."))

    def work(tx: Tx) -> int:
        locks.share_shop(tx, shop_id)
        for no in order_nos:
            open_complaint(tx, house, by, shop_id, _complaint(plan[no]), now)
        return len(order_nos)

    return transact(house.pool, work)


_WITHOUT_WORDS = say("The buyer threatened in the chat; the words stand there.")
"""What a buyer wrote is copied nowhere."""


def sign_said(sign: Malice) -> Say:
    """A sign as a sentence."""
    match sign.kind:
        case MaliceKind.THREAT:
            return say("The buyer wrote: {told}", told=sign.told)
        case MaliceKind.CLUSTER:
            return say("{told} orders share its receiver, its address or its minute.", told=sign.told)
        case _:
            return say("The same masked buyer had {told} quality refunds within thirty days.", told=sign.told)


def _complaint(suspect: Suspect) -> Complaint:
    return Complaint(
        kind=ComplaintKind.MALICIOUS_ORDER,
        order_no=suspect.gain.order_no,
        case_no=suspect.gain.case_no,
        because=_WITHOUT_WORDS if suspect.signs[0].kind is MaliceKind.THREAT else sign_said(suspect.signs[0]),
        at_stake=Fen(0),
        noticed_at=None,
    )
