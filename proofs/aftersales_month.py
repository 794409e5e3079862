"""A month of after-sales in every world of the settings: three simple policies, the advice alone, the house by itself, and the house with a person.

The first world is played whole, with all its cases; of each other so many cases come within fewer days, the same for every policy.
`--with settings=base,liars` plays only those worlds; `--with cases=700` fewer cases of the first, `--with others=300` so many of each other;
`--with people=0` leaves the runs with a person out, `--with house=0` those of the house too; `--with workers=1` plays one month at a time;
`--with days=8 --with after=12` lets the orders of all worlds come in so many days and ends so many later. The person fills in the pages' forms without
drawing them, since a month has thousands; `--with hands=browser` has it all done in Chromium. `--with keep=FOLDER` keeps every month that is over there, so
that a run that was cut off goes on where it was, as long as the commit is the same.
"""

import os
import pickle
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from proofs.aftersales_advice_support import Follower
from proofs.aftersales_books_support import Outcome, outcome_of
from proofs.aftersales_hands_support import FormHands, Hands, browser_hands
from proofs.aftersales_house_support import Lived, lived, unattended
from proofs.aftersales_person_support import Person
from proofs.aftersales_policies_support import POLICIES, played
from proofs.aftersales_tables_support import CLAIM, METHOD, base_table, dearer_table, endings_table, matters_table, settings_table
from proofs.support import OPTIONS, Proof, commit_at_hand
from tests.site_client import make_app
from zhanggui.emulator.aftersales import Setting, settings
from zhanggui.emulator.months import DAYS, ENDS_AFTER_DAYS, month_of
from zhanggui.records.db import open_pool
from zhanggui.records.migrate import migrate
from zhanggui.server import OwnServer

CASES, OTHERS, QUICK_CASES = 3000, 150, 60
FEWER_DAYS, ENDS_AFTER_FEWER = 4, 18
"""The orders of a smaller month come in so many days; so many later every case has ended."""
ADVICE, ALONE, WITH_PERSON = "the advice, followed", "the house by itself", "the house and a person"
THROUGH_HOUSE = (ALONE, WITH_PERSON)
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
    done = [play(job) for job in jobs] if workers == 1 else _played_beside(jobs, workers)
    return _told(done, whole=not quick and not OPTIONS.keys() - {"workers", "others", "keep"})


def _played_beside(jobs: Sequence[Job], workers: int) -> list[Played]:
    """Every month, so many at a time, the longest first; each is told as it ends."""
    began = time.monotonic()
    with ProcessPoolExecutor(workers) as pool:
        order = sorted(range(len(jobs)), key=lambda place: _length(jobs[place]), reverse=True)
        running = {pool.submit(_kept, jobs[place]): place for place in order}
        for number, over in enumerate(as_completed(running), 1):
            job = jobs[running[over]]
            print(f"{number}/{len(jobs)} {job.setting.name}, {job.policy}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        done = {place: over.result() for over, place in running.items()}
    return [done[place] for place in range(len(jobs))]


def _kept(job: Job) -> Played:
    """The month, played now or by a run of the same commit before this one that was cut off."""
    if "keep" not in OPTIONS:
        return play(job)
    named = f"{commit_at_hand()} {job.setting.name} {job.policy} {job.cases} {job.seed} {job.days} {job.after} {job.hands}".replace("/", "-")
    kept = Path(OPTIONS["keep"]) / f"{named}.pickle"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(play(job)))
    played: Played = pickle.loads(kept.read_bytes())  # noqa: S301  (our own, of a moment ago)
    return played


def _length(job: Job) -> tuple[int, int]:
    """How long a month takes beside others: those with a person longest."""
    return (0 if job.policy not in THROUGH_HOUSE else job.cases), THROUGH_HOUSE.index(job.policy) if job.policy in THROUGH_HOUSE else 0


def _jobs(chosen: Sequence[Setting], seed: int, *, quick: bool) -> Iterator[Job]:
    policies = [*POLICIES, ADVICE]
    policies += [ALONE] if OPTIONS.get("house", "1") != "0" and not quick else []
    policies += [WITH_PERSON] if OPTIONS.get("people", "1") != "0" and OPTIONS.get("house", "1") != "0" else []
    hands = OPTIONS.get("hands", "forms")
    for setting in chosen:
        cases, days, after = _size(is_first=setting is chosen[0], quick=quick)
        yield from (Job(setting, policy, cases, seed, days, after, hands) for policy in policies)


def _size(*, is_first: bool, quick: bool) -> tuple[int, int, int]:
    """How many cases come of a world, in how many days, and after how many more it ends."""
    if quick:
        return QUICK_CASES, 1, 1
    cases, others = int(OPTIONS.get("cases", str(CASES))), int(OPTIONS.get("others", str(OTHERS)))
    days, after = (DAYS, ENDS_AFTER_DAYS) if is_first else (FEWER_DAYS, ENDS_AFTER_FEWER)
    return cases if is_first else min(cases, others), int(OPTIONS.get("days", str(days))), int(OPTIONS.get("after", str(after)))


def play(job: Job) -> Played:
    """One month under one policy."""
    scenario, days = month_of(job.setting, job.cases, job.seed, days=job.days), job.days + job.after
    if job.policy in THROUGH_HOUSE:
        return _in_the_house(job, days)
    policy = Follower() if job.policy == ADVICE else POLICIES[job.policy]
    return Played(job.setting.name, job.policy, outcome_of(played(scenario, policy, days=days).world))


def _in_the_house(job: Job, days: int) -> Played:
    with ExitStack() as stack:
        shop = stack.enter_context(opened(job))
        person = None
        if job.policy == WITH_PERSON:
            app, people = make_app(shop.house), (shop.people.lin, shop.people.mei)
            hands: Sequence[Hands] = stack.enter_context(browser_hands(app, *people)) if job.hands == "browser" else [FormHands(app, each) for each in people]
            person = Person(shop, *hands)
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
    notes = [*METHOD, *base_table(names[0], policies, rows), *settings_table(names, policies, rows)]
    notes += matters_table(f"What a case cost by what was the matter, yuan, world “{names[0]}”", names[:1], policies, rows)
    notes += matters_table("The same over the other worlds", names[1:], policies, rows) if names[1:] else ()
    for ours in (each for each in (ADVICE, WITH_PERSON) if each in policies):
        notes += dearer_table(names, ours, tuple(POLICIES), rows)
    notes += endings_table(seen)
    return Proof(CLAIM, counts, failures, notes)
