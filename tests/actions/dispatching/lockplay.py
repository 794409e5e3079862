"""People print, pack and hand over, buyers ask for their money, the door sends acts, the platform answers: all at once, turn by turn.

What must hold whatever the order of the turns:
- no order leaves the house once an act of ours that pays its buyer back has passed the door;
- no such act passes the door after the parcel has left, unless a person decided it who was shown that it had left;
- what was printed and must not leave stands on the destroy list, and what may leave does not.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from psycopg import errors

from tests.actions.dispatching.interleaving import Actor, Round, Schedule, stepped_pool, watching
from tests.actions.dispatching.warehouse import PAID, START, YTO, Warehouse, number_of, tell
from tests.cast import make_cast
from zhanggui import rulebook
from zhanggui.actions.dispatching import (
    destroyed,
    handed_over,
    kept_after_all,
    may_print,
    not_printed,
    packed,
    printed,
    recalled,
    sent_on,
    taken_back,
    unpacked,
)
from zhanggui.actions.house import House
from zhanggui.actions.interlock.sparing import spare_in
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.outbox import decide, set_limits
from zhanggui.actions.outbox.kinds import act_terms
from zhanggui.actions.outbox.moving import moved
from zhanggui.actions.outbox.sending import claimed, let_through
from zhanggui.actions.outbox.watch import Watch
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActEvent, ActKind, ActLevel, AgreeRefund, CancelSending, Request, Ship
from zhanggui.core.dispatch import Dispatch, DispatchState, PrintedPaper
from zhanggui.core.dispatch.judging import halting
from zhanggui.core.dispatch.moves import HARMLESS, IN_THE_HOUSE
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, OrderFacts, OrderStage, RefundState
from zhanggui.core.money import Fen
from zhanggui.records import dispatches, outbox
from zhanggui.records.db import transact
from zhanggui.records.outbox import StoredAct

_OUT = ("sending", "unsure", "needs_person", "carried_out")
_PAYS = (ActKind.REFUND_AGREE.value, ActKind.SENDING_CANCEL.value)
ASKED, CLOSED, REFUNDED = AftersaleState.SELLER_TO_ANSWER, AftersaleState.CLOSED, AftersaleState.REFUNDED
REFUND_OF: Mapping[AftersaleState | None, RefundState] = {ASKED: RefundState.OPEN, REFUNDED: RefundState.REFUNDED}


@dataclass
class Truth:
    """One order as the platform has it: whether its buyer asks for the money, was paid, or gave up; whether it was uploaded as shipped."""

    order_no: str
    case: AftersaleState | None = None
    is_shipped: bool = False
    may_come_out: bool = False
    """Whether somebody was let print it and the printer has not answered."""
    changing: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Play:
    """The house with its stepped connections, and what was counted."""

    house: House
    warehouse: Warehouse
    monitor: psycopg.Connection[Any]
    orders: int = 0
    rounds: Counter[str] = field(default_factory=Counter)
    paths: set[tuple[str, ...]] = field(default_factory=set)
    tick: int = 0

    def now(self) -> datetime:
        """A moment of its own for whatever is done next."""
        self.tick += 1
        return START + timedelta(milliseconds=self.tick)


@contextmanager
def playing(database: str, home: Path) -> Iterator[Play]:
    """A shop on this database whose transactions can be played turn by turn."""
    with stepped_pool(database) as pool, watching(database) as monitor:
        house = House(pool=pool, home=home, rulebook=rulebook.load())
        people = make_cast(pool)
        warehouse = Warehouse(house, people)
        for kind in (ActKind.REFUND_AGREE, ActKind.SENDING_CANCEL, ActKind.SHIP_UPLOAD):
            roomy = {"level": ActLevel.ACT if kind is not ActKind.SENDING_CANCEL else ActLevel.SUGGEST, "wait_minutes": 0, "daily_cap": 100_000}
            money = {"daily_money": Fen(100_000_000), "most_money": Fen(1_000_000)} if act_terms()[kind].moves_money else {}
            set_limits(house, people.lin, people.shop_id, kind, msgspec.structs.replace(act_terms()[kind].limits, **(roomy | money)), START)
        yield Play(house, warehouse, monitor)


Doing = Callable[[Play, Truth], object]


def _tells(play: Play, truth: Truth) -> None:
    """What the platform knows is read and stored, as of the moment it was read."""
    with truth.changing:
        now = play.now()
        facts = msgspec.structs.replace(
            play.warehouse.facts[truth.order_no],
            stage=OrderStage.SHIPPED if truth.is_shipped else OrderStage.TO_SHIP,
            refund=REFUND_OF.get(truth.case, RefundState.NONE),
            tracking_no=number_of(truth.order_no) if truth.is_shipped else None,
        )
        told: list[OrderFacts | AftersaleFacts] = [facts]
        if truth.case is not None:
            told.append(
                AftersaleFacts(
                    case_no=case_of(truth.order_no),
                    order_no=truth.order_no,
                    kind=AftersaleKind.REFUND_ONLY,
                    state=truth.case,
                    refund_amount=PAID,
                    applied_at=START,
                )
            )
    tell(play.house, play.warehouse.shop_id, told, now)


def _asks(play: Play, truth: Truth) -> None:
    with truth.changing:
        if truth.case in (None, CLOSED):
            truth.case = ASKED
    _tells(play, truth)


def _gives_up(play: Play, truth: Truth) -> None:
    with truth.changing:
        if truth.case is ASKED:
            truth.case = CLOSED
    _tells(play, truth)


def _may_print(play: Play, truth: Truth) -> None:
    told = may_print(play.house, play.warehouse.by, play.warehouse.shop_id, [truth.order_no], play.now())
    truth.may_come_out = truth.may_come_out or told[0].done


def _comes_out(play: Play, truth: Truth) -> None:
    """The printer answers, where somebody was let print."""
    if truth.may_come_out:
        paper = PrintedPaper(truth.order_no, YTO, number_of(truth.order_no))
        printed(play.house, play.warehouse.by, play.warehouse.shop_id, [paper], play.now())
        truth.may_come_out = False


def _fails(play: Play, truth: Truth) -> None:
    if truth.may_come_out:
        truth.may_come_out = False
        not_printed(play.house, play.warehouse.by, play.warehouse.shop_id, [truth.order_no], play.now())


def _prints(play: Play, truth: Truth) -> None:
    _may_print(play, truth)
    _comes_out(play, truth)


def _packs(play: Play, truth: Truth) -> None:
    packed(play.house, play.warehouse.by, play.warehouse.shop_id, truth.order_no, 300, play.now())


def _all(step: Callable[..., object]) -> Doing:
    return lambda play, truth: step(play.house, play.warehouse.by, play.warehouse.shop_id, [truth.order_no], play.now())


def _then(*steps: Doing) -> Doing:
    def doing(play: Play, truth: Truth) -> None:
        for one in steps:
            one(play, truth)

    return doing


def _unpacks(play: Play, truth: Truth) -> None:
    unpacked(play.house, play.warehouse.by, play.warehouse.shop_id, truth.order_no, play.now())


def _decides(request: Callable[[str], Request], *, by_itself: bool = False) -> Doing:
    def doing(play: Play, truth: Truth) -> None:
        lin, shop_id, now = play.warehouse.people.lin, play.warehouse.shop_id, play.now()
        asked = request(truth.order_no)
        transact(play.house.pool, lambda tx: decide(tx, play.house, lin, shop_id, asked, now, key=f"{now.isoformat()}", by_itself=by_itself))

    return doing


def _passes(play: Play, truth: Truth) -> None:
    """A worker takes the next act, reads the facts again, and goes through the door with it or not."""
    now = play.now()
    watch, shop_id = Watch(now, now), play.warehouse.shop_id
    act = transact(play.house.pool, lambda tx: claimed(tx, shop_id, watch, f"w{play.tick}"))
    if act is None:
        return
    _tells(play, truth)
    transact(play.house.pool, lambda tx: let_through(tx, play.house, act, act.asked, watch))


def _answers(play: Play, truth: Truth, *, is_lost: bool = False) -> None:
    """The platform answers an act of this order that is on its way; or does what was asked, and the answer is lost."""
    shop_id = play.warehouse.shop_id
    with play.house.pool.connection() as tx:
        sending = [act for act in _acts(tx, shop_id, truth.order_no) if act.state == "sending"]
    for act in sending:
        did = _does(truth, act.asked)
        event = ActEvent.ANSWER_LOST if is_lost else ActEvent.ANSWERED_YES if did else ActEvent.ANSWERED_NO

        def keep(tx: Any, act_no: int = act.act_no, event: ActEvent = event) -> None:
            held = outbox.locked(tx, shop_id, act_no)
            if held is not None and held.state == "sending":
                moved(tx, held, event, play.now())

        transact(play.house.pool, keep)
    _tells(play, truth)
    _spares(play)


def _found(play: Play, truth: Truth) -> None:
    """The platform is asked after an act whose answer was lost."""
    shop_id = play.warehouse.shop_id
    _tells(play, truth)

    def work(tx: Any) -> None:
        for act in _acts(tx, shop_id, truth.order_no):
            held = outbox.locked(tx, shop_id, act.act_no) if act.state == "unsure" else None
            if held is not None and held.state == "unsure":
                paid = truth.case is REFUNDED if held.kind in _PAYS else truth.is_shipped
                moved(tx, held, ActEvent.FOUND_DONE if paid else ActEvent.STOP, play.now())

    transact(play.house.pool, work)
    _spares(play)


def _spares(play: Play) -> None:
    """The worker's chore looks at the destroy list again, as it does every minute."""
    with suppress(errors.LockNotAvailable):
        spare_in(play.house, play.warehouse.shop_id, play.now())


