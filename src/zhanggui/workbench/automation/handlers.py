"""The pages of automation rules: all of a shop's, one with everything about it, what waits for a person, what fired, and a file."""

from collections.abc import Callable, Sequence
from typing import Any

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Response, Template

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.automation.keeping import check_only
from zhanggui.actions.automation.listing import firings_of, is_switched_on, members_seen, rule_detail, rules_seen, troubles_of, waiting_of
from zhanggui.actions.automation.trying import Tried, try_rules
from zhanggui.core.automation.deeds import DEEDS, STEPS
from zhanggui.core.automation.facts import FACTS, TRIGGERS, About
from zhanggui.core.automation.rules import AutoRule, RuleLevel
from zhanggui.core.automation.values import Value
from zhanggui.core.automation.writing import write_rules
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.automation.forms import GROUPS, Op, RuleForm, form_of, told_facts
from zhanggui.workbench.automation.wording import plainly, wording_of
from zhanggui.workbench.desk import AtDesk, Desk, number_in, shop_number
from zhanggui.workbench.lists import Lists
from zhanggui.workbench.places import case_path, order_path
from zhanggui.workbench.whatif.wording import value_text

HERE = "/automation"
VIEWS = {
    "rules": say("The shop's rules"),
    "waiting": say("Waiting for a person"),
    "firings": say("What fired"),
    "file": say("The rules as a file"),
    "facts": say("Facts and acts"),
}
FACT_GROUPS = (
    (say("Of everything"), [fact for fact in FACTS.values() if len(fact.about) > 1]),
    (say("Of an after-sales case"), [fact for fact in FACTS.values() if fact.about == {About.CASE}]),
    (say("Of a review"), [fact for fact in FACTS.values() if fact.about == {About.REVIEW}]),
)
_EXAMPLE: dict[str, Value] = {"amount": 900, "goods_at": "not_printed"}
LISTS = Lists(HERE, Permission.ACTS_READ, VIEWS)
DONE: dict[str, Say] = {
    "kept": say("Kept."),
    "kept_off": say("Kept, and switched off: something speaks against the new version. It stands below."),
    "level": say("Kept. The rule goes as far as that from now on."),
    "removed": say("The rule is removed. What it did stays in the journal."),
    "case": say("The golden case is kept. Below stands whether the rule decides it as you said."),
    "released": say("The rule may go on."),
    "did": say("Done."),
    "left": say("Left. The rule does not suggest it again as things stand."),
    "file": say("The rules of the file are kept, the new ones switched off."),
}


@get(HERE, sync_to_thread=True)
def automation_page(desk: AtDesk, view: FromQuery[str] = "rules", shop: FromQuery[str] = "", after: FromQuery[str] = "", done: FromQuery[str] = "") -> Template:
    """One view of a shop's rules."""
    chosen = LISTS.opened(desk, view, shop)
    return automation_template(desk, view, chosen, after=after, done=DONE.get(done))


def automation_template(desk: Desk, view: str, chosen: ShopInfo | None, *, after: str = "", **more: Any) -> Template:
    """The page with this view."""
    seen = {} if chosen is None else _SEEN[view](desk, chosen, after)
    cursor = seen.pop("next_cursor", None)
    return desk.page(
        "automation/page.html",
        shops=desk.shops(LISTS.permission),
        shop=chosen,
        view=view,
        views=LISTS.tabs(chosen),
        may_write=chosen is not None and desk.by.may(Permission.ACTS_WRITE, chosen.shop_id),
        may_decide=chosen is not None and desk.by.may(Permission.TODO_MARK, chosen.shop_id),
        is_on=is_switched_on(desk.house),
        names={} if chosen is None else {each.login: each.display_name for each in members_seen(desk.house, desk.by, chosen.shop_id)},
        skipped=() if chosen is None else troubles_of(desk.house, desk.by, chosen.shop_id),
        next_href=None if chosen is None else LISTS.next_of(view, chosen, cursor),
        **_words(),
        **{"done": None, "typed": "", "refused": None, "troubles": (), **more, **seen},
    )


@get("/shops/{shop_id:int}/automation/new", sync_to_thread=True)
def new_rule_page(desk: AtDesk, shop_id: FromPath[int]) -> Template:
    """A form to write a rule in."""
    shop = desk.by.need(Permission.ACTS_WRITE, shop_number(shop_id))
    return rule_template(desk, shop, None, RuleForm())


@get("/shops/{shop_id:int}/automation/{rule_no:int}", sync_to_thread=True)
def rule_page(
    desk: AtDesk, shop_id: FromPath[int], rule_no: FromPath[int], after: FromQuery[str] = "", done: FromQuery[str] = "", tried: FromQuery[str] = ""
) -> Template:
    """One rule with everything about it."""
    shop = desk.by.need(Permission.ACTS_READ, shop_number(shop_id))
    return rule_template(desk, shop, rule_no, None, after=after, done=DONE.get(done), tries=bool(tried))


