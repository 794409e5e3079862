"""Rules tried on the last month: what they would have fired on, what would have become of it, and what really did. Nothing is kept."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import msgspec

from zhanggui.actions.automation.measuring import Decided, MeasureMoved, measures_moved
from zhanggui.actions.automation.pasts import SETTLED, TRIED_ON, Past, Pasts, as_time_goes
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActKind
from zhanggui.core.acts.proposing import proposals
from zhanggui.core.automation.conditions import asked_facts, judge
from zhanggui.core.automation.deeds import DEEDS
from zhanggui.core.automation.facts import FACTS, facts_of, moving_facts_of
from zhanggui.core.automation.firing import fired
from zhanggui.core.automation.rules import AutoRule, DeedKind
from zhanggui.core.automation.seen import Seen
from zhanggui.core.automation.values import Value
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.facts import AftersaleState
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import automation, locks
from zhanggui.rulebook.acts import act_terms

PAYS = frozenset({DeedKind.REFUND_AGREE, DeedKind.SENDING_CANCEL})
MOST_SHOWN = 200


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A thing of the last month on which a rule would have fired."""

    rule: str
    on: DeadlineKind
    no: str
    order_no: str | None
    at: datetime
    facts: Mapping[str, Value | None]
    """What it would have seen of the facts that the rule asks."""
    money: Fen
    ended: str
    """The state the thing came to."""
    ended_at: datetime | None
    barred: tuple[DeedKind, ...]
    """The deeds that would not have been open: barred by law or the shop's terms, or not for this state of the thing."""


