"""The lock between a refund and a parcel, under interleaved transactions of a real PostgreSQL. The long run is `script/prove interlock`."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.actions.dispatching.lockplay import LockPlay, playing


@pytest.mark.slow
def test_no_parcel_leaves_after_a_refund_was_agreed_and_none_is_agreed_unseen_after_it_left(database: str, tmp_path: Path) -> None:
    with playing(database, tmp_path) as play:

        class Here(LockPlay):
            pass

        Here.play = play
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=6,
                stateful_step_count=16,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                print_blob=False,
                derandomize=True,
                phases=(Phase.generate,),
            ),
        )

        assert play.rounds["interleavings"] > 12
        assert play.rounds["interleavings with a wait"] > 4
        assert play.rounds["refunds past the door"] > 2
