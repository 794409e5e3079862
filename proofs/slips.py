"""Ten thousand made-up slips through the check of tracking numbers: what of each mistake is found, and how often a right number is warned of."""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from proofs.support import Proof
from zhanggui.core.numbers import Asked, NumberCheck, Use, Verdict, check_many

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
SLIPS, QUICK = 10_000, 1_000
_SHAPES = {"圆通快递": ("YT", 13), "极兔速递": ("JT", 13), "顺丰快递": ("SF", 13), "中通快递": ("7", 13), "韵达快递": ("4", 12), "申通快递": ("77", 13)}
_MISTAKES = 0.02
"""The share of slips that carry each mistake."""
_BLOCK = 40
"""Numbers a branch gives out in a row, where it gives out running numbers."""

Wrong = Callable[["_World", Asked], Asked]


class _World:
    """A shop with 30 days of numbers behind it and a list in hand; numbers are scattered or come in running blocks."""

    def __init__(self, seed: int, count: int, *, is_running: bool) -> None:
        self.dice = random.Random(seed)
        self.is_running = is_running
        self._next: dict[str, tuple[int, int]] = {}
        self._of_carrier: dict[str, list[str]] = {carrier: [] for carrier in _SHAPES}
        self.used = [self._use(number) for number in range(count)]
        self.right = [self._asked(number) for number in range(count)]
        self.spared: list[Asked] = []
        """Slips that carry no mistake, for others to be copied from."""

    def _use(self, number: int) -> Use:
        carrier = self.dice.choice(list(_SHAPES))
        at = NOW - timedelta(minutes=self.dice.randrange(1, 29 * 1440))
        self._of_carrier[carrier].append(self.number(carrier))
        return Use(self._of_carrier[carrier][-1], f"261101-{number:015}", f"王{number}* 浙江省 杭州市", at)

    def _asked(self, number: int) -> Asked:
        carrier = self.dice.choice(list(_SHAPES))
        return Asked(self.number(carrier), f"261121-{number:015}", carrier, f"李{number}* 江苏省 南京市")

    def used_by(self, asked: Asked) -> str:
        """A number that another order got from the same carrier, so that its shape tells nothing."""
        return self.dice.choice(self._of_carrier[asked.carrier or ""])

    def listed_beside(self, asked: Asked) -> str:
        """The number of another slip of the same carrier."""
        return self.dice.choice([each.number for each in self.spared if each.carrier == asked.carrier])

    def number(self, carrier: str) -> str:
        """A number as the carrier gives it out."""
        head, digits = _SHAPES[carrier]
        if not self.is_running:
            return head + f"{self.dice.randrange(10**digits):0{digits}}"
        at, left = self._next.get(carrier, (0, 0))
        if not left:
            at, left = self.dice.randrange(10 ** (digits - 1), 9 * 10 ** (digits - 1)), _BLOCK
        self._next[carrier] = at + 1, left - 1
        return head + f"{at:0{digits}}"


def _with(asked: Asked, **changes: str) -> Asked:
    return Asked(changes.get("number", asked.number), asked.order_no, changes.get("carrier", asked.carrier), asked.receiver)


def _swapped(world: _World, number: str) -> str:
    places = [place for place in range(3, len(number) - 1) if number[place] != number[place + 1]]
    place = world.dice.choice(places)
    return number[:place] + number[place + 1] + number[place] + number[place + 2 :]


def _one_off(world: _World, number: str) -> str:
    place = world.dice.randrange(3, len(number))
    return number[:place] + world.dice.choice([digit for digit in "0123456789" if digit != number[place]]) + number[place + 1 :]


MISTAKES: dict[str, Wrong] = {
    "used in the last 30 days for another receiver": lambda world, asked: _with(asked, number=world.used_by(asked)),
    "on two orders of the list for two receivers": lambda world, asked: _with(asked, number=world.listed_beside(asked)),
    "another order's number, two digits swapped": lambda world, asked: _with(asked, number=_swapped(world, world.used_by(asked))),
    "another order's number, one digit wrong": lambda world, asked: _with(asked, number=_one_off(world, world.used_by(asked))),
    "another carrier named": lambda world, asked: _with(asked, carrier=world.dice.choice([name for name in _SHAPES if name != asked.carrier])),
    "the order's number in its place": lambda _, asked: _with(asked, number=asked.order_no),
    "a digit left out": lambda _, asked: _with(asked, number=asked.number[:7] + asked.number[8:]),
    "its own digits swapped": lambda world, asked: _with(asked, number=_swapped(world, asked.number)),
}
_CERTAIN = frozenset(list(MISTAKES)[:2]) | {"the order's number in its place"}
_NEAR = frozenset(list(MISTAKES)[2:4])
LEAST = {"another carrier named": 0.99}
MOST_FALSE = 0.01


