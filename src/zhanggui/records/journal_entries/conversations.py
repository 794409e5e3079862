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


class ThreadLinked(Entry, frozen=True):
    """Somebody said which order a buyer's thread is about."""

    kind = "thread_linked"
    thread_no: int

    def say(self) -> Say:
        return say("Thread no. {thread_no} with the buyer is about this order.", thread_no=self.thread_no)


class AnswerSaid(Entry, frozen=True):
    """Somebody said that an answer was sent, or gave it to the tool that sends it."""

    kind = "answer_said"
    thread_no: int
    findings: int

    def say(self) -> Say:
        slots = {"thread_no": self.thread_no, "findings": self.findings}
        return say("The buyer was answered in thread no. {thread_no}; findings of the check of speech {findings}.", **slots)
