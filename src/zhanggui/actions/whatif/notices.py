"""Notices of changed rules: read, set by a person, tried on the last month, adopted with their day as a clock, taken back."""

from datetime import date, datetime
from typing import Any

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.measures.counting import FOR_A_PAGE, catch_up
from zhanggui.actions.reckoning import Computed, Reckoning
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import lay_over, rulebook_in, take_away
from zhanggui.actions.whatif.rules_tried import RuleTried, try_rule
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.moments import shanghai_day
from zhanggui.core.rules import Amount, Basis, Grade, NoSuchRule, Rule, Rulebook, Term
from zhanggui.core.say import say
from zhanggui.core.whatif.notice_clock import NoticeFacts, lawful_from, notice_deadline
from zhanggui.core.whatif.notices import MOVES, NoticeState
from zhanggui.core.whatif.noticing import MOST_TEXT, NoticeRead, Weight, read_notice
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, locks, rule_notices
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.rule_notices import RuleNoticeDrafted, RuleNoticeMoved, RuleNoticeReady
from zhanggui.records.rule_notices import NewNotice, RuleNotice
from zhanggui.rulebook import RuleRefused, rule_from_data, rule_to_data
from zhanggui.rulebook.notices import notice_words

LISTED = 20
_NOT_TAKEN = ("effective_until", "from_is_approximate", "until_is_approximate", "is_unknown", "is_rival", "note", "grade")
_MOST_TITLE = 120


class SetRule(msgspec.Struct, frozen=True, kw_only=True):
    """The changed rule as a person set it."""

    over: str
    """The cite of the rule it changes."""
    starts_at: datetime
    published_on: date
    weight: Weight = Weight.GENERAL
    term: Term | None = None
    amount: Amount | None = None
    title: str = ""
    source: str = ""


class NoticeView(msgspec.Struct, frozen=True, kw_only=True):
    """One notice with the rule it changes and the one it sets."""

    notice: RuleNotice
    over: Rule | None
    """None where the rulebook no longer knows it."""
    rule: Rule
    lawful_from: datetime | None
    """The first moment from which it may hold, by the law on such notices."""

    @property
    def is_short(self) -> bool:
        """Whether it is told of later than the law asks."""
        return self.lawful_from is not None and self.notice.starts_at < self.lawful_from

    @property
    def moves(self) -> tuple[NoticeState, ...]:
        """What may become of it."""
        return MOVES[NoticeState(self.notice.state)]


def read(by: Person, shop_id: ShopId, text: str, now: datetime) -> NoticeRead:
    """What the notice says, as far as it can be told; nothing is kept. Raises Refused for a text that is too long or blank."""
    by.need(Permission.RULES_READ, shop_id)
    return read_notice(_fit(text), notice_words(), shanghai_day(now))


def draft_notice(house: House, by: Person, shop_id: ShopId, text: str, told: SetRule, now: datetime) -> int:
    """Keeps the notice with the rule a person set from it; nothing counts by it yet. Raises Refused for a rule that cannot stand."""
    by.need(Permission.RULES_WRITE, shop_id)
    said = _fit(text)

    def work(tx: Tx) -> int:
        rule = drafted(rulebook_in(tx, house, shop_id), told, now)
        new = NewNotice(
            title=_title(told, said, rule),
            said=said,
            over=told.over,
            rule=msgspec.json.encode(rule_to_data(rule)).decode(),
            cite=rule.cite,
            published_on=told.published_on,
            weight=told.weight.value,
            starts_at=told.starts_at,
        )
        no = rule_notices.put(tx, shop_id, new, by.person_id, now)
        journal.write(tx, shop_id, RuleNoticeDrafted(new.title, rule.cite), at=now, by=by.person_id)
        return no

    return transact(house.pool, work)


