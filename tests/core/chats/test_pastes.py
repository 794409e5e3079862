"""A hundred conversations, in the shapes in which people copy them, are read as a merchant reads them."""

import pytest

from tests.core.chats.golden import Pasted, pastes, told
from zhanggui.core.chats import read_chat

EVERY = tuple(pastes())


def test_there_are_a_hundred_conversations_of_ten_shapes() -> None:
    assert (len(EVERY), len({each.file for each in EVERY}), len({(each.file, each.name) for each in EVERY})) == (100, 10, 100)


@pytest.mark.parametrize("pasted", EVERY, ids=lambda pasted: f"{pasted.file}: {pasted.name}")
def test_it_is_read_as_a_merchant_reads_it(pasted: Pasted) -> None:
    chat = read_chat(pasted.text, pasted.now, reps=pasted.reps)

    assert told(chat) == pasted.reads
    assert tuple(f"{line.line} {line.text}" for line in chat.unread) == pasted.unread
    assert (chat.order_nos, chat.tracking_nos, chat.masked) == (pasted.orders, pasted.tracking, pasted.masked)
