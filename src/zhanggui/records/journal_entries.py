"""The kinds of journal entry. Each knows its own sentence; none carries personal data (receivers, messages, the text of notes)."""

from datetime import datetime
from typing import ClassVar

import msgspec

from zhanggui.core.say import Say, say


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What happened, in slots. `kind` is the word stored beside it."""

    kind: ClassVar[str]

    def say(self) -> Say:
        """The entry as a sentence."""
        raise NotImplementedError


class ShopCreated(Entry, frozen=True):
    """The shop was set up."""

    kind = "shop_created"
    name: str

    def say(self) -> Say:
        return say("The shop {name} was set up.", name=self.name)


class BatchConfirmed(Entry, frozen=True):
    """An import was stored."""

    kind = "batch_confirmed"
    batch_id: int
    new: int
    changed: int
    refused: int

    def say(self) -> Say:
        return say(
            "Import {batch_id}: {new} new, {changed} changed, {refused} refused.",
            batch_id=self.batch_id,
            new=self.new,
            changed=self.changed,
            refused=self.refused,
        )


class BatchUndone(Entry, frozen=True):
    """An import was taken back whole."""

    kind = "batch_undone"
    batch_id: int

    def say(self) -> Say:
        return say("Import {batch_id} was undone.", batch_id=self.batch_id)


class BatchFailed(Entry, frozen=True):
    """An import could not be stored; nothing of it was kept."""

    kind = "batch_failed"
    batch_id: int

    def say(self) -> Say:
        return say("Import {batch_id} failed; nothing of it was kept.", batch_id=self.batch_id)


class OrderSeen(Entry, frozen=True):
    """An order was told of for the first time."""

    kind = "order_seen"
    stage: str | None = None

    def say(self) -> Say:
        return say("First seen: {stage}.", stage=self.stage)


class OrderMoved(Entry, frozen=True):
    """An order changed its stage."""

    kind = "order_moved"
    before: str | None = None
    after: str | None = None

    def say(self) -> Say:
        return say("{before} became {after}.", before=self.before, after=self.after)


class RefundMoved(Entry, frozen=True):
    """An order's refund state changed."""

    kind = "refund_moved"
    before: str | None = None
    after: str | None = None

    def say(self) -> Say:
        return say("Refund: {before} became {after}.", before=self.before, after=self.after)


class OrderCorrected(Entry, frozen=True):
    """Something else about an order changed."""

    kind = "order_corrected"
    fields: str = ""

    def say(self) -> Say:
        return say("New particulars: {fields}.", fields=self.fields)


class CaseSeen(Entry, frozen=True):
    """An after-sales case was told of for the first time."""

    kind = "case_seen"
    case_no: str
    state: str | None = None

    def say(self) -> Say:
        return say("After-sales case {case_no} opened: {state}.", case_no=self.case_no, state=self.state)


class CaseMoved(Entry, frozen=True):
    """An after-sales case changed its state."""

    kind = "case_moved"
    case_no: str
    before: str | None = None
    after: str | None = None

    def say(self) -> Say:
        return say("After-sales case {case_no}: {before} became {after}.", case_no=self.case_no, before=self.before, after=self.after)


class TodoSaidDone(Entry, frozen=True):
    """A person said a to-do is done in the back office."""

    kind = "todo_said_done"
    todo: str
    reason: str = ""

    def say(self) -> Say:
        return say("{todo}: said to be done in the back office. {reason}", todo=self.todo, reason=self.reason)


class TodoSnoozed(Entry, frozen=True):
    """A person put a to-do off."""

    kind = "todo_snoozed"
    todo: str
    until: datetime
    reason: str = ""

    def say(self) -> Say:
        return say("{todo}: put off until {until}. {reason}", todo=self.todo, until=self.until, reason=self.reason)


class TodoHanded(Entry, frozen=True):
    """A to-do was handed to a person."""

    kind = "todo_handed"
    todo: str
    to: str
    reason: str = ""

    def say(self) -> Say:
        return say("{todo}: handed to {to}. {reason}", todo=self.todo, to=self.to, reason=self.reason)


class TodoNotOurs(Entry, frozen=True):
    """A person said a to-do does not concern the shop."""

    kind = "todo_not_ours"
    todo: str
    reason: str = ""

    def say(self) -> Say:
        return say("{todo}: not ours. {reason}", todo=self.todo, reason=self.reason)


