"""A pretended buyer to practise with: one of the emulator's, in a small world of its own that is made anew from the round's seed whenever somebody looks.

Nothing of it is stored but the seed and what was answered, and nothing of it leaves this room.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from zhanggui.core.grading import OrderKnown, Party, Spoke
from zhanggui.core.grading.models import Standing
from zhanggui.core.moments import in_shanghai
from zhanggui.emulator.scenario import Chats, Scenario, Size
from zhanggui.emulator.world.chats.seeing import slots_of
from zhanggui.emulator.world.chats.talking import NoSuchTalkError, answer, begin
from zhanggui.emulator.world.chats.talks import NO_ORDER, REP, Heard, Talk
from zhanggui.emulator.world.making import make_world
from zhanggui.emulator.world.orders import RECEIVED, TO_SHIP
from zhanggui.emulator.world.people import nick_of
from zhanggui.emulator.world.travel import number_of, scans_of
from zhanggui.emulator.world.world import World

LONGEST = timedelta(hours=1)
"""A round lasts no longer."""
_SCENARIO = Scenario(name="practice", size=Size(history=160, history_days=12, per_day=0, goods=8, buyers=100_000), chats=Chats(cards=1.0, haste=2.0))
_SHOWN = {"picture": "[图片]", "order": "[订单]", "goods": "[商品]"}


class Said(msgspec.Struct, frozen=True):
    """What was answered, and when."""

    at: datetime
    text: str


class Card(msgspec.Struct, frozen=True):
    """The order as the person who practises sees it: made up, like everything here."""

    order_no: str
    title: str
    spec: str
    standing: str
    """none (before buying), to_ship, shipped or received."""
    ship_by: datetime | None = None
    number: str = ""
    last_scan: str = ""
    has_case: bool = False


class Line(msgspec.Struct, frozen=True):
    """One message of the round."""

    party: Party
    at: datetime
    text: str


class Pretended(msgspec.Struct, frozen=True):
    """A round as it stands at a moment."""

    nick: str
    card: Card
    lines: tuple[Line, ...]
    taken: tuple[Heard, ...]
    """How the buyer took each answer, or several written at once."""
    wants: tuple[str, ...]
    outcome: str
    has_left: bool
    """Whether the buyer writes no more."""
    is_over: bool
    order: OrderKnown | None
    standing: Standing

    def talk(self, name: str) -> list[Spoke]:
        """The messages as the grading sees them."""
        return [Spoke(line.party, line.at, line.text, name if line.party is Party.REP else "") for line in self.lines]


def may_be(seed: int, begun_at: datetime, want: str, temper: str) -> bool:
    """Whether a buyer of this want and temper can be made from the seed."""
    try:
        _begun(seed, begun_at, want, temper)
    except NoSuchTalkError:
        return False
    return True


def pretended(seed: int, begun_at: datetime, want: str, temper: str, said: Sequence[Said], now: datetime) -> Pretended:
    """The round at this moment: the buyer's messages and what was answered so far."""
    world, talk = _begun(seed, begun_at, want, temper)
    for each in said:
        world.advance(max(world.now, int(each.at.timestamp())))
        answer(world, talk, each.text, REP)
    world.advance(max(world.now, int(min(now, begun_at + LONGEST).timestamp())))
    lines = [world.talks.lines[seq - 1] for seq in talk.lines]
    shown = tuple(Line(Party.REP if line.who == REP else Party.BUYER, _moment(line.at), line.text or _SHOWN.get(line.kind, "")) for line in lines)
    return Pretended(
        nick_of(world.seed, talk.buyer), _card(world, talk), shown, tuple(talk.heard), tuple(talk.wanted), talk.state,
        talk.is_silent, talk.is_silent or now - begun_at >= LONGEST, _known(world, talk), _standing(world, talk),
    )  # fmt: skip


def _begun(seed: int, begun_at: datetime, want: str, temper: str) -> tuple[World, Talk]:
    world = make_world(_SCENARIO, seed, int(begun_at.timestamp()))
    return world, begin(world, want, temper)


def _card(world: World, talk: Talk) -> Card:
    slots, product = slots_of(world, talk), world.catalog.goods[talk.goods]
    if talk.row == NO_ORDER:
        return Card("", product.name, slots["spec"], "none")
    orders, row = world.orders, talk.row
    scans = scans_of(world, row)
    standing = ("to_ship", "shipped", "received")[orders.status[row] - 1]
    return Card(
        world.order_sn(row), product.name, slots["spec"], standing, _moment(orders.ship_by[row]), number_of(world, row),
        scans[-1].text if scans else "", bool(orders.cases.get(row)),
    )  # fmt: skip


def _known(world: World, talk: Talk) -> OrderKnown | None:
    if talk.row == NO_ORDER:
        return None
    orders, row = world.orders, talk.row
    paid = [case.refunded_at for no in orders.cases.get(row, ()) if (case := world.cases.get(no)) is not None and case.refunded_at]
    number = number_of(world, row)
    return OrderKnown(
        ship_by=_moment(orders.ship_by[row]),
        shipped_at=_reached(orders.shipped_at[row]),
        received_at=_reached(orders.received_at[row]),
        refunded_at=_moment(min(paid)) if paid else None,
        tracking_nos=(number,) if number else (),
    )


def _standing(world: World, talk: Talk) -> Standing:
    if talk.row == NO_ORDER:
        return Standing.ANY
    if world.orders.status[talk.row] == TO_SHIP:
        return Standing.LATE if world.now > world.orders.ship_by[talk.row] else Standing.TO_SHIP
    return Standing.ANY if world.orders.status[talk.row] == RECEIVED else Standing.SHIPPED


def slots_for(told: Pretended, now: datetime) -> dict[str, str]:
    """What stands in a good answer for this order: hours that can be kept."""
    hour = now + timedelta(hours=6)
    if told.card.ship_by is not None and now < told.card.ship_by < hour:
        hour = told.card.ship_by - timedelta(minutes=1)
    return {
        "hour": _hour(hour, now),
        "answer_by": _hour(now + timedelta(hours=2), now),
        "number": told.card.number,
        "where": told.card.last_scan or "已揽收，在路上",
    }


def _hour(moment: datetime, now: datetime) -> str:
    """An hour as one says it: today at six, tomorrow at ten."""
    local, today = in_shanghai(moment), in_shanghai(now)
    day = "今天" if local.date() == today.date() else "明天"
    return f"{day}{local.hour}点"


def _reached(seconds: int) -> datetime | None:
    """The moment; None where it was never reached."""
    return _moment(seconds) if seconds else None


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
