"""A month of after-sales in every world of the settings: three simple policies, the advice alone, the house by itself, and the house with a person.

`--with settings=base,liars` plays only those worlds; `--with cases=300` fewer cases; `--with people=0` leaves the runs with a person out, `--with house=0`
those of the house too; `--with workers=1` plays one world at a time; `--with days=8 --with after=12`
lets the orders come in so many days and ends so many later. The person fills in the pages' forms without drawing them, since a month has
thousands; `--with hands=browser` has it all done in Chromium.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from proofs.aftersales_advice_support import Follower
from proofs.aftersales_books_support import Outcome, outcome_of
from proofs.aftersales_hands_support import FormHands, Hands, browser_hands
from proofs.aftersales_house_support import Lived, lived, unattended
from proofs.aftersales_person_support import Person
from proofs.aftersales_policies_support import POLICIES, played
from proofs.aftersales_tables_support import CLAIM, METHOD, base_table, endings_table, settings_table
from proofs.support import OPTIONS, Proof
from tests.site_client import make_app
from zhanggui.emulator.aftersales import Setting, settings
from zhanggui.emulator.months import DAYS, ENDS_AFTER_DAYS, month_of
from zhanggui.records.db import open_pool
from zhanggui.records.migrate import migrate
from zhanggui.server import OwnServer

CASES, QUICK_CASES = 3000, 100
ADVICE, ALONE, WITH_PERSON = "the advice, followed", "the house by itself", "the house and a person"
KINDS = ("refund only", "return and refund", "exchange", "resend", "repair")
ENDINGS = (
    "paid back by the seller", "paid back by the clock", "paid back by a ruling", "refunded at once", "platform refused", "withdrawn", "buyer fell silent",
    "buyer too late", "sent again", "exchange failed", "repaired", "repair closed",
)  # fmt: skip


@dataclass(frozen=True)
class Job:
    """One month to play."""

    setting: Setting
    policy: str
    cases: int
    seed: int
    days: int
    after: int
    hands: str = "forms"


@dataclass(frozen=True)
class Played:
    """What came of it; `failures` are what must never be."""

    setting: str
    policy: str
    outcome: Outcome
    failures: tuple[str, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()


def prove(seed: int, *, quick: bool) -> Proof:
    """Plays every world under every policy and tells what it came to."""
    named = {each.name: each for each in settings()}
    asked = OPTIONS.get("settings", "base" if quick else "")
    chosen = [named[name] for name in asked.split(",")] if asked else list(named.values())
    jobs = list(_jobs(chosen, seed, quick=quick))
    workers = 1 if quick else int(OPTIONS.get("workers", str(os.cpu_count() or 1)))
    if workers == 1:
        done = [play(job) for job in jobs]
    else:
        with ProcessPoolExecutor(workers) as pool:
            done = list(pool.map(play, jobs))
    return _told(done, whole=not quick and not OPTIONS.keys() - {"workers"})


def _jobs(chosen: Sequence[Setting], seed: int, *, quick: bool) -> Iterator[Job]:
    cases = int(OPTIONS.get("cases", str(QUICK_CASES if quick else CASES)))
    days, after = (1, 0) if quick else (int(OPTIONS.get("days", str(DAYS))), int(OPTIONS.get("after", str(ENDS_AFTER_DAYS))))
    policies = [*POLICIES, ADVICE]
    policies += [ALONE] if OPTIONS.get("house", "1") != "0" and not quick else []
    policies += [WITH_PERSON] if OPTIONS.get("people", "1") != "0" and OPTIONS.get("house", "1") != "0" else []
    hands = OPTIONS.get("hands", "forms")
    return (Job(setting, policy, cases, seed, days, after, hands) for setting in chosen for policy in policies)


def play(job: Job) -> Played:
    """One month under one policy."""
    scenario, days = month_of(job.setting, job.cases, job.seed, days=job.days), job.days + job.after
    if job.policy in (ALONE, WITH_PERSON):
        return _in_the_house(job, days)
    policy = Follower() if job.policy == ADVICE else POLICIES[job.policy]
    return Played(job.setting.name, job.policy, outcome_of(played(scenario, policy, days=days).world))


def _in_the_house(job: Job, days: int) -> Played:
    with ExitStack() as stack:
        shop = stack.enter_context(opened(job))
        person = None
        if job.policy == WITH_PERSON:
            app = make_app(shop.house)
            hands: Hands = stack.enter_context(browser_hands(app, shop.people.lin)) if job.hands == "browser" else FormHands(app, shop.people.lin)
            person = Person(shop, hands)
        unattended(shop, days=days, chores=person)
        counts = tuple(sorted(person.counts.items())) if person else ()
        return Played(job.setting.name, job.policy, outcome_of(shop.world), tuple(_wrongs(shop)), counts)


@contextmanager
def opened(job: Job) -> Iterator[Lived]:
    """A house of its own for this month."""
    with ExitStack() as stack:
        memory = Path("/dev/shm")  # noqa: S108  (a folder of our own within it)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zg-month-", dir=memory if memory.is_dir() else None)))
        server = stack.enter_context(OwnServer(folder))
        migrate(server.conninfo)
        pool = stack.enter_context(open_pool(server.conninfo))
        yield stack.enter_context(lived(pool, folder, month_of(job.setting, job.cases, job.seed, days=job.days)))


def _wrongs(shop: Lived) -> Iterator[str]:
    """What must never be, by the platform's own ledger: a refund agreed twice."""
    told = Counter(effect for entry in shop.platform.ledger.entries({}) for effect in entry.effects if effect.startswith(("refund.agreed", "return.agreed")))
    yield from (f"{effect} {many} times" for effect, many in told.items() if many > 1)


def _told(done: Sequence[Played], *, whole: bool) -> Proof:
    failures = [f"{each.setting}, {each.policy}: {failure}" for each in done for failure in each.failures]
    seen = Counter[tuple[str, str]]()
    for each in done:
        seen.update(each.outcome.by_kind)
    if whole:
        failures += [f"no case of the kind {kind}" for kind in KINDS if not any(one == kind for one, _ in seen)]
        failures += [f"no case ended like this: {ending}" for ending in ENDINGS if not any(one == ending for _, one in seen)]
    names = list(dict.fromkeys(each.setting for each in done))
    rows = {(each.setting, each.policy): each.outcome for each in done}
    policies = list(dict.fromkeys(each.policy for each in done))
    told = ", ".join(f"{name}={value}" for name, value in OPTIONS.items()) or "none"
    counts: dict[str, int | float | str] = {
        "choices": told,
        "settings": len(names),
        "policies": len(policies),
        "months played": len(done),
        "cases": sum(seen.values()),
    }
    counts |= {f"{each.setting}: {name}": many for each in done if each.setting == names[0] for name, many in each.counts}
    notes = [*METHOD, *base_table(names[0], policies, rows), *settings_table(names, policies, rows), *endings_table(seen)]
    return Proof(CLAIM, counts, failures, notes)
