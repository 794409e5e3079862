"""The panel of the print component as pages include it: where it answers, and the sentences its script shows."""

import msgspec

from zhanggui.actions.waybills.seeing import component_address
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId
from zhanggui.workbench.desk import Desk

_WORDS: dict[str, Say] = {
    "not_looked": say("Not looked for yet on this computer."),
    "looking": say("Looking for the print component…"),
    "ready": say("The print component answers ({address}, version {version})."),
    "no_printer": say("The print component answers at {address}, but it knows no printer. Add one in the component."),
    "no_component": say(
        "No print component answers on this computer. Start it, or install it from the platform's back office; without one, print papers from the order."
    ),
    "cut_off": say("The print component hung up. What it was given stays open here until it is known whether it was printed."),
    "no_answer": say("The print component did not answer in time. What it was given stays open here until it is known whether it was printed."),
    "refused": say("The print component refused: {told}"),
    "broken": say("Something went wrong in the browser: {told}"),
    "not_sent": say("The print component was not reached"),
    "printing": say("{done} of {all} labels…"),
    "done": say("{printed} of {all} labels printed; {failed} failed, {unknown} unclear, {refused} not to be printed."),
    "preview": say("Preview of {number}, page {page}"),
    "testing": say("A test label goes to {printer}…"),
    "tested": say("The test label was printed ({style} frames). Look at it: it is no parcel's."),
    "test_failed": say("The test label was not printed: {told}"),
    "no_preview": say("The print component showed nothing to look at."),
}


class Panel(msgspec.Struct, frozen=True):
    """What the panel's template needs."""

    address: str
    words: dict[str, str]


def component_panel(desk: Desk, shop_id: ShopId) -> Panel:
    """The panel for the reader of this page, which from now on may speak to the print component."""
    desk.request.state.prints = True
    return Panel(component_address(desk.house, shop_id), {name: desk.words.gettext(each.text) for name, each in _WORDS.items()})
