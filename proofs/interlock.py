"""Ten thousand interleavings of the transactions that print, pack, hand over, refund and upload the same orders, on a real PostgreSQL."""

import tempfile
from collections import Counter
from pathlib import Path

import psycopg
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import HypothesisException
from hypothesis.stateful import run_state_machine_as_test

from proofs.support import Proof
from tests.actions.dispatching.lockplay import DOINGS, LockPlay, Play, playing
from zhanggui.records.migrate import migrate
from zhanggui.server import embedded

WANTED, WANTED_QUICK = 10_000, 40
AT_A_TIME = 60
"""Stories of one run of hypothesis; runs follow each other until there are enough interleavings."""
_CLAIM = (
    "Whatever the order in which the statements of printing, packing, handing over, destroying, calling back, refunding, uploading and storing facts of the "
    "same orders reach a real PostgreSQL, no order leaves the house after an act of ours that pays its buyer back has passed the door, no such act passes it "
    "unseen after the parcel has left, and the destroy list holds exactly what was printed and must not leave."
)
_PARTS = (
    (
        "A hypothesis state machine draws the stories: one or two orders, single events, rounds of two or three transactions at once, and duels: what meets at",
        "the very moment that matters. In a round each transaction has a connection of its own and waits for its turn before every statement and every commit.",
        "Who has the turn is drawn as ranks with a few drops at drawn places. Where the database makes one wait for a lock (it is asked), the",
        "turn goes to another. After each round, with nobody at work, the orders are judged.",
    ),
    (
        "The platform is a table of what it knows: whether the buyer asks, gave up or was paid, and whether the number was uploaded. It answers, refuses and",
        "loses answers. The house reads it in transactions of their own, as in life, so that what is read may be old by the time it is stored.",
    ),
    (
        "Left out: scans of the carrier that show a parcel under way although its label was said to be destroyed. They move the order to where it is, and the",
        "parcel is called back; no lock can prevent what somebody carries out of the door.",
    ),
)
_NOTES = tuple(line for part in _PARTS for line in (" ".join(part), ""))[:-1]


def prove(seed: int, *, quick: bool) -> Proof:
    """Play until there are enough interleavings, or one that must not be."""
    rounds: Counter[str] = Counter()
    failures: list[str] = []
    home = Path(tempfile.mkdtemp(prefix="zg-"))
    with embedded(home) as info:
        _prepare(info)
        with playing(psycopg.conninfo.make_conninfo(info, dbname="interlock"), home) as play:
            failures += _played(play, seed, WANTED_QUICK if quick else WANTED, quick=quick)
            rounds, paths = play.rounds, len(play.paths)
    counts: dict[str, int | float | str] = {
        "interleavings": rounds["interleavings"],
        "different ones": paths,
        "turns": rounds["turns"],
        "waits for another's lock": rounds["waits for a lock"],
        "interleavings in which somebody waited": rounds["interleavings with a wait"],
        "kinds of event": len(DOINGS),
        "orders": play.orders,
        "looks at a refund past the door": rounds["refunds past the door"],
    }
    counts |= {f"looks at an order, {name.removeprefix('seen ')}": many for name, many in sorted(rounds.items()) if name.startswith("seen ")}
    return Proof(claim=_CLAIM, counts=counts, failures=failures, notes=_NOTES)


def _prepare(info: str) -> None:
    """A fresh, migrated database that need not wait for the disk: nothing here is about a crash."""
    with psycopg.connect(info, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"alter system set {setting} = off")
        connection.execute("select pg_reload_conf()")
        connection.execute("create database interlock")
    migrate(psycopg.conninfo.make_conninfo(info, dbname="interlock"))


def _played(play: Play, first: int, wanted: int, *, quick: bool) -> list[str]:
    run = 0
    while play.rounds["interleavings"] < wanted:
        machine = type("Story", (LockPlay,), {"play": play})
        try:
            run_state_machine_as_test(
                seed(first * 1_000 + run)(machine),
                settings=settings(
                    max_examples=4 if quick else AT_A_TIME,
                    stateful_step_count=20,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    print_blob=False,
                    database=None,
                    phases=(Phase.generate,),
                ),
            )
        except (AssertionError, HypothesisException) as found:
            return [str(found)]
        run += 1
        print(f"{play.rounds['interleavings']} interleavings, {len(play.paths)} different", flush=True)
    return []
