"""The inbox: the list, one buyer's talk beside all that is known around it, and what a rep does there."""

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui import clock
from zhanggui.actions.conversations.handing import STARRED, take_back_answer
from zhanggui.actions.conversations.settling import settle
from zhanggui.actions.conversations.taking import take_paste
from zhanggui.actions.conversations.threading import assign, link_order, snooze, thread_of
from zhanggui.actions.inbox.pasting import read_paste
from zhanggui.actions.inbox.saying import Given, findings_in, give_answer, is_starred, words_mark
from zhanggui.actions.notes import add_note
from zhanggui.actions.scripts.cards import LONGEST_WORDS, product_cards
from zhanggui.actions.scripts.replying import quick_replies
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.workbench.desk import AtDesk, Desk, back_to, own_path, shop_number
from zhanggui.workbench.inbox.listing import HERE, InboxListing, inbox_context
from zhanggui.workbench.live.live import Live
from zhanggui.workbench.places import thread_path

_MOST_REPLIES = 8
_MOST_CARDS = 3
_DONE: dict[str, Say] = {
    "said": say("Kept as said."),
    "held": say("Not given to the tool yet: read why below."),
    "tool_silent": say(
        "Neither kept nor sent: the service tool has not looked for answers lately. Copy it into the chat and send it there, then say that it was sent."
    ),
    "tool_sends": say(
        "Not given to the tool yet: it sends the answers of this talk itself now. If you have sent these words in the chat already, leave it: the tool brings "
        "them. Else send them from here."
    ),
    "given": say("Given to the tool; it counts as answered once the tool has sent it."),
    "taken": say("You have taken this talk."),
    "let_go": say("Nobody has this talk now."),
    "put_off": say("Put off; a new message of the buyer brings it back at once."),
    "taken_up": say("Taken up again."),
    "settled": say("Needs no answer; a new message of the buyer brings it back."),
    "taken_back": say("Taken back: nobody sends it."),
    "linked": say("The talk is about this order now."),
    "pasted": say("Taken in."),
    "noted": say("The note is kept."),
}


class PasteForm(msgspec.Struct, frozen=True):
    """A conversation as it was copied, and the order it is about where the person says so."""

    text: str = ""
    order_no: str = ""
    step: str = ""
    """`read` shows what it would become; `take` takes it in."""


class AnswerForm(msgspec.Struct, frozen=True):
    """What the rep says was sent, and the script its words were taken from."""

    said: str = ""
    script: str = ""
    despite: str = ""
    """The mark of the words of which the person has read what must not be said in them, and gives them to the tool all the same."""
    tool: str = ""
    """The service tool would send it, by what the page said."""
    copied: str = ""
    """These words were copied from the page, so they may have been sent by hand."""
    thread: str = ""
    """The talk they are typed in, while they are typed."""
    back: str = ""


class StepForm(msgspec.Struct, frozen=True):
    """What is done with a talk, and what that needs."""

    step: str = ""
    until: str = ""
    order_no: str = ""
    text: str = ""
    seen: str = ""
    """The last message that stood on the page."""
    key: str = ""
    """The answer that is meant."""
    back: str = ""


