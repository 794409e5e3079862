"""A case lives: buyers, platform, carriers and clocks take any step of the table, people and the house answer, news come late, twice or not at all.

What must hold after each event:
- no refund of ours passes the door above what was counted, nor for a case whose money goes back already;
- nothing leaves the house once the money goes back;
- while the house takes a case for waiting, the clock of its state runs;
- every move is kept, each beginning where the last ended, and told in the journal;
- nothing is left to be done by hand that makes no sense any more.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.actions.cases.telling import case_told, order_told, platform_tells
from tests.cast import Cast, make_cast
from zhanggui import rulebook
from zhanggui.actions.cases.guiding import open_step, steps_of
from zhanggui.actions.cases.outcomes import record_outcome
from zhanggui.actions.dispatching import handed_over, may_print, printed
from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide, set_limits
from zhanggui.actions.outbox.kinds import act_terms
from zhanggui.actions.outbox.moving import moved
from zhanggui.actions.outbox.sending import claimed, let_through
from zhanggui.actions.outbox.watch import Watch
from zhanggui.actions.refused import Refused
from zhanggui.actions.returns.known import goods_of
from zhanggui.actions.returns.receiving import Opened, Piece, Share, receive
from zhanggui.core.acts import ActEvent, ActKind, ActLevel, AgreeRefund, AgreeReturn, Request
from zhanggui.core.cases import CLOCKS, MOVES, PAYING, CaseEvent, CaseMover, CaseState, Move, state_of
from zhanggui.core.cases.guided import MAKES_SENSE, Step, StepKind, StepOutcome
from zhanggui.core.cases.mapping import ASKED_BY_KIND, TURN, code_of
from zhanggui.core.deadlines import DeadlineKind, SubjectKind
from zhanggui.core.dispatch import PrintedPaper
from zhanggui.core.facts import AftersaleKind, InstantRefund, OrderStage, RefundState
from zhanggui.core.money import Fen
from zhanggui.core.returns.grades import Grade
from zhanggui.core.say import say
from zhanggui.records import around, case_moves, deadlines, journal, outbox
from zhanggui.records.db import Pool, open_pool, transact
from zhanggui.records.outbox import StoredAct

PIECES, PRICE = 4, 1000
WHOLE = PIECES * PRICE
START = datetime.fromisoformat("2026-03-02T01:00:00+00:00")
PASSED = ("sending", "unsure", "needs_person", "carried_out")
KIND_OF_ASKED: Mapping[CaseState, AftersaleKind] = {state: kind for kind, state in ASKED_BY_KIND.items()} | {CaseState.TO_SEND_AGAIN: AftersaleKind.RESEND}
WITH_GOODS = (CaseState.ON_WAY_BACK, CaseState.BACK_HERE)
_OPEN_TO_REFUND = {move.before for move in MOVES if move.event is CaseEvent.AGREE_REFUND}
_OPEN_TO_RETURN = {move.before for move in MOVES if move.event is CaseEvent.AGREE_RETURN}


@dataclass
class Life:
    """One order and its case as the platform has them, and what was seen in the house."""

    order_no: str
    case_no: str
    is_shipped: bool = True
    kind: AftersaleKind = AftersaleKind.REFUND_ONLY
    state: CaseState | None = None
    amount: int = WHOLE
    number: str | None = None
    delivered_at: datetime | None = None
    instant: InstantRefund | None = None
    updated_at: datetime = START
    paid: list[int] = field(default_factory=list)
    told: CaseState | None = None
    """What the house was told last."""
    counted: int | None = None
    judged: set[int] = field(default_factory=set)
    snapshots: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)
    """What happened, for whoever reads of a failure."""


@dataclass
class Play:
    """The house, and what was counted."""

    house: House
    people: Cast
    lives: int = 0
    tick: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def now(self) -> datetime:
        """A moment of its own for whatever is done next."""
        self.tick += 1
        return START + timedelta(seconds=self.tick)


@contextmanager
def living(database: str, home: Path) -> Iterator[Play]:
    """A shop on this database."""
    with open_pool(database) as pool:
        yield began(pool, home)


def began(pool: Pool, home: Path) -> Play:
    """A shop whose door lets refunds and returns through at once."""
    house = House(pool=pool, home=home, rulebook=rulebook.load())
    people = make_cast(pool)
    for kind in (ActKind.REFUND_AGREE, ActKind.RETURN_AGREE):
        money = {"daily_money": Fen(100_000_000), "most_money": Fen(1_000_000)} if act_terms()[kind].moves_money else {}
        limits = msgspec.structs.replace(act_terms()[kind].limits, level=ActLevel.ACT, wait_minutes=0, daily_cap=100_000, **money)
        set_limits(house, people.lin, people.shop_id, kind, limits, START)
    return Play(house, people)


def open_to(life: Life, movers: frozenset[CaseMover]) -> list[Move]:
    """The steps somebody of these could take now."""
    return [move for move in MOVES if move.before is life.state and move.who in movers and _is_possible(life, move)]


def _is_possible(life: Life, move: Move) -> bool:
    kind = KIND_OF_ASKED.get(move.after, life.kind) if move.event in (CaseEvent.ASK, CaseEvent.ASK_AGAIN, CaseEvent.CHANGE) else life.kind
    if kind not in move.kinds or (kind is not AftersaleKind.REFUND_ONLY and not life.is_shipped):
        return False
    if move.event is CaseEvent.ASK_AGAIN and move.after in WITH_GOODS:
        return life.number is not None and (move.after is CaseState.BACK_HERE) == (life.delivered_at is not None)
    return True


def takes(play: Play, life: Life, move: Move) -> None:
    """The platform's own record of a step."""
    life.updated_at = play.now()
    if move.after in KIND_OF_ASKED and move.event in (CaseEvent.ASK, CaseEvent.ASK_AGAIN, CaseEvent.CHANGE):
        life.kind, life.number, life.delivered_at = KIND_OF_ASKED[move.after], None, None
    if move.event is CaseEvent.SEND_BACK:
        life.number = f"ZT{play.tick}"
    if move.event is CaseEvent.ARRIVE:
        life.delivered_at = life.updated_at
    if move.event is CaseEvent.REFUND_AT_ONCE:
        life.instant = InstantRefund.SUCCEEDED
    if move.after in (CaseState.REFUND_AGREED, CaseState.PLATFORM_REFUNDS):
        assert life.paid == [], "the table leads to a second refund"
        life.paid.append(life.amount)
    life.state = move.after
    life.trail.append(f"{move.event.value} -> {move.after.value}")
    play.seen[f"{move.course.value}: {move.event.value}"] += 1


