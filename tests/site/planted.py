"""Two shops with something of everything in each, so that whoever sees too much is found out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.cast import Cast, make_cast
from zhanggui import clock
from zhanggui.actions import importing
from zhanggui.actions.alerting import Matter, raise_alert
from zhanggui.actions.alerting.channels import add_channel
from zhanggui.actions.automation.keeping import keep_rule, set_level
from zhanggui.actions.automation.listing import waiting_of
from zhanggui.actions.automation.running import look_over
from zhanggui.actions.carrier_choice.settling import begin_experiment
from zhanggui.actions.cases.guiding import open_step
from zhanggui.actions.claims.making import begin_claim
from zhanggui.actions.complaints import Complaint, ComplaintKind, begin_complaint
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.evidence import NewFile, add_file
from zhanggui.actions.goods.own import name_goods
from zhanggui.actions.hooks.making import add_hook
from zhanggui.actions.house import House
from zhanggui.actions.notes import add_note
from zhanggui.actions.outbox import decide
from zhanggui.actions.people import invite, people_of
from zhanggui.actions.recalls.stepping import begin_recall
from zhanggui.actions.renumbering.adding import add_parcel
from zhanggui.actions.renumbering.changing import plan_change
from zhanggui.actions.returns.receiving import Opened, receive
from zhanggui.actions.reviews.experts import ExpertTold, keep_expert
from zhanggui.actions.reviews.taking import ReviewTold, take_reviews
from zhanggui.actions.rules import add_override
from zhanggui.actions.shipdesk.batching import make_batch
from zhanggui.actions.shops import set_promised_hours
from zhanggui.actions.waybills.accounts import NewAccount, add_account
from zhanggui.connectors.notify.ways import Typed
from zhanggui.core.acts import NoteOrder
from zhanggui.core.automation.rules import AutoRule, Clause, Deed, DeedKind, GoldenCase, RuleLevel
from zhanggui.core.cases.guided import Step, StepKind
from zhanggui.core.chats.shapes import Who
from zhanggui.core.claims.states import Loss
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.disputes.needs import ClaimType
from zhanggui.core.disputes.states import DisputeState
from zhanggui.core.evidence import digest_of
from zhanggui.core.facts import FactKind, ParcelKind
from zhanggui.core.moments import in_shanghai
from zhanggui.core.money import Fen
from zhanggui.core.rules import Rule
from zhanggui.core.say import say
from zhanggui.people.permissions import Person, PersonId, Role, ShopId
from zhanggui.records import chases, disputes, print_runs, waybills
from zhanggui.records.chases import ChasedParcel
from zhanggui.records.db import Pool, transact
from zhanggui.records.disputes import NewDispute
from zhanggui.records.waybills import NewWaybill
from zhanggui.rulebook import rule_to_data

HEADER = "订单号,订单状态,商品总价(元),用户实付金额(元),商家实收金额(元),商品数量(件),订单成交时间,承诺发货时间,发货时间,快递单号,快递公司,售后状态,商品id,商品"


@dataclass(frozen=True)
class Leaving:
    """What is under way between the shelf and the buyer: the number of one of each."""

    sent_no: str
    """The order that has left."""
    chase: int
    recall: int
    claim: int
    change: int
    extra: int
    account: int
    waybill: int
    waybill_no: str
    run: int
    batch: int
    evidence: int
    sku: str
    experiment: int


@dataclass(frozen=True)
class ComingBack:
    """What is under way since a parcel was sent: the number of one of each."""

    returned: int
    """A return that is nobody's yet, with its picture."""
    digest: str
    dispute: int
    complaint: int
    step: int


@dataclass(frozen=True)
class Planted:
    """One shop and what stands in it."""

    shop_id: ShopId
    owner: Person
    member_id: PersonId
    order_no: str
    tracking_no: str
    batch_done: int
    batch_to_confirm: int
    batch_to_redate: int
    batch_to_drop: int
    rows_refused: tuple[int, ...]
    invitation_path: str
    invitation_number: str
    rule_cite: str
    base_rule_cite: str
    acts: tuple[int, int, int]
    """Outward acts: one announced, one that waits for a person, one that a person has to look up."""
    leaving: Leaving
    thread_no: int
    expert_no: int
    """An expert review; the shop's first order has a review `R1`."""
    """A buyer who waits for an answer."""
    coming_back: ComingBack
    hook_no: int
    """Where events are sent; nothing is sent in a test that starts no worker."""
    auto_rule: tuple[int, int]
    """An automation rule that only suggests, and a time it fired, which waits for a person."""
    markers: tuple[str, ...]
    """Texts that stand in this shop and nowhere else."""


