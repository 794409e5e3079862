"""Talks as they go on: buyers begin, write, read what they are answered, ask again, are content, or have had enough."""

from math import log

from zhanggui.emulator.moments import MINUTE, china_hour
from zhanggui.emulator.seeded import between, one_of, salt, share
from zhanggui.emulator.world import asking, quarrelling
from zhanggui.emulator.world.buying import HOURLY, MEAN
from zhanggui.emulator.world.cases import REFUND_ONLY, RETURN_REFUND, SELLER_MUST_ACT
from zhanggui.emulator.world.chats import reacting
from zhanggui.emulator.world.chats.hearing import hear
from zhanggui.emulator.world.chats.manner import Temper, Want, manner
from zhanggui.emulator.world.chats.seeing import slots_of, stage_of, wrong_of
from zhanggui.emulator.world.chats.spelling import beginning, typed
from zhanggui.emulator.world.chats.talks import (
    BUYER,
    COMPLAINED,
    CONTENT,
    LEFT,
    NO_ORDER,
    OPEN,
    ORDER,
    PICTURE,
    REFUND_ASKED,
    REP,
    TEXT,
    THREATENED,
    Heard,
    Line,
    Planned,
    Talk,
)  # fmt: skip
from zhanggui.emulator.world.orders import RECEIVED, SHIPPED
from zhanggui.emulator.world.queue import event
from zhanggui.emulator.world.troubles import weighed
from zhanggui.emulator.world.world import World

TALK, COMES, WHO, WHAT, WHICH, CARD = (salt(f"talk {name}") for name in ("draw", "comes", "who", "what", "which", "card"))
MOST_NUDGES, TRIES, NUDGED, STILL_TYPING = 3, 300, 64, 3
BEFORE_BUYING = 1 << 30
"""Buyers who have not bought yet are numbered from here."""


class NoSuchTalkError(Exception):
    """Nobody fits: no order is at a stage where somebody would want this."""


def open_desk(world: World) -> None:
    """Let the first talk be on its way, where the scenario has any."""
    if world.scenario.chats.per_day > 0:
        _plan_next(world)


def _plan_next(world: World) -> None:
    """Plan the next talk: more in the evening than at night, as with orders."""
    rate = world.scenario.chats.per_day / 86400 * HOURLY[china_hour(world.now)] / MEAN
    wait = -log(1 - share(world.seed, world.talks.drawn, COMES)) / rate
    world.plan(world.now + int(wait), "talk.begins", 0)


@event("talk.begins")
def talk_begins(world: World, about: int) -> None:  # noqa: ARG001  (every event has the same shape)
    """Somebody begins to talk by themselves."""
    try:
        begin(world)
    except NoSuchTalkError:
        world.talks.missed += 1
    _plan_next(world)


def begin(world: World, want: str = "", temper: str = "", row: int = NO_ORDER, after: int = 0) -> Talk:
    """Let a buyer begin to talk after so many seconds: about this order or one that fits, of this want or a drawn one."""
    held, no, draw = manner(), len(world.talks.each), world.talks.drawn
    chosen_temper = temper or weighed({name: each.weight for name, each in held.tempers.items()}, share(world.seed, draw, WHO))
    chosen, row = _matter(world, draw, want, row)
    if row == NO_ORDER:
        buyer, goods = BEFORE_BUYING + no, between(0, len(world.catalog.goods) - 1, world.seed, draw, WHICH)
    else:
        buyer, goods = world.orders.buyer[row], world.sku_of(row).goods_index
    if not world.talks.is_free(buyer):
        raise NoSuchTalkError
    shows_order = row != NO_ORDER and share(world.seed, draw, CARD) < world.scenario.chats.cards
    talk = Talk(no, buyer, row, goods, chosen, "", chosen_temper, world.now + after, held.tempers[chosen_temper].anger, shows_order, wanted=[chosen])
    world.talks.add(talk)
    _open(world, talk, after)
    return talk


def _matter(world: World, draw: int, want: str, row: int) -> tuple[str, int]:
    """What is wanted, and of which order; before buying of none."""
    wants = manner().wants
    for attempt in range(1 if want else 8):
        chosen = want or weighed({name: each.weight for name, each in wants.items()}, share(world.seed, draw, WHAT, attempt))
        if row != NO_ORDER:
            if want or stage_of(world, row) & set(wants[chosen].stages):
                return chosen, row
            continue
        if _is_before_buying(world, draw, wants[chosen]):
            return chosen, NO_ORDER
        found = _row_for(world, draw, wants[chosen])
        if found is not None:
            return chosen, found
    raise NoSuchTalkError


