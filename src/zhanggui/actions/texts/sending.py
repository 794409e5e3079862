"""Sends what was let go, once: marked before the call, its answer kept after it. A text whose answer was lost is asked about and never sent again."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.buyer_digests import buyer_key
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.platform import ask
from zhanggui.actions.privacy.opening import opened_for_machine
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.texts.deciding import digests_of, fact_against
from zhanggui.actions.texts.settling import terms_of
from zhanggui.actions.vault import unseal
from zhanggui.connectors.pdd import texts as platform_texts
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.sms import aliyun
from zhanggui.connectors.sms.errors import TextError, TextTrouble
from zhanggui.core.moments import shanghai_day
from zhanggui.core.privacy.opening import Opening
from zhanggui.core.say import Say, say
from zhanggui.core.steps import step_from
from zhanggui.core.texts.judging import NOT_AGREED, goes_at
from zhanggui.core.texts.kinds import MOVES, TextEvent, TextKind, TextState, TextWay
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, texts
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.texts import TextMoved
from zhanggui.records.says import packed
from zhanggui.records.texts import TextRecord, WayRecord
from zhanggui.rulebook.texts import aliyun_verdicts, text_rules

AT_ONCE = 50
LEASE = timedelta(minutes=2)
_REST = timedelta(hours=1)
"""After a trouble that a person has to mend nothing goes through the door for so long; nor does a text whose buyer or number does not open."""
LOST = say("The answer was lost: the door's record is asked, and the text is not sent again.")
_TOLD: Mapping[str, TextEvent | None] = {aliyun.FOUND: TextEvent.FIND, aliyun.REFUSED: TextEvent.REFUSE, aliyun.NOT_FOUND: None}
NOT_FOUND = say("The door's record does not show it within a day. It may have been sent or not; it is not sent again.")


class _Outcome(msgspec.Struct, frozen=True):
    """What a door said of a text."""

    event: TextEvent
    answer: Say | None = None
    receipt: str = ""
    wait: timedelta = timedelta(minutes=1)
    rests: timedelta | None = None
    """For how long the whole door rests."""


def send_texts(house: House, now: datetime, wall: datetime) -> int:
    """How many texts were looked at. A shop that makes trouble keeps no other waiting; its trouble is raised after all were looked at."""
    looked, trouble = 0, None
    for shop_id in every_shop(house):
        try:
            looked += send_due_texts(house, shop_id, now, wall)
        except Exception as problem:  # noqa: BLE001 - whatever befalls one shop, the others are looked at first
            trouble = problem
    if trouble is not None:
        raise trouble
    return looked


def send_due_texts(house: House, shop_id: ShopId, now: datetime, wall: datetime) -> int:
    """The same of one shop."""
    with house.pool.connection() as tx:
        due = texts.due(tx, shop_id, now, wall, AT_ONCE)
    for text_no in due:
        _look_at(house, shop_id, text_no, now, wall)
    return len(due)


def stop_text(house: House, by: Person, shop_id: ShopId, text_no: int, now: datetime, *, wants_none: bool = False) -> None:
    """Stops a text that waits, and where the buyer wants none, every further one. Raises Refused for one that is gone."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        text = texts.locked(tx, shop_id, text_no)
        if text is None:
            raise Refused(say("There is no such text."))
        for digest in _digests(tx, shop_id, text, now) if wants_none else ():
            texts.refuse(tx, shop_id, digest, now, by.person_id)
        if text.state == TextState.WAITS.value:
            _move(tx, text, TextEvent.STOP, now, answer=say("Somebody stopped it."), by=by)
        elif not wants_none:
            raise Refused(say("It is gone already."))

    transact(house.pool, work)


def _look_at(house: House, shop_id: ShopId, text_no: int, now: datetime, wall: datetime) -> None:
    """One text: sent where it waits, asked about where nobody knows, called lost where its sender died."""
    text = transact(house.pool, lambda tx: _taken(tx, house, shop_id, text_no, now, wall))
    if text is None:
        return
    if text.state == TextState.UNSURE.value:
        found = _asked(house, shop_id, text, now, wall)
        transact(house.pool, lambda tx: _learnt(tx, shop_id, text_no, found, now, wall))
        return
    claimed = _claimed(house, shop_id, text, now, wall)
    if claimed is not None:
        outcome = _sent(house, shop_id, claimed, now, wall)
        transact(house.pool, lambda tx: _settled(tx, shop_id, claimed, outcome, now, wall))


def _taken(tx: Tx, house: House, shop_id: ShopId, text_no: int, now: datetime, wall: datetime) -> TextRecord | None:
    """The text where it is to be sent or asked about now; everything else about it is settled on the way."""
    text = texts.locked(tx, shop_id, text_no)
    if text is None or text.look_at is None or text.look_at > wall:
        return None
    match TextState(text.state):
        case TextState.UNSURE:
            return text
        case TextState.SENDING:
            _move(tx, text, TextEvent.LOSE, now, answer=LOST, look_at=wall + timedelta(minutes=text_rules().ask_after_minutes))
            return None
        case TextState.WAITS:
            return _may_go(tx, house, shop_id, text, now, wall)
    return None


