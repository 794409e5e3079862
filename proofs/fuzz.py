"""The running house is asked a hundred thousand things that nobody should ask, and handed ten thousand files that nobody should send: nothing breaks, hangs or
leaks.

`--with requests=N`, `--with files=N` for another size, `--with pair=N` for as many requests to one pair of shops; `--seed` for other dice. The same seed asks
the same, but for what is found on the pages themselves.
"""

import gc
import random
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import httpx

from proofs.fuzz_asking_support import Asking
from proofs.fuzz_files_support import bring_file, send_file
from proofs.fuzz_house_support import FuzzedHouse, Generation, fuzzed_house
from proofs.fuzz_raw_support import ask_raw
from proofs.fuzz_visitors_support import LONGEST, Judge, Visitor, visitors
from proofs.support import OPTIONS, Proof
from tests.emulator.caller import NO_CERTIFICATES
from tests.security.described import ask_as_described

WHOLE, QUICK = (100_000, 10_000), (300, 24)
PER_GENERATION = 4_000
"""So many requests wear a shop out: what is asked for is undone, revoked, thrown away. Then two new ones are planted."""
THREADS = 4
SIGNS_IN_EVERY = 100
BY_PROGRAMS = 0.1
"""The share of files that come through the API."""
RAW = 0.05
"""The share of requests that go straight onto the socket."""
GROWS = 48 * 1024 * 1024
"""Bytes by which the process may hold more in the last third than in the second. What it keeps on purpose (templates, statements, words) is there by then."""
FEW = 12
"""Open files and threads that come and go."""
CLAIM = (
    "Strangers, people of every role of a shop, the owner of another and programs with tokens ask the running house (pages, worker and database as in a "
    "shop) for every route with its fields turned upside down, follow links and send forms as its own pages show them, write addresses nobody wrote and "
    "bytes that are no HTTP, and hand it files that harm. No answer is a 5xx, none takes longer than {longest:.0f} s, none shows a mark of another shop, "
    "of the house's inside or of markup as it was sent, none leads elsewhere or comes without its headers; the process holds no more memory, files or "
    "threads at the end, nothing is left in the temporary places, and the log tells of no error."
)


def prove(seed: int, *, quick: bool) -> Proof:
    """Asks, and looks at what came."""
    requests, files = QUICK if quick else (int(OPTIONS.get("requests", WHOLE[0])), int(OPTIONS.get("files", WHOLE[1])))
    judge = Judge()
    with fuzzed_house() as house:
        generations = max(1, -(-requests // int(OPTIONS.get("pair", PER_GENERATION))))
        _ask_as_described(house, judge, seed, max(1, requests // 2_000))
        for number in range(generations):
            _play(house, house.planted(), judge, seed * 1_000 + number, requests // generations, files // generations)
            house.look()
            if not quick:
                print(f"pair {number + 1} of {generations} asked, {len(judge.failures)} failures so far", file=sys.stderr)
        alive = _is_well(house)
        _judge_house(house, judge, whole=not quick and generations >= 6)
        taken = house.taken
    _collected()
    if not alive:
        judge.note("the house does not answer at the end")
    counts: dict[str, int | float | str] = {"requests": requests, "files": files, "pairs of shops": generations, "slowest answer (s)": round(judge.slowest, 2)}
    counts |= {"slowest at": judge.slowest_at, "memory (MB), after each pair": ", ".join(str(each.memory // 2**20) for each in taken)}
    counts |= {"open files": ", ".join(str(each.files) for each in taken), "threads": ", ".join(str(each.threads) for each in taken)}
    return Proof(claim=CLAIM.format(longest=LONGEST), counts=counts | dict(sorted(judge.counts.items())), failures=judge.failures)


def _play(house: FuzzedHouse, generation: Generation, judge: Judge, seed: int, requests: int, files: int) -> None:
    """One pair of shops, asked by several at once."""
    with ThreadPoolExecutor(THREADS) as pool:
        shares = [pool.submit(_share, house, generation, judge, seed * THREADS + each, requests // THREADS, files // THREADS) for each in range(THREADS)]
        for share in shares:
            share.result()


def _share(house: FuzzedHouse, generation: Generation, judge: Judge, seed: int, requests: int, files: int) -> None:
    dice = random.Random(f"fuzz/{seed}")
    asking = Asking(dice)
    crowd = visitors(house, generation, judge)
    owner = next(visitor for visitor in crowd if visitor.name == "owner")
    steps = ["ask"] * requests + ["file"] * files
    dice.shuffle(steps)
    for step, what in enumerate(steps):
        if step % SIGNS_IN_EVERY == 0:
            for visitor in crowd:
                visitor.signs_in()
        try:
            if what == "file":
                number = seed * 100_000 + step
                if dice.random() < BY_PROGRAMS:
                    bring_file(next(each for each in crowd if each.name == "ours"), dice, number)
                else:
                    send_file(_taker(crowd, owner, dice), dice, number)
            elif dice.random() < RAW:
                ask_raw(house.address, dice, judge)
            else:
                asking.once(dice.choice((*crowd, owner, owner)))
        except Exception as error:  # noqa: BLE001 - a fault of the asking side fails the proof, but must not lose what an hour found
            judge.note(f"who asks stumbled over a {what}: {type(error).__name__} {str(error)[:200]}")
    for visitor in crowd:
        visitor.http.close()


def _ask_as_described(house: FuzzedHouse, judge: Judge, seed: int, examples: int) -> None:
    """What the API's own description allows."""
    generation = house.planted()
    with httpx.Client(timeout=LONGEST, verify=NO_CERTIFICATES, trust_env=False) as http:
        for answer in ask_as_described(http, house.address, generation.tokens["ours"], examples=examples, dice=seed):
            judge.counts["as described"] += 1
            if answer.is_wrong:
                judge.note(f"{answer.status} {answer.about}: {answer.problem}")


def _taker(crowd: list[Visitor], owner: Visitor, dice: random.Random) -> Visitor:
    return owner if dice.random() < 0.8 else dice.choice(crowd)


def _is_well(house: FuzzedHouse) -> bool:
    probe = next(iter(visitors(house, house.planted(), Judge())))
    answer = probe.asks("probe", "GET", "/health")
    return answer is not None and answer.status_code == 200


def _judge_house(house: FuzzedHouse, judge: Judge, *, whole: bool) -> None:
    if house.running.poll() is not None:
        judge.note(f"the pages' process ended with {house.running.returncode}")
    for line in house.said().splitlines():
        if line.startswith("Traceback") or "stumbled" in line or (" while answering " in line and "refused by the database" not in line):
            judge.note(f"the log tells of an error: {line[:200]}")
    for path in house.left_behind()[:3]:
        judge.note(f"left behind: {path}")
    if whole:
        third = len(house.taken) // 3
        for what, most in (("memory", GROWS), ("files", FEW), ("threads", FEW)):
            second, last = (median(getattr(each, what) for each in part) for part in (house.taken[third : 2 * third], house.taken[-third:]))
            if last - second > most:
                judge.note(f"{what} grew from {second:.0f} to {last:.0f}")


def _collected() -> None:
    """Lets go of the sockets that the asking side left behind where an answer broke off: its own, not the house's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
