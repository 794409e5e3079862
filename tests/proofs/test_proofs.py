"""Every long proof holds in a small run; script/prove carries them out whole."""

import pytest
from proofs.__main__ import names, run


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_it_holds_in_a_small_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    proof = run(name, seed=20, quick=True)

    assert proof.failures == []
    assert proof.counts