class TodoTakenBack(Entry, frozen=True):
    """What was said of a to-do was taken back."""

    kind = "todo_taken_back"
    todo: str

    def say(self) -> Say:
        return say("{todo}: back on the list.", todo=self.todo)


class MarkConfirmed(Entry, frozen=True):
    """A later import shows that what was said to be done is done."""

    kind = "mark_confirmed"
    todo: str
    batch_id: int | None = None
    """None where no import told it: the platform itself did, or a tracking service."""
    by_tracker: bool = False

    def say(self) -> Say:
        if self.batch_id is None:
            if self.by_tracker:
                return say("{todo}: a tracking service confirms that it is done.", todo=self.todo)
            return say("{todo}: the platform confirms that it is done.", todo=self.todo)
        return say("{todo}: import {batch_id} confirms that it is done.", todo=self.todo, batch_id=self.batch_id)


class MarkContradicted(Entry, frozen=True):
    """A later import shows that what was said to be done is still open."""

    kind = "mark_contradicted"
    todo: str
    batch_id: int | None = None
    """None where no import told it: the platform itself did, or a tracking service."""
    by_tracker: bool = False

    def say(self) -> Say:
        if self.batch_id is None:
            if self.by_tracker:
                return say("{todo}: a tracking service shows it still open, though it was said to be done.", todo=self.todo)
            return say("{todo}: the platform shows it still open, though it was said to be done.", todo=self.todo)
        return say("{todo}: import {batch_id} shows it still open, though it was said to be done.", todo=self.todo, batch_id=self.batch_id)


class NoteAdded(Entry, frozen=True):
    """Somebody left a note. Its text stays with the note, where it can be forgotten."""

    kind = "note_added"
    note_id: int

    def say(self) -> Say:
        return say("Note {note_id} was added.", note_id=self.note_id)


class ScansPasted(Entry, frozen=True):
    """Tracking events were pasted in."""

    kind = "scans_pasted"
    tracking_no: str
    scans: int

    def say(self) -> Say:
        return say("{scans} tracking events of parcel {tracking_no} were pasted.", scans=self.scans, tracking_no=self.tracking_no)


class RowMended(Entry, frozen=True):
    """A refused row was mended and stored."""

    kind = "row_mended"
    batch_id: int
    row_no: int
    mended_as: int

    def say(self) -> Say:
        return say(
            "Refused row {row_no} of import {batch_id} was mended and stored as import {mended_as}.",
            row_no=self.row_no,
            batch_id=self.batch_id,
            mended_as=self.mended_as,
        )


class RowDiscarded(Entry, frozen=True):
    """A refused row was thrown away."""

    kind = "row_discarded"
    batch_id: int
    row_no: int

    def say(self) -> Say:
        return say("Refused row {row_no} of import {batch_id} was thrown away.", row_no=self.row_no, batch_id=self.batch_id)


class RuleOverridden(Entry, frozen=True):
    """The shop laid a rule of its own over the rulebook."""

    kind = "rule_overridden"
    rule: str

    def say(self) -> Say:
        return say("The shop's own rule {rule} now holds.", rule=self.rule)


class RuleOverrideRemoved(Entry, frozen=True):
    """A rule of the shop's own was taken away."""

    kind = "rule_override_removed"
    rule: str

    def say(self) -> Say:
        return say("The shop's own rule {rule} no longer holds.", rule=self.rule)


class SettingChanged(Entry, frozen=True):
    """A setting of the shop was changed."""

    kind = "setting_changed"
    name: str

    def say(self) -> Say:
        return say("The setting {name} was changed.", name=self.name)


class PromisedHoursSet(Entry, frozen=True):
    """The promised hours of a product were entered."""

    kind = "promised_hours_set"
    goods_id: str
    hours: int | None

    def say(self) -> Say:
        if self.hours is None:
            return say("The promised hours of product {goods_id} are no longer entered by hand.", goods_id=self.goods_id)
        return say("Product {goods_id} promises shipping within {hours} hours.", goods_id=self.goods_id, hours=self.hours)


class MemberInvited(Entry, frozen=True):
    """Somebody was invited to a part in the shop."""

    kind = "member_invited"
    role: str

    def say(self) -> Say:
        return say("An invitation was made out: {role}.", role=self.role)