@get("/shops/{shop_id:int}/automation.toml", sync_to_thread=True)
def rules_file(desk: AtDesk, shop_id: FromPath[int]) -> Response[bytes]:
    """Every rule of the shop as a file."""
    told = write_rules(each.rule for each in rules_seen(desk.house, desk.by, shop_number(shop_id), desk.now))
    return Response(
        told.encode(), media_type="application/toml", headers={"Content-Disposition": 'attachment; filename="automation.toml"', "Cache-Control": "no-store"}
    )


def rule_template(
    desk: Desk,
    shop_id: int,
    rule_no: int | None,
    form: RuleForm | None,
    *,
    after: str = "",
    tries: bool = False,
    rule: AutoRule | None = None,
    refused: Say | None = None,
    **more: Any,
) -> Template:
    """One rule, as it is kept or as it was typed: `form` is what was typed, `rule` what that says."""
    shop = shop_number(shop_id)
    info = next((each for each in desk.shops(Permission.ACTS_READ) if each.shop_id == shop), None)
    if info is None:
        raise NotFoundException
    detail = None if rule_no is None else rule_detail(desk.house, desk.by, shop, rule_no, desk.now, before=number_in(after))
    told = rule or (None if detail is None or form is not None else detail.seen.rule)
    checked = None if told is None else detail.checked if detail is not None and rule is None else check_only(desk.house, desk.by, shop, [told], desk.now)[0]
    wording, rules = wording_of(desk.words), rules_seen(desk.house, desk.by, shop, desk.now)
    people = members_seen(desk.house, desk.by, shop) if detail is None else detail.people
    titles = {each.row.rule_id: f"“{each.rule.title}”" for each in rules} | ({told.id: f"“{told.title}”"} if told is not None else {})
    return desk.page(
        "automation/rule.html",
        plain=lambda said: plainly(said, wording, titles),
        shop=info,
        detail=detail,
        rule=told,
        form=form or (RuleForm() if told is None else form_of(told, wording)),
        checked=checked,
        is_typed=form is not None,
        refused=refused,
        tried=_tried(desk, shop, [told]) if tries and told is not None and checked is not None and checked.may_be_kept else None,
        people=people,
        names={each.login: each.display_name for each in people},
        example_facts=told_facts(_EXAMPLE, wording),
        may_write=desk.by.may(Permission.ACTS_WRITE, shop),
        may_decide=desk.by.may(Permission.TODO_MARK, shop),
        is_on=is_switched_on(desk.house),
        next_href=None if detail is None or detail.next_no is None else f"/shops/{shop}/automation/{rule_no}?after={detail.next_no}",
        as_file=None if told is None else write_rules([told]),
        wording=wording,
        others=tuple(each for each in rules if each.row.rule_no != rule_no),
        **_words(),
        **{"done": None, "is_outdated": False, **more},
    )


def _tried(desk: Desk, shop: int, rules: Sequence[AutoRule]) -> Tried | None:
    if not desk.by.may(Permission.AFTERSALES_READ, shop_number(shop)):
        return None
    return try_rules(desk.house, desk.by, shop_number(shop), rules, desk.now)


def _words() -> dict[str, Any]:
    """What every one of these pages words rules with."""
    return {
        "FACTS": FACTS,
        "FACT_GROUPS": FACT_GROUPS,
        "DEEDS": DEEDS,
        "STEPS": STEPS,
        "TODOS": tuple(TRIGGERS),
        "abouts": TRIGGERS,
        "OPS": tuple(Op),
        "GROUPS": GROUPS,
        "LEVELS": tuple(RuleLevel),
        "value_text": value_text,
        "order_path": order_path,
        "case_path": case_path,
    }


def _rules(desk: Desk, shop: ShopInfo, _after: str) -> dict[str, Any]:
    return {"rules": rules_seen(desk.house, desk.by, shop.shop_id, desk.now)}


def _waiting(desk: Desk, shop: ShopInfo, _after: str) -> dict[str, Any]:
    return {"firings": waiting_of(desk.house, desk.by, shop.shop_id)}


def _firings(desk: Desk, shop: ShopInfo, after: str) -> dict[str, Any]:
    page = firings_of(desk.house, desk.by, shop.shop_id, before=number_in(after))
    return {"firings": page.firings, "next_cursor": None if page.next_no is None else str(page.next_no)}


def _file(desk: Desk, shop: ShopInfo, _after: str) -> dict[str, Any]:
    return {"as_file": write_rules(each.rule for each in rules_seen(desk.house, desk.by, shop.shop_id, desk.now))}


def _facts(_desk: Desk, _shop: ShopInfo, _after: str) -> dict[str, Any]:
    return {}


_SEEN: dict[str, Callable[[Desk, ShopInfo, str], dict[str, Any]]] = {
    "rules": _rules,
    "waiting": _waiting,
    "firings": _firings,
    "file": _file,
    "facts": _facts,
}
