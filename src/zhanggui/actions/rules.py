"""The rulebook as it holds for one shop: the platform's rules with the shop's own laid over them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from zhanggui.actions.authorisation import store_authorisation
from zhanggui.actions.following import FOLLOWED, Followed
from zhanggui.actions.house import House
from zhanggui.actions.reckoning import Reckoning, Touched
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.rules import Grade, Rule, Rulebook
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, deadlines, journal, locks, parcels
from zhanggui.records import overrides as records
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import RuleOverridden, RuleOverrideRemoved
from zhanggui.records.measures import touched as measures
from zhanggui.rulebook import RuleRefused, check_beside, rule_from_data, rule_to_data

_AT_ONCE = 2000


def rulebook_for(house: House, shop_id: ShopId) -> Rulebook:
    """The rulebook with the shop's own rules laid over it."""
    with house.pool.connection() as tx:
        return rulebook_in(tx, house, shop_id)


def rulebook_in(tx: Tx, house: House, shop_id: ShopId) -> Rulebook:
    """The same inside a transaction."""
    return _laid_over(house.rulebook, tuple(records.of_shop(tx, shop_id)))


def overrides(house: House, by: Person, shop_id: ShopId) -> tuple[Rule, ...]:
    """The shop's own rules."""
    by.need(Permission.RULES_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(_rule(text) for text in records.of_shop(tx, shop_id))


def rules_seen(house: House, by: Person, shop_id: ShopId) -> tuple[Rule, ...]:
    """Every version of every rule, with the shop's own laid over them."""
    by.need(Permission.RULES_READ, shop_id)
    return rulebook_for(house, shop_id).all


def add_override(house: House, by: Person, shop_id: ShopId, data: Mapping[str, Any], now: datetime) -> Rule:
    """Lays a rule of the shop's own over the rulebook and computes its running deadlines again. Raises Refused for one that cannot stand."""
    by.need(Permission.RULES_WRITE, shop_id)
    try:
        rule = rule_from_data({**data, "grade": Grade.SHOP.value}, "shop")
    except RuleRefused as problem:
        raise Refused(say("The rule cannot stand: {problem}", problem=str(problem))) from problem

    def work(tx: Tx) -> None:
        lay_over(tx, house, by, shop_id, rule, now)

    transact(house.pool, work)
    return rule


def lay_over(tx: Tx, house: House, by: Person, shop_id: ShopId, rule: Rule, now: datetime) -> None:
    """The same inside a transaction, of a rule that is in order by itself. Raises Refused for one that cannot stand beside the others."""
    locks.hold_shop(tx, shop_id)
    try:
        check_beside(rule, house.rulebook.all, [_rule(text) for text in records.of_shop(tx, shop_id)])
    except RuleRefused as problem:
        raise Refused(say("The rule cannot stand: {problem}", problem=str(problem))) from problem
    records.put(tx, shop_id, rule.id, rule.version.isoformat(), msgspec.json.encode(rule_to_data(rule)).decode(), by.person_id, now)
    _holds_from_now(tx, house, shop_id, now)
    journal.write(tx, shop_id, RuleOverridden(rule.cite), at=now, by=by.person_id)


def remove_override(house: House, by: Person, shop_id: ShopId, cite: str, now: datetime) -> None:
    """Takes a rule of the shop's own away (`id@date`) and computes its running deadlines again. Raises Refused where there is no such."""
    by.need(Permission.RULES_WRITE, shop_id)

    def work(tx: Tx) -> None:
        if not take_away(tx, house, by, shop_id, cite, now):
            raise Refused(say("The shop has no rule {rule} of its own.", rule=cite))

    transact(house.pool, work)


def take_away(tx: Tx, house: House, by: Person, shop_id: ShopId, cite: str, now: datetime) -> bool:
    """The same inside a transaction; whether there was such a rule."""
    locks.hold_shop(tx, shop_id)
    rule_id, _, version = cite.partition("@")
    if not records.remove(tx, shop_id, rule_id, version):
        return False
    _holds_from_now(tx, house, shop_id, now)
    journal.write(tx, shop_id, RuleOverrideRemoved(cite), at=now, by=by.person_id)
    return True


def _holds_from_now(tx: Tx, house: House, shop_id: ShopId, now: datetime) -> None:
    """What follows from a change of the shop's rules."""
    recompute_running(tx, shop_id, rulebook_in(tx, house, shop_id), now)
    parcels.fill_again(tx, shop_id)
    measures.count_again(tx, shop_id)


def recompute_running(tx: Tx, shop_id: int, rulebook: Rulebook, now: datetime) -> None:
    """Computes every running deadline of the shop again, from fresh facts and the rules as they hold now."""
    reckoning = Reckoning(tx, shop_id, rulebook, now)
    after = ("", "")
    while subjects := deadlines.running_subjects(tx, shop_id, after, _AT_ONCE):
        reckoning.recompute(_touched(tx, shop_id, subjects))
        followed = Followed(tx, shop_id, rulebook, now)
        followed.by_number({kind: [int(no) for each, no in subjects if each == kind] for kind in FOLLOWED})
        reckoning.store(followed.computed, followed.subjects)
        after = subjects[-1]
    store_authorisation(reckoning)
    reckoning.finish()


def _touched(tx: Tx, shop_id: int, subjects: Sequence[tuple[str, str]]) -> Touched:
    """These things and what hangs together with them; what the house follows up by itself is left out."""
    touched = Touched()
    review_orders: list[str] = []
    for kind, no in subjects:
        match kind:
            case SubjectKind.ORDER:
                touched.orders[no] = None
            case SubjectKind.AFTERSALE:
                touched.cases.add(no)
            case SubjectKind.CONVERSATION:
                touched.conversations.add(no)
            case SubjectKind.REVIEW:
                review_orders.append(no.rpartition("/")[2])
    for case in around.cases_by_no(tx, shop_id, sorted(touched.cases)).values():
        if case.facts.order_no:
            touched.orders.setdefault(case.facts.order_no, None)
    for listed in around.reviews(tx, shop_id, review_orders).values():
        touched.reviews.update((f"{known.facts.review_no}/{known.facts.order_no}", known) for known in listed)
    return touched


@lru_cache(maxsize=64)
def _laid_over(rulebook: Rulebook, texts: tuple[str, ...]) -> Rulebook:
    """Rulebooks are costly to make and never change, so the last ones are kept."""
    return rulebook.with_overrides([_rule(text) for text in texts])


def _rule(text: str) -> Rule:
    return rule_from_data(msgspec.json.decode(text), "shop")
