"""Marks on to-dos: the form that puts one, and the line that says it was put and can be taken back."""

import msgspec
from litestar import post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.marks import hand_over, mark_done, not_ours, snooze, take_back
from zhanggui.actions.refused import Refused
from zhanggui.actions.today import todo_item
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, PersonId, ShopId
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, own_path, shop_number
from zhanggui.workbench.places import TodoPlace, place_of
from zhanggui.workbench.today.rows import rows_at

SAID = {
    "done": say("Marked done; the next import confirms or contradicts it."),
    "snoozed": say("Put off."),
    "handed": say("Handed over."),
    "not_ours": say("Marked as not ours."),
    "taken_back": say("The mark is taken back."),
}


_TOLD = {"HX-Trigger": "marked"}
"""Tells the page that something was marked, so that it fetches its sums anew."""
_STAYS = ("taken_back", "handed")
"""Marks that leave the to-do in its place on the list; the others set it aside."""


class MarkForm(msgspec.Struct, frozen=True):
    """What the form of a to-do sends: which one, the act, and what the act needs."""

    subject_kind: SubjectKind
    subject_no: str
    kind: DeadlineKind
    act: str
    reason: str = ""
    until: str = ""
    assignee: str = ""
    back: str = ""


class Marked(msgspec.Struct, frozen=True):
    """A mark just put."""

    place: TodoPlace
    mark: str

    @property
    def said(self) -> Say:
        """What was done, in a sentence."""
        return SAID[self.mark]

    @property
    def can_take_back(self) -> bool:
        """Whether there is a mark to take back."""
        return self.mark not in _STAYS

    @property
    def code(self) -> str:
        """The mark as one word of an address."""
        place = self.place
        return "~".join((self.mark, str(place.shop_id), place.subject.kind, place.kind, place.subject.no, place.order_no or ""))


@post("/shops/{shop_id:int}/marks", sync_to_thread=True, status_code=200)
def put_mark(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[MarkForm]) -> Template | Redirect:
    """Puts or takes back a mark. htmx gets the row's new line, others go back to the list."""
    shop = shop_number(shop_id)
    subject = Subject(data.subject_kind, data.subject_no)
    mark = _put(desk, shop, subject, data)
    item = todo_item(desk.house, desk.by, shop, subject, data.kind, desk.now)
    order_no = data.subject_no if data.subject_kind == SubjectKind.ORDER else None
    marked = Marked(TodoPlace(shop, subject, data.kind, order_no) if item is None else place_of(item), mark)
    back = own_path(data.back, "/today")
    if not desk.is_fragment:
        return back_to(back, marked=marked.code)
    if item is not None and mark in _STAYS:
        return desk.page("today/one.html", headers=_TOLD, item=item, **rows_at(desk, desk.shops(Permission.TODO_READ)))
    return desk.page("today/moved.html", headers=_TOLD, marked=marked, here_path=back)


def marked_from(code: str) -> Marked | None:
    """The mark an address tells of, None where it tells none that makes sense."""
    parts = code.split("~")
    if len(parts) != 6 or parts[0] not in SAID or number_in(parts[1]) is None or parts[2] not in set(SubjectKind) or parts[3] not in set(DeadlineKind):
        return None
    mark, shop_id, subject_kind, kind, no, order_no = parts
    return Marked(TodoPlace(ShopId(int(shop_id)), Subject(SubjectKind(subject_kind), no), DeadlineKind(kind), order_no or None), mark)


def _put(desk: Desk, shop_id: ShopId, subject: Subject, form: MarkForm) -> str:
    """The name of the mark that now stands."""
    act, _, moment = form.act.partition(":")
    match act:
        case "done":
            mark_done(desk.house, desk.by, shop_id, subject, form.kind, reason=form.reason, now=desk.now)
        case "until":
            snooze(desk.house, desk.by, shop_id, subject, form.kind, reason=form.reason, until=desk.moment(moment), now=desk.now)
            return "snoozed"
        case "snoozed":
            snooze(desk.house, desk.by, shop_id, subject, form.kind, reason=form.reason, until=desk.moment(form.until), now=desk.now)
        case "handed":
            assignee = number_in(form.assignee)
            if assignee is None:
                raise Refused(say("Choose whom to hand it to."))
            hand_over(desk.house, desk.by, shop_id, subject, form.kind, reason=form.reason, assignee=PersonId(assignee), now=desk.now)
        case "not_ours":
            not_ours(desk.house, desk.by, shop_id, subject, form.kind, reason=form.reason, now=desk.now)
        case "taken_back":
            take_back(desk.house, desk.by, shop_id, subject, form.kind, reason=form.reason, now=desk.now)
        case _:
            raise Refused(say("This form is out of date. Load the page again."))
    return act