class RuleTried(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule comes to."""

    rule: str
    fires: int
    barred: int
    busiest_day: int
    over_cap: int
    """Firings beyond what it may do in a day."""
    money: Fen
    paid_anyway: Fen
    """Of that, what was really paid back for the same cases."""
    not_paid: Fen
    """Of that, what the cases ended without."""
    sooner_hours: float | None
    """By how much sooner those that were paid anyway would have been, on average."""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What rules would have done in the last month."""

    since: datetime
    until: datetime
    cases: int
    orders: int
    reviews: int
    left_off: bool
    untried: tuple[DeadlineKind, ...]
    """To-dos that the rules look at, and that no past tells enough of."""
    rules: tuple[RuleTried, ...]
    hits: tuple[Hit, ...]
    more_hits: int
    measures: tuple[MeasureMoved, ...]


def try_rules(house: House, by: Person, shop_id: ShopId, rules: Sequence[AutoRule], now: datetime) -> Tried:
    """What these rules would have done in the last month, all of them on. One trial of a shop at a time; raises Refused while another is under way."""
    by.need(Permission.ACTS_READ, shop_id)
    by.need(Permission.AFTERSALES_READ, shop_id)
    with house.pool.connection() as tx:
        if not locks.try_trial(tx, shop_id):
            raise Refused(say("Rules of this shop are being tried at this moment. Try again once that is done."))
        looked = Pasts(tx, house, shop_id, [kind for rule in rules for kind in rule.on], now)
        hits = list(_hits(looked, rules))
        decided = {(hit.no, hit.order_no): _decided(hit, rules) for hit in hits}
        measures = measures_moved(tx, house, shop_id, [each for each in decided.values() if each is not None], now)
    return Tried(
        since=looked.since,
        until=now,
        cases=looked.cases,
        orders=looked.orders,
        reviews=looked.reviews,
        left_off=looked.left_off,
        untried=tuple(sorted({kind for rule in rules for kind in rule.on} - TRIED_ON)),
        rules=tuple(_summed(rule, [hit for hit in hits if hit.rule == rule.id]) for rule in rules),
        hits=tuple(hits[:MOST_SHOWN]),
        more_hits=max(0, len(hits) - MOST_SHOWN),
        measures=measures,
    )


def busiest_day(house: House, shop_id: ShopId, rule_no: int, now: datetime) -> int:
    """How often the rule of this number would have fired on the busiest day of the last month."""
    with house.pool.connection() as tx:
        row = next((each for each in automation.of_shop(tx, shop_id) if each.rule_no == rule_no), None)
        if row is None:
            return 0
        hits = list(_hits(Pasts(tx, house, shop_id, row.rule.on, now), [row.rule]))
    return _busiest(hits)


def _hits(pasts: Pasts, rules: Sequence[AutoRule]) -> Iterator[Hit]:
    """Every thing of the month on which one of the rules fires."""
    for past in pasts.all():
        yield from _fired(past, rules)


def _fired(past: Past, rules: Sequence[AutoRule]) -> Iterator[Hit]:
    looking = [rule for rule in rules if past.seen.todo in rule.on]
    facts = facts_of(past.seen)
    hopeful = [rule for rule in looking if not judge(rule, past.seen.todo, facts).failing([name for name in rule.asked if FACTS[name].moves])]
    if not hopeful:
        return
    done: set[str] = set()
    for seen in as_time_goes(past, moves=any(FACTS[name].moves for rule in hopeful for name in rule.asked)):
        now_facts = {**facts, **moving_facts_of(seen)}
        for each in fired(looking, seen.todo, now_facts):
            if each.rule.id not in done:
                done.add(each.rule.id)
                yield _hit(each.rule, past, seen, now_facts)
        if len(done) == len(hopeful):
            return


def _hit(rule: AutoRule, past: Past, seen: Seen, facts: Mapping[str, Value | None]) -> Hit:
    open_acts: set[ActKind] = set() if seen.verdict is None else {each.kind for each in proposals(seen.verdict, seen.known, seen.case, act_terms())}
    barred = tuple(deed.act for deed in rule.do if DEEDS[deed.act].act not in (None, ActKind.ORDER_NOTE) and DEEDS[deed.act].act not in open_acts)
    pays = any(deed.act in PAYS and deed.act not in barred for deed in rule.do)
    return Hit(
        rule=rule.id,
        on=seen.todo,
        no=past.no,
        order_no=past.order_no,
        at=seen.now,
        facts=asked_facts(rule, facts),
        money=past.amount if pays else Fen(0),
        ended=past.ended,
        ended_at=past.ended_at,
        barred=barred,
    )


def _decided(hit: Hit, rules: Sequence[AutoRule]) -> Decided | None:
    """The hit as what-if knows decisions; None where it decides nothing that a measure sees."""
    rule = next(rule for rule in rules if rule.id == hit.rule)
    deeds = {deed.act for deed in rule.do if deed.act not in hit.barred}
    if deeds & {*PAYS, DeedKind.RETURN_AGREE} and hit.on in (DeadlineKind.ANSWER_REFUND, DeadlineKind.INSPECT_RETURN):
        return Decided(case_no=hit.no, order_no=hit.order_no, at=hit.at, ships=False)
    if DeedKind.SHIP_UPLOAD in deeds:
        return Decided(case_no=None, order_no=hit.order_no, at=hit.at, ships=True)
    return None


def _summed(rule: AutoRule, hits: Sequence[Hit]) -> RuleTried:
    days: Counter[date] = Counter(shanghai_day(hit.at) for hit in hits)
    paying = [hit for hit in hits if hit.money]
    paid = [hit for hit in paying if hit.ended == AftersaleState.REFUNDED]
    ended = [hit for hit in paying if hit.ended in SETTLED and hit.ended != AftersaleState.REFUNDED]
    sooner = [(hit.ended_at - hit.at).total_seconds() / 3600 for hit in paid if hit.ended_at is not None and hit.ended_at > hit.at]
    return RuleTried(
        rule=rule.id,
        fires=len(hits),
        barred=sum(bool(hit.barred) for hit in hits),
        busiest_day=_busiest(hits),
        over_cap=sum(max(0, many - rule.a_day) for many in days.values()),
        money=Fen(sum(hit.money for hit in paying)),
        paid_anyway=Fen(sum(hit.money for hit in paid)),
        not_paid=Fen(sum(hit.money for hit in ended)),
        sooner_hours=sum(sooner) / len(sooner) if sooner else None,
    )


def _busiest(hits: Sequence[Hit]) -> int:
    return max(Counter(shanghai_day(hit.at) for hit in hits).values(), default=0)