def _is_before_buying(world: World, draw: int, want: Want) -> bool:
    """Whether a want is spoken of before there is an order."""
    return "none" in want.stages and (len(want.stages) == 1 or share(world.seed, draw, CARD, 1) < 0.5)


def _row_for(world: World, draw: int, want: Want) -> int | None:
    """An order at a stage where its buyer would want this, of somebody who is not talking yet; new orders are likelier."""
    many = len(world.orders)
    for attempt in range(TRIES if many else 0):
        spot = share(world.seed, draw, WHICH, attempt)
        row = many - 1 - int(spot * spot * many)
        if _fits(world, row, want):
            return row
    return next((row for row in range(many - 1, max(-1, many - 5000), -1) if _fits(world, row, want)), None)


def _fits(world: World, row: int, want: Want) -> bool:
    return row not in world.talks.rows and bool(stage_of(world, row) & set(want.stages)) and world.talks.is_free(world.orders.buyer[row])


def _open(world: World, talk: Talk, after: int) -> None:
    """The first lines: perhaps the order's card, the want, perhaps a picture."""
    held, want = manner(), manner().wants[talk.want]
    temper = held.tempers[talk.temper]
    line = one_of(want.opens, world.seed, talk.no, _step(talk), TALK)
    texts = beginning(held, temper, line, slots_of(world, talk), talk.anger, world.seed, talk.no, _step(talk))
    lines = [(TEXT, text) for text in texts]
    if talk.shows_order:
        lines.insert(0, (ORDER, ""))
    if share(world.seed, talk.no, _step(talk), TALK) < want.shows:
        lines.append((PICTURE, ""))
        talk.showed_picture = True
    _will_write(world, talk, lines, after, waits=True)


def _step(talk: Talk) -> int:
    """The number of this talk's next draw."""
    talk.step += 1
    return talk.step


def _will_write(world: World, talk: Talk, lines: list[tuple[str, str]], after: int, *, waits: bool) -> None:
    """Plan the buyer's next messages, some seconds apart."""
    at = world.now + after
    for place, (kind, text) in enumerate(lines):
        if place:
            at += between(2, 4 + min(20, len(text)), world.seed, talk.no, _step(talk), TALK)
        world.talks.planned.append(Planned(talk.no, kind, text, waits))
        talk.unwritten += 1
        world.plan(at, "talk.line", len(world.talks.planned) - 1)


@event("talk.line")
def talk_line(world: World, about: int) -> None:
    """The buyer sends a message, and begins to look for an answer."""
    planned = world.talks.planned[about]
    talk = world.talks.each[planned.talk]
    talk.unwritten -= 1
    world.talks.write(talk, BUYER, world.now, planned.kind, planned.text)
    talk.waiting_since = talk.waiting_since or world.now
    talk.looks_for_answer = planned.waits
    if planned.waits:
        _plan_nudge(world, talk, 0)


def _plan_nudge(world: World, talk: Talk, place: int) -> None:
    """Plan that the buyer asks whether anybody is there, unless they are answered before."""
    minutes = manner().tempers[talk.temper].nudges_after[min(place, 1)]
    world.plan(talk.waiting_since + minutes * MINUTE * (place + 1), "talk.nudges", talk.no * NUDGED + place)


@event("talk.nudges")
def talk_nudges(world: World, about: int) -> None:
    """Nobody has answered: the buyer asks again, and at last gives up."""
    no, place = divmod(about, NUDGED)
    talk, held = world.talks.each[no], manner()
    if talk.is_over or not talk.waiting_since or not talk.looks_for_answer or talk.nudges != place or world.now < _nudge_at(talk, place):
        return
    talk.nudges = place + 1
    temper = held.tempers[talk.temper]
    talk.anger = reacting.anger_after(held, temper, talk.anger, "nudge")
    if talk.nudges > MOST_NUDGES or talk.anger >= held.full:
        _has_had_enough(world, talk, unanswered=True)
        return
    text = one_of(held.nudges, world.seed, no, _step(talk), TALK)
    world.talks.write(talk, BUYER, world.now, TEXT, text)
    _plan_nudge(world, talk, talk.nudges)