def furnished(house: House) -> tuple[Cast, Planted]:
    """The cast, and our shop full: what a house is furnished with that many tests begin with."""
    people = make_cast(house.pool)
    return people, plant(house, people, house.home, ours=True)


def plant(house: House, people: Cast, folder: Path, *, ours: bool) -> Planted:
    """Something of everything in one shop."""
    owner, shop_id, word, digit = (people.lin, people.shop_id, "松子", "7") if ours else (people.zheng, people.other_shop_id, "毛尖", "3")
    now = clock.now()
    numbers = [f"260301-{digit * 14}{last}" for last in range(9)]
    done = _import(house, owner, shop_id, _orders(folder / f"{word}一月.csv", numbers[:3], word, now, broken=3), now)
    importing.confirm(house, owner, shop_id, done, now)
    waiting = [_import(house, owner, shop_id, _orders(folder / f"{word}{last}.csv", [numbers[last]], word, now), now) for last in (4, 5, 6)]
    add_note(house, owner, shop_id, Subject(SubjectKind.ORDER, numbers[0]), f"{word}要装紧一点", now)
    set_promised_hours(house, owner, shop_id, f"9{digit}1", 24, now)
    _ringing(house, owner, shop_id, numbers[0], word, now)
    path = invite(house, owner, shop_id, Role.VIEWER, f"给{word}会计", now)
    return Planted(
        shop_id=shop_id,
        owner=owner,
        member_id=_member(house.pool, shop_id, f"{word}伙计", now),
        order_no=numbers[0],
        tracking_no=f"YT{digit * 13}",
        batch_done=done,
        batch_to_confirm=waiting[0],
        batch_to_redate=waiting[1],
        batch_to_drop=waiting[2],
        rows_refused=tuple(row.row_no for row in importing.quarantine(house, owner, shop_id, done)),
        invitation_path=path,
        invitation_number=people_of(house, owner, shop_id, now).invitations[0].number,
        rule_cite=_override(house, owner, shop_id, word, now),
        base_rule_cite=_base_rule(house).cite,
        acts=_acts(house, owner, shop_id, numbers[:3], word, now),
        leaving=_leaving(house, owner, shop_id, numbers, word, now),
        thread_no=_thread(house, owner, shop_id, numbers[0], word, now),
        expert_no=_reviews(house, owner, shop_id, numbers[0], word, now),
        coming_back=_coming_back(house, owner, shop_id, numbers[2], word, now),
        hook_no=add_hook(house, owner, shop_id, f"{word}ERP", "https://erp.example/events", ["*"], now).hook_no,
        auto_rule=_auto_rule(house, owner, shop_id, word, now),
        markers=(word, *numbers, f"YT{digit * 13}", f"/shops/{shop_id}/", "林记坚果" if ours else "郑家茶行"),
    )


def _ringing(house: House, owner: Person, shop_id: ShopId, order_no: str, word: str, now: datetime) -> None:
    """Something rings in the shop, and a channel carries it."""
    add_channel(house, owner, shop_id, "wecom", f"{word}群", Typed(address="693a91f6-7xxx-4bc4"), now)
    act = say("Look at {thing}", thing=word)
    due_at = now + timedelta(hours=1)
    matter = Matter(kind=DeadlineKind.SHIP_BY, subject=Subject(SubjectKind.ORDER, order_no), act=act, because=act, due_at=due_at, money=Fen(300))
    transact(house.pool, lambda tx: raise_alert(tx, shop_id, matter, now))


def _auto_rule(house: House, owner: Person, shop_id: ShopId, word: str, now: datetime) -> tuple[int, int]:
    """A rule of the shop's own suggests something of every order to ship."""
    cases = (GoldenCase(says=f"{word}一件", fires=True, facts={"pieces": 1}), GoldenCase(says=f"{word}十件", fires=False, facts={"pieces": 10}))
    deed = Deed(act=DeedKind.REMARK, text=f"{word}轻放")
    rule = AutoRule(id="few", title=f"{word}规则", on=(DeadlineKind.SHIP_BY,), when={"pieces": Clause(most=5)}, do=(deed,), case=cases)
    rule_no = keep_rule(house, owner, shop_id, rule, now).rule_no
    set_level(house, owner, shop_id, rule_no, RuleLevel.SUGGEST, now)
    look_over(house, shop_id, now, now)
    return rule_no, waiting_of(house, owner, shop_id)[0].firing_no


