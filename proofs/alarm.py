"""The alarm for bad products on the real Olist reviews: what it finds and how early, and on shuffled reviews as many false alarms as it states.

`--with shuffles=200` shuffles more often.
"""

import random
import statistics
from collections.abc import Sequence
from math import sqrt

from proofs.alarm_reviews_support import Product, products
from proofs.support import OPTIONS, Proof
from zhanggui.estimates.alarms import Prior, Starred, Watch, chance_of_count, first_count, watches
from zhanggui.rulebook.products import alarm_book

RULE = alarm_book().rule[-1]
SHUFFLES, QUICK_SHUFFLES, QUICK_PRODUCTS = 200, 25, 600
TENTH = 10


def prove(seed: int, *, quick: bool) -> Proof:
    """Watch every product's reviews as they came, then as they come when all stars are dealt out anew."""
    found = products()
    if not found:
        return Proof(_CLAIM, {"reviews": 0}, [], ["The reviews lie in a data set that is not here."])
    shuffles = int(OPTIONS.get("shuffles", QUICK_SHUFFLES if quick else SHUFFLES))
    if quick:
        found = sorted(found, key=lambda one: -len(one.reviews))[:QUICK_PRODUCTS]
    counts, failures = _false_alarms(found, shuffles, seed)
    real, rows = _real(found)
    notes = ["## The products with ten bad reviews and more, as it was", "", *_HEADS, *rows, "", *_HONEST]
    reviews = sum(len(one.reviews) for one in found)
    return Proof(
        _CLAIM, {"reviews": reviews, "products": len(found), "share of bad reviews (1 or 2 stars)": _share(_bad(found)), **real, **counts}, failures, notes
    )


