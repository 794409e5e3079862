"""Everything the worker does, on one screen: chores in their beat, and lanes in which due work is claimed shop by shop."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from zhanggui.actions.abnormal import find_abnormal
from zhanggui.actions.activities.enrolling import reckon_enrolments
from zhanggui.actions.activities.reading import read_purchases
from zhanggui.actions.activities.rewarding import give_rewards
from zhanggui.actions.advice.learning import learn_advice
from zhanggui.actions.alerting.sending import send_alerts, shops_with_alerts_due
from zhanggui.actions.alerting.watching import sweep_alerts, watch_alerts
from zhanggui.actions.automation.running import automate_some, shops_to_automate
from zhanggui.actions.automation.tidying import withdraw_moot
from zhanggui.actions.backups import keep_backups, makes_backups
from zhanggui.actions.bridge_answers import forget_answers
from zhanggui.actions.carrier_choice.learning import learn
from zhanggui.actions.cases.pictures import fetch_pictures
from zhanggui.actions.chores import drop_old_previews, finish_imports, mend_moments, sweep_sign_ins, sweep_throttle, watch_parcels
from zhanggui.actions.conversations.telling import know_named_orders, shops_with_untold, tell_some
from zhanggui.actions.due import settle_due, shops_due
from zhanggui.actions.evidence import seal_journals
from zhanggui.actions.goods.reading import read_some_goods, shops_with_goods_due
from zhanggui.actions.hooks.sending import send_events, shops_with_hooks_due
from zhanggui.actions.hooks.spreading import forget_events, shops_with_events, spread_events
from zhanggui.actions.house import House
from zhanggui.actions.interlock.sparing import spare_parcels
from zhanggui.actions.measures import count_some, shops_to_count
from zhanggui.actions.money.classing import class_bills
from zhanggui.actions.money.costs import forget_buyers
from zhanggui.actions.money.todos import reckon_money
from zhanggui.actions.outbox import send_due, shops_with_acts_due
from zhanggui.actions.overview.daily import plan_day_reports
from zhanggui.actions.overview.mailing import plan_reports
from zhanggui.actions.overview.rows import count_clocks
from zhanggui.actions.parcels.filling import fill_parcels
from zhanggui.actions.parcels.foresight import learn_stalls
from zhanggui.actions.photos.finding import look_at_photos
from zhanggui.actions.platform_carriers import read_carriers
from zhanggui.actions.privacy.forgetting import forget_again
from zhanggui.actions.privacy.keeping import keep_terms
from zhanggui.actions.privacy.keys import reseal_some
from zhanggui.actions.products.raising import watch_products
from zhanggui.actions.quality.grading import grade_talks
from zhanggui.actions.reading_again import read_hints, shops_hinted
from zhanggui.actions.refreshing import refresh_due_tokens
from zhanggui.actions.reviews.reading import know_orders_of_reviews, read_some, shops_with_unread
from zhanggui.actions.syncing import shops_to_sync, sync_some
from zhanggui.actions.texts.sending import send_texts
from zhanggui.actions.texts.settling import forget_numbers, keep_ciphers
from zhanggui.actions.waybills import settle_waybills, shops_with_open_waybills, sweep_waybills
from zhanggui.actions.waybills.accounts import refresh_due_accounts
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId
from zhanggui.records.chores import ChoreState

UPLOADS_KEPT = timedelta(days=1)
_LATELY = timedelta(days=7)

Told = Callable[[House, datetime, datetime], object]
"""Is told the time of the shop, which a demo winds, and the wall clock's."""


class Chore(msgspec.Struct, frozen=True):
    """One thing done again and again, by one worker of all."""

    name: str
    every: timedelta
    do: Told
    title: Say
    apart: bool = False
    """It may take minutes, so it has a thread of its own: no other chore waits for it."""
    can: Callable[[], bool] | None = None
    """Whether this very process can do it; None for what every one can."""


class Lane(msgspec.Struct, frozen=True):
    """One kind of due work: which shops have some, and how a little of it is done in one of them.

    `shops` is asked with the time of the shop and the wall clock's; `serve` also with who asks, and answers whether it did anything. It must not take long.
    """

    name: str
    threads: int
    shops: Callable[[House, datetime, datetime], Sequence[ShopId]]
    serve: Callable[[House, ShopId, datetime, datetime, str], bool]
    title: Say
    looks_every: timedelta = timedelta(seconds=1)
    threads_per_shop: int = 1


def by_house_clock(do: Callable[[House, datetime], object]) -> Told:
    """A chore that goes by the time of the shop alone."""
    return lambda house, now, _: do(house, now)


def by_wall_clock(do: Callable[[House, datetime], object]) -> Told:
    """A chore that goes by the wall clock alone."""
    return lambda house, _, wall: do(house, wall)