def _does(truth: Truth, request: Request) -> bool:
    """Whether the platform does what it is asked."""
    with truth.changing:
        match request:
            case Ship() if not truth.is_shipped and truth.case in (None, CLOSED):
                truth.is_shipped = True
                return True
            case AgreeRefund() if truth.case is ASKED:
                truth.case = REFUNDED
                return True
            case CancelSending() if truth.case is ASKED and not truth.is_shipped:
                truth.case = REFUNDED
                return True
            case _:
                return False


def _agree(no: str) -> Request:
    return AgreeRefund(order_no=no, case_no=case_of(no), amount=PAID)


def _held_back(no: str) -> Request:
    return CancelSending(order_no=no, case_no=case_of(no), amount=PAID)


def _ship(no: str) -> Request:
    return Ship(order_no=no, tracking_no=number_of(no), carrier=YTO)


DOINGS: Mapping[str, Doing] = {
    "the buyer asks for the money": _asks,
    "the buyer gives up": _gives_up,
    "somebody is let print": _may_print,
    "the label comes out": _comes_out,
    "the printer fails": _fails,
    "a label is printed": _prints,
    "the buyer gives up and it is printed": _then(_gives_up, _prints),
    "it is printed and handed over": _then(_prints, _all(handed_over)),
    "somebody packs": _packs,
    "somebody unpacks": _unpacks,
    "somebody hands over": _all(handed_over),
    "somebody takes it back": _all(taken_back),
    "somebody destroys the label": _all(destroyed),
    "it was not destroyed": _all(kept_after_all),
    "the parcel comes back": _all(recalled),
    "it did not come back": _all(sent_on),
    "a person agrees": _decides(_agree),
    "the house agrees": _decides(_agree, by_itself=True),
    "a person says it was held back": _decides(_held_back),
    "a person uploads": _decides(_ship),
    "the door": _passes,
    "the platform answers": _answers,
    "the answer is lost": lambda play, truth: _answers(play, truth, is_lost=True),
    "the platform is asked": _found,
}
OFTEN = (
    "the buyer asks for the money",
    "the buyer gives up and it is printed",
    "it was not destroyed",
    "it did not come back",
    "somebody takes it back",
    "a label is printed",
    "somebody hands over",
    "a person agrees",
    "the house agrees",
    "the door",
    "the door",
)
"""What the story turns on is drawn more often."""
PREFACES: tuple[tuple[str, ...], ...] = (
    (),
    ("a label is printed",),
    ("a label is printed", "somebody packs"),
    ("a label is printed", "somebody hands over"),
    ("the buyer asks for the money", "a person agrees"),
    ("the buyer asks for the money", "the house agrees"),
    ("a label is printed", "the buyer asks for the money", "somebody destroys the label", "a person agrees"),
    ("a label is printed", "somebody hands over", "the buyer asks for the money", "the parcel comes back", "a person agrees"),
    ("a label is printed", "somebody hands over", "the buyer asks for the money", "a person agrees"),
    ("a label is printed", "a person uploads"),
)
"""How far a story has come when it is taken up: the moments at which it matters who comes first."""
doings = st.lists(st.tuples(st.sampled_from([*DOINGS, *OFTEN, *OFTEN]), st.integers(0, 1)), min_size=2, max_size=3)


