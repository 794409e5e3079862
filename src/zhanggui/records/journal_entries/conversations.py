"""What happened to conversations that were pasted, and to what was promised in them."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class ConversationTaken(Entry, frozen=True):
    """Somebody pasted a conversation."""

    kind = "conversation_taken"
    conversation_no: int
    messages: int
    promises: int

    def say(self) -> Say:
        slots = {"conversation_no": self.conversation_no, "messages": self.messages, "promises": self.promises}
        return say("Conversation no. {conversation_no} was pasted: messages {messages}, promises {promises}.", **slots)


class PromiseMoved(Entry, frozen=True):
    """A promise was kept, broken or taken back, by the facts or by what somebody said."""

    kind = "promise_moved"
    promise_no: int
    promise: str
    state: str

    def say(self) -> Say:
        return say("Promise no. {promise_no} ({promise}): {state}.", promise_no=self.promise_no, promise=self.promise, state=self.state)