def shops_in_step(house: House, _now: datetime, wall: datetime) -> Sequence[ShopId]:
    """The shops in which something is to be read by windows."""
    return shops_to_sync(house, wall)


def send_some(house: House, shop_id: ShopId, now: datetime, wall: datetime, holder: str) -> bool:
    """Send some of what the shop's door has waiting; whether there was anything."""
    return send_due(house, shop_id, now, wall, holder) > 0


def sweep_uploads(house: House, now: datetime) -> None:
    """Remove uploads that a crash left in the spool."""
    for folder in (house.home / "spool").glob("upload-*"):
        if now - datetime.fromtimestamp(folder.stat().st_mtime, UTC) > UPLOADS_KEPT:
            shutil.rmtree(folder, ignore_errors=True)


TIMETABLE = (
    Chore("finish_imports", timedelta(minutes=1), by_house_clock(finish_imports), say("Finish imports that were cut off")),
    Chore("refresh_tokens", timedelta(minutes=1), refresh_due_tokens, say("Refresh the tokens of connected shops in time")),
    Chore("read_carriers", timedelta(minutes=10), read_carriers, say("Read the platform's own list of carriers once a day")),
    Chore("watch_parcels", timedelta(minutes=2), watch_parcels, say("Have silent parcels asked about")),
    Chore("watch_alerts", timedelta(seconds=20), by_house_clock(watch_alerts), say("See what comes due, and whom to tell")),
    Chore("sweep_waybills", timedelta(minutes=10), by_house_clock(sweep_waybills), say("Note which waybills travel, and wipe what printing needed")),
    Chore("waybill_accounts", timedelta(minutes=5), refresh_due_accounts, say("Have the balance of waybill accounts told")),
    Chore("spare_parcels", timedelta(minutes=1), by_house_clock(spare_parcels), say("Take off the destroy list what may leave after all")),
    Chore("fill_parcels", timedelta(minutes=1), by_house_clock(fill_parcels), say("Bring parcels up to date with changed rules")),
    Chore("learn_stalls", timedelta(hours=1), by_house_clock(learn_stalls), say("Learn how parcels stall")),
    Chore("find_abnormal", timedelta(minutes=3), by_house_clock(find_abnormal), say("Look for orders that bear signs of being abnormal")),
    Chore("class_bills", timedelta(minutes=5), by_house_clock(class_bills), say("Class the bill, and hold refunds against it, anew where the classes changed")),
    Chore("reckon_money", timedelta(minutes=10), by_house_clock(reckon_money), say("See which refunds the bill took twice, and which withdrawals are late")),
    Chore("read_purchases", timedelta(minutes=1), by_house_clock(read_purchases), say("See how orders went, and which buyers come back")),
    Chore("give_rewards", timedelta(minutes=5), by_house_clock(give_rewards), say("Note the coupon of every review in a campaign")),
    Chore("reckon_enrolments", timedelta(minutes=5), by_house_clock(reckon_enrolments), say("Let the to-dos of activities follow the time")),
    Chore("watch_products", timedelta(minutes=10), by_house_clock(watch_products), say("Raise the products that their reviews say are bad")),
    Chore("grade_talks", timedelta(minutes=5), by_house_clock(grade_talks), say("Grade the conversations that are calm now")),
    Chore("forget_buyers", timedelta(hours=6), by_house_clock(forget_buyers), say("Forget whose cost an old entry was")),
    Chore("send_texts", timedelta(seconds=20), send_texts, say("Send the texts to telephones that were let go, once")),
    Chore("keep_ciphers", timedelta(minutes=2), keep_ciphers, say("Seal what the platform gives instead of telephone numbers, where texts go its way")),
    Chore("forget_numbers", timedelta(hours=1), by_house_clock(forget_numbers), say("Forget telephone numbers whose time is over")),
    Chore("mend_moments", timedelta(minutes=1), by_wall_clock(mend_moments), say("Free what waits for a moment that a wrong clock has set")),
    Chore("seal_journals", timedelta(minutes=5), by_house_clock(seal_journals), say("Seal the journal, so that nothing in it can change unnoticed")),
    Chore("fetch_pictures", timedelta(minutes=1), fetch_pictures, say("Fetch what buyers showed in their cases into the vault")),
    Chore("look_at_photos", timedelta(minutes=1), by_house_clock(look_at_photos), say("Compare new pictures of the vault with all others")),
    Chore("plan_reports", timedelta(minutes=5), by_house_clock(plan_reports), say("Write down which reports of the week are to be sent")),
    Chore("plan_day_reports", timedelta(minutes=5), by_house_clock(plan_day_reports), say("Write down which reports of the day are to be sent")),
    Chore("count_clocks", timedelta(hours=6), by_house_clock(count_clocks), say("Count how the deadlines of large shops ended")),
    Chore("sweep_alerts", timedelta(hours=1), by_house_clock(sweep_alerts), say("Forget alerts that ended long ago")),
    Chore("drop_old_previews", timedelta(hours=6), by_house_clock(drop_old_previews), say("Throw away previews that nobody confirmed")),
    Chore("learn_plans", timedelta(hours=6), by_house_clock(learn), say("Learn when orders come, how carriers do and how fast people pack")),
    Chore(
        "learn_advice",
        timedelta(minutes=30),
        by_house_clock(learn_advice),
        say("Count what advice on cases rests on"),
    ),
    Chore("know_orders", timedelta(minutes=1), by_house_clock(know_named_orders), say("Have threads learn of orders that have come in since they were named")),
    Chore("know_orders_of_reviews", timedelta(minutes=5), by_house_clock(know_orders_of_reviews), say("Have reviews learn of orders that have come in since")),
    Chore(
        "keep_backups",
        timedelta(minutes=10),
        keep_backups,
        say("Make the backup of the night, try it out and let the oldest go"),
        apart=True,
        can=makes_backups,
    ),
    Chore("forget_events", timedelta(hours=1), by_house_clock(forget_events), say("Forget events that other programs were told of long ago")),
    Chore("withdraw_moot", timedelta(minutes=2), by_house_clock(withdraw_moot), say("Withdraw what was suggested about to-dos that are closed")),
    Chore("forget_answers", timedelta(hours=1), by_wall_clock(forget_answers), say("Forget what programs were told under keys of their own")),
    Chore("reseal", timedelta(minutes=10), reseal_some, say("Seal what lies clear from before, or under an older key, with the newest")),
    Chore("forget_again", timedelta(minutes=10), by_house_clock(forget_again), say("Forget once more what was told again of forgotten buyers")),
    Chore("keep_terms", timedelta(hours=1), by_house_clock(keep_terms), say("Take away what is older than the shop keeps it")),
    Chore("sweep_throttle", timedelta(hours=1), by_wall_clock(sweep_throttle), say("Forget lock-outs that are over")),
    Chore("sweep_sign_ins", timedelta(hours=1), by_wall_clock(sweep_sign_ins), say("Forget sign-ins that have ended")),
    Chore("sweep_uploads", timedelta(hours=6), by_wall_clock(sweep_uploads), say("Remove uploads that were cut off")),
)