def schedule_of(drawn: int) -> Schedule:
    """A schedule by chance alone: what hypothesis draws itself is too often the same small thing."""
    dice = random.Random(drawn)
    drops = frozenset(dice.randrange(110) for _ in range(dice.randrange(1, 5)))
    return Schedule(dice.sample([0, 1, 2], k=3), drops, goes_round=dice.random() < 1 / 16)


schedules = st.integers(0, 2**48).map(schedule_of)
_TO_HAND = ("a label is printed", "somebody hands over", "the buyer asks for the money")
DUELS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("the buyer asks for the money", "a person agrees"), ("the door", "the buyer gives up and it is printed")),
    (("the buyer asks for the money", "the house agrees"), ("the door", "the buyer gives up and it is printed")),
    (("the buyer asks for the money", "a person agrees"), ("the door", "the buyer gives up", "it is printed and handed over")),
    (("a label is printed", "the buyer asks for the money", "somebody destroys the label", "a person agrees"), ("the door", "it was not destroyed")),
    (("a label is printed", "the buyer asks for the money", "somebody destroys the label", "the house agrees"), ("the door", "it was not destroyed")),
    ((*_TO_HAND, "the parcel comes back", "a person agrees"), ("the door", "it did not come back")),
    ((*_TO_HAND, "a person agrees"), ("the door", "somebody takes it back")),
    (("a label is printed",), ("somebody hands over", "the buyer asks for the money")),
    (("a label is printed", "somebody packs"), ("somebody hands over", "the buyer asks for the money", "somebody unpacks")),
    (("somebody is let print",), ("the label comes out", "the buyer asks for the money")),
    (("the buyer asks for the money",), ("the buyer gives up", "somebody is let print", "the house agrees")),
    (("a person uploads",), ("the door", "the buyer asks for the money")),
    (("a person uploads", "the buyer asks for the money", "a person agrees"), ("the door", "the door")),
    (("a label is printed", "somebody hands over"), ("somebody takes it back", "the buyer asks for the money")),
)
"""What meets at the very moment that matters: how far the story has come, and who then acts at once."""