def tells(play: Play, life: Life) -> None:
    """What the platform has of the order and the case is read and stored."""
    now = play.now()
    refund = RefundState.REFUNDED if life.state is CaseState.REFUNDED else RefundState.OPEN if life.state is not None else RefundState.NONE
    stage = OrderStage.SHIPPED if life.is_shipped else OrderStage.TO_SHIP
    lines = {"quantity": PIECES, "pay_amount": Fen(WHOLE), "receive_amount": Fen(WHOLE), "goods_amount": Fen(WHOLE)}
    shipped = {"shipped_at": START} if life.is_shipped else {"shipped_at": None, "tracking_no": None}
    told = [order_told(now, order_no=life.order_no, stage=stage, refund=refund, group_formed_at=START, **lines, **shipped)]
    if life.state is not None:
        fields = _case_fields(life)
        life.snapshots.append((life.updated_at, fields))
        told.append(case_told(life.updated_at, **fields))
    platform_tells(play.house, play.people.shop_id, told, now)
    life.told = life.state


def _case_fields(life: Life) -> dict[str, Any]:
    assert life.state is not None
    return {
        "case_no": life.case_no,
        "order_no": life.order_no,
        "kind": life.kind,
        "state": TURN[life.state],
        "status_code": code_of(life.state, life.kind),
        "refund_amount": Fen(life.amount),
        "applied_at": START,
        "return_tracking_no": life.number,
        "return_delivered_at": life.delivered_at,
        "instant_refund": life.instant,
    }


