"""The measures of a day, counted from lines of facts with nothing but the standard library: `python tests/check_measures.py FILE.jsonl YYYY-MM-DD`.

It shares no code with the product, so that both can only agree by being right. Every measure is counted by going through every order, case, scan, review
and message once more; the rules of 2026 stand here a second time. Moments are ISO 8601 texts with an offset. Orders name their ship-by themselves.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

CHINA = timezone(timedelta(hours=8))
HOUR = timedelta(hours=1)
Line = dict[str, Any]
Pair = tuple[int, int]
QUALITY, FAKE, NOT_AS_TOLD = "商品质量问题", "假冒品牌", "描述不符"
GAPS = {"picked_up": 24, "in_transit": 48, "arrived": 48, "out_for_delivery": 24}


class Facts:
    """The lines by kind."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.orders: dict[str, Line] = {}
        self.cases: dict[str, list[Line]] = defaultdict(list)
        self.scans: dict[str, list[Line]] = defaultdict(list)
        self.reviews: list[Line] = []
        self.messages: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            match line["fact"]:
                case "order":
                    self.orders[line["order_no"]] = line
                case "aftersale":
                    self.cases[line["order_no"]].append(line)
                case "scan":
                    self.scans[line["tracking_no"]].append(line)
                case "review":
                    self.reviews.append(line)
                case "message":
                    self.messages[line["order_no"]].append(line)

    def events(self, order: Line) -> list[tuple[datetime, str]]:
        """The tracking events of an order's parcel, the oldest first."""
        return sorted((at(scan["at"]), scan["stage"]) for scan in self.scans.get(order.get("tracking_no") or "", ()))


def measures(lines: Iterable[Line], day: date) -> dict[str, Pair]:
    """Above and below of every measure of the day."""
    facts = Facts(lines)

    def many(moments: Iterable[datetime | None], days: int = 30) -> int:
        return sum(1 for moment in moments if moment is not None and within(moment, day, days))

    formed = many(moment(order, "group_formed_at") for order in facts.orders.values())
    shipped = many(moment(order, "shipped_at") for order in facts.orders.values())
    refunds = [(facts.orders[no], case) for no, cases in facts.cases.items() for case in cases if case["state"] == "refunded"]
    money = [(order, case) for order, case in refunds if case["kind"] in ("refund_only", "return_and_refund")]
    late = [due(order) for order in facts.orders.values() if leaving(order, facts) is False]
    in_time = [due(order) for order in facts.orders.values() if leaving(order, facts) is True]
    picked = [(pickup_due(order), pickup(order, facts)) for order in facts.orders.values() if order.get("shipped_at")]
    interventions = many(first([joined(case) for case in cases]) for cases in facts.cases.values())
    stars = [(at(review["created_at"]), review["score"]) for review in first_three(facts.reviews)]
    held = [score for moment_, score in stars if within(moment_, day, 90)]
    real = [(at(review["created_at"]), review["score"]) for review in facts.reviews if is_real(review)]
    transit = [(refunded(case), refunded(case) - at(case["applied_at"])) for order, case in money if is_transit(order, case, facts)]
    returned = [
        (refunded(case), refunded(case) - at(case["return_delivered_at"]))
        for _, case in money
        if case.get("return_delivered_at") and at(case["return_delivered_at"]) <= refunded(case)
    ]
    signs = [(signed(order, facts), order) for order in facts.orders.values()]
    times = [(moment_, moment_ - at(order["group_formed_at"])) for moment_, order in signs if moment_ is not None]
    return {
        "shop_rating": (sum(held), len(held)),
        "valid_ratings": (len(held), 1),
        "quality_refund_rate": (many(once(money, lambda order, case: is_quality(order, case, facts))), formed),
        "serious_quality_rate": (many(once(money, lambda _, case: case["reason"] in (QUALITY, FAKE))), formed),
        "dispute_refund_rate": (many(once(refunds, lambda _, case: bool(case.get("is_disputed")))), formed),
        "intervention_rate": (interventions, formed),
        "help_rate": (interventions, formed),
        "transit_refund_hours": mean(transit, day),
        "returned_refund_hours": mean(returned, day),
        "formed_to_signed_hours": mean(times, day),
        "logistics_abnormal_rate": (many(abnormal(order, facts) for order in facts.orders.values()), shipped),
        "logistics_penalty_rate": (many(penalised(order, facts) for order in facts.orders.values()), shipped),
        "pdd_on_time_shipment_rate": (many(in_time), many(in_time) + many(late)),
        "on_time_pickup_rate": (many(due_ for due_, is_met in picked if is_met), many(due_ for due_, is_met in picked if is_met is not None)),
        "active_review_rate": (many(given for given, score in real if score >= 4), many(given for given, _ in real)),
        "reply_rate_3min": replies(facts, day, 30, minutes=3, first_only=False, hours=(8, 23), people_only=True),
        "reply_rate_5min": replies(facts, day, 3, minutes=5, first_only=True, hours=(0, 24), people_only=False),
    }


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(CHINA)