def _false_alarms(found: Sequence[Product], shuffles: int, seed: int) -> tuple[dict[str, str], list[str]]:
    """All stars of all products dealt out anew, so that no product is worse than another: who rings then rings falsely."""
    draw = random.Random(seed)
    stars = [one.stars for product in found for one in product.reviews]
    prior = Prior(len(stars), sum(star <= RULE.bad_upto for star in stars))
    one_share = sum(star == 1 for star in stars) / len(stars)
    rang = [0, 0]
    stated, spread = [0.0, 0.0], 0.0
    chance_rang, chance_stated, chance_spread = 0, 0.0, 0.0
    for _ in range(shuffles):
        draw.shuffle(stars)
        at = 0
        for product in found:
            dealt = stars[at : at + len(product.reviews)]
            at += len(dealt)
            for number, watch in enumerate(watches([star <= RULE.bad_upto for star in dealt], prior, RULE)):
                rang[min(number, 1)] += watch.rang_at is not None
                stated[min(number, 1)] += watch.false_share
                spread += watch.false_share * (1 - watch.false_share)
            chance = chance_of_count(one_share, len(dealt), RULE.one_star_more_than)
            chance_rang += dealt.count(1) > RULE.one_star_more_than
            chance_stated += chance
            chance_spread += chance * (1 - chance)
    failures = []
    if abs(sum(rang) - sum(stated)) > 4 * sqrt(spread):
        failures.append(f"on shuffled stars {sum(rang)} watches rang, {sum(stated):.0f} were stated")
    if abs(chance_rang - chance_stated) > 4 * sqrt(chance_spread):
        failures.append(f"on shuffled stars {chance_rang} products had more than two one-star reviews, {chance_stated:.0f} were stated")
    whole = shuffles * sum((len(product.reviews) - 1) // RULE.watch_reviews + 1 for product in found)
    design = watches([False], prior, RULE)[0].design
    return {
        "shuffles": str(shuffles),
        "stated: of unchanged products with 10 / 20 / 40 reviews a watch, ring": " / ".join(f"{design.false_shares[n - 1]:.3%}" for n in (10, 20, 40)),
        "shuffled: false alarms stated (per watch)": f"{sum(stated):.1f} ({sum(stated) / whole:.4%})",
        "shuffled: false alarms counted (per watch)": f"{sum(rang)} ({sum(rang) / whole:.4%})",
        "of them first watches, against the shop's share: stated, counted": f"{stated[0]:.1f}, {rang[0]}",
        "of them later watches, against the product's own past: stated, counted": f"{stated[1]:.1f}, {rang[1]}",
        "shuffled: more than two one-star reviews by luck, stated, counted (per shuffle)": f"{chance_stated / shuffles:.1f}, {chance_rang / shuffles:.1f}",
    }, failures


def _real(found: Sequence[Product]) -> tuple[dict[str, str], list[str]]:
    """What rang as it was, and how long before the tenth bad review."""
    every = [star <= RULE.bad_upto for product in found for star in product.scores]
    prior = Prior(len(every), sum(every))
    seen = [(product, _first_ring(watches(product.bad(RULE.bad_upto), prior, RULE)), first_count(product.reviews, RULE)) for product in found]
    tens = [(product, ring, count) for product, ring, count in seen if sum(product.bad(RULE.bad_upto)) >= TENTH]
    rows, by_test, by_count = [], [], []
    for product, ring, count in sorted(tens, key=lambda each: -sum(each[0].bad(RULE.bad_upto)) / len(each[0].reviews)):
        bad = product.bad(RULE.bad_upto)
        tenth = [place for place, is_bad in enumerate(bad) if is_bad][TENTH - 1]
        by_test += _lead(product, ring, tenth)
        by_count += _lead(product, count, tenth)
        places = (str(len(bad)), f"{sum(bad)} ({sum(bad) / len(bad):.0%})", str(tenth + 1), _place(ring), _place(count))
        rows.append(f"| {' | '.join((*places, _days(product, ring, tenth), _days(product, count, tenth)))} |")
    rang, counted = sum(ring is not None for _, ring, _ in seen), sum(count is not None for _, _, count in seen)
    return {
        "real: products that rang by the test, by the count": f"{rang}, {counted}",
        "real: products with a tenth bad review": str(len(tens)),
        "of them raised by then by the test": _told(by_test, len(tens)),
        "of them raised by then by the count": _told(by_count, len(tens)),
    }, rows


def _first_ring(found: Sequence[Watch]) -> int | None:
    return next((watch.rang_at for watch in found if watch.rang_at is not None), None)


def _lead(product: Product, raised: int | None, tenth: int) -> list[int]:
    return [] if raised is None or raised > tenth else [(product.reviews[tenth].at - product.reviews[raised].at).days]


def _told(leads: Sequence[int], of: int) -> str:
    if not leads:
        return f"0 of {of}"
    return f"{len(leads)} of {of}, {statistics.median(leads):.0f} days before it in the middle (least {min(leads)}, most {max(leads)})"


def _days(product: Product, raised: int | None, tenth: int) -> str:
    return "—" if raised is None else str((product.reviews[tenth].at - product.reviews[raised].at).days)


def _place(place: int | None) -> str:
    return "—" if place is None else str(place + 1)


def _bad(found: Sequence[Product]) -> list[Starred]:
    return [one for product in found for one in product.reviews]


def _share(reviews: Sequence[Starred]) -> str:
    bad = sum(one.stars <= RULE.bad_upto for one in reviews)
    return f"{bad} of {len(reviews)} ({bad / len(reviews):.1%})"


_CLAIM = (
    "Of real reviews by product the alarm raises the products that are worse than the shop by their tenth bad review; on shuffled stars it raises as many "
    "as it states in advance, and the count of one-star orders is exceeded by luck as often as is told beside it."
)
_HEADS = (
    "| reviews | bad | tenth bad at review | test rings at | count raises at | days before the tenth: test | days before the tenth: count |",
    "|---:|---:|---:|---:|---:|---:|---:|",
)
_HONEST = (
    "The whole market stands for one shop here. An order of several products gives its stars to each of them. Most products with ten bad reviews",
    "simply sell a lot: at the market's own share of bad reviews the test does not ring, and should not. The count of three one-star orders raises",
    "every one of them, and many good ones too, which is why the chance of that by luck is told beside it.",
)
