"""A world from a scenario and a seed."""

from zhanggui.emulator.moments import DAY
from zhanggui.emulator.scenario import Scenario
from zhanggui.emulator.world import asking, autopilot, objecting, punishing, quarrelling, rating, turning
from zhanggui.emulator.world.buying import open_shop
from zhanggui.emulator.world.chats import talking
from zhanggui.emulator.world.history import live_through
from zhanggui.emulator.world.rating import open_books
from zhanggui.emulator.world.world import World

# These modules play events; a world without them would stand still.
PLAYING = (asking, autopilot, objecting, punishing, quarrelling, rating, talking, turning)
FOR_EVER = 1 << 40


def make_world(scenario: Scenario, seed: int, start: int, shop: int = 0) -> World:
    """The world as it is when it begins: with its past, and with what is planned."""
    world = World(scenario, seed, start - scenario.size.warm_days * DAY, shop)
    world.autopilot_until = FOR_EVER if scenario.seller.autopilot else start
    live_through(world)
    open_books(world)
    open_shop(world)
    world.advance(start)
    talking.open_desk(world)
    return world