class MemberJoined(Entry, frozen=True):
    """Somebody took up a part in the shop."""

    kind = "member_joined"
    name: str
    role: str

    def say(self) -> Say:
        return say("{name} joined: {role}.", name=self.name, role=self.role)


class MemberMoved(Entry, frozen=True):
    """Somebody's part in the shop changed."""

    kind = "member_moved"
    name: str
    role: str

    def say(self) -> Say:
        return say("{name} is now {role}.", name=self.name, role=self.role)


class MemberLeft(Entry, frozen=True):
    """Somebody no longer has a part in the shop."""

    kind = "member_left"
    name: str

    def say(self) -> Say:
        return say("{name} no longer has a part in the shop.", name=self.name)


class InvitationWithdrawn(Entry, frozen=True):
    """An unused invitation was taken back."""

    kind = "invitation_withdrawn"

    def say(self) -> Say:
        return say("An invitation was taken back.")


class SignInsEnded(Entry, frozen=True):
    """Somebody was signed out everywhere."""

    kind = "sign_ins_ended"
    name: str

    def say(self) -> Say:
        return say("{name} was signed out everywhere.", name=self.name)


class NameChanged(Entry, frozen=True):
    """Somebody calls themselves otherwise. Entries show today's names, so the former one is kept here."""

    kind = "name_changed"
    before: str
    after: str

    def say(self) -> Say:
        return say("{before} is now called {after}.", before=self.before, after=self.after)


class PasswordChanged(Entry, frozen=True):
    """Somebody has a new password."""

    kind = "password_changed"
    name: str

    def say(self) -> Say:
        return say("{name} has a new password.", name=self.name)


class ActAnnounced(Entry, frozen=True):
    """An outward act was decided and will be sent."""

    kind = "act_announced"
    act: str
    act_no: int
    send_at: datetime
    by_itself: bool = False

    def say(self) -> Say:
        if self.by_itself:
            return say("{act} (no. {act_no}) was announced; it is sent at {send_at} unless somebody stops it.", **self._slots())
        return say("{act} (no. {act_no}) was sent off by a person.", **self._slots())

    def _slots(self) -> dict[str, str | int | datetime | None]:
        return {"act": self.act, "act_no": self.act_no, "send_at": self.send_at}


_ACT_SENTENCES = {
    "proposed": say("{act} (no. {act_no}) now waits for a person."),
    "announced": say("{act} (no. {act_no}) was not taken by the platform; it is tried again."),
    "sending": say("{act} (no. {act_no}) is being sent."),
    "unsure": say("{act} (no. {act_no}): the answer was lost; the platform is asked what happened."),
    "carried_out": say("{act} (no. {act_no}): the platform has done it."),
    "declined": say("{act} (no. {act_no}): the platform said no."),
    "withdrawn": say("{act} (no. {act_no}) was withdrawn: what it rested on has changed."),
    "stopped": say("{act} (no. {act_no}) was stopped."),
    "needs_person": say("{act} (no. {act_no}) needs a person: look in the back office whether it happened."),
}


class ActMoved(Entry, frozen=True):
    """An outward act came a step further."""

    kind = "act_moved"
    act: str
    act_no: int
    state: str

    def say(self) -> Say:
        sentence = _ACT_SENTENCES.get(self.state)
        slots: dict[str, str | int] = {"act": self.act, "act_no": self.act_no, "state": self.state}
        return say("{act} (no. {act_no}): {state}.", **slots) if sentence is None else Say(sentence.text, slots)


class ActHalted(Entry, frozen=True):
    """Somebody asked to stop an act that was under way."""

    kind = "act_halted"
    act: str
    act_no: int

    def say(self) -> Say:
        return say("{act} (no. {act_no}) was under way already; it is not sent again.", act=self.act, act_no=self.act_no)


class ActLimitsSet(Entry, frozen=True):
    """How far the house goes by itself with a kind of act was changed."""

    kind = "act_limits_set"
    act: str
    level: str

    def say(self) -> Say:
        return say("Automatic handling of {act} is now: {level}.", act=self.act, level=self.level)


class DoorSwitched(Entry, frozen=True):
    """The one switch of the house was thrown, or set back."""

    kind = "door_switched"
    is_open: bool

    def say(self) -> Say:
        if self.is_open:
            return say("The house may send to the platform again.")
        return say("Everything automatic was stopped: nothing is sent to the platform.")