def _nudge_at(talk: Talk, place: int) -> int:
    return talk.waiting_since + manner().tempers[talk.temper].nudges_after[min(place, 1)] * MINUTE * (place + 1)


def answer(world: World, talk: Talk, text: str, rep: str) -> Line:
    """A rep writes; the buyer reads it some seconds later, with whatever else was written by then."""
    line = world.talks.write(talk, REP, world.now, TEXT, text, rep)
    talk.waiting_since, talk.nudges = 0, 0
    talk.unread.append(text)
    if len(talk.unread) == 1:
        low, high = manner().tempers[talk.temper].reads_in
        quick = world.scenario.chats.haste
        world.plan(world.now + max(1, round(between(low, high, world.seed, talk.no, _step(talk), TALK) / quick)), "talk.reads", talk.no)
    return line


@event("talk.reads")
def talk_reads(world: World, no: int) -> None:
    """The buyer reads what was written, and takes it as they are; whoever is still typing reads after it."""
    talk, held = world.talks.each[no], manner()
    if talk.unwritten:
        world.plan(world.now + STILL_TYPING, "talk.reads", no)
        return
    text, talk.unread = "\n".join(talk.unread), []
    if not text:
        return
    want, temper = held.wants[talk.want], held.tempers[talk.temper]
    heard = hear(text)
    wrong = wrong_of(world, talk, heard, text)
    taken = reacting.taken_as(want, temper, heard, wrong, has_shown=talk.showed_picture)
    talk.heard.append(Heard(world.now, text, tuple(sorted(heard)), wrong, taken))
    if talk.is_over:
        return
    talk.anger = reacting.anger_after(held, temper, talk.anger, taken)
    if _withdraws(world, talk, heard, wrong):
        return
    if taken == reacting.SOLVED:
        _is_content(world, talk, want, temper, heard)
    elif talk.anger >= held.full:
        _has_had_enough(world, talk)
    else:
        _asks_again(world, talk, want, heard, wrong, taken)


def _withdraws(world: World, talk: Talk, heard: frozenset[str], wrong: tuple[str, ...]) -> bool:
    """Asked to withdraw a request: whoever is calm does, where the goods are truly under way."""
    if "asks_withdraw" not in heard or talk.row == NO_ORDER or not world.orders.cases.get(talk.row):
        return False
    case = world.cases.get(world.orders.cases[talk.row][-1])
    if case is None or case.status not in SELLER_MUST_ACT:
        return False
    held, is_sent = manner(), world.orders.status[talk.row] in (SHIPPED, RECEIVED)
    gives_in = is_sent and not wrong and talk.anger < held.full * share(world.seed, talk.no, _step(talk), TALK)
    if gives_in:
        quarrelling.withdraw(world, case)
        talk.state = CONTENT
    _say(world, talk, "withdraws" if gives_in else "keeps", waits=not gives_in)
    return True


def _is_content(world: World, talk: Talk, want: Want, temper: Temper, heard: frozenset[str]) -> None:
    """The buyer has what they wanted; some have one more thing."""
    lines = want.glad if share(world.seed, talk.no, _step(talk), TALK) < 0.7 else manner().replies["solved"]
    _write_one(world, talk, lines, waits=False)
    if want.refund_after and "says_refunded" not in heard:
        _ask_for_money(world, talk)
    fitting = [each for each in want.others if _may_want(world, talk, each)]
    if fitting and share(world.seed, talk.no, _step(talk), TALK) < temper.second:
        talk.state = OPEN
        talk.want = talk.second = one_of(fitting, world.seed, talk.no, _step(talk), TALK)
        talk.wanted.append(talk.want)
        wait = between(8, 40, world.seed, talk.no, _step(talk), TALK)
        first = one_of(manner().replies["next"], world.seed, talk.no, _step(talk), TALK)
        line = one_of(manner().wants[talk.want].opens, world.seed, talk.no, _step(talk), TALK)
        texts = typed(manner(), temper, line, slots_of(world, talk), talk.anger, world.seed, talk.no, _step(talk))
        _will_write(world, talk, [(TEXT, text) for text in (first, *texts)], wait, waits=True)
        return
    talk.state = CONTENT