def drafted(rulebook: Rulebook, told: SetRule, now: datetime) -> Rule:
    """The changed rule: the one it changes with its own day, term and amount. Raises Refused."""
    try:
        base = rulebook.by_cite(told.over)
    except NoSuchRule:
        raise Refused(say("Choose the rule that the notice changes.")) from None
    if (base.term is not None and told.term is None and told.amount is None) or (base.term is None and base.amount is None):
        raise Refused(say("Say what the rule becomes: its term, or its amount."))
    data: dict[str, Any] = {name: value for name, value in rule_to_data(base).items() if name not in _NOT_TAKEN}
    data |= {
        "effective_from": told.starts_at.isoformat(),
        "source": told.source.strip() or f"平台公告 {told.published_on.isoformat()}",
        "checked": shanghai_day(now).isoformat(),
        "basis": Basis.PUBLISHED.value,
        "grade": Grade.SHOP.value,
    }
    if told.term is not None:
        data["term"] = msgspec.to_builtins(told.term)
    if told.amount is not None:
        of = base.amount.of if base.amount is not None else told.amount.of
        data["amount"] = msgspec.to_builtins(msgspec.structs.replace(told.amount, of=of))
    try:
        return rule_from_data(data, "shop")
    except RuleRefused as problem:
        raise Refused(say("The rule cannot stand: {problem}", problem=str(problem))) from problem


def notices_of(house: House, by: Person, shop_id: ShopId, *, before: int | None = None, limit: int = LISTED) -> tuple[NoticeView, ...]:
    """The notices of the shop, the newest first."""
    by.need(Permission.RULES_READ, shop_id)
    with house.pool.connection() as tx:
        book = rulebook_in(tx, house, shop_id)
        return tuple(_view(row, book) for row in rule_notices.listed(tx, shop_id, before, limit))


def notice_of(house: House, by: Person, shop_id: ShopId, no: int) -> NoticeView | None:
    """The notice of this number."""
    by.need(Permission.RULES_READ, shop_id)
    with house.pool.connection() as tx:
        row = rule_notices.one(tx, shop_id, no)
        return None if row is None else _view(row, rulebook_in(tx, house, shop_id))


def try_notice(house: House, by: Person, shop_id: ShopId, no: int, now: datetime) -> RuleTried:
    """What the changed rule would have done to the last month; nothing is kept. Raises Refused where there is no such notice, or something is tried already."""
    by.need(Permission.RULES_READ, shop_id)
    by.need(Permission.ORDERS_READ, shop_id)
    catch_up(house, shop_id, now, most=FOR_A_PAGE)
    with house.pool.connection() as tx:
        row = rule_notices.one(tx, shop_id, no)
        if row is None:
            raise Refused(say("There is no such notice."))
        if not locks.try_trial(tx, shop_id):
            raise Refused(say("Something of this shop is being tried at this moment. Try again once that is done."))
        return try_rule(tx, house, shop_id, _rule(row), now)


def adopt_notice(house: House, by: Person, shop_id: ShopId, no: int, now: datetime) -> None:
    """Lays the changed rule over the rulebook from its day on, and has people be ready by then. Raises Refused where it is no draft or cannot stand."""
    by.need(Permission.RULES_WRITE, shop_id)

    def work(tx: Tx) -> None:
        locks.hold_shop(tx, shop_id)
        row = _held(tx, shop_id, no)
        if rule_notices.adopted_as(tx, shop_id, row.cite) is not None:
            raise Refused(say("Another notice has set {rule} already. Take that back first.", rule=row.cite))
        _move(tx, by, shop_id, row, NoticeState.ADOPTED, now)
        lay_over(tx, house, by, shop_id, _rule(row), now)
        reckon_notice(tx, house, shop_id, no, now)

    transact(house.pool, work)


