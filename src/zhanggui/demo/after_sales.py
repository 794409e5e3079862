"""What the people of the shop do about returns, disputes, complaints and costs, chapter by chapter; what is left undone is for whoever plays the demo."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from importlib.resources import files

from zhanggui import clock
from zhanggui.actions.complaints.opening import Complaint, begin_complaint
from zhanggui.actions.complaints.seeing import complaints_of
from zhanggui.actions.complaints.stepping import Told, step_complaint
from zhanggui.actions.disputes.handing import submit
from zhanggui.actions.disputes.preparing import Choice, propose, sign
from zhanggui.actions.disputes.seeing import dispute_view, disputes_of
from zhanggui.actions.disputes.telling import tell_of_dispute
from zhanggui.actions.evidence.adding import NewFile, add_file
from zhanggui.actions.evidence.seeing import evidence_of
from zhanggui.actions.house import House
from zhanggui.actions.money.cash import cash_view, end_withdrawal, note_withdrawal
from zhanggui.actions.money.costs import note_cost
from zhanggui.actions.refused import Refused
from zhanggui.actions.returns.known import goods_of
from zhanggui.actions.returns.receiving import Opened, Piece, Share, receive
from zhanggui.core.complaints.states import ComplaintEvent, ComplaintKind
from zhanggui.core.disputes.states import DisputeEvent
from zhanggui.core.ledger.cash import WithdrawalState
from zhanggui.core.ledger.costs import Cost, CostCause, CostKind
from zhanggui.core.moments import from_shanghai
from zhanggui.core.money import Fen
from zhanggui.core.returns.grades import Grade
from zhanggui.core.say import say
from zhanggui.demo.world import Case, Sold, world
from zhanggui.people.permissions import Person, ShopId

Hands = Mapping[str, Person]
"""The people of the story by their login."""
Picture = tuple[str, str, str]
"""A file of the story, the name it has in the shop, and when it was taken by a clock in Shanghai."""
Deed = Callable[[House, Hands, ShopId], None]

OWNER, CLERK, PACKER = "lin", "xiaomei", "laozhou"


def look_after(house: House, hands: Hands, shop_id: ShopId, chapter_id: str) -> None:
    """What is done in this chapter. A chapter told again does nothing twice, and what the player has done already is let be."""
    for deed in _DONE.get(chapter_id, ()):
        with suppress(Refused):
            deed(house, hands, shop_id)


def _spend(order: str, kind: CostKind, cause: CostCause, fen: int, note: str) -> Deed:
    """Something is given beside the refund."""

    def deed(house: House, hands: Hands, shop_id: ShopId) -> None:
        cost = Cost(order_no=_sold(order).order_no, kind=kind, cause=cause, fen=Fen(fen), note=note, once=f"demo:{order}:{kind}")
        note_cost(house, hands[CLERK], shop_id, cost, clock.now())

    return deed


def _open(order: str, pieces: int, grams: int, note: str, *pictures: Picture) -> Deed:
    """老周 opens a parcel that came back, and counts what is as new."""

    def deed(house: House, hands: Hands, shop_id: ShopId) -> None:
        case = _case(order)
        with house.pool.connection() as tx:
            goods = goods_of(tx, shop_id, case.sold.order_no)
        counted = (Piece(goods[0].key, Grade.AS_NEW, pieces),) if pieces else ()
        photos = tuple(_file(*picture) for picture in pictures)
        share = Share(case.sold.order_no, case.case_no, counted)
        code = next(step.return_tracking_no for step in case.told.steps if step.return_tracking_no)
        receive(house, hands[PACKER], shop_id, Opened(code=code, shares=(share,), weight_g=grams, note=note, photos=photos), clock.now())

    return deed


def _keep(order: str, *pictures: Picture) -> Deed:
    """Pictures come into the vault of an order, each once."""

    def deed(house: House, hands: Hands, shop_id: ShopId) -> None:
        order_no = _sold(order).order_no
        kept = {each.name for each in evidence_of(house, hands[OWNER], shop_id, order_no)}
        for picture in pictures:
            if picture[1] not in kept:
                add_file(house, hands[CLERK], shop_id, order_no, _file(*picture), clock.now())

    return deed


def _choose(house: House, hands: Hands, shop_id: ShopId) -> None:
    """小美 takes the pictures and the text that are proposed for the return that was short."""
    dispute_no = _dispute_no(house, shop_id, "back_short")
    view = dispute_view(house, hands[CLERK], shop_id, dispute_no, clock.now())
    images = tuple(image.seq for image in view.proposed.images)
    choice = Choice(images=images, note=view.note.zh if view.note else "", claim=view.row.claim)
    propose(house, hands[CLERK], shop_id, dispute_no, choice, clock.now())


def _hand_in(house: House, hands: Hands, shop_id: ShopId) -> None:
    """林 has looked at it too, and it is handed in."""
    dispute_no = _dispute_no(house, shop_id, "back_short")
    sign(house, hands[OWNER], shop_id, dispute_no, clock.now())
    submit(house, hands[CLERK], shop_id, dispute_no, clock.now())


def _hear(house: House, hands: Hands, shop_id: ShopId) -> None:
    """The platform's ruling, as its back office words it."""
    remark = "退货少件，有开箱照片，支持商家。"
    tell_of_dispute(house, hands[CLERK], shop_id, _dispute_no(house, shop_id, "back_short"), DisputeEvent.RULE_FOR, remark, clock.now())


