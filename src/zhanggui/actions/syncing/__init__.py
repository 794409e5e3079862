"""Reading from the platform: window by window with a ledger, and single things again. docs/sync.md tells how."""

from zhanggui.actions.syncing.again import ToldAgain, read_again, store_again, told_again
from zhanggui.actions.syncing.asking import InWhoseName
from zhanggui.actions.syncing.beginning import begin_sync, pause_sync, sync_soon
from zhanggui.actions.syncing.once import SyncReport, shops_to_sync, sync_once, sync_some
from zhanggui.actions.syncing.state import LeftOutThing, SourceState, SyncState, sync_state

__all__ = [
    "InWhoseName",
    "LeftOutThing",
    "SourceState",
    "SyncReport",
    "SyncState",
    "ToldAgain",
    "begin_sync",
    "pause_sync",
    "read_again",
    "shops_to_sync",
    "store_again",
    "sync_once",
    "sync_some",
    "sync_soon",
    "sync_state",
    "told_again",
]