def acts_of(tx: Any, shop_id: int, order_no: str) -> list[StoredAct]:
    """Every act about the order."""
    numbers = [no for (no,) in tx.execute("select act_no from acts where shop_id = %s and order_no = %s order by act_no", (shop_id, order_no))]
    return [act for no in numbers if (act := outbox.one(tx, shop_id, no)) is not None]


def decides(play: Play, life: Life, request: Request, *, by_itself: bool) -> None:
    """A person, or the house, decides an act."""
    lin, shop_id, now = play.people.lin, play.people.shop_id, play.now()
    transact(play.house.pool, lambda tx: decide(tx, play.house, lin, shop_id, request, now, key=f"{now.isoformat()}", by_itself=by_itself))


def passes(play: Play, life: Life) -> None:
    """A worker takes the next act, reads the facts again, and goes through the door with it or not."""
    watch, shop_id = Watch(play.now(), play.now()), play.people.shop_id
    act = transact(play.house.pool, lambda tx: claimed(tx, shop_id, watch, f"w{play.tick}"))
    if act is None:
        return
    tells(play, life)
    transact(play.house.pool, lambda tx: let_through(tx, play.house, act, act.asked, watch))
    with play.house.pool.connection() as tx:
        after = outbox.one(tx, shop_id, act.act_no)
    if after is not None and after.state in PASSED and act.order_no == life.order_no:
        _judge_act(play, life, after)


def _judge_act(play: Play, life: Life, act: StoredAct) -> None:
    """An act has passed the door: was it right by what the platform and the bench know?"""
    if act.act_no in life.judged:
        return
    life.judged.add(act.act_no)
    play.seen[f"past the door: {act.kind}"] += 1
    if not isinstance(act.asked, AgreeRefund):
        return
    assert life.paid == [], f"a refund of {life.case_no} passed the door, though {life.paid} goes back already"
    if life.kind is AftersaleKind.RETURN_AND_REFUND:
        limit = PRICE * (life.counted or 0)
        assert act.asked.amount <= limit, f"{act.asked.amount} passed the door, though {life.counted} of {PIECES} pieces were counted"


def answers(play: Play, life: Life, *, is_lost: bool) -> None:
    """The platform does what it is asked, or not; its answer comes, or is lost."""
    shop_id = play.people.shop_id
    with play.house.pool.connection() as tx:
        sending = [act for act in acts_of(tx, shop_id, life.order_no) if act.state == "sending"]
    for act in sending:
        did = _does(play, life, act.asked)
        event = ActEvent.ANSWER_LOST if is_lost else ActEvent.ANSWERED_YES if did else ActEvent.ANSWERED_NO

        def keep(tx: Any, act_no: int = act.act_no, event: ActEvent = event) -> None:
            held = outbox.locked(tx, shop_id, act_no)
            if held is not None and held.state == "sending":
                moved(tx, held, event, play.now())

        transact(play.house.pool, keep)


def _does(play: Play, life: Life, request: Request) -> bool:
    event = CaseEvent.AGREE_REFUND if isinstance(request, AgreeRefund) else CaseEvent.AGREE_RETURN
    found = [move for move in open_to(life, frozenset({CaseMover.SELLER})) if move.event is event]
    if found:
        takes(play, life, found[0])
    return bool(found)


