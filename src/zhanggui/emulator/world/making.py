"""A world from a scenario and a seed."""

from zhanggui.emulator.scenario import Scenario
from zhanggui.emulator.world import asking, punishing, quarrelling, rating
from zhanggui.emulator.world.buying import open_shop
from zhanggui.emulator.world.history import live_through
from zhanggui.emulator.world.rating import open_books
from zhanggui.emulator.world.world import World

# These modules play events; a world without them would stand still.
PLAYING = (asking, punishing, quarrelling, rating)


def make_world(scenario: Scenario, seed: int, start: int, shop: int = 0) -> World:
    """The world as it is when it begins: with its past, and with what is planned."""
    world = World(scenario, seed, start, shop)
    live_through(world)
    open_books(world)
    open_shop(world)
    return world