@get(HERE, sync_to_thread=True)
def inbox_page(
    desk: AtDesk,
    live: NamedDependency[Live],
    view: FromQuery[str] = "",
    shop: FromQuery[str] = "",
    find: FromQuery[str] = "",
    after: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Template:
    """Whom to answer first."""
    return _page(desk, live, InboxListing(view=view, shop=shop, find=find, after=after), done=done)


@get("/shops/{shop_id:int}/threads/{thread_no:int}", sync_to_thread=True)
def thread_page(
    desk: AtDesk,
    live: NamedDependency[Live],
    shop_id: FromPath[int],
    thread_no: FromPath[int],
    *,
    view: FromQuery[str] = "",
    shop: FromQuery[str] = "",
    find: FromQuery[str] = "",
    after: FromQuery[str] = "",
    whole: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Template:
    """One buyer's talk, with the list beside it."""
    desk.by.need(Permission.CONVERSATIONS_READ, shop_number(shop_id))
    listing = InboxListing(view=view, shop=shop, find=find, after=after, thread_shop=shop_id, thread_no=thread_no, whole=whole)
    return _page(desk, live, listing, done=done)


@post("/shops/{shop_id:int}/threads/{thread_no:int}/answers", sync_to_thread=True, status_code=200)
def keep_answer(
    desk: AtDesk, live: NamedDependency[Live], shop_id: FromPath[int], thread_no: FromPath[int], data: URLEncodedBody[AnswerForm]
) -> Template | Redirect:
    """Keeps what the rep says was sent, or gives it to the tool; what it does not get is shown once more, with why."""
    shop = desk.by.need(Permission.CONVERSATIONS_WRITE, shop_number(shop_id))
    house, by, told = desk.house, desk.by, bool(data.tool) and not data.copied
    given = give_answer(house, by, shop, thread_no, data.said, data.script, desk.now, clock.unwound(), despite=data.despite, expects_tool=told)
    if not given.is_given:
        why = STARRED if given.is_starred else None
        listing = InboxListing(thread_shop=shop_id, thread_no=thread_no)
        return _page(desk, live, listing, done=_held(given), typed=data.said, findings=given.held, why=why, mark=words_mark(data.said))
    return back_to(own_path(data.back, thread_path(shop, thread_no)), done="given" if given.by_tool else "said")


@post("/shops/{shop_id:int}/checking", sync_to_thread=True, status_code=200)
def check_words(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[AnswerForm]) -> Template:
    """What the words typed so far should not say, and whether the service tool would be given stars for some of them."""
    shop = desk.by.need(Permission.CONVERSATIONS_WRITE, shop_number(shop_id))
    why = STARRED if data.tool and is_starred(data.said) else None
    order_no = thread_of(desk.house, desk.by, shop, int(data.thread)).order_no if data.thread.isascii() and data.thread.isdigit() else None
    findings = findings_in(desk.house, desk.by, shop, data.said, desk.now, order_no=order_no)
    return desk.page("inbox/findings.html", findings=findings, why=why, mark=words_mark(data.said) if data.tool else "")


@get("/shops/{shop_id:int}/threads/{thread_no:int}/replies", sync_to_thread=True)
def find_replies(desk: AtDesk, shop_id: FromPath[int], thread_no: FromPath[int], q: FromQuery[str] = "") -> Template:
    """Quick replies that hold these words, filled with what is true of the order, and cards of products that go by them."""
    shop = desk.by.need(Permission.CONVERSATIONS_WRITE, shop_number(shop_id))
    words = q.strip()[:LONGEST_WORDS]
    order_no = thread_of(desk.house, desk.by, shop, thread_no).order_no
    found = [reply for reply in quick_replies(desk.house, desk.by, shop, search=words, order_no=order_no, now=desk.now) if reply.draft is not None]
    cards = [card for card in product_cards(desk.house, desk.by, shop, words, desk.now) if card.draft is not None] if words else []
    return desk.page("inbox/replies.html", replies=found[:_MOST_REPLIES], cards=cards[:_MOST_CARDS])


@post("/shops/{shop_id:int}/threads/{thread_no:int}/steps", sync_to_thread=True)
def put_thread_step(desk: AtDesk, shop_id: FromPath[int], thread_no: FromPath[int], data: URLEncodedBody[StepForm]) -> Redirect:
    """Takes the talk or lets it go, puts it off or takes it up again, needs no answer, or is about another order."""
    shop = desk.by.need(Permission.CONVERSATIONS_WRITE, shop_number(shop_id))
    done = _step(desk, shop, thread_no, data)
    return back_to(own_path(data.back, thread_path(shop, thread_no)), done=done)


@post("/shops/{shop_id:int}/pastes", sync_to_thread=True, status_code=200)
def put_paste(desk: AtDesk, live: NamedDependency[Live], shop_id: FromPath[int], data: URLEncodedBody[PasteForm]) -> Template | Redirect:
    """Shows what a paste is read as; takes it in where the person says so."""
    shop = desk.by.need(Permission.CONVERSATIONS_WRITE, shop_number(shop_id))
    if data.step == "take":
        taken = take_paste(desk.house, desk.by, shop, data.text, desk.now, order_no=data.order_no.strip() or None)
        return back_to(thread_path(shop, taken.thread_no), done="pasted")
    read = read_paste(desk.house, desk.by, shop, data.text, desk.now)
    if desk.is_fragment:
        return desk.page("inbox/reading.html", read=read)
    return _page(desk, live, InboxListing(shop=str(shop)), read=read, pasted=data)


def _held(given: Given) -> str:
    """How it is told that an answer was neither kept nor given to the tool."""
    if given.is_other_way:
        return "tool_sends" if given.by_tool else "tool_silent"
    return "held"


def _step(desk: Desk, shop: ShopId, thread_no: int, data: StepForm) -> str:
    match data.step:
        case "take":
            assign(desk.house, desk.by, shop, thread_no, desk.by.person_id, desk.now)
            return "taken"
        case "let_go":
            assign(desk.house, desk.by, shop, thread_no, None, desk.now)
            return "let_go"
        case "put_off":
            snooze(desk.house, desk.by, shop, thread_no, desk.moment(data.until), desk.now)
            return "put_off"
        case "take_up":
            snooze(desk.house, desk.by, shop, thread_no, None, desk.now)
            return "taken_up"
        case "link":
            link_order(desk.house, desk.by, shop, thread_no, data.order_no.strip() or None, desk.now)
            return "linked"
        case "note":
            add_note(desk.house, desk.by, shop, Subject(SubjectKind.ORDER, data.order_no), data.text, desk.now)
            return "noted"
        case "settle":
            settle(desk.house, desk.by, shop, thread_no, desk.now, seen_to=desk.moment(data.seen) if data.seen else None)
            return "settled"
        case "take_back":
            take_back_answer(desk.house, desk.by, shop, data.key, desk.now)
            return "taken_back"
        case _:
            raise NotFoundException


def _page(desk: Desk, live: Live, listing: InboxListing, *, done: str = "", **shown: object) -> Template:
    stamp = live.stamp()
    context = inbox_context(desk.house, desk.by, desk.words, desk.now, listing)
    return desk.page("inbox/page.html", stamp=stamp, done=_DONE.get(done), **(context | shown))