def found(play: Play, life: Life) -> None:
    """The platform is asked after an act whose answer was lost."""
    shop_id = play.people.shop_id
    tells(play, life)

    def work(tx: Any) -> None:
        for act in acts_of(tx, shop_id, life.order_no):
            held = outbox.locked(tx, shop_id, act.act_no) if act.state == "unsure" else None
            if held is not None and held.state == "unsure":
                did = life.state in PAYING if isinstance(held.asked, AgreeRefund) else life.state not in _OPEN_TO_RETURN
                moved(tx, held, ActEvent.FOUND_DONE if did else ActEvent.STOP, play.now())

    transact(play.house.pool, work)


def counts(play: Play, life: Life, pieces: int) -> None:
    """The bench opens the return and counts so many pieces of the order."""
    if life.number is None or life.counted is not None:
        return
    with play.house.pool.connection() as tx:
        goods = goods_of(tx, play.people.shop_id, life.order_no)
    share = Share(life.order_no, life.case_no, (Piece(goods[0].key, Grade.AS_NEW, pieces),) if pieces else ())
    receive(play.house, play.people.zhou, play.people.shop_id, Opened(code=life.number, shares=(share,)), play.now())
    life.counted = pieces


def refuses(play: Play, life: Life, outcome: StepOutcome | None) -> None:
    """A step to refuse is made ready and done in the back office; the person says so, or leaves it to the case to show."""
    step = Step(kind=StepKind.REFUSE, order_no=life.order_no, case_no=life.case_no, title=say("Look it up"), form="…")
    if life.told is None or life.told not in MAKES_SENSE[StepKind.REFUSE]:
        return
    with play.house.pool.connection() as tx:
        step_no = open_step(tx, play.people.mei, play.people.shop_id, step, play.now())
    found = [move for move in open_to(life, frozenset({CaseMover.SELLER})) if move.event is CaseEvent.REJECT]
    if found:
        takes(play, life, found[0])
    if outcome is not None:
        record_outcome(play.house, play.people.mei, play.people.shop_id, step_no, outcome, "", play.now())


def leaves(play: Play, life: Life) -> None:
    """The order is printed and handed over, where the house lets it."""
    by, shop_id, house = play.people.zhou, play.people.shop_id, play.house
    if life.is_shipped:
        return
    if may_print(house, by, shop_id, [life.order_no], play.now())[0].done:
        printed(house, by, shop_id, [PrintedPaper(life.order_no, "圆通快递", f"YT{play.tick:013d}")], play.now())
    if handed_over(house, by, shop_id, [life.order_no], play.now())[0].done:
        assert life.told not in PAYING, f"{life.order_no} left the house, though its money goes back"
        with house.pool.connection() as tx:
            assert not [act for act in acts_of(tx, shop_id, life.order_no) if act.kind == "refund.agree" and act.state in PASSED]
        life.is_shipped = True
        play.seen["handed over"] += 1


def told_late(play: Play, life: Life, which: int) -> None:
    """Old news of the case come once more."""
    if life.snapshots:
        at, fields = life.snapshots[which % len(life.snapshots)]
        life.trail.append(f"old news: {fields['state'].value} {fields['status_code']}")
        platform_tells(play.house, play.people.shop_id, [case_told(at, **fields)], play.now())


def way_to(target: CaseState, kind: AftersaleKind) -> tuple[Move, ...]:
    """The shortest way of a case of this kind to a state, money left aside; nothing where there is none."""
    ways: list[tuple[Move, ...]] = [(move,) for move in MOVES if move.before is None and kind in move.kinds and move.after not in PAYING]
    seen: set[CaseState] = set()
    for way in ways:
        if way[-1].after is target:
            return way
        if way[-1].after not in seen:
            seen.add(way[-1].after)
            ways += [(*way, move) for move in MOVES if move.before is way[-1].after and kind in move.kinds and _leads_on(move)]
    return ()


def _leads_on(move: Move) -> bool:
    """Whether it can be taken on the first way: asking again for what has come back already needs a parcel."""
    return move.after not in PAYING and not (move.event is CaseEvent.ASK_AGAIN and move.after in WITH_GOODS)