def prove(seed: int, *, quick: bool) -> Proof:
    """Lists of slips with every mistake in a fiftieth of them, checked whole; once where numbers are scattered, once where they run."""
    counts: dict[str, int | float | str] = {"slips in each list": QUICK if quick else SLIPS}
    failures: list[str] = []
    for is_running in (False, True):
        _checked(_World(seed, QUICK if quick else SLIPS, is_running=is_running), counts, failures)
    notes = (
        "Found: at least warned of. The certain ones (used for another receiver, on two orders of the list, an order's number) are held to being blocked.",
        "A number whose own digits were swapped carries no sign of it: carriers publish no check digit, so it is found only where it hits another number or",
        "breaks the shape. Where numbers run, near numbers of one running block are no mistake and are not warned of, which is why less is found there.",
        "",
        "Numbers, receivers and carriers are made up; the shapes are those of shapes.toml, so a false warning for want of a shape cannot show here.",
    )
    return Proof(
        claim="The number check finds the mistakes that can be found, and seldom warns of a right number.", counts=counts, failures=failures, notes=notes
    )


def _checked(world: _World, counts: dict[str, int | float | str], failures: list[str]) -> None:
    slips, marked = _with_mistakes(world)
    began = time.perf_counter()
    checks = check_many(slips, world.used, NOW)
    seconds = time.perf_counter() - began
    named = "running" if world.is_running else "scattered"
    counts[f"{named}: checked a second"] = round(len(slips) / seconds)
    _tell_found(named, checks, marked, counts, failures)
    _tell_false(named, slips, checks, marked, counts, failures)


def _with_mistakes(world: _World) -> tuple[list[Asked], dict[int, str]]:
    slips, marked = list(world.right), {}
    places = world.dice.sample(range(len(slips)), k=int(len(slips) * _MISTAKES) * len(MISTAKES))
    chosen = set(places)
    world.spared = [slip for place, slip in enumerate(slips) if place not in chosen]
    share = len(places) // len(MISTAKES)
    for at, (name, wrong) in enumerate(MISTAKES.items()):
        for place in places[at * share : (at + 1) * share]:
            slips[place] = wrong(world, slips[place])
            marked[place] = name
    return slips, marked


def _tell_found(named: str, checks: list[NumberCheck], marked: dict[int, str], counts: dict[str, int | float | str], failures: list[str]) -> None:
    made, found, blocked = Counter(marked.values()), Counter[str](), Counter[str]()
    for place, name in marked.items():
        found[name] += checks[place].verdict is not Verdict.OK
        blocked[name] += checks[place].verdict is Verdict.BLOCK
    for name in MISTAKES:
        share = found[name] / made[name]
        counts[f"{named}, found: {name}"] = f"{share:.1%} ({found[name]} of {made[name]}, {blocked[name]} blocked)"
        least = 1.0 if name in _CERTAIN or (name in _NEAR and named == "scattered") else LEAST.get(name, 0)
        if share < least or (name in _CERTAIN and named == "scattered" and blocked[name] < made[name]):
            failures.append(f"{named}: of {name!r} only {found[name]} of {made[name]} were found, {blocked[name]} blocked")


def _tell_false(
    named: str, slips: list[Asked], checks: list[NumberCheck], marked: dict[int, str], counts: dict[str, int | float | str], failures: list[str]
) -> None:
    """Right numbers warned of though no wrong slip is about them: one that a wrong slip copied or came near to is rightly looked at as well."""
    wrong = {slips[place].order_no for place in marked}
    right = [checks[place] for place in range(len(slips)) if place not in marked]
    led = [check for check in right if check.reasons and all(reason.order_no in wrong for reason in check.reasons)]
    false = [check for check in right if check.reasons and check not in led]
    counts[f"{named}: right, warned because a wrong slip is near"] = f"{len(led) / len(right):.2%} ({len(led)} of {len(right)})"
    counts[f"{named}: falsely warned"] = f"{len(false) / len(right):.2%} ({len(false)} of {len(right)})"
    doubts = Counter(reason.doubt.value for check in false for reason in check.reasons)
    counts[f"{named}: falsely warned of"] = ", ".join(f"{doubt} {times}" for doubt, times in doubts.most_common()) or "nothing"
    if len(false) > MOST_FALSE * len(right):
        failures.append(f"{named}: {len(false)} of {len(right)} right numbers were falsely warned of")