def withdraw_notice(house: House, by: Person, shop_id: ShopId, no: int, now: datetime) -> None:
    """Takes a notice back: its rule holds no more, and nobody need be ready for it. Raises Refused where it was taken back already."""
    by.need(Permission.RULES_WRITE, shop_id)

    def work(tx: Tx) -> None:
        locks.hold_shop(tx, shop_id)
        row = _held(tx, shop_id, no)
        _move(tx, by, shop_id, row, NoticeState.WITHDRAWN, now)
        if row.state == NoticeState.ADOPTED:
            take_away(tx, house, by, shop_id, row.cite, now)  # where somebody took it away on the Rules page, nothing is left to take
            reckon_notice(tx, house, shop_id, no, now)

    transact(house.pool, work)


def ready_for_notice(house: House, by: Person, shop_id: ShopId, no: int, now: datetime, *, is_ready: bool = True) -> None:
    """Says that the shop is ready for the changed rule, or takes that back. Raises Refused where it is not adopted."""
    by.need(Permission.RULES_WRITE, shop_id)

    def work(tx: Tx) -> None:
        locks.hold_shop(tx, shop_id)
        row = _held(tx, shop_id, no)
        if row.state != NoticeState.ADOPTED:
            raise Refused(say("Only an adopted notice has to be prepared for."))
        if rule_notices.set_ready(tx, shop_id, no, now if is_ready else None):
            journal.write(tx, shop_id, RuleNoticeReady(row.title, is_ready), at=now, by=by.person_id)
            reckon_notice(tx, house, shop_id, no, now)

    transact(house.pool, work)


def reckon_notice(tx: Tx, house: House, shop_id: ShopId, no: int, now: datetime) -> None:
    """Makes the to-do to be ready what the notice says; there is none unless it is adopted. The shop has to be held."""
    row = rule_notices.one(tx, shop_id, no)
    rulebook = rulebook_in(tx, house, shop_id)
    computed: Computed = []
    if row is not None and row.state == NoticeState.ADOPTED:
        facts = NoticeFacts(
            notice_no=no,
            title=row.title,
            published_on=row.published_on,
            weight=Weight(row.weight),
            starts_at=row.starts_at,
            is_ready=row.ready_at is not None,
        )
        deadline = notice_deadline(facts, rulebook)
        computed = [] if deadline is None else [(deadline, now)]
    reckoning = Reckoning(tx, shop_id, rulebook, now)
    reckoning.store(computed, {SubjectKind.RULE_NOTICE.value: {str(no)}})
    reckoning.finish()


def _held(tx: Tx, shop_id: ShopId, no: int) -> RuleNotice:
    row = rule_notices.one(tx, shop_id, no)
    if row is None:
        raise Refused(say("There is no such notice."))
    return row


def _move(tx: Tx, by: Person, shop_id: ShopId, row: RuleNotice, to: NoticeState, now: datetime) -> None:
    if to not in MOVES[NoticeState(row.state)] or not rule_notices.move(tx, shop_id, row.notice_no, row.state, to.value, now):
        raise Refused(say("That was done already: the notice is {state}.", state=row.state))
    journal.write(tx, shop_id, RuleNoticeMoved(row.title, to.value), at=now, by=by.person_id)


def _view(row: RuleNotice, book: Rulebook) -> NoticeView:
    try:
        over = book.by_cite(row.over)
    except NoSuchRule:
        over = None
    return NoticeView(notice=row, over=over, rule=_rule(row), lawful_from=lawful_from(Weight(row.weight), row.published_on, book))


def _rule(row: RuleNotice) -> Rule:
    return rule_from_data(msgspec.json.decode(row.rule), "shop")


def _fit(text: str) -> str:
    said = text.strip().replace("\r\n", "\n")
    if not said:
        raise Refused(say("Paste the notice first."))
    if len(said) > MOST_TEXT or "\x00" in said:
        raise Refused(say("A notice has at most {most} characters; this one has {n}.", most=MOST_TEXT, n=len(said)))
    return said


def _title(told: SetRule, said: str, rule: Rule) -> str:
    """The title a person gave, else the notice's first line, else the rule's own."""
    first = said.partition("\n")[0].strip(" #【】[]　")
    return masked_said(told.title.strip() or first or rule.title.zh)[:_MOST_TITLE]
