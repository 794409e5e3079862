"""The words of the desk: its lists, what they are grouped by, what was done."""

from collections.abc import Mapping

from zhanggui.actions.shipdesk.desk import View
from zhanggui.core.batches import Tag
from zhanggui.core.say import Say, say

VIEWS: Mapping[View, Say] = {
    View.PRINT: say("To print"),
    View.BATCH: say("Batches"),
    View.PACK: say("To pack"),
    View.HAND_OVER: say("To hand over"),
    View.TELL: say("To upload"),
    View.KEPT: say("Kept back"),
    View.DESTROY: say("To destroy"),
}
HEADINGS: Mapping[View, Say] = {
    View.PRINT: say("Waits to be taken into a batch, the most urgent first."),
    View.BATCH: say("Taken together, not printed yet."),
    View.PACK: say("Printed; the parcel is still open."),
    View.HAND_OVER: say("Packed; the carrier has yet to take it."),
    View.TELL: say("The number exists; the platform does not know it yet."),
    View.KEPT: say("Must not leave now. Comes back by itself once the reason is gone."),
    View.DESTROY: say("Printed or packed, and must not leave. Find the label, destroy it, say so here."),
}
GROUPS: Mapping[str, Say] = {"goods": say("By goods"), "carrier": say("By carrier"), "door": say("One door, several orders")}
TAGS: Mapping[str, Say] = {
    Tag.GIFT.value: say("gift"),
    Tag.PRESALE.value: say("presale"),
    Tag.BOOKED.value: say("booked delivery"),
    Tag.SEVERAL.value: say("several goods"),
    Tag.NOTE.value: say("note"),
    Tag.MAY_BE_LATE.value: say("may be late"),
}
DID: Mapping[str, Say] = {
    "pack": say("{n} packed."),
    "hand_over": say("{n} handed over."),
    "unpack": say("{n} back among those to be packed."),
    "take_back": say("{n} back in the house."),
    "destroy": say("{n} destroyed; the goods go back on the shelf."),
    "keep": say("{n} back on the destroy list."),
    "had_left": say("{n} had left already; they are called back."),
    "told": say("{n} on the way to the platform."),
    "further": say("Further parcels told to the platform: {n}."),
}
