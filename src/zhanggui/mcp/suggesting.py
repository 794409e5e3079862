"""The tools that suggest. What they leave behind waits for a person, and nothing of it goes to the platform or to a buyer."""

from zhanggui.actions.notes import add_note
from zhanggui.actions.outbox import propose
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.mcp.answers import NotedOut, ProposedOut
from zhanggui.mcp.arguments import NoteIn, ProposeIn
from zhanggui.mcp.caller import Caller


def propose_act(caller: Caller, asked: ProposeIn) -> ProposedOut:
    """An act put into the outbox, where it waits for a person."""
    done = propose(caller.house, caller.person, caller.shop_id, Subject(asked.subject, asked.no), asked.kind, caller.now(), act=asked.act)
    return ProposedOut(act_no=done.act_no, act=done.kind, state=done.state, is_new=done.is_new)


def leave_note(caller: Caller, asked: NoteIn) -> NotedOut:
    """A note on an order, signed with the assistant's name."""
    text = f"{caller.person.display_name}: {masked_said(asked.text.strip())}"
    number = add_note(caller.house, caller.person, caller.shop_id, Subject(SubjectKind.ORDER, asked.order_no), text, caller.now())
    return NotedOut(number, text)