class LockPlay(RuleBasedStateMachine):
    """One or two orders, and everybody who has to do with them."""

    play: Play

    @initialize(many=st.integers(1, 2), preface=st.sampled_from(PREFACES))
    def orders_come(self, many: int, preface: Sequence[str]) -> None:
        self._new_orders(many)
        for name in preface:
            self._happens(name, 0)

    @rule(name=st.sampled_from([*DOINGS, *OFTEN]), which=st.integers(0, 1))
    def one_thing_happens(self, name: str, which: int) -> None:
        self._happens(name, which)

    @rule(duel=st.sampled_from(DUELS), schedule=schedules)
    def they_meet_at_the_moment_that_matters(self, duel: tuple[Sequence[str], Sequence[str]], schedule: Schedule) -> None:
        preface, names = duel
        self._new_orders(1)
        for name in preface:
            self._happens(name, 0)
        self._play([(name, 0) for name in names], schedule)

    @rule(together=doings, schedule=schedules)
    def several_things_happen_at_once(self, together: Sequence[tuple[str, int]], schedule: Schedule) -> None:
        self._play(together, schedule)

    @invariant()
    def nothing_leaves_once_the_money_goes_back_nor_the_other_way_round(self) -> None:
        for truth in getattr(self, "truths", ()):
            judge(self.play, truth)

    def teardown(self) -> None:
        """Whatever is still to be sent is none of the next story's."""
        with self.play.house.pool.connection() as tx:
            tx.execute("update acts set state = 'stopped' where shop_id = %s and state = 'announced'", (self.play.warehouse.shop_id,))

    def _new_orders(self, many: int) -> None:
        """The story is about new orders from here; what is still to be sent of the earlier ones is stopped."""
        for truth in getattr(self, "truths", ()):
            judge(self.play, truth)
        self.teardown()
        numbers = [f"260302-{self.play.orders + each:015d}" for each in range(many)]
        self.play.orders += many
        self.play.warehouse.now = self.play.now()
        self.play.warehouse.comes(*numbers)
        self.truths = [Truth(no) for no in numbers]

    def _play(self, together: Sequence[tuple[str, int]], schedule: Schedule) -> None:
        """Several at once, turn by turn."""
        actors = [Actor(f"{place}", lambda name=name, which=which: DOINGS[name](self.play, self._truth(which))) for place, (name, which) in enumerate(together)]  # type: ignore[misc]  # bound now
        before = tuple(self._stands(truth) for truth in self.truths)
        round_ = Round(actors, self.play.monitor)
        round_.play(schedule)
        for actor, (name, _) in zip(actors, together, strict=True):
            if actor.failed is not None and not isinstance(actor.failed, Refused):
                raise AssertionError(f"{name}: {actor.failed!r}") from actor.failed
        self._count(round_, before, together)

    def _happens(self, name: str, which: int) -> None:
        try:
            DOINGS[name](self.play, self._truth(which))
        except Refused:
            return

    def _truth(self, which: int) -> Truth:
        return self.truths[which % len(self.truths)]

    def _stands(self, truth: Truth) -> str:
        with self.play.house.pool.connection() as tx:
            dispatch = dispatches.of_orders(tx, self.play.warehouse.shop_id, [truth.order_no]).get(truth.order_no)
            acts = _acts(tx, self.play.warehouse.shop_id, truth.order_no)
        return f"{dispatch.state if dispatch else None}/{truth.case}/{[act.state for act in acts]}"

    def _count(self, round_: Round, before: tuple[str, ...], together: Sequence[tuple[str, int]]) -> None:
        """Counts rounds in which at least two had something to do in the database; others are no interleavings."""
        rounds = self.play.rounds
        if sum(actor.turns > 0 for actor in round_.actors) < 2:
            return
        rounds["interleavings"] += 1
        rounds["turns"] += len(round_.path)
        rounds["waits for a lock"] += round_.collisions
        rounds["interleavings with a wait"] += round_.collisions > 0
        self.play.paths.add((*before, *(f"{name} {which}" for name, which in together), *round_.path))


