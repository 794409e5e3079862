"""One product: its reviews and what they find fault with, what its page contradicts, and whether cases came less often after the page was changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.products.fixing import Fault, faults_of
from zhanggui.actions.products.raising import WATCHED, rule_of
from zhanggui.actions.refused import Refused
from zhanggui.actions.reviews.reading import read_reviews
from zhanggui.core.aspects.kinds import Aspect
from zhanggui.core.aspects.reading import aspects_of
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.products.changes import Changed
from zhanggui.core.products.consistency import Contradiction, PageTold, Place, Variant, contradictions
from zhanggui.core.say import say
from zhanggui.core.speech.checking import Finding, check
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import items, journal, product_reviews, products
from zhanggui.records.db import Tx, transact
from zhanggui.records.items import ItemRow
from zhanggui.records.journal_entries.products import ProductPageDropped, ProductPagePut
from zhanggui.records.product_reviews import GoodsFault, ReviewOf
from zhanggui.records.products import ProductAlarm, ProductPage
from zhanggui.rulebook.products import alarm_book
from zhanggui.rulebook.speech import speech_book

MOST_SKUS = 200
MOST_VERSIONS = 20
MOST_TITLE, MOST_DETAIL = 300, 20_000
SIDE_DAYS = 30
RIPE = timedelta(days=14)
"""Cases that come so soon after their order are compared; an order that is younger than this is not, since its cases are still to come."""
"""So many days before and after a change are held against each other."""
SHOWN = 30
PAGE_RULES = frozenset({"absolute_claim", "review_reward", "off_platform_contact", "off_platform_payment"})
"""What of the forbidden speech stands on a page too."""


class ReviewSeen(msgspec.Struct, frozen=True):
    """A review with what it judges, and by which words."""

    review: ReviewOf
    text: str
    """Masked."""
    aspects: tuple[Aspect, ...]


class Worded(msgspec.Struct, frozen=True):
    """Words of the page that must not stand there."""

    place: Place
    finding: Finding


class Version(msgspec.Struct, frozen=True):
    """A version of the page, and the cases of the orders before and after it came; None where there was none before it."""

    page: ProductPage
    changed: Changed | None


class ProductSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Everything told of a product."""

    goods_id: str
    title: str
    skus: tuple[ItemRow, ...]
    alarm: ProductAlarm | None
    reviews: tuple[ReviewSeen, ...]
    counted: int
    """How many of its newest reviews the sums are of."""
    bad: int
    bad_upto: int
    faults: tuple[Fault, ...]
    by_month: tuple[tuple[str, int, int], ...]
    """Month, bad reviews, reviews; the oldest first."""
    contradictions: tuple[Contradiction, ...]
    worded: tuple[Worded, ...]
    versions: tuple[Version, ...]


