"""Which texts may go, and a person letting them go: each once, within consent, caps, cost and hours."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.buyer_digests import buyer_digest, buyer_key
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.texts.settling import terms_of
from zhanggui.core.decide.situation import short_title
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.moments import in_shanghai, shanghai_day, start_of_day
from zhanggui.core.notices.deciding import stands_in_the_way
from zhanggui.core.parcels.kinds import ParcelState
from zhanggui.core.parcels.parcel import parcel_of
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import Say, say
from zhanggui.core.scripts import Both
from zhanggui.core.speech import check
from zhanggui.core.texts.content import filled, parts, signed, slots_in
from zhanggui.core.texts.judging import TextAsked, against, goes_at
from zhanggui.core.texts.kinds import TextKind, TextState, TextWay
from zhanggui.core.texts.terms import TextTerms
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, texts
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.texts import TextMoved
from zhanggui.records.texts import NewText, NumberRecord, TemplateRecord, WayRecord
from zhanggui.rulebook.speech import speech_book
from zhanggui.rulebook.texts import text_rules

AT_ONCE = 200
FRESH = timedelta(hours=24)
LONGEST_WAY = timedelta(days=20)
_MONTH = timedelta(days=30)
_FILLING = msgspec.json.Encoder(order="deterministic")


class TextReady(msgspec.Struct, frozen=True, kw_only=True):
    """A text that may go, as it would arrive, with its cost; or why it may not."""

    order_no: str
    way: TextWay | None = None
    said: str = ""
    parts: int = 0
    cost_li: int = 0
    against: Say | None = None


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of one kind that could go now."""

    kind: TextKind
    ready: tuple[TextReady, ...]

    @property
    def going(self) -> tuple[TextReady, ...]:
        """Those against which nothing speaks."""
        return tuple(each for each in self.ready if each.against is None)

    @property
    def cost_li(self) -> int:
        """What they cost together."""
        return sum(each.cost_li for each in self.going)


class LetGo(msgspec.Struct, frozen=True):
    """The numbers of the texts that wait to be sent now, and why the others do not."""

    text_nos: tuple[int, ...]
    left: tuple[tuple[str, Say], ...]


def texts_offered(house: House, by: Person, shop_id: ShopId, kind: TextKind, now: datetime, *, festival: str = "") -> Offer:
    """The texts of a kind that could go now, with what speaks against some."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        bench = _Bench(tx, house, shop_id, kind, festival, now)
        made = bench.of(_candidates(bench))
    return Offer(kind=kind, ready=tuple(ready for ready, _ in made))


def let_texts_go(house: House, by: Person, shop_id: ShopId, kind: TextKind, order_nos: Sequence[str], now: datetime, *, festival: str = "") -> LetGo:
    """Decides these texts: they are sent in their hours. What speaks against one is told; the same text is never decided twice."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    if not order_nos or len(order_nos) > AT_ONCE:
        raise Refused(say("Choose between 1 and {most} orders.", most=AT_ONCE))

    def work(tx: Tx) -> LetGo:
        texts.hold_shop(tx, shop_id)
        gone: list[int] = []
        left: list[tuple[str, Say]] = []
        for ready, new in _Bench(tx, house, shop_id, kind, festival, now).of(order_nos):
            number = None if new is None else texts.put(tx, shop_id, msgspec.structs.replace(new, decided_by=by.person_id))
            if number is not None:
                gone.append(number)
                journal.write(tx, shop_id, TextMoved(number, kind.value, TextState.WAITS.value), at=now, by=by.person_id)
            else:
                left.append((ready.order_no, ready.against or say("Somebody has decided about it already.")))
        return LetGo(tuple(gone), tuple(left))

    return transact(house.pool, work)


def fact_against(kind: TextKind, known: OrderKnowledge | None, rulebook: Rulebook) -> Say | None:
    """Why the facts do not ask for such a text; a greeting rests on none."""
    if kind is TextKind.FESTIVAL:
        return None
    if known is None:
        return say("The shop does not know the order any more.")
    stopped = stands_in_the_way(known)
    if stopped is not None:
        return stopped
    parcel = parcel_of(known, rulebook)
    if parcel is None:
        return say("Nothing of it has shipped.")
    if kind is TextKind.RECEIVED:
        return None if parcel.state is ParcelState.ARRIVED_HOME else say("It has not been delivered.")
    if parcel.state is ParcelState.NO_PICKUP:
        return say("Its number is uploaded, but its traces show no pickup.")
    on_its_way = parcel.state in (ParcelState.UNSEEN, ParcelState.MOVING)
    return None if on_its_way else say("The parcel is there already, or not on its way any more.")


def digests_of(key: bytes, known: OrderKnowledge | None, number: NumberRecord | None) -> list[bytes]:
    """By what this buyer is known again, the number first."""
    own = None if known is None else buyer_digest(key, known.order)
    given = None if number is None or (number.is_cipher and own is not None) else number.digest
    return [bytes(each) for each in (given, own) if each is not None]