def _thread(house: House, owner: Person, shop_id: ShopId, order_no: str, word: str, now: datetime) -> int:
    """A buyer of the shop waits for an answer."""
    asked = Incoming(message_id="1", external_id=f"{word}-1", who=Who.BUYER, name=f"{word}爱好者", said=f"{word}什么时候发货", order_no=order_no, at=now)
    return take_message(house, owner, shop_id, asked, now).thread_no


def _reviews(house: House, owner: Person, shop_id: ShopId, order_no: str, word: str, now: datetime) -> int:
    """A review of the first order that waits for an answer, and an expert review."""
    take_reviews(house, owner, shop_id, [ReviewTold(order_no=order_no, review_no="R1", score=1, text=f"{word}不好吃", created_at=now)], now)
    return keep_expert(house, owner, shop_id, ExpertTold(goods_id="901", said=f"{word}行家说不错"), now)


def _orders(path: Path, numbers: Sequence[str], goods: str, now: datetime, *, broken: int = 0) -> Path:
    today = in_shanghai(now)
    formed, due = f"{today - timedelta(hours=5):%Y-%m-%d %H:%M:%S}", f"{today + timedelta(hours=20):%Y-%m-%d %H:%M:%S}"
    tracking = f"YT{numbers[0][-2] * 13}"
    rows = [f"{no},待发货,29.90,29.90,29.90,1,{formed},{due},,,,无售后或售后取消,901,{goods}礼盒" for no in numbers[:-1]]
    rows.append(f"{numbers[-1]},已发货，待收货,29.90,29.90,29.90,1,{formed},{due},{formed},{tracking},圆通快递,无售后或售后取消,901,{goods}礼盒")
    rows += [f"26030{row}-{goods},待发货,二十九块九,29.90,29.90,1,前天,{due},,,,无售后或售后取消,901,{goods}礼盒" for row in range(broken)]
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def _import(house: House, owner: Person, shop_id: ShopId, path: Path, now: datetime) -> int:
    view = importing.preview(house, owner, shop_id, [path], now, as_of=now - timedelta(hours=1))
    assert [result.kind for result in view.results if result.new][:1] == [FactKind.ORDER]
    return view.batch_id


def _acts(house: House, owner: Person, shop_id: ShopId, numbers: Sequence[str], word: str, now: datetime) -> tuple[int, int, int]:
    with house.pool.connection() as tx:
        announced, proposed, uncertain = [decide(tx, house, owner, shop_id, NoteOrder(order_no=no, note=f"{word}备注"), now) for no in numbers]
        tx.execute("update acts set state = 'proposed' where act_no = %s", (proposed,))
        tx.execute("update acts set state = 'needs_person' where act_no = %s", (uncertain,))
    return announced, proposed, uncertain


def _leaving(house: House, owner: Person, shop_id: ShopId, numbers: Sequence[str], word: str, now: datetime) -> Leaving:
    waits, sent, digit = numbers[0], numbers[2], numbers[0][-2]
    waybill_no, other, further = (f"YT{digit * 10}{last}" for last in ("008", "019", "020"))
    account = add_account(house, owner, shop_id, NewAccount(carrier="圆通快递", branch=f"{word}网点"), now)
    chase, waybill, run = _by_hand(house.pool, shop_id, account, waits, sent, waybill_no, word, now)
    return Leaving(
        sent_no=sent,
        chase=chase,
        recall=begin_recall(house, owner, shop_id, sent, f"{word}拍错了", now),
        claim=begin_claim(house, owner, shop_id, sent, Loss.LOST, now),
        change=plan_change(house, owner, shop_id, sent, "圆通快递", other, now, is_sure=True),
        extra=add_parcel(house, owner, shop_id, sent, ParcelKind.GIFT, "圆通快递", further, now, is_sure=True),
        account=account,
        waybill=waybill,
        waybill_no=waybill_no,
        run=run,
        batch=make_batch(house, owner, shop_id, now, order_nos=[waits]),
        evidence=add_file(house, owner, shop_id, sent, NewFile(name=f"{word}.txt", media_type="text/plain", content=word.encode()), now),
        sku=name_goods(house, owner, shop_id, f"{word}-750", now),
        experiment=begin_experiment(house, owner, shop_id, f"{word}对比", {"圆通快递": 50}, [], now),
    )


