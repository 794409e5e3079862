"""Buyers rate, and the platform publishes the shop's indicators each morning."""

from zhanggui.emulator.moments import DAY, HOUR, china_day, day_starts, day_text
from zhanggui.emulator.seeded import between, salt, share
from zhanggui.emulator.world.books import Review
from zhanggui.emulator.world.cases import DONE, EXCHANGE_DONE, REPAIR_DONE
from zhanggui.emulator.world.drawing import mind
from zhanggui.emulator.world.orders import RECEIVED
from zhanggui.emulator.world.queue import event
from zhanggui.emulator.world.troubles import temper_of, truth_of
from zhanggui.emulator.world.world import World

SCORE = salt("score")
PLEASED, DISPLEASED = "质量不错，物流很快", "和描述不一样，等了很久"


def open_books(world: World) -> None:
    """Publish the indicators at once, and then every morning at four."""
    publish(world, 0)


@event("indicators.published")
def publish(world: World, about: int) -> None:  # noqa: ARG001  (every event has the same shape)
    """Publish the indicators of the days before today."""
    day = china_day(world.now)
    world.published = world.measures.published(day, world.rule(world.rules.indicators))
    world.plan(day_starts(day + 1) + 4 * HOUR, "indicators.published", 0)


@event("buyer.rates")
def buyer_rates(world: World, row: int) -> None:
    """The buyer rates the order, if they are one who does and the time for it has not passed."""
    orders, serial = world.orders, world.orders.serial[row]
    days = world.rule(world.rules.rating).days
    is_late = days and world.now - orders.received_at[row] > days * DAY
    if is_late or mind(world, serial, "rate") >= world.scenario.buyers.rate:
        return
    if world.scenario.aftersales is not None and orders.cases.get(row):
        return  # they rate once their case is over
    was_late = orders.shipped_at[row] > orders.ship_by[row]
    is_unhappy = was_late or bool(orders.cases.get(row)) or mind(world, serial, "unhappy") < world.scenario.buyers.unhappy
    low, high = (1, 3) if is_unhappy else (4, 5)
    described, service, shipping = (between(low, high, world.seed, serial, SCORE, part) for part in range(3))
    give_rating(world, row, (described, service, shipping), DISPLEASED if is_unhappy else PLEASED)


@event("buyer.looks.back")
def buyer_looks_back(world: World, case_id: int) -> None:
    """Some days after a case: the buyer rates, worse where nothing came of it."""
    case = world.cases.get(case_id)
    if case is None or case.is_open or world.orders.status[case.row] != RECEIVED or case_id != world.orders.cases[case.row][-1]:
        return
    temper, got_something = temper_of(world, case), case.status in (DONE, EXCHANGE_DONE, REPAIR_DONE)
    angry = temper.angry_though_paid if got_something else min(0.98, temper.angry + (0.15 if truth_of(world, case).threatens else 0.0))
    if share(world.seed, case_id, SCORE, 3) >= temper.rates:
        return
    is_unhappy = share(world.seed, case_id, SCORE, 4) < angry
    if is_unhappy:
        world.hidden.bad_ratings.append(case_id)
    low, high = (1, 3) if is_unhappy else (4, 5)
    described, service, shipping = (between(low, high, world.seed, case_id, SCORE, part) for part in range(3))
    give_rating(world, case.row, (described, service, shipping), DISPLEASED if is_unhappy else PLEASED)


def give_rating(world: World, row: int, scores: tuple[int, int, int], text: str) -> None:
    """Write down a rating and count it."""
    world.books.reviews.append(Review(world.order_sn(row), row, world.now, scores, text))
    day = china_day(world.now)
    month = int(day_text(day).replace("-", "")[:6])
    world.measures.rate(day, month, world.orders.buyer[row], scores, world.rule(world.rules.indicators))
