"""How the page of returns puts things: what an opened parcel means for whoever stands before it."""

from zhanggui.actions.returns.seeing import FoundCase, SeenReturn
from zhanggui.core.batches.packing import Tone
from zhanggui.core.facts import AftersaleKind
from zhanggui.core.returns.grades import AGAINST, Grade
from zhanggui.core.returns.troubles import Trouble
from zhanggui.core.say import Say, say
from zhanggui.records.returns import ReturnState

OURS = (Grade.AS_NEW, Grade.OPENED, Grade.WORN, Grade.DAMAGED)
"""The grades that are counted for every kind of goods; other goods are named by hand."""
OTHERS = (Grade.WRONG, Grade.FOREIGN)
VIEWS = {"awaited": say("To open"), "counted": say("Opened"), "nobodys": say("Nobody's yet")}
STATES = {
    "counted": (ReturnState.COUNTED, ReturnState.WAIVED),
    "nobodys": (ReturnState.NOBODYS,),
}
DONE = {
    "undone": say("The count was taken back. Scan the parcel to count it again."),
    "waived": say("Kept: the money may go all the same. A person has to send it."),
}
_SAID = {
    Trouble.EMPTY: say("Empty. Keep the box and the label, and let no money go yet."),
    Trouble.WRONG: say("Other goods than were sent. Put them aside, do not send them back yet."),
    Trouble.SHORT: say("Less came back than the money asked for is worth."),
    Trouble.UNSALEABLE: say("Not fit for sale. Put it aside; a person decides about the money."),
}
WHAT_TO_DO: dict[Trouble, Say] = _SAID


def tone_of(seen: SeenReturn) -> Tone:
    """How loudly the bench speaks of what was just counted."""
    if seen.state is not ReturnState.COUNTED:
        return Tone.WARN
    worst = {Trouble.EMPTY, Trouble.WRONG} & set(seen.troubles)
    return Tone.STOP if worst else Tone.WARN if seen.troubles or _is_as_complained(seen) else Tone.GOOD


def headline_of(seen: SeenReturn) -> Say:
    """What was just counted, in one short sentence."""
    if seen.state is ReturnState.NOBODYS:
        return say("Nobody's yet. Write {return_no} on it.", return_no=seen.row.return_no)
    if seen.state is ReturnState.WAIVED:
        return say("May be paid all the same")
    if seen.troubles:
        return _SAID[seen.troubles[0]]
    pieces = sum(piece.pieces for piece, _ in seen.pieces)
    if _is_as_complained(seen):
        return say("Nothing speaks against the buyer: {pieces} back. A person decides about the money.", pieces=pieces)
    return say("All right: {pieces} back", pieces=pieces)


def _is_as_complained(seen: SeenReturn) -> bool:
    """Whether it came back in no good condition, and just so as the buyer complained."""
    return not seen.troubles and any(grade in AGAINST for _, grade in seen.pieces)


def may_be_waived(one: FoundCase) -> bool:
    """Whether a person may still decide to pay without the goods, or all the same after a count that stands in the way of what is asked."""
    if one.case is None or one.ceiling is None or one.case.kind is not AftersaleKind.RETURN_AND_REFUND:
        return False
    if any(row.state == ReturnState.WAIVED for row in one.received):
        return False
    return not one.received or one.ceiling.fen is None or one.ceiling.fen < (one.case.refund_amount or 0)