WAYS = tuple(way for kind in KIND_OF_ASKED.values() for state in CaseState if (way := way_to(state, kind)))
"""How far a story may have come when it is taken up: every state that a case can wait in, kind by kind."""
RETURNS = tuple(way for way in WAYS if way[-1].after in WITH_GOODS and AftersaleKind.RETURN_AND_REFUND in way[-1].kinds)


class CaseLife(RuleBasedStateMachine):
    """One order, one case, and everybody who has to do with it."""

    play: Play

    @initialize(
        is_shipped=st.sampled_from([True, True, True, False]),
        amount=st.sampled_from([WHOLE, WHOLE, 2 * PRICE, 1]),
        way=st.sampled_from([(), *WAYS, *RETURNS, *RETURNS]),
    )
    def an_order_comes(self, is_shipped: bool, amount: int, way: tuple[Move, ...]) -> None:
        self.play.lives += 1
        serial = self.play.lives
        is_shipped = is_shipped or any(AftersaleKind.REFUND_ONLY not in move.kinds for move in way)
        self.life = Life(f"260302-{serial:015d}", f"{90_000_000 + serial}", is_shipped=is_shipped, amount=amount)
        tells(self.play, self.life)
        for move in way:
            takes(self.play, self.life, move)
            tells(self.play, self.life)

    @rule(which=st.integers(0, 200), is_told=st.sampled_from([True, True, True, False]))
    def something_happens(self, which: int, is_told: bool) -> None:
        """Any step of buyer, platform, clock or carrier."""
        movers = frozenset(CaseMover) - {CaseMover.SELLER}
        self._one_of(open_to(self.life, movers), which)
        if is_told:
            tells(self.play, self.life)

    @rule(which=st.integers(0, 200))
    def somebody_answers_in_the_back_office(self, which: int) -> None:
        """Any step of the seller, done where no door of ours is asked; money is not among them, since nobody counts there."""
        mine = [move for move in open_to(self.life, frozenset({CaseMover.SELLER})) if move.after not in PAYING]
        self._one_of(mine, which)
        tells(self.play, self.life)

    @rule(state=st.sampled_from(CaseState))
    def it_is_suddenly_elsewhere(self, state: CaseState) -> None:
        """The platform shows what no step leads to; it never takes money back."""
        life = self.life
        if life.state is None or life.state in PAYING or state in (*PAYING, CaseState.UNKNOWN, *WITH_GOODS):
            return
        life.state, life.updated_at = state, self.play.now()
        life.trail.append(f"suddenly {state.value}")
        if state in KIND_OF_ASKED:
            life.kind, life.number, life.delivered_at = KIND_OF_ASKED[state], None, None
        tells(self.play, life)

    @rule(which=st.integers(0, 20))
    def old_news_come(self, which: int) -> None:
        told_late(self.play, self.life, which)

    @rule(by_itself=st.booleans(), amount=st.sampled_from([None, None, 1, PRICE, 2 * PRICE, WHOLE]))
    def the_money_is_decided(self, by_itself: bool, amount: int | None) -> None:
        life = self.life
        asked = AgreeRefund(order_no=life.order_no, case_no=life.case_no, amount=Fen(life.amount if amount is None else amount))
        self._may_refuse(lambda: decides(self.play, life, asked, by_itself=by_itself))

    @rule(by_itself=st.booleans(), amount=st.sampled_from([None, PRICE, 2 * PRICE, WHOLE]), pieces=st.none() | st.integers(0, PIECES))
    def the_money_goes_its_whole_way(self, by_itself: bool, amount: int | None, pieces: int | None) -> None:
        """Counted or not, decided, through the door or not, answered."""
        if pieces is not None:
            self._may_refuse(lambda: counts(self.play, self.life, pieces))
        self.the_money_is_decided(by_itself, amount)
        passes(self.play, self.life)
        answers(self.play, self.life, is_lost=False)
        tells(self.play, self.life)

    @rule(by_itself=st.booleans())
    def the_return_is_decided(self, by_itself: bool) -> None:
        life = self.life
        asked = AgreeReturn(order_no=life.order_no, case_no=life.case_no)
        self._may_refuse(lambda: decides(self.play, life, asked, by_itself=by_itself))

    @rule()
    def the_door(self) -> None:
        passes(self.play, self.life)

    @rule(is_lost=st.sampled_from([False, False, True]))
    def the_platform_answers(self, is_lost: bool) -> None:
        answers(self.play, self.life, is_lost=is_lost)
        tells(self.play, self.life)

    @rule()
    def the_platform_is_asked(self) -> None:
        found(self.play, self.life)

    @rule(pieces=st.integers(0, PIECES))
    def the_return_is_counted(self, pieces: int) -> None:
        self._may_refuse(lambda: counts(self.play, self.life, pieces))

    @rule(outcome=st.sampled_from([None, StepOutcome.ENTERED, StepOutcome.IMPOSSIBLE]))
    def a_person_refuses(self, outcome: StepOutcome | None) -> None:
        self._may_refuse(lambda: refuses(self.play, self.life, outcome))

    @rule()
    def somebody_ships(self) -> None:
        leaves(self.play, self.life)

    @invariant()
    def everything_stands_as_it_must(self) -> None:
        if hasattr(self, "life"):
            judge(self.play, self.life)

    def teardown(self) -> None:
        """Whatever is still to be sent is none of the next story's."""
        with self.play.house.pool.connection() as tx:
            tx.execute("update acts set state = 'stopped' where shop_id = %s and state in ('announced', 'sending', 'unsure')", (self.play.people.shop_id,))

    def _one_of(self, moves: list[Move], which: int) -> None:
        if moves:
            takes(self.play, self.life, moves[which % len(moves)])

    def _may_refuse(self, doing: Callable[[], object]) -> None:
        try:
            doing()
        except Refused:
            self.play.seen["refused"] += 1


