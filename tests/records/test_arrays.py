"""Lists go to the database as they would by the driver's own way, whatever is in their texts."""

from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.adapt import PyFormat, Transformer
from psycopg.types.array import ListDumper

from zhanggui.core.facts import OrderStage
from zhanggui.records.arrays import plain
from zhanggui.records.db import Pool

TEXTS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8) | st.sampled_from(['"', "\\", "{", "}", ",", "NULL", "", " ", '","']), max_size=6
)


@given(TEXTS)
def test_texts_come_back_as_they_were(texts: list[str]) -> None:
    written = plain(texts)

    assert written is None or _read(written) == texts


def test_every_sort_of_list_arrives(pool: Pool) -> None:
    lists: list[list[Any]] = [["a", "b"], ['"', "\\", "{x}", "a,b", "NULL", "", " "], ["坚果", "枣"], ["a", None], [], [["a", "b"], ["c", "d"]]]

    with pool.connection() as tx:
        arrived = [tx.execute("select %s::text[]", (one,)).fetchone() for one in lists]
        numbers = tx.execute("select %s::int[]", ([1, 2],)).fetchone()

    assert arrived == [(one,) for one in lists]
    assert numbers == ([1, 2],)


def test_a_null_character_is_refused_as_by_the_driver(pool: Pool) -> None:
    with pool.connection() as tx, pytest.raises(psycopg.DataError):
        tx.execute("select %s::text[]", (["a", "b\0"],))


def test_anything_but_texts_is_left_to_the_driver() -> None:
    assert [plain(one) for one in ([], [1], ["a", None], ["a", 1], [OrderStage.TO_SHIP], ['"'], ["\\"])] == [None] * 7


def _read(written: bytes) -> list[str]:
    """What the driver reads from an array of texts."""
    loader = Transformer().get_loader(psycopg.adapters.types["text"].array_oid, psycopg.pq.Format.TEXT)
    read: list[str] = loader.load(written)
    return read


def test_the_driver_reads_its_own_writing_the_same_way() -> None:
    dumper = ListDumper(list).upgrade(["a", "b c"], PyFormat.TEXT)

    written = dumper.dump(["a", "b c"])

    assert written is not None
    assert _read(bytes(written)) == _read(plain(["a", "b c"]) or b"")
