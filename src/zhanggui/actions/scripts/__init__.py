"""The shop's library of messages: the words in force, quick replies filled from the facts, versions, what came of each, room to concede."""

from zhanggui.actions.scripts.library import scripts_in, scripts_of
from zhanggui.actions.scripts.replying import QuickReply, quick_replies
from zhanggui.actions.scripts.using import used

__all__ = ["QuickReply", "quick_replies", "scripts_in", "scripts_of", "used"]