def judge(play: Play, life: Life) -> None:
    """Raises AssertionError where the house keeps something else of the case than what it was told."""
    shop_id = play.people.shop_id
    with play.house.pool.connection() as tx:
        kept = case_moves.of_cases(tx, shop_id, [life.case_no]).get(life.case_no, [])
        stored = around.cases_by_no(tx, shop_id, [life.case_no]).get(life.case_no)
        written = [entry for entry in journal.of_subject(tx, shop_id, "order", life.order_no, 1000) if entry.kind == "case_stepped"]
        running = deadlines_of(tx, shop_id, life.case_no)
        left = [step for step in steps_of(tx, play.people.shop_id, case_no=life.case_no) if step.is_open]
    assert (stored is None) == (life.told is None)
    if stored is None or life.told is None:
        return
    state = state_of(stored.facts)
    assert state is life.told, f"the house takes {life.case_no} for {state}, and was told {life.told}: {life.trail}"
    assert [move.before for move in kept] == [None, *(move.after for move in kept[:-1])], "a move does not begin where the last one ended"
    assert kept[-1].after == state.value
    assert len(written) == len(kept), "a move is not in the journal"
    assert [move.move_no for move in kept] == sorted(move.move_no for move in kept)
    clock = CLOCKS.get(state)
    assert clock is None or clock in running, f"no {clock} runs while the case is {state}; there are {sorted(running)}"
    assert [step.kind for step in left if state not in MAKES_SENSE.get(step.kind, CaseState)] == [], "something is left to be done by hand that makes no sense"
    play.seen[f"state {state.value}"] += 1


def deadlines_of(tx: Any, shop_id: int, case_no: str) -> set[DeadlineKind]:
    """The clocks that run for a case."""
    rows = deadlines.held(tx, shop_id, SubjectKind.AFTERSALE.value, [case_no])
    return {DeadlineKind(row.kind) for row in rows if row.state in ("open", "unverified")}