MESSAGES = "messages"
"""The streams of pushes are kept beside the lanes, under this name: somebody listens all the time, so nothing there falls due."""

LANES = (
    Lane("due", 1, shops_due, settle_due, say("Move to-dos into the band they belong to, and ask the platform before calling one overdue")),
    Lane("hints", 4, shops_hinted, read_hints, say("Read again what a push, a deadline or a person pointed at"), threads_per_shop=3),
    Lane("sync", 3, shops_in_step, sync_some, say("Read what changed on the platform, window by window")),
    Lane("waybills", 1, shops_with_open_waybills, settle_waybills, say("Ask after waybill numbers whose answer was lost")),
    Lane("goods", 1, shops_with_goods_due, read_some_goods, say("Read the shop's products every few hours"), looks_every=timedelta(seconds=10)),
    Lane("talk", 1, shops_with_untold, tell_some, say("Have orders learn what was said about them"), looks_every=timedelta(seconds=2)),
    Lane("reviews", 1, shops_with_unread, read_some, say("Read what new reviews say"), looks_every=timedelta(seconds=10)),
    Lane("measures", 1, shops_to_count, count_some, say("Count the measures along with what was stored"), looks_every=timedelta(seconds=5)),
    Lane("events", 1, shops_with_events, spread_events, say("Put what happened into order, for the programs that want to hear of it")),
    Lane("hooks", 2, shops_with_hooks_due, send_events, say("Send events to other programs")),
    Lane("alerts", 1, shops_with_alerts_due, send_alerts, say("Send messages about what comes due")),
    Lane("automation", 1, shops_to_automate, automate_some, say("Let the shop's own rules look over its open to-dos"), looks_every=timedelta(seconds=5)),
    Lane("door", 2, shops_with_acts_due, send_some, say("Send what was decided, once")),
)


def chores_of_somebody(done: Mapping[str, ChoreState], wall: datetime) -> tuple[Chore, ...]:
    """The chores that this process can do, or another one has begun lately or failed at: one that nobody was told how to do is no chore that waits."""
    return tuple(chore for chore in TIMETABLE if chore.can is None or chore.can() or _is_anothers(done.get(chore.name), wall))


def _is_anothers(state: ChoreState | None, wall: datetime) -> bool:
    return state is not None and (state.failures > 0 or abs(wall - state.began_at) < _LATELY)