def _coming_back(house: House, owner: Person, shop_id: ShopId, sent: str, word: str, now: datetime) -> ComingBack:
    picture = NewFile(name=f"{word}.jpg", media_type="image/jpeg", content=b"\xff\xd8\xff" + word.encode())
    complaint = Complaint(kind=ComplaintKind.INSTANT_REFUND, order_no=sent, because=say("{text}", text=f"{word}没有退回"), at_stake=Fen(2990))
    step = Step(kind=StepKind.REFUSE, order_no=sent, case_no=f"{word}单号", title=say("Look it up"), form=f"{word}已核实")
    new = NewDispute(
        case_no=f"{word}单号", order_no=sent, claim=ClaimType.QUALITY.value, at_stake=2990, state=DisputeState.GATHERING.value, at=now
    )  # the platform takes a case over: without a platform only the table can tell
    with house.pool.connection() as tx:
        dispute = disputes.insert(tx, shop_id, new)
        step_no = open_step(tx, owner, shop_id, step, now)
    assert dispute is not None
    return ComingBack(
        returned=receive(house, owner, shop_id, Opened(code=f"{word}面单", note=f"{word}拆开了", photos=(picture,)), now)[0],
        digest=digest_of(picture.content).hex(),
        dispute=dispute,
        complaint=begin_complaint(house, owner, shop_id, complaint, now),
        step=step_no,
    )


def _by_hand(pool: Pool, shop_id: ShopId, account: int, waits: str, sent: str, waybill_no: str, word: str, now: datetime) -> tuple[int, int, int]:
    """A chase, a number and a run of labels: without parcels that stand still for days, and without a platform, only the tables can have them."""
    parcel = ChasedParcel(chase_no=0, order_no=sent, tracking_no=waybill_no, kind=DeadlineKind.PARCEL_MOVES.value, last_at=now, at_risk=1)
    new = NewWaybill(
        account_no=account,
        carrier="圆通快递",
        carrier_code="YTO",
        object_id=f"{waits}-YTO-1",
        part=1,
        order_nos=(waits,),
        taken_by=None,
        made_at=now,
        holder="",
        leased_until=now,
    )
    with pool.connection() as tx:
        chase = chases.insert(
            tx, shop_id, carrier="圆通快递", branch=f"{word}网点", message=f"{word}催", sent_at=now, sent_by=None, check_at=None, parcels=[parcel]
        )
        waybill = waybills.insert(tx, shop_id, new)
        assert waybill is not None
        tx.execute("update waybills set state = 'held', number = %s where waybill_id = %s", (waybill_no, waybill))
        run, _ = print_runs.begin(tx, shop_id, f"{word}打印机", None, now, [(waybill, waybill_no)], 20)
    return chase, waybill, run


def _override(house: House, owner: Person, shop_id: ShopId, word: str, now: datetime) -> str:
    data = rule_to_data(_base_rule(house)) | {"effective_from": f"{in_shanghai(now) - timedelta(days=3):%Y-%m-%d}", "source": f"{word}店内约定"}
    for name in ("effective_until", "from_is_approximate", "until_is_approximate", "is_rival", "note"):
        data.pop(name, None)
    return add_override(house, owner, shop_id, data, now).cite


def _base_rule(house: House) -> Rule:
    return next(rule for rule in house.rulebook.all if rule.term is not None and not rule.is_unknown)


def _member(pool: Pool, shop_id: ShopId, name: str, now: datetime) -> PersonId:
    with pool.connection() as tx:
        made = tx.execute(
            "insert into people (login, display_name, password_hash, made_at) values (%s, %s, '!', %s) returning person_id", (name, name, now)
        ).fetchone()
        assert made is not None
        tx.execute("insert into memberships (shop_id, person_id, role, made_at) values (%s, %s, 'viewer', %s)", (shop_id, made[0], now))
    return PersonId(made[0])