class ApplicationNamed(Entry, frozen=True):
    """An application of the platform was named for the shop. Its secret stands nowhere but sealed."""

    kind = "application_named"
    client_id: str

    def say(self) -> Say:
        return say("The shop goes by the application {client_id}.", client_id=self.client_id)


class TrackerNamed(Entry, frozen=True):
    """An account with a tracking service was named. Its key stands nowhere but sealed."""

    kind = "tracker_named"
    service: str
    account: str
    is_of_house: bool

    def say(self) -> Say:
        if self.is_of_house:
            return say("Every shop of the house asks {service} for tracking events, as {account}.", service=self.service, account=self.account)
        return say("The shop asks {service} for tracking events, as {account}.", service=self.service, account=self.account)


class TrackerTakenAway(Entry, frozen=True):
    """An account with a tracking service was taken away; its key was wiped."""

    kind = "tracker_taken_away"
    service: str

    def say(self) -> Say:
        return say("{service} is no longer asked for tracking events; the key was wiped, the events stay.", service=self.service)


class ShopConnected(Entry, frozen=True):
    """The shop was connected to the platform, or authorised us again."""

    kind = "shop_connected"
    mall_name: str
    owner_id: str
    by_hand: bool = False

    def say(self) -> Say:
        if self.by_hand:
            return say("Connected to {mall_name} ({owner_id}) with a token given by hand.", mall_name=self.mall_name, owner_id=self.owner_id)
        return say("Connected to {mall_name} ({owner_id}) on the platform.", mall_name=self.mall_name, owner_id=self.owner_id)


class ShopDisconnected(Entry, frozen=True):
    """The shop was disconnected; its tokens were wiped."""

    kind = "shop_disconnected"

    def say(self) -> Say:
        return say("Disconnected from the platform; the tokens were wiped, the facts stay.")


class ConnectionLapsed(Entry, frozen=True):
    """The platform takes the shop's token no longer."""

    kind = "connection_lapsed"
    code: str

    def say(self) -> Say:
        return say("The platform takes the shop's token no longer ({code}); it has to be connected again.", code=self.code)


class ShopRefused(Entry, frozen=True):
    """Another shop of the platform came back than the one meant; nothing of it was kept."""

    kind = "shop_refused"
    owner_id: str

    def say(self) -> Say:
        return say("The platform's shop {owner_id} came back, which is not the one meant; nothing of it was kept.", owner_id=self.owner_id)


class PapersMade(Entry, frozen=True):
    """A label, a packing slip or a pick list was made for the order. Whoever made it held it in their hands."""

    kind = "papers_made"
    paper: str
    form: str
    size: str
    number: str | None = None

    def say(self) -> Say:
        match self.paper:
            case "label":
                return say("A shipping label of {size} mm was made; its barcode holds {number}.", size=self.size, number=self.number)
            case "packing":
                return say("A packing slip was made.")
            case _:
                return say("The order was put on a pick list.")


class ShippingFileMade(Entry, frozen=True):
    """A bulk-shipping file was made, to be uploaded by hand. Nothing of it counts as shipped."""

    kind = "shipping_file_made"
    orders: int
    warned: int
    form: str

    def say(self) -> Say:
        return say(
            "A bulk-shipping file ({form}) of {orders} orders was made, {warned} of them taken in spite of a warning.",
            form=self.form.upper(),
            orders=self.orders,
            warned=self.warned,
        )


class NumberPutInFile(Entry, frozen=True):
    """The order's number was put in a bulk-shipping file."""

    kind = "number_put_in_file"
    carrier: str
    number: str
    was_warned: bool = False

    def say(self) -> Say:
        if self.was_warned:
            return say("{carrier} {number} was put in a bulk-shipping file in spite of a warning.", carrier=self.carrier, number=self.number)
        return say("{carrier} {number} was put in a bulk-shipping file.", carrier=self.carrier, number=self.number)


ENTRIES: dict[str, type[Entry]] = {entry.kind: entry for entry in Entry.__subclasses__()}


def worded(kind: str, data: str) -> Say:
    """The stored entry as a sentence. A kind from a newer version of the program is shown by its bare name."""
    entry = ENTRIES.get(kind)
    if entry is None:
        return say("{kind}", kind=kind)
    return msgspec.json.decode(data, type=entry).say()
