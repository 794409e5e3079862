"""What is the matter with an order once its buyer speaks up, and how that buyer takes a refusal or an offer. Only in worlds whose scenario says so."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from zhanggui.emulator.aftersales import Aftersales, Problem, Span, Temper
from zhanggui.emulator.moments import HOUR
from zhanggui.emulator.seeded import between, one_of, salt, share
from zhanggui.emulator.world.cases import EXCHANGE, NOT_RECEIVED, NOT_SAID, RECEIVED_IT, REFUND_ONLY, REPAIR, RESEND, RETURN_REFUND, Case
from zhanggui.emulator.world.journeys import FINE
from zhanggui.emulator.world.orders import RECEIVED, SHIPPED, TO_SHIP
from zhanggui.emulator.world.travel import way_of
from zhanggui.emulator.world.truth import HONEST, LIAR, TASTE, Truth
from zhanggui.emulator.world.world import World

T = TypeVar("T")
WHAT, LIES, KIND, WORDS, SHOWS, PART, GIVES, TAKES = (salt(f"trouble {name}") for name in ("what", "lies", "kind", "words", "shows", "part", "gives", "takes"))
KINDS = {"refund_only": REFUND_ONLY, "return_and_refund": RETURN_REFUND, "exchange": EXCHANGE, "resend": RESEND, "repair": REPAIR}
STUCK = "too_slow"
BACK, AGAIN = "return", "resend"


def aftersales(world: World) -> Aftersales:
    """How after-sales go in this world, which must be one that says so."""
    held = world.scenario.aftersales
    assert held is not None
    return held


def problem_of(world: World, row: int) -> Problem:
    """What is the matter with an order at this stage: the same whenever it is asked there."""
    status, problems = world.orders.status[row], aftersales(world).problem
    if status == SHIPPED and way_of(world, row).fate != FINE:
        return next(each for each in problems if each.name == STUCK)
    when = {TO_SHIP: "unshipped", SHIPPED: "in_transit"}.get(status, "received")
    fitting = [each for each in problems if each.when == when]
    place = weighed({number: each.weight for number, each in enumerate(fitting)}, share(world.seed, world.orders.serial[row], WHAT, status))
    return fitting[place]


def wanted(world: World, row: int) -> int:
    """What kind of case the buyer of a received order opens."""
    kinds = problem_of(world, row).kinds
    return KINDS[weighed(kinds, share(world.seed, world.orders.serial[row], KIND))]


def weighed(weights: Mapping[T, float], draw: float) -> T:
    """One of these by a draw, the heavier the likelier."""
    left = draw * sum(weights.values())
    for each, weight in weights.items():
        left -= weight
        if left < 0:
            return each
    return list(weights)[-1]  # rounding may leave a breath over


def filed(world: World, row: int, kind: int, reason: str) -> tuple[Case, Truth]:
    """The case as its buyer files it, and what is true of it."""
    orders, serial, case_id = world.orders, world.orders.serial[row], world.cases.next_id()
    problem = problem_of(world, row)
    truth = _truth(world, row, problem)
    chosen = reason or one_of(problem.reasons, world.seed, serial, WORDS)
    was_shipped = orders.status[row] != TO_SHIP
    claims = NOT_SAID if not was_shipped else NOT_RECEIVED if orders.status[row] != RECEIVED or problem.says_not_received else RECEIVED_IT
    shows = share(world.seed, serial, SHOWS) < (problem.pictures_lie if truth.is_lie else problem.pictures_true)
    pictures = between(1, 4, world.seed, case_id, SHOWS) if shows else 0
    amount = orders.paid(row) if kind in (REFUND_ONLY, RETURN_REFUND) else 0
    if kind == REFUND_ONLY and share(world.seed, serial, PART) < problem.partial:
        amount = max(1, amount // 2)
    return Case(case_id, row, kind, 0, chosen, amount, world.now, world.now, was_shipped, claims, pictures), truth


def _truth(world: World, row: int, problem: Problem) -> Truth:
    serial = world.orders.serial[row]
    is_stuck = problem.name == STUCK and way_of(world, row).fate != FINE
    is_lie = not is_stuck and share(world.seed, serial, LIES) < problem.lies
    who = LIAR if is_lie else TASTE if problem.fault == "buyer" else HONEST
    return Truth(problem.name, who, is_lie, "buyer" if is_lie else problem.fault, share(world.seed, serial, LIES, 1) < problem.threatens)


def truth_of(world: World, case: Case) -> Truth:
    """What is true of a case."""
    return world.hidden.truths[case.case_id]


def temper_of(world: World, case: Case) -> Temper:
    """How the buyer of a case takes things."""
    held: Temper = getattr(aftersales(world).buyer, truth_of(world, case).who)
    return held


def persists(world: World, case: Case) -> bool:
    """Whether a buyer who was refused calls the platform in: the dearer the goods, the likelier."""
    temper = temper_of(world, case)
    chance = temper.persists + temper.more_per_100_yuan * at_stake(world, case) / 10_000
    return share(world.seed, case.case_id, GIVES, case.rejections) < min(0.97, chance)


def takes_offer(world: World, case: Case) -> bool:
    """Whether the buyer takes what was offered."""
    part = world.hidden.offers[case.case_id] / max(1, at_stake(world, case))
    half = temper_of(world, case).takes_offer
    chance = 2 * part * half if part <= 0.5 else half + (1 - half) * (2 * part - 1)
    return share(world.seed, case.case_id, TAKES) < chance


def takes_proposal(world: World, case: Case) -> bool:
    """Whether the buyer sends back instead, or is content with goods sent again."""
    temper = temper_of(world, case)
    chance = temper.takes_return if world.hidden.proposals[case.case_id] == BACK else temper.takes_resend
    return share(world.seed, case.case_id, TAKES, 1) < chance


def at_stake(world: World, case: Case) -> int:
    """What the buyer asks for; what was paid where goods are asked for."""
    return case.amount or world.orders.paid(case.row)


def hours(world: World, span: Span | Sequence[int], *parts: int) -> int:
    """So many hours of a span, in seconds."""
    return between(span[0], span[1], world.seed, *parts) * HOUR
