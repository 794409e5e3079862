"""A thousand lives of after-sales cases on a real PostgreSQL: every step, skip and jump, with people, the house, the door and late news between."""

import tempfile
from collections import Counter
from pathlib import Path

import psycopg
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import HypothesisException
from hypothesis.stateful import run_state_machine_as_test

from proofs.support import Proof
from tests.actions.cases.lifeplay import CaseLife, Play, living
from zhanggui.core.cases import CaseState
from zhanggui.records.migrate import migrate
from zhanggui.server import embedded

LIVES, LIVES_QUICK = 2000, 6
AT_A_TIME = 100
"""Lives of one run of hypothesis; runs follow each other until there are enough."""
_CLAIM = (
    "Whatever buyers, platform, carriers and clocks do with a case, in whatever order the news of it come, late, twice or not at all, the house keeps every "
    "move, each beginning where the last ended, runs the clock of the state it was told, leaves nothing to be done by hand that makes no sense any more, and "
    "lets no refund pass the door above what was counted, nor a second one; no order leaves once its money goes back."
)
_NOTES = (
    "A hypothesis state machine draws the lives. The platform is a record of its own that takes steps of the table (buyer, platform, clock, carrier),",
    "now and then jumps, and answers, refuses or loses the answer of what the door sends.",
    "",
    "What was counted is reckoned apart: four pieces at ten yuan, as many as the bench counted. People refuse in the back office by guided steps, and say",
    "so, or leave it to the case to show.",
    "",
    "Left out: files (their steps are undone with them, which tests/actions/cases holds), and several at once, which the proof of the interlock plays.",
)


def prove(seed: int, *, quick: bool) -> Proof:
    """Play until there are enough lives, or one that must not be."""
    home = Path(tempfile.mkdtemp(prefix="zg-"))
    with embedded(home) as info:
        with psycopg.connect(info, autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"alter system set {setting} = off")
            connection.execute("select pg_reload_conf()")
            connection.execute("create database cases")
        database = psycopg.conninfo.make_conninfo(info, dbname="cases")
        migrate(database)
        with living(database, home) as play:
            failures = _played(play, seed, LIVES_QUICK if quick else LIVES, quick=quick)
    seen = play.seen
    counts: dict[str, int | float | str] = {
        "lives": play.lives,
        "states stood in": len({state for state in CaseState if seen[f"state {state.value}"]}),
        "looks at a state": sum(many for name, many in seen.items() if name.startswith("state ")),
        "steps of the platform": sum(many for name, many in seen.items() if ": case." in name),
        "kinds of step": len([name for name in seen if ": case." in name]),
        "refused": seen["refused"],
        "handed over": seen["handed over"],
    }
    counts |= {name: many for name, many in sorted(Counter(seen).items()) if name.startswith("past the door")}
    if not quick:
        failures += [
            f"never stood in {state.value}" for state in CaseState if state not in (CaseState.UNKNOWN, CaseState.CLOSED) and not seen[f"state {state.value}"]
        ]
    return Proof(claim=_CLAIM, counts=counts, failures=failures, notes=_NOTES)


def _played(play: Play, first: int, wanted: int, *, quick: bool) -> list[str]:
    run = 0
    while play.lives < wanted:
        machine = type("Life", (CaseLife,), {"play": play})
        try:
            run_state_machine_as_test(
                seed(first * 1_000 + run)(machine),
                settings=settings(
                    max_examples=3 if quick else AT_A_TIME,
                    stateful_step_count=16 if quick else 30,
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
        print(f"{play.lives} lives", flush=True)
    return []
