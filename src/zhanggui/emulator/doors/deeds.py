"""What those who steer may make happen: buyers ask, chase and rate, the seller acts in the back office, the platform steps in."""

from collections.abc import Callable

import msgspec

from zhanggui.emulator.doors.chat_shapes import conversation_id
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.seeded import between, salt
from zhanggui.emulator.world import answering, asking, buying, objecting, quarrelling, rating
from zhanggui.emulator.world.carriers import fresh_number, main_carriers
from zhanggui.emulator.world.cases import Case
from zhanggui.emulator.world.chats import talking
from zhanggui.emulator.world.chats.manner import manner
from zhanggui.emulator.world.chats.talks import NO_ORDER
from zhanggui.emulator.world.orders import NO_REFUND, RECEIVED, SHIPPED, TO_SHIP
from zhanggui.emulator.world.sending import Label, Objection
from zhanggui.emulator.world.travel import receive, stop
from zhanggui.emulator.world.world import World

AFTER = salt("talks begin after")


class Deed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to make happen."""

    act: str
    shop_id: int = 0
    order_sn: str = ""
    after_sales_id: int = 0
    kind: int = 1
    many: int = 1
    reason: str = ""
    text: str = ""
    pictures: int = 0
    scores: tuple[int, int, int] = (5, 5, 5)
    fen: int = 0
    want: str = ""
    temper: str = ""
    within: int = 0


class Done(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of it."""

    act: str
    orders: list[str] = []
    after_sales_id: int = 0
    status: int = 0
    fen: int = 0
    parcel: objecting.Parcel | None = None
    talks: list[str] = []


Do = Callable[[World, Deed], Done]


def do(platform: Platform, deed: Deed) -> Done:
    """Make it happen now, or say why it cannot."""
    world = platform.worlds.get(deed.shop_id) if deed.shop_id else platform.first
    if world is None:
        raise Objection("NO_SUCH_SHOP", f"shop_id {deed.shop_id}")
    if deed.act == "token.expires":
        platform.tokens.expire(world.mall_id, world.now)
        return Done(deed.act)
    if deed.act not in DEEDS:
        raise Objection("NO_SUCH_DEED", f"acts: token.expires, {', '.join(DEEDS)}")
    return DEEDS[deed.act](world, deed)


def _row(world: World, deed: Deed) -> int:
    """The order a deed is about."""
    row = world.row_of(deed.order_sn)
    if row is None:
        raise Objection("NO_SUCH_ORDER", deed.order_sn)
    return row


def _case(world: World, deed: Deed) -> Case:
    """The case a deed is about: named, or the newest of a named order."""
    ident = deed.after_sales_id or (world.orders.cases.get(_row(world, deed)) or [0])[-1]
    case = world.cases.get(ident)
    if case is None:
        raise Objection("NO_SUCH_CASE", str(ident))
    return case


def _told(deed: Deed, case: Case) -> Done:
    """The case after the deed."""
    return Done(deed.act, after_sales_id=case.case_id, status=case.status)


def _orders_come(world: World, deed: Deed) -> Done:
    """So many orders are placed and formed at once."""
    numbers = []
    for _ in range(min(max(1, deed.many), 100_000)):
        buying.group_formed(world, buying.place_order(world))
        numbers.append(world.order_sn(len(world.orders) - 1))
    return Done(deed.act, orders=numbers[:1000])


def _buyer_asks(world: World, deed: Deed) -> Done:
    """A buyer opens a case: 1 refund only, 2 return and refund, 3 exchange, 4 missing piece, 5 repair."""
    if deed.kind not in asking.FIRST_STATE:
        raise Objection("NO_SUCH_KIND", str(deed.kind))
    case = asking.ask(world, _row(world, deed), deed.kind, deed.reason)
    if case is None:
        raise Objection("CANNOT_ASK", "a case is open, the money is back, or the parcel has not arrived")
    return _told(deed, case)


def _buyer_chases(world: World, deed: Deed) -> Done:
    """A buyer presses for shipping."""
    row = _row(world, deed)
    world.orders.urged_at[row] = world.now
    world.touch(row)
    return Done(deed.act, orders=[deed.order_sn])


def _buyer_moves(world: World, deed: Deed) -> Done:
    """A buyer sends an order to another door."""
    row = _row(world, deed)
    if world.orders.status[row] != TO_SHIP or world.orders.refund[row] != NO_REFUND:
        raise Objection("CANNOT_MOVE", "the order is shipped, or a case is open")
    buying.buyer_moves(world, row)
    return Done(deed.act, orders=[deed.order_sn])


