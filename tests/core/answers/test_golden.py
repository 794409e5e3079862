"""The golden cases: what is answered to what is wanted, as the order stands."""

import pytest

from tests.core.answers.golden import Golden, answered, goldens
from tests.core.golden import moment
from zhanggui.core.answers.leaves import LEAVES
from zhanggui.core.promises import promises_in

CASES = tuple(goldens())


@pytest.mark.parametrize("golden", CASES, ids=lambda golden: golden.name)
def test_it_answers_as_the_table_says(golden: Golden) -> None:
    data = golden.data

    found = answered(golden)

    first = found[0]
    assert (first.leaf, [offer.kind.value for offer in first.acts]) == (data["leaf"], data.get("acts", []))
    assert [answer.leaf for answer in found[1:]] == data.get("then", [])
    kind, _, until = data.get("promise", "").partition(" ")
    assert (first.promise and (first.promise.kind.value, first.promise.until)) == ((kind, moment(until)) if kind else None)
    assert first.draft is not None
    assert [part for part in data.get("says", ()) if part not in first.draft.zh] == []
    assert [part for part in data.get("never", ()) if part in first.draft.zh] == []
    assert [look for look in data.get("look_first", ()) if look not in [each.text for each in first.confirm]] == []
    if "way" in data:
        assert [step.found.text for step in first.path] == data["way"]
    assert [step.is_known for step in first.path].count(False) == data.get("unknown", 0)


@pytest.mark.parametrize("golden", CASES, ids=lambda golden: golden.name)
def test_its_words_promise_what_it_promises_and_nothing_forbidden(golden: Golden) -> None:
    for answer in answered(golden):
        assert answer.findings == ()
        assert answer.draft is not None
        read = {(promise.kind, promise.due_at) for promise in promises_in(answer.draft.zh, golden.now) if promise.is_exact}
        assert read == ({(answer.promise.kind, answer.promise.until)} if answer.promise else set())


def test_every_leaf_is_in_some_case() -> None:
    seen = {answer.leaf for golden in CASES for answer in answered(golden)}

    assert set(LEAVES) - seen == set()
    assert len(CASES) >= 120
