"""Which deadlines a change of facts can move."""

from collections.abc import Sequence

from zhanggui.actions.intake.folding import Change
from zhanggui.actions.money.following import touch_money
from zhanggui.actions.reckoning import Touched
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.core.facts import AftersaleFacts, BillLineFacts, FactKind, Facts, MessageFacts, OrderFacts, OrderLineFacts, ReviewFacts, ScanFacts, SkuFacts
from zhanggui.core.goods.naming import names_of
from zhanggui.core.moments import shanghai_day
from zhanggui.core.news import News
from zhanggui.records import around, deadlines, order_goods
from zhanggui.records.db import Tx

_SUBJECTS = {
    FactKind.ORDER: SubjectKind.ORDER,
    FactKind.AFTERSALE: SubjectKind.AFTERSALE,
    FactKind.REVIEW: SubjectKind.REVIEW,
    FactKind.MESSAGE: SubjectKind.CONVERSATION,
}


def touch(tx: Tx, shop_id: int, kind: FactKind, changes: Sequence[Change[Facts]], touched: Touched) -> None:
    """Notes what has to be computed again because of a chunk of one kind."""
    moved = [change for change in changes if change.news in (News.NEW, News.CHANGED)]
    touch_facts(tx, shop_id, kind, [change.after.facts for change in moved], touched)
    # what hung on another order, parcel or conversation before has to be computed there too
    touch_facts(tx, shop_id, kind, [change.before.facts for change in moved if change.before is not None], touched)
    for change in moved:
        _in_hand(change, touched)
    _seen_again(tx, shop_id, kind, changes, touched)


def touch_facts(tx: Tx, shop_id: int, kind: FactKind, facts: Sequence[Facts], touched: Touched) -> None:
    """Notes the orders, cases, reviews and conversations that these facts bear on. Payments and bills move no deadline; bills bear on money."""
    if kind is FactKind.SCAN:
        for no in around.orders_of_parcels(tx, shop_id, sorted({scan.tracking_no for scan in facts if isinstance(scan, ScanFacts)})):
            touched.orders.setdefault(no, None)
        return
    if kind is FactKind.SKU:
        _touch_skus(tx, shop_id, [sku for sku in facts if isinstance(sku, SkuFacts)], touched)
        return
    for one in facts:
        _touch(one, touched)


def _touch(one: Facts, touched: Touched) -> None:
    if isinstance(one, OrderFacts | BillLineFacts | AftersaleFacts):
        touch_money(one, touched.money)
    match one:
        case OrderFacts() | OrderLineFacts():
            touched.orders.setdefault(one.order_no, None)
        case AftersaleFacts():
            touched.cases.add(one.case_no)
            if one.order_no:
                touched.orders.setdefault(one.order_no, None)
        case MessageFacts() if one.order_no:
            touched.conversations.add(one.order_no)
            touched.talked.add(shanghai_day(one.at))
        case _:
            pass


def _touch_skus(tx: Tx, shop_id: int, skus: Sequence[SkuFacts], touched: Touched) -> None:
    """Notes the variants, and the orders that may have meant one of them without naming its id."""
    touched.skus.update(sku.sku_id for sku in skus)
    for no in order_goods.orders_that_asked_for(tx, shop_id, {name for sku in skus for name in names_of(sku)}):
        touched.orders.setdefault(no, None)


def gone(facts: Facts) -> Subject | None:
    """The thing that deadlines hung on and that is no more."""
    match facts:
        case OrderFacts():
            return Subject(SubjectKind.ORDER, facts.order_no)
        case AftersaleFacts():
            return Subject(SubjectKind.AFTERSALE, facts.case_no)
        case ReviewFacts():
            return Subject(SubjectKind.REVIEW, f"{facts.review_no}/{facts.order_no}")
        case MessageFacts() if facts.order_no:
            return Subject(SubjectKind.CONVERSATION, facts.order_no)
        case _:
            return None


def _in_hand(change: Change[Facts], touched: Touched) -> None:
    """Spares reading again what was just folded."""
    known = change.after
    if isinstance(known.facts, OrderFacts):
        touched.orders[known.facts.order_no] = known  # type: ignore[assignment]  # narrowed by its facts
        if change.before is None:
            touched.fresh_orders.add(known.facts.order_no)
    elif isinstance(known.facts, ReviewFacts):
        touched.reviews[change.key] = known  # type: ignore[assignment]  # narrowed by its facts
    elif isinstance(known.facts, BillLineFacts):
        touched.money.lines[change.key] = known.facts


def _seen_again(tx: Tx, shop_id: int, kind: FactKind, changes: Sequence[Change[Facts]], touched: Touched) -> None:
    """Things seen unchanged by newer data: only what still runs has to know, since it may speak against somebody who said it was done."""
    subject = _SUBJECTS.get(kind)
    again: dict[str, list[Change[Facts]]] = {}
    for change in changes:
        if subject is not None and change.news is News.UNCHANGED and change.before is not None and change.before.as_of < change.after.as_of:
            facts = change.after.facts
            again.setdefault((facts.order_no or "") if isinstance(facts, MessageFacts) else change.key, []).append(change)
    if not again or subject is None:
        return
    for no in deadlines.running_among(tx, shop_id, subject.value, sorted(again)):
        touch_facts(tx, shop_id, kind, [change.after.facts for change in again[no]], touched)
        for change in again[no]:
            _in_hand(change, touched)