def _may_go(tx: Tx, house: House, shop_id: ShopId, text: TextRecord, now: datetime, wall: datetime) -> TextRecord | None:
    known = orders_known(tx, shop_id, [text.order_no]).get(text.order_no)
    stopped = fact_against(TextKind(text.kind), known, rulebook_in(tx, house, shop_id))
    try:
        if stopped is None and texts.refusing(tx, shop_id, sorted(_digests(tx, shop_id, text, now))):
            stopped = say("The buyer wants no texts.")
    except Refused as shut:
        texts.save(tx, msgspec.structs.replace(text, look_at=wall + _REST, answer=packed(shut.say)))
        return None
    if stopped is not None:
        _move(tx, text, TextEvent.STOP, now, answer=stopped)
        return None
    way = _door(tx, shop_id, text.way)
    if way is None:
        _move(tx, text, TextEvent.STOP, now, answer=say("The door was switched off."))
        return None
    at = goes_at(now, terms_of(tx, shop_id))
    if at > now or (way.rests_until is not None and way.rests_until > wall):
        later = wall if way.rests_until is None or way.rests_until <= wall else way.rests_until
        texts.save(tx, msgspec.structs.replace(text, send_at=max(at, text.send_at), look_at=later))
        return None
    return text


def _digests(tx: Tx, shop_id: ShopId, text: TextRecord, now: datetime) -> set[bytes]:
    """By all that its buyer is known again, so that who wants none gets none by another number or another door either."""
    known = orders_known(tx, shop_id, [text.order_no]).get(text.order_no)
    number = texts.numbers(tx, shop_id, [text.order_no], now).get(text.order_no)
    found = {*digests_of(buyer_key(tx, shop_id, now), known, number)}
    return found if text.digest is None else {*found, bytes(text.digest)}


def _claimed(house: House, shop_id: ShopId, text: TextRecord, now: datetime, wall: datetime) -> TextRecord | None:
    """The text marked as being sent, the number it goes to sealed beside it; None where there is none any more, or somebody else has it."""

    def work(tx: Tx) -> TextRecord | None:
        held = texts.locked(tx, shop_id, text.text_no)
        if held is None or held.version != text.version:
            return None
        kept = texts.numbers(tx, shop_id, [text.order_no], now).get(text.order_no)
        if kept is None or kept.is_cipher != (text.way == TextWay.PLATFORM.value):
            _move(tx, held, TextEvent.STOP, now, answer=say("The number was forgotten: its time was over."))
            return None
        if text.kind == TextKind.FESTIVAL.value and not kept.may_advertise:
            _move(tx, held, TextEvent.STOP, now, answer=NOT_AGREED)
            return None
        return _move(tx, msgspec.structs.replace(held, sealed=kept.sealed, tried_at=now), TextEvent.CLAIM, now, look_at=wall + LEASE)

    return transact(house.pool, work)


def _sent(house: House, shop_id: ShopId, text: TextRecord, now: datetime, wall: datetime) -> _Outcome:
    """What the door said. Whatever breaks off on the way may have sent it."""
    filling = msgspec.json.decode(text.filling, type=dict[str, str])
    try:
        number = opened_for_machine(house, Opening.NUMBER, text.sealed or b"")
        if text.way == TextWay.PLATFORM.value:
            ask(house, shop_id, platform_texts.send_text(number, text.sign, text.code, filling, _out_id(text)), now, wall)
            return _Outcome(TextEvent.SEND)
        account = _account(house, shop_id)
        call = aliyun.send(account, number, text.sign, text.code, filling, _out_id(text), wall, secrets.token_hex(16), aliyun_verdicts())
        return _Outcome(TextEvent.SEND, receipt=house.texts.ask(call, secrets=(number, account.secret)))
    except TextError as problem:
        return _of_provider(problem)
    except PlatformError as problem:
        problem.hide((number,))
        return _of_platform(problem)
    except Refused as refused:
        return _Outcome(TextEvent.HOLD, refused.say, wait=_REST)


def _of_provider(problem: TextError) -> _Outcome:
    match problem.trouble:
        case TextTrouble.BUSY:
            return _Outcome(TextEvent.HOLD, problem.say, wait=problem.wait, rests=problem.wait)
        case TextTrouble.UNSURE:
            return _Outcome(TextEvent.LOSE, problem.say)
        case TextTrouble.NUMBER:
            return _Outcome(TextEvent.REFUSE, problem.say)
    return _Outcome(TextEvent.REFUSE, problem.say, rests=_REST)