def _take_in_money(house: House, hands: Hands, shop_id: ShopId) -> None:
    """Sunday's withdrawal has come."""
    asked = cash_view(house, hands[OWNER], shop_id, clock.now()).withdrawals
    for each in asked:
        if each.withdrawal.state == WithdrawalState.ASKED:
            end_withdrawal(house, hands[OWNER], shop_id, each.withdrawal.withdrawal_no, WithdrawalState.ARRIVED, clock.now())


def _withdraw(house: House, hands: Hands, shop_id: ShopId) -> None:
    """Another one, of which nobody says that it came."""
    if all(each.withdrawal.state != WithdrawalState.ASKED for each in cash_view(house, hands[OWNER], shop_id, clock.now()).withdrawals):
        note_withdrawal(house, hands[OWNER], shop_id, Fen(120_000), "工行 1234", clock.now(), clock.now())


def _complain(order: str, kind: ComplaintKind, event: ComplaintEvent, told: Told) -> Deed:
    """A complaint about an order goes a step on."""

    def deed(house: House, hands: Hands, shop_id: ShopId) -> None:
        with house.pool.connection() as tx:
            listed = [each for each in complaints_of(tx, shop_id, _sold(order).order_no) if each.kind == kind.value]
        for complaint in listed:
            step_complaint(house, hands[CLERK], shop_id, complaint.complaint_no, event, clock.now(), told)

    return deed


def _register_instant(house: House, hands: Hands, shop_id: ShopId) -> None:
    """The refund that the platform gave at once, though the parcel came, goes onto the register."""
    case = _case("instant")
    begin_complaint(
        house,
        hands[CLERK],
        shop_id,
        Complaint(
            kind=ComplaintKind.INSTANT_REFUND,
            order_no=case.sold.order_no,
            case_no=case.case_no,
            because=say("{text}", text="包裹 11 月 16 日已由买家本人签收，商品没有退回。"),
            at_stake=Fen(case.refund_amount),
            noticed_at=from_shanghai(case.told.steps[0].at),
        ),
        clock.now(),
    )


def _dispute_no(house: House, shop_id: ShopId, order: str) -> int:
    """The number of the dispute about an order's case."""
    with house.pool.connection() as tx:
        found = disputes_of(tx, shop_id, _sold(order).order_no)
    if not found:
        raise Refused(say("The platform decides nothing about this order."))
    return found[0].dispute.dispute_no


def _sold(order: str) -> Sold:
    return world().told[order]


def _case(order: str) -> Case:
    return next(case for case in world().cases if case.told.order == order)


def _file(picture: str, name: str, taken_at: str) -> NewFile:
    content = (files("zhanggui.demo") / "story" / "pictures" / picture).read_bytes()
    media_type = "image/png" if picture.endswith(".png") else "image/jpeg"
    return NewFile(name=name, media_type=media_type, content=content, taken_at=from_shanghai(datetime.fromisoformat(taken_at)))


_EMPTY = (
    ("return_parcel.jpg", "退货包裹 称重 面单.jpg", "2026-11-18 09:12"),
    ("return_empty.jpg", "拆退货包裹.jpg", "2026-11-18 09:14"),
)
_SHORT = (("return_short.jpg", "拆退货包裹 只有一件.jpg", "2026-11-18 09:20"),)
_PEARS = (
    ("packed.jpg", "发货打包.jpg", "2026-11-13 16:20"),
    ("slip.jpg", "进货检验报告.jpg", "2026-11-11 08:12"),
    ("chat.png", "聊天记录.png", "2026-11-18 08:31"),
    ("rotten.jpg", "买家发来的照片.jpg", "2026-11-18 08:07"),
)

_DONE: Mapping[str, tuple[Deed, ...]] = {
    "monday_morning": (
        _spend("incomplete", CostKind.RESEND, CostCause.MISSING, 1139, "少装一包，补发"),
        _spend("incomplete", CostKind.FREIGHT, CostCause.MISSING, 350, "补发运费"),
    ),
    "chasing_buyer": (_take_in_money,),
    "handed_over": (_spend("late_1", CostKind.COUPON, CostCause.LATE, 300, "发货晚了，补券"),),
    "stalled_parcel": (
        _open("back_fine", 1, 520, ""),
        _open("back_short", 1, 1010, "寄回一套，少一套", *_SHORT),
        _open("back_empty", 0, 190, "箱里只有废纸", *_EMPTY),
    ),
    "bad_review": (
        _withdraw,
        _complain("back_empty", ComplaintKind.ABNORMAL_RETURN, ComplaintEvent.FILE, Told(ticket="TS20261118-0417")),
        _complain("back_short", ComplaintKind.ABNORMAL_RETURN, ComplaintEvent.FILE, Told(ticket="TS20261118-0418")),
        _spend("bruised", CostKind.GOODWILL_PAYMENT, CostCause.DAMAGED, 600, "磕坏三个"),
    ),
    "damaged_row": (_choose,),
    "older_file": (_hand_in,),
    "return_on_its_way": (
        _complain("back_empty", ComplaintKind.ABNORMAL_RETURN, ComplaintEvent.WIN, Told(got=Fen(0), note="退款已关闭，货款未退")),
        _register_instant,
    ),
    "return_delivered": (
        _hear,
        _complain("back_short", ComplaintKind.ABNORMAL_RETURN, ComplaintEvent.WIN, Told(got=Fen(0), note="平台判退款关闭")),
        _keep("rotten", *_PEARS),
    ),
}