def _buyer_writes(world: World, deed: Deed) -> Done:
    """A buyer leaves a memo."""
    buying.buyer_writes(world, _row(world, deed), deed.text)
    return Done(deed.act, orders=[deed.order_sn])


def _buyer_withdraws(world: World, deed: Deed) -> Done:
    """A buyer withdraws the request."""
    case = _case(world, deed)
    if not case.is_open:
        raise Objection("CASE_CLOSED", str(case.case_id))
    quarrelling.withdraw(world, case)
    return _told(deed, case)


def _buyer_sends_back(world: World, deed: Deed) -> Done:
    """A buyer sends the goods back now."""
    case = _case(world, deed)
    quarrelling.buyer_sends_back(world, case.case_id)
    return _told(deed, case)


def _return_arrives(world: World, deed: Deed) -> Done:
    """The returned parcel is signed for by the seller."""
    case = _case(world, deed)
    quarrelling.return_signed(world, case.case_id)
    return _told(deed, case)


def _buyer_rates(world: World, deed: Deed) -> Done:
    """A buyer rates an order."""
    rating.give_rating(world, _row(world, deed), deed.scores, deed.text)
    return Done(deed.act, orders=[deed.order_sn])


def _buyer_talks(world: World, deed: Deed) -> Done:
    """So many buyers begin to chat within so many seconds: about this order or any that fit, of this want or whatever they have in mind."""
    held = manner()
    if deed.want not in ("", *held.wants) or deed.temper not in ("", *held.tempers):
        raise Objection("NO_SUCH_WANT", f"wants: {', '.join(held.wants)}; tempers: {', '.join(held.tempers)}")
    row = _row(world, deed) if deed.order_sn else NO_ORDER
    begun: list[str] = []
    for _ in range(min(max(1, deed.many), 10_000)):
        after = between(0, max(0, deed.within), world.seed, world.talks.drawn, AFTER)
        try:
            begun.append(conversation_id(world, talking.begin(world, deed.want, deed.temper, row, after)))
        except talking.NoSuchTalkError:
            break
    if not begun:
        raise Objection("NOBODY_WOULD", "no order is at a stage for that, or its buyer is talking already")
    return Done(deed.act, talks=begun)


def _parcel_arrives(world: World, deed: Deed) -> Done:
    """A shipped parcel is signed for at once."""
    row = _row(world, deed)
    if world.orders.status[row] != SHIPPED:
        raise Objection("NOT_ON_ITS_WAY", deed.order_sn)
    receive(world, row)
    return Done(deed.act, orders=[deed.order_sn], status=RECEIVED)


def _parcel_stops(world: World, deed: Deed) -> Done:
    """A shipped parcel is lost where it is."""
    row = _row(world, deed)
    if world.orders.status[row] != SHIPPED:
        raise Objection("NOT_ON_ITS_WAY", deed.order_sn)
    stop(world, row)
    return Done(deed.act, orders=[deed.order_sn], status=SHIPPED)


def _seller_rejects(world: World, deed: Deed) -> Done:
    """The seller rejects a request in the back office, which no method can."""
    case = _case(world, deed)
    answering.reject(world, case, deed.reason or deed.text)
    return _told(deed, case)


def _seller_agrees_to_repair(world: World, deed: Deed) -> Done:
    """The seller agrees in the back office that the goods come to be repaired."""
    case = _case(world, deed)
    answering.agree_to_repair(world, case)
    return _told(deed, case)


def _seller_sends_repaired(world: World, deed: Deed) -> Done:
    """The seller sends the repaired goods back."""
    case = _case(world, deed)
    carrier = main_carriers()[0]
    answering.send_repaired(world, case, Label(carrier.id, fresh_number(carrier, world.seed, case.case_id)))
    return _told(deed, case)


def _seller_agrees_if_refused(world: World, deed: Deed) -> Done:
    """The seller agrees in the back office to pay once the buyer has refused the parcel."""
    case = _case(world, deed)
    answering.agree_if_refused(world, case)
    return _told(deed, case)


def _seller_recalls(world: World, deed: Deed) -> Done:
    """The seller calls the parcel back in the back office, and pays once it is home."""
    case = _case(world, deed)
    answering.recall(world, case)
    return _told(deed, case)


def _seller_shows(world: World, deed: Deed) -> Done:
    """The seller hands in evidence in the back office: once, at most three pictures."""
    case = _case(world, deed)
    answering.hand_in(world, case, answering.Evidence(deed.text, deed.pictures))
    return _told(deed, case)


