"""The tree as one table: each row leads from a question, by what the facts say, to the next question or to a leaf. Pages, docs and tests read it."""

from collections.abc import Iterator, Mapping

import msgspec

from zhanggui.core.answers.ground import Ground
from zhanggui.core.answers.questions import NOT_KNOWN, QUESTIONS
from zhanggui.core.answers.shapes import PathStep
from zhanggui.core.intents.kinds import Intent


class Branch(msgspec.Struct, frozen=True):
    """At this node the facts say this: go on there. A node is a question within one tree, written `question` or `question/where`."""

    node: str
    found: str
    to: str

    @property
    def question(self) -> str:
        """The question that the node asks."""
        return question_of(self.node)


def question_of(node: str) -> str:
    """The question a node asks."""
    return node.partition("/")[0]


def _rows(node: str, **to: str) -> tuple[Branch, ...]:
    return tuple(Branch(node, found, target) for found, target in to.items())


_OVER = {"forming": "=forming", "closed": "=closed", "refunded": "=refunded", "paid_back": "=paid_back", NOT_KNOWN: "=unclear"}
"""What is the same for every want: nothing runs, or nothing is known."""
_CASE_ON = {
    "part_asked": "=case_asked",
    "platform": "=with_platform",
    "to_send_back": "=to_send_back",
    "to_refuse": "=to_refuse",
    "on_way_back": "=on_way_back",
    "back_here": "=back_here",
    "paying": "=paying",
    "goods_again": "=goods_again",
    "goods_sent": "=goods_sent",
    NOT_KNOWN: "=case_unclear",
}
"""A case that goes on by itself, or that nobody understands."""

_NO_INVOICE = {"refunded": "=invoice_none", "paid_back": "=invoice_none", "closed": "=invoice_none"}
_BEFORE = {"exchange": "=change_before"}
"""What is answered before the goods have left."""

TREE: tuple[Branch, ...] = (
    # a buyer who chases the shipping or the parcel: CO-7 where the goods are wanted, CO-8 where the money is
    *_rows("order/chase", known="course/chase", not_known="=which_order"),
    *_rows("course/chase", running="case/chase", received="signed", **_OVER),
    *_rows("signed", yes="=delivered", no="=confirmed"),
    *_rows(
        "case/chase",
        **_CASE_ON | {"none": "wish", "asked": "wish", "goods_asked": "wish", "rejected": "wish"},
    ),
    *_rows("wish", goods="left/goods", money="left/money"),
    # CO-7: the goods are wanted
    *_rows("left/goods", yes="number/goods", said="refund/said", no="refund/no", back="=turned_back"),
    *_rows("number/goods", shown="scanned/goods", held="refund/number", none="refund/number"),
    *_rows("refund/number", asked="=number_missing_withdraw", no="=number_missing"),
    *_rows("scanned/goods", yes="parcel", no="refund/handed"),
    *_rows("refund/handed", asked="=handed_over_withdraw", no="pickup"),
    *_rows("pickup", in_time="=handed_over", late="=pickup_late", not_known="=pickup_late"),
    *_rows("parcel", moves="refund/moves", at_the_door="=at_the_door", at_point="=at_point", stands_still="=stands_still", not_known="=handed_over"),
    *_rows("refund/moves", asked="=moves_withdraw", no="=moves"),
    *_rows("refund/said", asked="=said_shipped_asked", no="=said_shipped"),
    *_rows("refund/no", asked="stock/asked", no="may_leave"),
    *_rows("stock/asked", short="=out_of_stock_refund", there="=goods_or_money", not_known="=goods_or_money"),
    *_rows("may_leave", yes="number/no", not_now="=held_back", never="=not_shipped"),
    *_rows("number/no", shown="=shown_but_here", held="stock", none="stock"),
    *_rows("stock", short="=out_of_stock", there="term", not_known="term"),
    *_rows("term", runs="hour/runs", passed="hour/passed", not_known="hour/no_term"),
    *_rows("hour/runs", yes="=ships_by", no="=no_hour"),
    *_rows("hour/no_term", yes="=ships_by_plan", no="=no_hour"),
    *_rows("hour/passed", yes="coupon", no="=late_no_hour"),
    *_rows("coupon", yes="=late_with_coupon", no="=late"),
    # CO-8: the money is wanted before the goods are there
    *_rows("left/money", yes="number/money", said="=money_said_shipped", no="refund/money_no", back="=turned_back"),
    *_rows("number/money", shown="scanned/money", held="refund/money_number", none="refund/money_number"),
    *_rows("refund/money_number", asked="=money_number_missing", no="=money_number_missing_ask"),
    *_rows("scanned/money", yes="refund/money_moves", no="refund/money_handed"),
    *_rows("refund/money_moves", asked="=money_moves", no="=money_moves_ask"),
    *_rows("refund/money_handed", asked="=money_handed", no="=money_handed_ask"),
    *_rows("refund/money_no", asked="term/money", no="term/money_ask"),
    *_rows("term/money", runs="label", passed="label/late", not_known="label"),
    *_rows("label", about="=money_label", none="=money_unshipped", not_known="=money_look"),
    *_rows("label/late", about="=money_label_late", none="=money_late", not_known="=money_look_late"),
    *_rows("term/money_ask", runs="=money_unshipped_ask", passed="=money_late_ask", not_known="=money_unshipped_ask"),
    # a refund, and where it stays
    *_rows("order/money", known="course/money", not_known="=which_order"),
    *_rows("course/money", running="case/money", received="case/received", **_OVER),
    *_rows("case/money", none="left/money", asked="left/money", goods_asked="left/money", rejected="=rejected", **_CASE_ON),
    *_rows("case/received", none="=ask_problem", asked="=case_asked", goods_asked="=case_asked", rejected="=rejected", **_CASE_ON),
    # a return
    *_rows("order/return", known="course/return", not_known="=which_order"),
    *_rows("course/return", running="case/money", received="case/return", **_OVER),
    *_rows("case/return", none="no_reason", asked="=case_asked", goods_asked="=case_asked", rejected="=rejected", **_CASE_ON),
    *_rows("no_reason", runs="=return_open", over="=return_over", excepted="=return_excepted", not_known="=return_ask"),
    # something is wrong with the goods
    *(
        row
        for want in ("missing", "wrong", "quality", "exchange", "repair")
        for row in (
            *_rows(f"order/{want}", known=f"course/{want}", not_known="=which_order"),
            *_rows(f"course/{want}", running=f"left/{want}", received=f"case/{want}", **_OVER),
            *_rows(
                f"left/{want}", yes=f"case/{want}", said=f"case/{want}", back="=turned_back", no="=change_before" if want == "exchange" else "=not_there_yet"
            ),
            *_rows(
                f"case/{want}",
                none="stock/exchange" if want == "exchange" else f"={want}",
                asked="=case_asked",
                goods_asked="=case_asked",
                rejected="=rejected",
                **_CASE_ON,
            ),
        )
    ),
    *_rows("stock/exchange", short="=exchange_short", there="=exchange", not_known="=exchange"),
    # another address
    *_rows("order/address", known="course/address", not_known="=which_order"),
    *_rows("course/address", running="left/address", received="signed/address", **(_OVER | {"forming": "=address_before"})),
    *_rows("signed/address", yes="=address_too_late", no="=address_confirmed"),
    *_rows("left/address", yes="=address_on_way", said="=address_on_way", back="=turned_back", no="label/address"),
    *_rows("label/address", about="=address_label", none="=address_before", not_known="=address_ask"),
    # before the sale, and beside it
    *_rows("course/invoice", forming="=invoice_later", running="=invoice", received="=invoice", not_known="=invoice", **_NO_INVOICE),
    *_rows("order/invoice", known="course/invoice", not_known="=invoice"),
    *_rows("order/price", known="=price_paid", not_known="=price"),
    *_rows("shelf", there="=stock_there", short="=stock_none", kept="=stock_kept", off="=stock_off", not_known="=stock_ask"),
    *_rows("order/complaint", known="case/complaint", not_known="=complaint"),
    *_rows(
        "case/complaint",
        **dict.fromkeys((*QUESTIONS["case"].answers,), "=complaint_case") | {"none": "=complaint", "platform": "=with_platform", "paying": "=paying"},
    ),
    *_rows("order/threat", known="case/threat", not_known="=threat"),
    *_rows("case/threat", **dict.fromkeys((*QUESTIONS["case"].answers,), "=threat_case") | {"none": "=threat"}),
    *_rows("order/thanks", known="course/thanks", not_known="=thanks"),
    *_rows("course/thanks", **dict.fromkeys((*QUESTIONS["course"].answers,), "=thanks") | {"received": "=thanks_received"}),
)
"""Every branch there is. What begins with = is a leaf."""