def _may_want(world: World, talk: Talk, want: str) -> bool:
    """Whether the order, or its absence, is at a stage for one more want."""
    stages = manner().wants[want].stages
    if want in talk.wanted:
        return False
    return "none" in stages if talk.row == NO_ORDER else bool(stage_of(world, talk.row) & set(stages))


def _ask_for_money(world: World, talk: Talk) -> bool:
    """Ask for the money through the platform; False where that cannot be."""
    if talk.row == NO_ORDER:
        return False
    kind = RETURN_REFUND if world.orders.status[talk.row] == RECEIVED and talk.want in ("return", "exchange") else REFUND_ONLY
    case = asking.ask(world, talk.row, kind)
    if case is not None:
        talk.case_id = case.case_id
    return case is not None


def _has_had_enough(world: World, talk: Talk, *, unanswered: bool = False) -> None:
    """The buyer stops asking: they want the money, threaten, call the platform, or go."""
    ends = dict(manner().tempers[talk.temper].ends)
    if talk.state == THREATENED:
        ends.pop("threat", None)
    end = weighed(ends or {"leave": 1.0}, share(world.seed, talk.no, _step(talk), TALK))
    if end == "refund" and _ask_for_money(world, talk):
        talk.state = REFUND_ASKED
        _say(world, talk, "asks_refund", waits=False)
    elif end == "complain":
        talk.state = COMPLAINED
        _say(world, talk, "complains", waits=False)
        _call_platform(world, talk)
    elif end == "threat":
        talk.state, talk.anger = THREATENED, manner().full // 2
        _say(world, talk, "threatens", waits=True)
    else:
        talk.state = LEFT
        _write_one(world, talk, manner().gives_up if unanswered else manner().replies["goes"], waits=False)


def _call_platform(world: World, talk: Talk) -> None:
    """Call the platform in, where a case is open for it to look at."""
    cases = [] if talk.row == NO_ORDER else world.orders.cases.get(talk.row, [])
    case = world.cases.get(cases[-1]) if cases else None
    if case is not None and case.is_open and not case.has_joined:
        quarrelling.step_in(world, case)


def _asks_again(world: World, talk: Talk, want: Want, heard: frozenset[str], wrong: tuple[str, ...], taken: str) -> None:
    """The buyer writes back: gives what was asked, says what is wrong, or wants to know more."""
    if wrong:
        _say(world, talk, wrong[0], waits=True)
    elif taken == reacting.ASKED:
        _gives(world, talk, heard)
    elif taken in (reacting.EMPTY, reacting.HALF) and share(world.seed, talk.no, _step(talk), TALK) < 0.5:
        _write_one(world, talk, want.again, waits=True)
    else:
        _say(world, talk, taken, waits=True)


def _gives(world: World, talk: Talk, heard: frozenset[str]) -> None:
    """The buyer gives what was asked for: a picture, the order, a word."""
    what = "asked_picture" if "asks_picture" in heard else "asked_order" if "asks_order" in heard and talk.row != NO_ORDER else "asked_more"
    lines = [(TEXT, text) for text in _texts(world, talk, manner().replies[what])]
    if what == "asked_picture":
        talk.showed_picture = True
        lines.insert(0, (PICTURE, ""))
    if what == "asked_order":
        talk.shows_order = True
        lines.insert(0, (ORDER, ""))
    _will_write(world, talk, lines, _pause(world, talk), waits=True)


def _say(world: World, talk: Talk, what: str, *, waits: bool) -> None:
    _write_one(world, talk, manner().replies[what], waits=waits)


def _write_one(world: World, talk: Talk, lines: tuple[str, ...], *, waits: bool) -> None:
    """Plan one of these lines."""
    _will_write(world, talk, [(TEXT, text) for text in _texts(world, talk, lines)], _pause(world, talk), waits=waits)


def _texts(world: World, talk: Talk, lines: tuple[str, ...]) -> tuple[str, ...]:
    held = manner()
    line = one_of(lines, world.seed, talk.no, _step(talk), TALK)
    return typed(held, held.tempers[talk.temper], line, slots_of(world, talk), talk.anger, world.seed, talk.no, _step(talk))


def _pause(world: World, talk: Talk) -> int:
    """How long the buyer types, in seconds."""
    return max(1, round(between(3, 12, world.seed, talk.no, _step(talk), TALK) / world.scenario.chats.haste))