def _of_platform(problem: PlatformError) -> _Outcome:
    if problem.may_have_acted:
        return _Outcome(TextEvent.LOSE, problem.say)
    if problem.trouble in (Trouble.RETRY, Trouble.SLOW_DOWN, Trouble.TOKEN):
        return _Outcome(TextEvent.HOLD, problem.say, wait=max(problem.wait, timedelta(minutes=1)))
    return _Outcome(TextEvent.REFUSE, problem.say, rests=_REST if problem.trouble is Trouble.PERSON else None)


def _settled(tx: Tx, shop_id: ShopId, text: TextRecord, outcome: _Outcome, now: datetime, wall: datetime) -> None:
    held = texts.locked(tx, shop_id, text.text_no)
    if held is None or held.state != TextState.SENDING.value:
        return
    if outcome.answer is not None:
        texts.note_problem(tx, shop_id, held.way, packed(outcome.answer), now, None if outcome.rests is None else wall + outcome.rests)
    look_at = {
        TextEvent.HOLD: wall + outcome.wait,
        TextEvent.LOSE: wall + timedelta(minutes=text_rules().ask_after_minutes),
    }.get(outcome.event)
    _move(tx, msgspec.structs.replace(held, receipt=outcome.receipt), outcome.event, now, answer=outcome.answer, look_at=look_at)


def _asked(house: House, shop_id: ShopId, text: TextRecord, now: datetime, wall: datetime) -> TextEvent | None:
    """What the door's record tells of the text; None where it does not show it, or cannot be asked now."""
    day = shanghai_day(text.tried_at or text.decided_at)
    try:
        number = opened_for_machine(house, Opening.NUMBER, text.sealed or b"")
        if text.way == TextWay.PLATFORM.value:
            records = ask(house, shop_id, platform_texts.text_records(number, day), now, wall)
            return TextEvent.FIND if any(each.out_id == _out_id(text) for each in records) else None
        account = _account(house, shop_id)
        call = aliyun.look_up(account, number, day, _out_id(text), wall, secrets.token_hex(16), aliyun_verdicts())
        return _TOLD.get(house.texts.ask(call, secrets=(number, account.secret)), TextEvent.FIND)
    except (TextError, PlatformError, Refused):
        return None


def _learnt(tx: Tx, shop_id: ShopId, text_no: int, found: TextEvent | None, now: datetime, wall: datetime) -> None:
    text = texts.locked(tx, shop_id, text_no)
    if text is None or text.state != TextState.UNSURE.value:
        return
    if found is not None:
        answer = say("The door's record shows it.") if found is TextEvent.FIND else say("The door's record shows that the carrier refused it.")
        _move(tx, text, found, now, answer=answer)
        return
    since = now - (text.tried_at or text.decided_at)
    rules = text_rules()
    is_over = since > timedelta(hours=rules.give_up_hours)
    wait = max(timedelta(minutes=rules.ask_after_minutes), since)
    kept = msgspec.structs.replace(text, look_at=None if is_over else wall + wait, answer=packed(NOT_FOUND if is_over else LOST))
    texts.save(tx, msgspec.structs.replace(kept, sealed=None) if is_over else kept)


def _move(
    tx: Tx, text: TextRecord, event: TextEvent, now: datetime, *, answer: Say | None = None, look_at: datetime | None = None, by: Person | None = None
) -> TextRecord:
    """Takes the step that the table names; a text that is settled lets go of the number."""
    state = step_from(MOVES, TextState(text.state), event)
    is_open = state in (TextState.WAITS, TextState.SENDING, TextState.UNSURE)
    moved = msgspec.structs.replace(
        text,
        state=state.value,
        look_at=look_at if is_open else None,
        sealed=text.sealed if state in (TextState.SENDING, TextState.UNSURE) else None,
        answer=packed(answer),
        sent_at=now if state is TextState.SENT else text.sent_at,
    )
    if not texts.save(tx, moved):
        raise Refused(say("Somebody changed this meanwhile. Look at it again."))
    if state is not TextState.SENDING:
        entry = TextMoved(text.text_no, text.kind, state.value)
        journal.write(tx, ShopId(text.shop_id), entry, at=now, by=None if by is None else by.person_id)
    return msgspec.structs.replace(moved, version=text.version + 1)


def _door(tx: Tx, shop_id: ShopId, way: str) -> WayRecord | None:
    return next((row for row in texts.ways(tx, shop_id) if row.way == way and row.is_on), None)


def _account(house: House, shop_id: ShopId) -> aliyun.Account:
    """The shop's account with the provider. Raises Refused where there is none."""
    with house.pool.connection() as tx:
        row = _door(tx, shop_id, TextWay.ALIYUN.value)
    if row is None or row.secret is None:
        raise Refused(say("The account needs its AccessKey: the id and the secret."))
    return aliyun.Account(row.key_id, unseal(house, row.secret))


def _out_id(text: TextRecord) -> str:
    """By what the door's record shows it as ours."""
    return f"zg-{text.shop_id}-{text.text_no}"
