"""The leaves of the tree: what each answer says, does and promises, and what a person looks at before it is said."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from zhanggui.core.answers.shapes import OfferKind
from zhanggui.core.say import Say, say

Gives = Literal["", "ship", "refund", "reply"]


class Leaf(msgspec.Struct, frozen=True):
    """One answer: its title, the scripts tried in order until one can be filled, what is done beside it, and what it promises."""

    title: Say
    scripts: tuple[str, ...]
    offers: tuple[OfferKind, ...] = ()
    gives: Gives = ""
    confirm: tuple[Say, ...] = ()
    duties: tuple[str, ...] = ()
    """The duties of the law that it rests on, by their names in the rulebook."""


_O = OfferKind
_KEEP = say("Can the promised hour be kept? Change it in the message if not.")
_STOCK = say("Is it on the shelf?")
_TRULY = say("Has the parcel truly left? A buyer is asked to withdraw a refund request for no other reason.")
_IN_HOUSE = say("Is the parcel still in the house?")
_BRANCH = say("Ask the branch where the parcel is before you promise more.")
_NEVER_STEER = say("Never ask the buyer to pick another reason.")
_NEVER_PAY = say("Never offer money, goods or coupons for a rating, and never answer such a demand with any.")
_LOOK = say("Look the order up on the platform: what we know of it is not enough.")
_NO_ADDRESS = say("Never have an address written in the chat: it is changed in the order.")
_UNTIED = say("The coupon is for the wait alone; never tie it to a rating or a withdrawal.")


def _leaf(
    title: Say, *scripts: str, offers: tuple[OfferKind, ...] = (), gives: Gives = "", confirm: tuple[Say, ...] = (), duties: tuple[str, ...] = ()
) -> Leaf:
    return Leaf(title, scripts, offers, gives, confirm, duties)


def _paid_before_it_leaves(title: Say, script: str, *, looks: bool = True) -> Leaf:
    """A leaf of goods that have not left: they stay here and the money goes back at once; where a parcel may be packed, after a look for it."""
    return _leaf(title, script, offers=(_O.STOP_PARCEL, _O.REFUND_NOW), gives="refund", confirm=(_IN_HOUSE,) if looks else ())


LEAVES: Mapping[str, Leaf] = {
    # nothing runs, or nothing is known
    "which_order": _leaf(say("Ask which order it is about"), "answer_which_order"),
    "forming": _leaf(say("The group has not formed: say when it ships once it has"), "answer_forming"),
    "closed": _leaf(say("The order was cancelled: say so"), "answer_closed"),
    "refunded": _leaf(say("The money has gone back: say so"), "answer_refunded"),
    "paid_back": _leaf(say("The money goes back: say so"), "answer_paid_back"),
    "unclear": _leaf(say("Look the order up, and promise an answer"), "answer_checking", offers=(_O.LOOK,), gives="reply", confirm=(_LOOK,)),
    "with_platform": _leaf(say("The platform decides: say that we keep to its ruling"), "answer_with_platform"),
    # CO-7: the goods are wanted
    "number_missing": _leaf(
        say("It has left without a number: enter it"),
        "answer_number_missing",
        "answer_number_unknown",
        offers=(_O.ENTER_NUMBER,),
        gives="reply",
        confirm=(_KEEP,),
    ),
    "number_missing_withdraw": _leaf(
        say("It has left without a number: enter it, and ask to withdraw the refund request"),
        "answer_number_missing_withdraw",
        "answer_number_unknown_withdraw",
        offers=(_O.ENTER_NUMBER, _O.ASK_TO_WITHDRAW),
        gives="reply",
        confirm=(_TRULY,),
    ),
    "handed_over": _leaf(say("It is with the carrier: name the number"), "answer_handed_over"),
    "handed_over_withdraw": _leaf(
        say("It is with the carrier: name the number, and ask to withdraw the refund request"),
        "answer_handed_over_withdraw",
        offers=(_O.ASK_TO_WITHDRAW,),
        confirm=(_TRULY,),
    ),
    "pickup_late": _leaf(
        say("Handed over and not scanned: press the carrier"), "answer_pickup_late", offers=(_O.CHASE_CARRIER,), gives="reply", confirm=(_KEEP, _BRANCH)
    ),
    "moves": _leaf(say("It is on its way: say where it is"), "answer_moves", "answer_moves_somewhere"),
    "moves_withdraw": _leaf(
        say("It is on its way: say where, and ask to withdraw the refund request"),
        "answer_moves_withdraw",
        offers=(_O.ASK_TO_WITHDRAW,),
        confirm=(_TRULY,),
    ),
    "at_the_door": _leaf(say("It is out for delivery: say so"), "answer_at_the_door"),
    "at_point": _leaf(say("It waits at the pickup point: ask to fetch it"), "answer_at_point"),
    "stands_still": _leaf(
        say("The parcel stands still: press the carrier, and say until when"),
        "answer_stands_still",
        offers=(_O.CHASE_CARRIER,),
        gives="reply",
        confirm=(_KEEP, _BRANCH),
    ),
    "turned_back": _leaf(say("The parcel turned back: ask what the buyer wants"), "answer_turned_back", offers=(_O.LOOK,)),
    "delivered": _leaf(say("It was delivered: help to find it"), "answer_delivered", offers=(_O.CHASE_CARRIER,), gives="reply", confirm=(_BRANCH,)),
    "confirmed": _leaf(
        say("The order counts as received, and no carrier says so: ask whether it has come"),
        "answer_confirmed",
        offers=(_O.CHASE_CARRIER,),
        gives="reply",
        confirm=(_BRANCH,),
    ),
    "said_shipped": _leaf(
        say("Nothing shows that it has left: find out before you say so"),
        "answer_said_shipped",
        offers=(_O.CHASE_CARRIER,),
        gives="reply",
        confirm=(_IN_HOUSE, _BRANCH),
    ),
    "said_shipped_asked": _leaf(
        say("A refund is asked, and nothing shows that it has left: find out first"),
        "answer_said_shipped_asked",
        offers=(_O.CHASE_CARRIER, _O.ANSWER_CASE),
        gives="reply",
        confirm=(_IN_HOUSE, _BRANCH),
    ),
    "goods_or_money": _leaf(
        say("A refund is asked and nothing has left: ask which it is to be"),
        "answer_goods_or_money",
        offers=(_O.STOP_PARCEL, _O.ANSWER_CASE),
        confirm=(say("Nothing leaves while the money is asked back; the buyer decides."),),
    ),
    "out_of_stock_refund": _leaf(
        say("Out of stock and the money is asked back: apologise and refund at once"),
        "answer_out_of_stock_refund",
        offers=(_O.STOP_PARCEL, _O.REFUND_NOW),
        gives="refund",
    ),
    "out_of_stock": _leaf(say("Out of stock: apologise and offer the refund"), "answer_out_of_stock", offers=(_O.COUNT_STOCK,), confirm=(_STOCK,)),
    "held_back": _leaf(say("It may not leave now: say so, and when you write again"), "answer_held_back", offers=(_O.LOOK,), gives="reply", confirm=(_KEEP,)),
    "not_shipped": _leaf(say("It is not to be shipped any more: say so"), "answer_not_shipped", offers=(_O.LOOK,), gives="reply", confirm=(_KEEP,)),
    "shown_but_here": _leaf(
        say("The number is uploaded, and the parcel is still here: hand it over now"),
        "answer_shown_but_here",
        offers=(_O.SHIP_NOW,),
        gives="reply",
        confirm=(_IN_HOUSE, _KEEP),
    ),
    "ships_by": _leaf(say("Within the term: promise the hour, and keep it"), "answer_ships_by", offers=(_O.SHIP_NOW,), gives="ship", confirm=(_KEEP,)),
    "ships_by_plan": _leaf(
        say("The term is not known: promise the hour of the plan"), "answer_ships_by", offers=(_O.SHIP_NOW,), gives="ship", confirm=(_KEEP, _LOOK)
    ),
    "no_hour": _leaf(
        say("No hour can be promised: say so, and when you write again"), "answer_no_hour", offers=(_O.SHIP_NOW,), gives="reply", confirm=(_KEEP,)
    ),
    "late": _leaf(say("Past the term: apologise, promise the hour, and keep it"), "answer_late", offers=(_O.SHIP_NOW,), gives="ship", confirm=(_KEEP,)),
    "late_with_coupon": _leaf(
        say("Past the term: apologise, promise the hour, offer the coupon"),
        "answer_late_with_coupon",
        offers=(_O.SHIP_NOW, _O.COUPON),
        gives="ship",
        confirm=(_KEEP, _UNTIED),
    ),
    "late_no_hour": _leaf(
        say("Past the term, and no hour can be promised: apologise and leave the choice"),
        "answer_late_no_hour",
        offers=(_O.SHIP_NOW,),
        gives="reply",
        confirm=(_KEEP,),
    ),
    # CO-8: the money is wanted
    "money_number_missing": _leaf(
        say("It has left without a number: agree to the refund and recall the goods"),
        "answer_money_number_missing",
        offers=(_O.REFUND_NOW, _O.RECALL),
        gives="refund",
    ),
    "money_number_missing_ask": _leaf(
        say("It has left without a number: recall the goods, and have the refund asked for"), "answer_money_number_missing_ask", offers=(_O.RECALL,)
    ),
    "money_handed": _leaf(
        say("It is with the carrier: have it stopped, then answer the refund"), "answer_money_handed", offers=(_O.RECALL, _O.ANSWER_CASE), gives="reply"
    ),
    "money_handed_ask": _leaf(
        say("It is with the carrier: have it stopped, and have the refund asked for"), "answer_money_handed_ask", offers=(_O.RECALL,), gives="reply"
    ),
    "money_moves": _leaf(
        say("It is on its way: have it stopped or refused, then answer the refund"), "answer_money_moves", offers=(_O.RECALL, _O.ANSWER_CASE), gives="reply"
    ),
    "money_moves_ask": _leaf(say("It is on its way: refuse it at the door, or send it back"), "answer_money_moves_ask", offers=(_O.RECALL,)),
    "money_said_shipped": _leaf(
        say("Nothing shows that it has left: find out, then answer the refund"),
        "answer_money_said_shipped",
        offers=(_O.CHASE_CARRIER, _O.ANSWER_CASE),
        gives="reply",
        confirm=(_IN_HOUSE, _BRANCH),
    ),
    "money_label": _paid_before_it_leaves(say("Nothing has left: destroy the label, then refund at once"), "answer_money_unshipped"),
    "money_unshipped": _paid_before_it_leaves(say("Nothing has left: refund at once"), "answer_money_unshipped", looks=False),
    "money_label_late": _paid_before_it_leaves(say("Past the term and nothing has left: destroy the label, apologise, refund at once"), "answer_money_late"),
    "money_late": _paid_before_it_leaves(say("Past the term and nothing has left: apologise and refund at once"), "answer_money_late", looks=False),
    "money_look": _paid_before_it_leaves(say("Nobody here knows of a label: see that the parcel is here, then refund at once"), "answer_money_unshipped"),
    "money_look_late": _paid_before_it_leaves(
        say("Past the term, and nobody here knows of a label: see that the parcel is here, apologise, refund at once"), "answer_money_late"
    ),
    "money_late_ask": _leaf(
        say("Past the term and nothing has left: apologise, keep it here, and have the refund asked for"),
        "answer_money_late_ask",
        offers=(_O.STOP_PARCEL,),
        confirm=(_IN_HOUSE,),
    ),
    "money_unshipped_ask": _leaf(
        say("Nothing has left: keep it here, and have the refund asked for"),
        "answer_money_unshipped_ask",
        offers=(_O.STOP_PARCEL,),
        confirm=(_IN_HOUSE,),
    ),
    # a case that runs
    "to_send_back": _leaf(say("The return is agreed: say how to send it"), "answer_to_send_back"),
    "to_refuse": _leaf(say("The parcel is refused or called back: say what comes then"), "answer_to_refuse", offers=(_O.ANSWER_CASE,)),
    "on_way_back": _leaf(say("The return is on its way: say what comes then"), "answer_on_way_back"),
    "back_here": _leaf(
        say("The return is here: inspect it and say until when"),
        "answer_back_here",
        offers=(_O.ANSWER_CASE,),
        gives="reply",
        confirm=(_KEEP,),
        duties=("refund_after_return",),
    ),
    "rejected": _leaf(say("We said no: hear what is new, and look again"), "answer_rejected", offers=(_O.ANSWER_CASE,), gives="reply", confirm=(_NEVER_STEER,)),
    "paying": _leaf(say("The refund is agreed to: say how the money comes"), "answer_paying"),
    "goods_again": _leaf(say("Goods are to be sent once more: say until when you write"), "answer_goods_again", offers=(_O.ANSWER_CASE,), gives="reply"),
    "goods_sent": _leaf(say("The goods were sent once more: name the parcel"), "answer_goods_sent", "answer_goods_sent_unnumbered"),
    "case_unclear": _leaf(say("Look the case up, and promise an answer"), "answer_checking", offers=(_O.ANSWER_CASE,), gives="reply", confirm=(_LOOK,)),
    "case_asked": _leaf(
        say("The case waits for us: answer it as advised"), "answer_case_asked", offers=(_O.ANSWER_CASE,), gives="reply", confirm=(_NEVER_STEER,)
    ),
    # the goods are there
    "ask_problem": _leaf(
        say("Ask what is wrong, and say how to ask for the money"), "answer_ask_problem", gives="reply", confirm=(_NEVER_STEER,), duties=("no_reason_return",)
    ),
    "return_open": _leaf(say("The seven days run: say how to return it"), "answer_return_open", duties=("no_reason_return",)),
    "return_over": _leaf(say("The seven days are over: ask what is wrong"), "answer_return_over", gives="reply", duties=("no_reason_return",)),
    "return_excepted": _leaf(say("Such goods are exempt: ask what is wrong"), "answer_return_excepted", gives="reply", duties=("no_reason_return",)),
    "return_ask": _leaf(say("Say how to ask for the return"), "answer_return_ask", confirm=(_LOOK,), duties=("no_reason_return",)),
    "missing": _leaf(say("Something is missing: ask for a picture, offer to send it"), "answer_missing", gives="reply"),
    "wrong": _leaf(say("Wrong goods: ask for a picture, offer the way out"), "answer_wrong", gives="reply"),
    "quality": _leaf(say("Something is wrong with it: ask for a picture, offer the way out"), "answer_quality", gives="reply", confirm=(_NEVER_STEER,)),
    "exchange": _leaf(say("An exchange: say how to ask for it"), "answer_exchange", offers=(_O.COUNT_STOCK,), gives="reply", confirm=(_STOCK,)),
    "exchange_short": _leaf(say("An exchange, and none is left: say so"), "answer_exchange_short", offers=(_O.COUNT_STOCK,), confirm=(_STOCK,)),
    "repair": _leaf(say("A repair: ask what is wrong, say how to ask for it"), "answer_repair", gives="reply"),
    "change_before": _leaf(
        say("Another variant before it ships: ask which"), "answer_change_before", offers=(_O.STOP_PARCEL,), gives="reply", confirm=(_KEEP,)
    ),
    "not_there_yet": _leaf(
        say("By our facts it has not left: find out what the buyer has"), "answer_not_there_yet", offers=(_O.LOOK,), gives="reply", confirm=(_LOOK,)
    ),
    # another address
    "address_before": _leaf(
        say("Nothing is printed: have the address changed in the order"), "answer_address_before", offers=(_O.CHANGE_ADDRESS,), confirm=(_NO_ADDRESS,)
    ),
    "address_label": _leaf(
        say("A label is about: keep the parcel, and have the address changed in the order"),
        "answer_address_label",
        offers=(_O.STOP_PARCEL, _O.CHANGE_ADDRESS),
        gives="reply",
        confirm=(_IN_HOUSE, _NO_ADDRESS),
    ),
    "address_ask": _leaf(
        say("Nobody here knows of a label: keep the parcel where there is one, and have the address changed in the order"),
        "answer_address_ask",
        offers=(_O.STOP_PARCEL, _O.CHANGE_ADDRESS),
        gives="reply",
        confirm=(_IN_HOUSE, _NO_ADDRESS),
    ),
    "address_on_way": _leaf(
        say("It has left: ask the carrier, and promise nothing"), "answer_address_on_way", offers=(_O.CHASE_CARRIER,), gives="reply", confirm=(_NO_ADDRESS,)
    ),
    "address_too_late": _leaf(say("It was delivered: the address cannot be changed any more"), "answer_address_too_late", gives="reply"),
    "address_confirmed": _leaf(
        say("The order counts as received: the address cannot be changed any more; ask whether it has come"),
        "answer_address_confirmed",
        offers=(_O.CHASE_CARRIER,),
        gives="reply",
    ),
    # before the sale, and beside it
    "invoice": _leaf(say("Say how to ask for the invoice"), "answer_invoice", gives="reply"),
    "invoice_later": _leaf(say("The invoice comes once the group has formed"), "answer_invoice_later"),
    "invoice_none": _leaf(say("The money goes back: there is nothing to invoice"), "answer_invoice_none"),
    "price": _leaf(say("The price of the page holds"), "answer_price"),
    "price_paid": _leaf(say("Bought already: look into the difference"), "answer_price_paid", gives="reply", confirm=(_KEEP,)),
    "stock_there": _leaf(say("It can be bought now"), "answer_stock_there"),
    "stock_none": _leaf(say("None is left: say so"), "answer_stock_none", gives="reply"),
    "stock_kept": _leaf(say("None is left, but this order's are kept: say so"), "answer_stock_kept", gives="reply"),
    "stock_off": _leaf(say("It is off the shelf: say so"), "answer_stock_off"),
    "stock_ask": _leaf(say("Nobody counted it: look, and answer"), "answer_stock_ask", offers=(_O.COUNT_STOCK,), gives="reply", confirm=(_STOCK,)),
    "use": _leaf(
        say("Ask what exactly, and answer from the goods"), "answer_use", gives="reply", confirm=(say("Say nothing of the goods that the page does not say."),)
    ),
    "promotion": _leaf(say("What the page shows holds"), "answer_promotion", confirm=(say("Promise no price that is not on the page."),)),
    "payment": _leaf(say("Help with the payment, on the platform alone"), "answer_payment", confirm=(say("Never name a way to pay beside the platform."),)),
    "complaint": _leaf(say("Hear the buyer out, and name the hour of the answer"), "answer_complaint", offers=(_O.LOOK,), gives="reply", confirm=(_KEEP,)),
    "complaint_case": _leaf(
        say("Hear the buyer out, and answer the case first"), "answer_complaint_case", offers=(_O.ANSWER_CASE,), gives="reply", confirm=(_KEEP,)
    ),
    "threat": _leaf(
        say("Solve what is wrong; pay nothing for a rating"), "answer_threat", gives="reply", confirm=(_NEVER_PAY,), duties=("no_reward_for_praise",)
    ),
    "threat_case": _leaf(
        say("Answer the case on its merits; pay nothing for a rating"),
        "answer_threat_case",
        offers=(_O.ANSWER_CASE,),
        gives="reply",
        confirm=(_NEVER_PAY,),
        duties=("no_reward_for_praise",),
    ),
    "thanks": _leaf(say("Thank the buyer"), "answer_thanks"),
    "thanks_received": _leaf(say("Thank the buyer, and stay at hand"), "answer_thanks_received"),
    "ask_back": _leaf(say("Nobody can tell what is wanted: ask back"), "answer_ask_back", "answer_ask_back_plain"),
}
"""Every leaf, by name."""

OFFERS: Mapping[OfferKind, Say] = {
    _O.ENTER_NUMBER: say("Upload the tracking number now"),
    _O.ASK_TO_WITHDRAW: say("The message asks to withdraw the refund request: the goods have left"),
    _O.REFUND_NOW: say("Agree to the refund now"),
    _O.STOP_PARCEL: say("Keep the parcel in the house; destroy its label where there is one"),
    _O.RECALL: say("Have the carrier stop the parcel"),
    _O.COUPON: say("Give the coupon in the back office"),
    _O.CHASE_CARRIER: say("Ask the carrier's branch about the parcel"),
    _O.SHIP_NOW: say("Print, pack and hand over, so that the hour is kept"),
    _O.COUNT_STOCK: say("Count what lies on the shelf"),
    _O.ANSWER_CASE: say("Answer the after-sales case as advised"),
    _O.CHANGE_ADDRESS: say("Print no label before the address is changed in the order"),
    _O.LOOK: say("Look the order up in the back office"),
}
"""What each act is called."""
