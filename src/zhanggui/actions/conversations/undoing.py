"""A pasted conversation goes with the import that holds its messages; what an overlapping paste still tells stays."""

from zhanggui.actions.conversations.keeping import note_promises
from zhanggui.actions.conversations.threading import brought_up, held_thread
from zhanggui.actions.following import Followed
from zhanggui.actions.reckoning import Reckoning, Touched
from zhanggui.core.deadlines import SubjectKind
from zhanggui.records import conversations, promises, quality, threads
from zhanggui.records.db import Tx


def forget_conversation(tx: Tx, shop_id: int, batch_id: int, reckoning: Reckoning) -> None:
    """Takes the conversation of this import away, with its promises and their deadlines."""
    record = conversations.of_batch(tx, shop_id, batch_id)
    if record is None:
        return
    quality.forget_days(tx, shop_id, record.thread_no, record.conversation_no)
    order_nos = threads.orders_asked_about(tx, shop_id, record.thread_no)
    gone = promises.remove_of_conversation(tx, shop_id, record.conversation_no)
    conversations.remove(tx, shop_id, record.conversation_no)
    again = note_promises(tx, shop_id, conversations.first_with_keys(tx, shop_id, sorted({key for _, key in gone})), reckoning.now)
    _without(tx, shop_id, record.thread_no)
    reckoning.recompute(Touched(conversations=order_nos))
    followed = Followed(tx, shop_id, reckoning.rulebook, reckoning.now)
    followed.by_number({SubjectKind.PROMISE.value: again})
    followed.subjects.setdefault(SubjectKind.PROMISE.value, set()).update(str(no) for no, _ in gone)
    reckoning.store(followed.computed, followed.subjects)


def _without(tx: Tx, shop_id: int, thread_no: int) -> None:
    """The thread as it stands without the paste; gone where nothing of it is left."""
    thread = held_thread(tx, shop_id, thread_no)
    if threads.is_empty(tx, shop_id, thread_no):
        threads.remove(tx, shop_id, thread_no)
    else:
        brought_up(tx, thread)