def _seller_offers(world: World, deed: Deed) -> Done:
    """The seller refuses what is asked and offers part of the money in the back office."""
    case = _case(world, deed)
    objecting.offer(world, case, deed.fen, deed.text)
    return _told(deed, case)


def _seller_gives_in(world: World, deed: Deed) -> Done:
    """The seller pays while the platform looks at the case."""
    case = _case(world, deed)
    answering.give_in(world, case)
    return _told(deed, case)


def _seller_lets_return(world: World, deed: Deed) -> Done:
    """The seller lets the goods of an exchange come back."""
    case = _case(world, deed)
    answering.agree_to_return(world, case, 0)
    return _told(deed, case)


def _seller_proposes(world: World, deed: Deed) -> Done:
    """The seller refuses what is asked and proposes a return, or goods sent again: the reason says which."""
    case = _case(world, deed)
    objecting.propose(world, case, deed.reason, deed.text)
    return _told(deed, case)


def _seller_asks(world: World, deed: Deed) -> Done:
    """The seller asks the buyer to show what is wrong."""
    case = _case(world, deed)
    objecting.ask_buyer(world, case)
    return _told(deed, case)


def _seller_opens(world: World, deed: Deed) -> Done:
    """Somebody opens a returned parcel at the packing table, and sees what is in it."""
    case = _case(world, deed)
    parcel = objecting.open_parcel(world, case)
    return Done(deed.act, after_sales_id=case.case_id, status=case.status, parcel=parcel)


def _seller_appeals(world: World, deed: Deed) -> Done:
    """The seller appeals against a ruling in the back office."""
    case = _case(world, deed)
    objecting.appeal(world, case, answering.Evidence(deed.text, deed.pictures))
    return _told(deed, case)


def _seller_complains(world: World, deed: Deed) -> Done:
    """The seller complains in the back office: of what, the reason says."""
    case = _case(world, deed)
    objecting.complain(world, case, deed.reason, deed.pictures)
    return _told(deed, case)


def _seller_claims(world: World, deed: Deed) -> Done:
    """The seller claims a lost or broken parcel from its carrier."""
    case = _case(world, deed)
    return Done(deed.act, after_sales_id=case.case_id, status=case.status, fen=objecting.claim(world, case))


def _seller_replaces(world: World, deed: Deed) -> Done:
    """The seller sends a replacement or a missing piece, with a number of their own."""
    case = _case(world, deed)
    carrier = main_carriers()[0]
    answering.send_replacement(world, case, Label(carrier.id, fresh_number(carrier, world.seed, case.case_id)))
    return _told(deed, case)


def _platform_steps_in(world: World, deed: Deed) -> Done:
    """The platform steps into an open case."""
    case = _case(world, deed)
    if not case.is_open:
        raise Objection("CASE_CLOSED", str(case.case_id))
    quarrelling.step_in(world, case)
    return _told(deed, case)


def _platform_rules(world: World, deed: Deed) -> Done:
    """The platform rules at once."""
    case = _case(world, deed)
    quarrelling.case_ruled(world, case.case_id)
    return _told(deed, case)


DEEDS: dict[str, Do] = {
    "orders.come": _orders_come,
    "buyer.asks": _buyer_asks,
    "buyer.chases": _buyer_chases,
    "buyer.moves": _buyer_moves,
    "buyer.writes": _buyer_writes,
    "buyer.withdraws": _buyer_withdraws,
    "buyer.sends_back": _buyer_sends_back,
    "return.arrives": _return_arrives,
    "buyer.rates": _buyer_rates,
    "buyer.talks": _buyer_talks,
    "parcel.arrives": _parcel_arrives,
    "parcel.stops": _parcel_stops,
    "seller.rejects": _seller_rejects,
    "seller.shows": _seller_shows,
    "seller.agrees_to_repair": _seller_agrees_to_repair,
    "seller.sends_repaired": _seller_sends_repaired,
    "seller.agrees_if_refused": _seller_agrees_if_refused,
    "seller.recalls": _seller_recalls,
    "seller.offers": _seller_offers,
    "seller.gives_in": _seller_gives_in,
    "seller.lets_return": _seller_lets_return,
    "seller.proposes": _seller_proposes,
    "seller.asks": _seller_asks,
    "seller.opens": _seller_opens,
    "seller.appeals": _seller_appeals,
    "seller.complains": _seller_complains,
    "seller.claims": _seller_claims,
    "seller.replaces": _seller_replaces,
    "platform.steps_in": _platform_steps_in,
    "platform.rules": _platform_rules,
}