def judge(play: Play, truth: Truth) -> None:
    """Raises AssertionError where the order stands as it never may while nobody is doing anything."""
    shop_id, no = play.warehouse.shop_id, truth.order_no
    with play.house.pool.connection() as tx:
        dispatch = dispatches.of_orders(tx, shop_id, [no]).get(no, Dispatch(order_no=no))
        known = orders_known(tx, shop_id, [no])[no]
        acts = _acts(tx, shop_id, no)
    paying = [act for act in acts if act.kind in _PAYS and act.state in _OUT]
    for act in paying:
        play.rounds["refunds past the door"] += 1
        was_seen = act.rests_on.dispatch == DispatchState.HANDED_OVER and not act.by_itself and act.kind == ActKind.REFUND_AGREE
        # of a parcel that was seen to have left it may turn out that it had not: then it stands on the destroy list
        may_be = HARMLESS | {DispatchState.HANDED_OVER, DispatchState.TO_DESTROY} if was_seen else HARMLESS
        assert dispatch.state in may_be, f"{no} is {dispatch.state}, though {act.kind} has passed the door, decided while it was {act.rests_on.dispatch}"
        assert was_seen or not dispatch.may_be_on_paper, f"a label of {no} may be coming out, though {act.kind} has passed the door"
    shipping = [act for act in acts if act.kind == ActKind.SHIP_UPLOAD and act.state in ("sending", "unsure")]
    assert not (shipping and any(act.state in ("sending", "unsure") for act in paying)), f"{no}: its number and its refund are on their way at once"
    _judge_list(play, dispatch, halting(known) is not None or bool(paying))


def _judge_list(play: Play, dispatch: Dispatch, must_stay: bool) -> None:
    if must_stay:
        assert dispatch.state not in IN_THE_HOUSE, f"{dispatch.order_no} must not leave, and is not on the destroy list"
        assert dispatch.state not in HARMLESS or not dispatch.may_be_on_paper, f"a label of {dispatch.order_no} may be about, and is not on the destroy list"
    else:
        assert dispatch.state is not DispatchState.TO_DESTROY, f"{dispatch.order_no} may leave, and is on the destroy list"
    play.rounds[f"seen {dispatch.state or 'nothing printed'}"] += 1


def _acts(tx: Any, shop_id: int, order_no: str) -> list[StoredAct]:
    numbers = [act_no for (act_no,) in tx.execute("select act_no from acts where shop_id = %s and order_no = %s order by act_no", (shop_id, order_no))]
    return [act for act_no in numbers if (act := outbox.one(tx, shop_id, act_no)) is not None]


def case_of(order_no: str) -> str:
    """The number of the order's one case."""
    return f"9{order_no[-12:]}"