ROOTS: Mapping[Intent, str] = {
    Intent.CHASE_SHIPPING: "order/chase",
    Intent.CHASE_DELIVERY: "order/chase",
    Intent.REFUND: "order/money",
    Intent.CHASE_REFUND: "order/money",
    Intent.RETURN: "order/return",
    Intent.EXCHANGE: "order/exchange",
    Intent.REPAIR: "order/repair",
    Intent.MISSING: "order/missing",
    Intent.WRONG: "order/wrong",
    Intent.QUALITY: "order/quality",
    Intent.ADDRESS_CHANGE: "order/address",
    Intent.INVOICE: "order/invoice",
    Intent.PRICE: "order/price",
    Intent.STOCK: "shelf",
    Intent.USE: "=use",
    Intent.PROMOTION: "=promotion",
    Intent.ORDER_PAYMENT: "=payment",
    Intent.COMPLAINT: "order/complaint",
    Intent.REVIEW_THREAT: "order/threat",
    Intent.THANKS: "order/thanks",
    Intent.OTHER: "=ask_back",
}
"""Where the way to the answer to each want begins."""

CHASES = frozenset(intent for intent, root in ROOTS.items() if root == "order/chase")
"""The wants whose answer may promise when the order leaves."""
_ON: Mapping[tuple[str, str], str] = {(row.node, row.found): row.to for row in TREE}
NODES: tuple[str, ...] = tuple(dict.fromkeys(row.node for row in TREE))


def walk(intent: Intent, ground: Ground) -> tuple[str, tuple[PathStep, ...]]:
    """The leaf that the facts lead to, and the way there."""
    node, path = ROOTS[intent], []
    while not node.startswith("="):
        ask = QUESTIONS[question_of(node)]
        found = ask.read(ground)
        path.append(PathStep(ask.words, ask.answers[found], ask.source, found != NOT_KNOWN))
        node = _ON[node, found]
    return node[1:], tuple(path)


def leaves_in_tree() -> Iterator[str]:
    """Every leaf that some way leads to."""
    yield from dict.fromkeys(to[1:] for to in (*(row.to for row in TREE), *ROOTS.values()) if to.startswith("="))