def moment(line: Line, name: str) -> datetime | None:
    return at(line[name]) if line.get(name) else None


def first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((one for one in moments if one is not None), default=None)


def within(moment_: datetime, day: date, days: int) -> bool:
    return 1 <= (day - moment_.date()).days <= days


def mean(told: Iterable[tuple[datetime, timedelta]], day: date) -> Pair:
    spans = [int(span.total_seconds()) for moment_, span in told if within(moment_, day, 30)]
    return sum(spans), len(spans)


def due(order: Line) -> datetime:
    return at(order["ship_by"])


def ended(order: Line, facts: Facts) -> datetime | None:
    """When an order that was never shipped got its money back."""
    return first(refunded(case) for case in facts.cases.get(order["order_no"], ()) if case["state"] == "refunded" and not case["kind"].startswith("exch"))


def leaving(order: Line, facts: Facts) -> bool | None:
    """Whether it left and was picked up within its term; None where it owes nothing."""
    sent, end = moment(order, "shipped_at"), ended(order, facts)
    if sent is None:
        return None if end is not None and end <= due(order) else False
    if sent > due(order):
        return False
    pickups = [when for when, stage in facts.events(order) if stage == "picked_up"]
    if pickups:
        return pickups[-1] <= due(order)
    return not (pickup(order, facts) is False and pickup_due(order) == due(order))


def penalised(order: Line, facts: Facts) -> datetime | None:
    """When an order first counts as penalised: late, not picked up after the upload, or out of stock."""
    is_false = order.get("shipped_at") and pickup(order, facts) is False and pickup_due(order) != due(order)
    return first(
        [
            due(order) if leaving(order, facts) is False else None,
            pickup_due(order) if is_false else None,
            due(order) + 72 * HOUR if is_out_of_stock(order, facts) else None,
        ]
    )


def pickup_due(order: Line) -> datetime:
    sent = at(order["shipped_at"])
    return due(order) if sent < due(order) < sent + 24 * HOUR else sent + 24 * HOUR


def pickup(order: Line, facts: Facts) -> bool | None:
    """Whether it was picked up in time; None where nobody can tell."""
    events = facts.events(order)
    pickups = [when for when, stage in events if stage == "picked_up"]
    if pickups:
        return pickups[-1] <= pickup_due(order)
    if events:
        return events[0][0] <= pickup_due(order)
    return True if order.get("received_at") else None


def is_out_of_stock(order: Line, facts: Facts) -> bool:
    sent, end, doubted = moment(order, "shipped_at"), ended(order, facts), due(order) + 72 * HOUR
    return (sent is None and (end is None or end > doubted)) or (sent is not None and sent > doubted)


def signed(order: Line, facts: Facts) -> datetime | None:
    delivered = [when for when, stage in facts.events(order) if stage == "delivered"]
    return delivered[0] if delivered else moment(order, "received_at")