class _Bench:
    """What texts of one kind are made from, read once; caps and cost are counted on from text to text."""

    def __init__(self, tx: Tx, house: House, shop_id: ShopId, kind: TextKind, festival: str, now: datetime) -> None:
        self.tx, self.shop_id, self.kind, self.festival, self.now = tx, shop_id, kind, festival.strip(), now
        self.terms: TextTerms = terms_of(tx, shop_id)
        self.key, self.rulebook = buyer_key(tx, shop_id, now), rulebook_in(tx, house, shop_id)
        self.ways = {TextWay(row.way): row for row in texts.ways(tx, shop_id) if row.is_on}
        self.templates = {TextWay(row.way): row for row in texts.templates(tx, shop_id) if row.kind == kind.value and row.way in self.ways}
        month = start_of_day(in_shanghai(now).date().replace(day=1))
        self.spent = texts.spent(tx, shop_id, month)

    def of(self, order_nos: Sequence[str]) -> list[tuple[TextReady, NewText | None]]:
        """The text of each of these orders."""
        nos = list(dict.fromkeys(order_nos))
        known = orders_known(self.tx, self.shop_id, nos) if nos else {}
        numbers = texts.numbers(self.tx, self.shop_id, nos, self.now) if nos else {}
        digests = {no: digests_of(self.key, known.get(no), numbers.get(no)) for no in nos}
        every = [digest for listed in digests.values() for digest in listed]
        refusing = texts.refusing(self.tx, self.shop_id, every) if every else set()
        had = texts.had(self.tx, self.shop_id, every, self.now - _MONTH) if every else {}
        return [self._one(no, known.get(no), numbers.get(no), digests[no], refusing, had) for no in nos]

    def _one(
        self,
        no: str,
        known: OrderKnowledge | None,
        number: NumberRecord | None,
        digests: Sequence[bytes],
        refusing: set[bytes],
        had: dict[bytes, list[datetime]],
    ) -> tuple[TextReady, NewText | None]:
        chosen = self._way(number)
        if chosen is None:
            return TextReady(order_no=no, against=say("There is no number to send it to, or no door with a template of this kind for it.")), None
        way, template = chosen
        filling = self._filling(known, slots_in(template.content))
        if filling is None:
            return TextReady(order_no=no, way=way.way_kind, against=say("A fact that the message needs is not known.")), None
        said = signed(way.record.sign, filled(template.content, filling))
        count = parts(said, text_rules())
        ready = TextReady(order_no=no, way=way.way_kind, said=said, parts=count, cost_li=count * self.terms.price_li)
        digest = digests[0] if digests else None
        asked = TextAsked(
            kind=self.kind,
            way=way.way_kind,
            has_number=number is not None,
            may_advertise=number is not None and number.may_advertise,
            has_refused=any(each in refusing for each in digests),
            sent_at=had.get(digest, []) if digest is not None else [],
            cost_li=ready.cost_li,
            spent_li=self.spent,
        )
        stopped = fact_against(self.kind, known, self.rulebook) or against(asked, self.terms, self.now) or self._spoken(said)
        if stopped is not None:
            return msgspec.structs.replace(ready, against=stopped), None
        self.spent += ready.cost_li
        if digest is not None:
            had.setdefault(digest, []).append(self.now)
        return ready, self._new(no, way, template, filling, ready, digest)

    def _new(self, no: str, way: "_Door", template: TemplateRecord, filling: Mapping[str, str], ready: TextReady, digest: bytes | None) -> NewText:
        return NewText(
            once=self._once(no, digest),
            kind=self.kind.value,
            way=way.way_kind.value,
            order_no=no,
            digest=digest,
            sign=way.record.sign,
            code=template.code,
            filling=_FILLING.encode(filling).decode(),
            said=ready.said,
            parts=ready.parts,
            cost_li=ready.cost_li,
            state=TextState.WAITS.value,
            send_at=goes_at(self.now, self.terms),
            look_at=self.now,
            decided_at=self.now,
            decided_by=None,
        )

    def _once(self, no: str, digest: bytes | None) -> str:
        """A greeting goes once to a buyer and festival, everything else once to an order."""
        return f"{self.greeting}{digest.hex() if digest else no}" if self.kind is TextKind.FESTIVAL else f"{self.kind.value}:{no}"

    @property
    def greeting(self) -> str:
        """What the keys of all greetings of this festival begin with; the year is that in which it ends, also before New Year's Eve."""
        today = shanghai_day(self.now)
        year = (self.rulebook.calendar.next_end(self.festival, today) or today).year
        return f"{TextKind.FESTIVAL.value}:{year}:{self.festival}:"

    def _way(self, number: NumberRecord | None) -> "tuple[_Door, TemplateRecord] | None":
        """By the provider where the shop gave a number, by the platform where it gave its ciphertext; that way no advertising goes from here."""
        if number is None:
            return None
        wanted = TextWay.PLATFORM if number.is_cipher else TextWay.ALIYUN
        way = wanted if wanted in self.templates and not (number.is_cipher and self.kind is TextKind.FESTIVAL) else None
        return None if way is None else (_Door(way, self.ways[way]), self.templates[way])

    def _filling(self, known: OrderKnowledge | None, wanted: frozenset[str]) -> dict[str, str] | None:
        order = None if known is None else known.order
        title = short_title(order.title if order else None)
        told = {
            "title": title.zh if isinstance(title, Both) else str(title),
            "carrier": (order.carrier if order else None) or "快递",
            "tail": ((order.tracking_no if order else None) or "")[-4:],
            "festival": self.festival,
        }
        return {name: told[name] for name in wanted} if all(told[name] for name in wanted) else None

    def _spoken(self, said: str) -> Say | None:
        found = check(said, speech_book(), self.now, ship_within=None)
        return say("The message says what must not be said: {words}", words="、".join(each.words for each in found)) if found else None


class _Door(msgspec.Struct, frozen=True):
    way_kind: TextWay
    record: WayRecord


def _candidates(bench: _Bench) -> list[str]:
    tx, shop_id, kind, now = bench.tx, bench.shop_id, bench.kind, bench.now
    match kind:
        case TextKind.SHIPPED:
            return texts.shipped(tx, shop_id, kind.value, now - FRESH, now, AT_ONCE)
        case TextKind.RECEIVED:
            return texts.delivered(tx, shop_id, kind.value, now - LONGEST_WAY, now - FRESH, now, AT_ONCE)
        case TextKind.FESTIVAL:
            return texts.to_greet(tx, shop_id, bench.greeting, now, AT_ONCE)