def product_seen(house: House, by: Person, shop_id: ShopId, goods_id: str, now: datetime) -> ProductSeen | None:
    """The product; None where the shop has nothing of that number."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    read_reviews(house, shop_id, now)
    rule = rule_of(now) or alarm_book().rule[-1]
    with house.pool.connection() as tx:
        skus = items.of_number(tx, shop_id, goods_id, MOST_SKUS) if goods_id else []
        reviews = product_reviews.row(tx, shop_id, goods_id, now, WATCHED)
        alarm = products.alarm(tx, shop_id, goods_id)
        pages = products.pages(tx, shop_id, goods_id, MOST_VERSIONS + 1)
        if not (skus or reviews or alarm or pages or products.side(tx, shop_id, goods_id, now - timedelta(days=365), now, RIPE).orders):
            return None
        versions = _versions(tx, shop_id, pages, now)
        called = products.titles(tx, shop_id, [goods_id]).get(goods_id, "")
    of_goods = [sku for sku in skus if sku.goods_id == goods_id]
    newest = pages[0] if pages else None
    title = (newest.title if newest else "") or called
    told = page_told(title, of_goods, newest.detail if newest else "")
    return ProductSeen(
        goods_id=goods_id,
        title=title,
        skus=tuple(of_goods),
        alarm=alarm,
        reviews=tuple(map(_read, _worst_first(reviews)[:SHOWN])),
        counted=len(reviews),
        bad=sum(one.stars <= rule.bad_upto for one in reviews),
        bad_upto=rule.bad_upto,
        faults=faults_of([GoodsFault(goods_id, mark, 1) for one in reviews for mark in one.aspects]),
        by_month=_by_month(reviews, rule.bad_upto),
        contradictions=contradictions(told),
        worded=worded_in(told, now),
        versions=versions,
    )


def put_product_page(house: House, by: Person, shop_id: ShopId, goods_id: str, title: str, detail: str, since: datetime, now: datetime) -> int:
    """Keeps what the page of a product says from a moment on. Raises Refused where there is nothing to keep, or it is of the future."""
    by.need(Permission.GOODS_WRITE, shop_id)
    said, told = title.strip(), detail.strip().replace("\r\n", "\n")
    if not goods_id or not (said or told):
        raise Refused(say("Paste the title or the detail text first."))
    if len(said) > MOST_TITLE or len(told) > MOST_DETAIL or "\x00" in said + told:
        raise Refused(say("A title has at most {title} characters, a detail text {detail}.", title=MOST_TITLE, detail=MOST_DETAIL))
    if since > now:
        raise Refused(say("The page cannot have said so before it does: choose a moment that has been."))

    def work(tx: Tx) -> int:
        page = ProductPage(page_no=0, goods_id=goods_id, title=said, detail=told, since=since)
        number = products.put_page(tx, shop_id, page, by.person_id, now)
        journal.write(tx, shop_id, ProductPagePut(goods_id), at=now, by=by.person_id)
        return number

    return transact(house.pool, work)


def drop_product_page(house: House, by: Person, shop_id: ShopId, goods_id: str, page_no: int, now: datetime) -> None:
    """Takes a version away that was pasted by mistake. Raises Refused where there is none."""
    by.need(Permission.GOODS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        if not products.drop_page(tx, shop_id, goods_id, page_no):
            raise Refused(say("There is no such version of the page."))
        journal.write(tx, shop_id, ProductPageDropped(goods_id), at=now, by=by.person_id)

    transact(house.pool, work)


def page_told(title: str, skus: Sequence[ItemRow], detail: str) -> PageTold:
    """The page as it is compared with itself."""
    return PageTold(title, tuple(map(_variant, skus)), detail)


def worded_in(page: PageTold, now: datetime) -> tuple[Worded, ...]:
    """What must not stand in title, variants or detail text, by the clauses in force."""
    specs = "\n".join(dict.fromkeys(variant.spec for variant in page.variants if variant.spec))
    places = ((Place.TITLE, page.title), (Place.SPEC, specs), (Place.DETAIL, page.detail))
    book = speech_book()
    return tuple(
        Worded(place, finding) for place, text in places if text for finding in check(text, book, now, ship_within=None) if finding.rule.id in PAGE_RULES
    )


def _variant(sku: ItemRow) -> Variant:
    facts = sku.facts
    own = None if sku.weight_g is None else sku.weight_g + (sku.packing_g or 0)
    return Variant(sku.sku, sku.spec or "", facts.weight_g if facts else None, own, facts.picture if facts else None)


def _read(review: ReviewOf) -> ReviewSeen:
    text = masked_said(review.text or "")
    return ReviewSeen(review, text, aspects_of(text))


def _worst_first(reviews: Sequence[ReviewOf]) -> list[ReviewOf]:
    """Bad ones before good ones, of each the newest first; without text they say nothing here."""
    return sorted((one for one in reviews if one.text), key=lambda one: one.stars)


def _by_month(reviews: Sequence[ReviewOf], bad_upto: int) -> tuple[tuple[str, int, int], ...]:
    months: dict[str, list[int]] = {}
    for one in reversed(reviews):
        month = months.setdefault(start_of_month(one.at), [0, 0])
        month[0] += one.stars <= bad_upto
        month[1] += 1
    return tuple((month, bad, every) for month, (bad, every) in months.items())


def start_of_month(at: datetime) -> str:
    """The Shanghai month of a moment, as it is written."""
    return (at + timedelta(hours=8)).strftime("%Y-%m")


def _versions(tx: Tx, shop_id: ShopId, pages: Sequence[ProductPage], now: datetime) -> tuple[Version, ...]:
    """Each version with the orders before and after it: as far as the neighbouring versions reach, at most so many days."""
    found = []
    for number, page in enumerate(pages[:MOST_VERSIONS]):
        earlier = pages[number + 1] if number + 1 < len(pages) else None
        if earlier is None:
            found.append(Version(page, None))
            continue
        days = timedelta(days=SIDE_DAYS)
        ripe = now - RIPE
        until = min(page.since + days, pages[number - 1].since if number else ripe, ripe)
        before = products.side(tx, shop_id, page.goods_id, max(page.since - days, earlier.since), min(page.since, ripe), RIPE)
        found.append(Version(page, Changed(before, products.side(tx, shop_id, page.goods_id, page.since, until, RIPE))))
    return tuple(found)