def abnormal(order: Line, facts: Facts) -> datetime | None:
    """When its parcel became abnormal: no pickup a day after the upload, or too long a silence after an event."""
    events, sent = facts.events(order), moment(order, "shipped_at")
    if not events or sent is None:
        return None
    found = []
    pickups = [when for when, stage in events if stage == "picked_up"]
    if pickups and pickups[-1] > sent + 24 * HOUR:
        found.append(sent + 24 * HOUR)
    for place, (when, stage) in enumerate(events):
        if stage == "delivered":
            break
        until = when + GAPS[stage] * HOUR
        if place + 1 == len(events) or events[place + 1][0] > until:
            found.append(until)
    return first(found)


def refunded(case: Line) -> datetime:
    return at(case.get("agreed_at") or case.get("updated_at") or case["applied_at"])


def joined(case: Line) -> datetime | None:
    if case["state"] == "platform_handles":
        return at(case["updated_at"])
    return at(case["applied_at"]) if case.get("has_joined") else None


def once(refunds: Iterable[tuple[Line, Line]], counts: Callable[[Line, Line], bool]) -> list[datetime]:
    """An order counts once, by its first refund that counts."""
    found: dict[str, datetime] = {}
    for order, case in refunds:
        if counts(order, case):
            no = order["order_no"]
            found[no] = min(found.get(no, refunded(case)), refunded(case))
    return list(found.values())


def is_quality(order: Line, case: Line, facts: Facts) -> bool:
    """A quality reason, and the parcel delivered or gone for more than a day."""
    there, sent = signed(order, facts), moment(order, "shipped_at")
    if case["reason"] not in (QUALITY, FAKE, NOT_AS_TOLD):
        return False
    if there is not None and there <= refunded(case):
        return True
    return refunded(case) - sent > 24 * HOUR if sent is not None else bool(case["shipped"])


def is_transit(order: Line, case: Line, facts: Facts) -> bool:
    there = signed(order, facts)
    is_gone = bool(case["shipped"])
    return not case.get("return_delivered_at") and is_gone and (there is None or there > refunded(case)) and at(case["applied_at"]) <= refunded(case)


def is_real(review: Line) -> bool:
    return bool(review.get("created_at")) and 1 <= review["score"] <= 5 and review["text"] != "系统默认好评" and not review.get("is_default")


def first_three(reviews: Iterable[Line]) -> list[Line]:
    """The ratings before which their buyer gave fewer than three in the calendar month."""
    real = [review for review in reviews if is_real(review)]

    def place(review: Line) -> tuple[datetime, str, str]:
        return at(review["created_at"]), review["order_no"], review["review_no"]

    def whose(review: Line) -> tuple[str, str]:
        return review.get("buyer") or review["order_no"], f"{at(review['created_at']):%Y-%m}"

    return [one for one in real if sum(whose(other) == whose(one) and place(other) < place(one) for other in real) < 3]


def replies(facts: Facts, day: date, days: int, *, minutes: int, first_only: bool, hours: tuple[int, int], people_only: bool) -> Pair:
    """The buyers' days that did not fail, and all of them."""
    good = asked = 0
    answering = {"rep"} if people_only else {"rep", "bot"}
    for told in facts.messages.values():
        said = [(at(one["at"]), one["speaker"]) for one in told]
        by_day: dict[date, list[datetime]] = defaultdict(list)
        for when, who in sorted(said):
            if who == "buyer" and hours[0] <= when.hour < hours[1] and within(when, day, days):
                by_day[when.date()].append(when)
        for moments in by_day.values():
            meant = moments[:1] if first_only else moments
            answered = [any(when < other <= when + timedelta(minutes=minutes) for other, who in said if who in answering) for when in meant]
            asked += 1
            good += all(answered)
    return good, asked


if __name__ == "__main__":
    told = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    sys.stdout.write(json.dumps(measures(told, date.fromisoformat(sys.argv[2])), indent=2) + "\n")
