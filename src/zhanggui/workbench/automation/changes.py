"""What is changed on the pages of automation rules."""

from collections.abc import Collection

import msgspec
from litestar import post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.automation.keeping import Outdated, Troubled, keep_rule, keep_rules, release_rule, remove_rule, set_level, set_owner
from zhanggui.actions.automation.listing import rules_seen
from zhanggui.actions.automation.picking import Picked, add_case
from zhanggui.actions.automation.settling import do_suggested, leave_suggested
from zhanggui.actions.refused import Refused
from zhanggui.core.automation.rules import AutoRule, RuleLevel
from zhanggui.core.automation.writing import BadRules, read_rules
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, PersonId, ShopId
from zhanggui.workbench.automation.forms import RuleForm, rule_of
from zhanggui.workbench.automation.handlers import HERE, automation_template, rule_template
from zhanggui.workbench.automation.wording import wording_of
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, own_path, shop_number
from zhanggui.workbench.door.confirming import need_recent


class KeepForm(RuleForm, frozen=True, kw_only=True):
    """The form of a rule, and whether it is kept or only tried."""

    do: str = "keep"


class FileForm(msgspec.Struct, frozen=True):
    """A file of rules."""

    text: str = ""


class RuleLevelForm(msgspec.Struct, frozen=True):
    """How far a rule goes."""

    level: RuleLevel


class OwnerForm(msgspec.Struct, frozen=True):
    """Who answers for a rule."""

    owner: str = ""


class CaseForm(msgspec.Struct, frozen=True):
    """A golden case made of a thing that was: of a firing, or of a case or an order by its number."""

    no: str = ""
    firing: str = ""
    then: str = ""
    fires: str = ""
    says: str = ""


class DecideForm(msgspec.Struct, frozen=True):
    """Whether what a rule suggested is done."""

    do: str = ""
    back: str = ""


@post("/shops/{shop_id:int}/automation", sync_to_thread=True, status_code=200)
def put_new_rule(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[KeepForm]) -> Template | Redirect:
    """Keeps a new rule, switched off; or shows what it would have done."""
    return _put(desk, shop_id, None, data)


@post("/shops/{shop_id:int}/automation/{rule_no:int}", sync_to_thread=True, status_code=200)
def put_rule(desk: AtDesk, shop_id: FromPath[int], rule_no: FromPath[int], data: URLEncodedBody[KeepForm]) -> Template | Redirect:
    """Keeps the next version of a rule; or shows what it would have done."""
    return _put(desk, shop_id, rule_no, data)


def _put(desk: Desk, shop_id: int, rule_no: int | None, data: KeepForm) -> Template | Redirect:
    shop = desk.by.need(Permission.ACTS_WRITE, shop_number(shop_id))
    rule: AutoRule | None = None
    if not data.id.strip():
        data = msgspec.structs.replace(data, id=_free_id(desk, shop, rule_no))
    try:
        rule = rule_of(data, wording_of(desk.words))
        if data.do == "try":
            return rule_template(desk, shop, rule_no, data, rule=rule, tries=True)
        _ask_again_of_working(desk, shop, {rule.id}, rule_no)
        kept = keep_rule(desk.house, desk.by, shop, rule, desk.now, rule_no=rule_no, changes=number_in(data.version))
    except Outdated as refusal:
        return rule_template(desk, shop, rule_no, msgspec.structs.replace(data, version=str(refusal.version)), rule=rule, refused=refusal.say, is_outdated=True)
    except Troubled as trouble:
        return rule_template(desk, shop, rule_no, data, rule=rule, refused=trouble.say)
    except Refused as refusal:
        return rule_template(desk, shop, rule_no, data, refused=refusal.say)
    return back_to(f"/shops/{shop_id}/automation/{kept.rule_no}", done="kept_off" if kept.was_switched_off else "kept")


def _free_id(desk: Desk, shop_id: ShopId, rule_no: int | None) -> str:
    """The name that the rule bears in files, where nobody gave it one: what it had, else the next that is free."""
    rows = [seen.row for seen in rules_seen(desk.house, desk.by, shop_id, desk.now)]
    known = {row.rule_id for row in rows}
    had = next((row.rule_id for row in rows if row.rule_no == rule_no), None)
    return had or next(name for number in range(1, len(known) + 2) if (name := f"rule_{number}") not in known)


def _ask_again_of_working(desk: Desk, shop_id: ShopId, ids: Collection[str], rule_no: int | None = None) -> None:
    """A rule that is on works on in its next version: to change it is as weighty as to switch it on. Raises NotConfirmed."""
    rows = [seen.row for seen in rules_seen(desk.house, desk.by, shop_id, desk.now)]
    if any(row.at is not RuleLevel.OFF and (row.rule_no == rule_no or row.rule_id in ids) for row in rows):
        need_recent(desk.request)


@post("/shops/{shop_id:int}/automation_file", sync_to_thread=True, status_code=200)
def put_rules_file(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[FileForm]) -> Template | Redirect:
    """Keeps the rules of a file, all of them or none."""
    shop = desk.by.need(Permission.ACTS_WRITE, shop_number(shop_id))
    info = next(each for each in desk.shops(Permission.ACTS_READ) if each.shop_id == shop)
    try:
        rules = read_rules(data.text.replace("\r\n", "\n"))
        _ask_again_of_working(desk, shop, {rule.id for rule in rules})
        keep_rules(desk.house, desk.by, shop, rules, desk.now)
    except BadRules as problem:
        said = say("These are no rules: {problem}", problem=str(problem))
        return automation_template(desk, "file", info, typed=data.text, refused=said)
    except Troubled as trouble:
        return automation_template(desk, "file", info, typed=data.text, refused=trouble.say, troubles=trouble.checked.wrong)
    except Refused as refusal:
        return automation_template(desk, "file", info, typed=data.text, refused=refusal.say)
    return back_to(HERE, view="rules", shop=shop_id, done="file")


@post("/shops/{shop_id:int}/automation/{rule_no:int}/level", sync_to_thread=True, status_code=200)
def put_rule_level(desk: AtDesk, shop_id: FromPath[int], rule_no: FromPath[int], data: URLEncodedBody[RuleLevelForm]) -> Template | Redirect:
    """Switches a rule on or off."""
    shop = shop_number(shop_id)
    desk.by.need(Permission.ACTS_WRITE, shop)
    if data.level is not RuleLevel.OFF:
        need_recent(desk.request)
    try:
        set_level(desk.house, desk.by, shop, rule_no, data.level, desk.now)
    except Troubled as trouble:
        return rule_template(desk, shop, rule_no, None, refused=trouble.say)
    return back_to(f"/shops/{shop_id}/automation/{rule_no}", done="level")


@post("/shops/{shop_id:int}/automation/{rule_no:int}/release", sync_to_thread=True)
def release_held(desk: AtDesk, shop_id: FromPath[int], rule_no: FromPath[int]) -> Redirect:
    """Lets a held rule go on."""
    desk.by.need(Permission.ACTS_WRITE, shop_number(shop_id))
    need_recent(desk.request)
    release_rule(desk.house, desk.by, shop_number(shop_id), rule_no, desk.now)
    return back_to(f"/shops/{shop_id}/automation/{rule_no}", done="released")


@post("/shops/{shop_id:int}/automation/{rule_no:int}/owner", sync_to_thread=True)
def put_rule_owner(desk: AtDesk, shop_id: FromPath[int], rule_no: FromPath[int], data: URLEncodedBody[OwnerForm]) -> Redirect:
    """Keeps who answers for a rule."""
    owner = number_in(data.owner)
    if owner is None:
        raise Refused(say("This form is out of date. Load the page again."))
    set_owner(desk.house, desk.by, shop_number(shop_id), rule_no, PersonId(owner))
    return back_to(f"/shops/{shop_id}/automation/{rule_no}", done="kept")


@post("/shops/{shop_id:int}/automation/{rule_no:int}/removal", sync_to_thread=True)
def drop_rule(desk: AtDesk, shop_id: FromPath[int], rule_no: FromPath[int]) -> Redirect:
    """Takes a rule away."""
    remove_rule(desk.house, desk.by, shop_number(shop_id), rule_no, desk.now)
    return back_to(HERE, view="rules", shop=shop_id, done="removed")


@post("/shops/{shop_id:int}/automation/{rule_no:int}/cases", sync_to_thread=True, status_code=200)
def put_golden_case(desk: AtDesk, shop_id: FromPath[int], rule_no: FromPath[int], data: URLEncodedBody[CaseForm]) -> Template | Redirect:
    """Keeps the rule with one golden case more, made of what really was."""
    shop = desk.by.need(Permission.ACTS_WRITE, shop_number(shop_id))
    _ask_again_of_working(desk, shop, (), rule_no)
    picked = Picked(no=data.no, firing_no=number_in(data.firing), then=bool(data.then))
    if data.fires not in ("yes", "no"):
        raise Refused(say("This form is out of date. Load the page again."))
    try:
        kept = add_case(desk.house, desk.by, shop, rule_no, picked, fires=data.fires == "yes", says=data.says, now=desk.now)
    except Refused as refusal:
        return rule_template(desk, shop, rule_no, None, refused=refusal.say)
    return back_to(f"/shops/{shop_id}/automation/{rule_no}", done="kept_off" if kept.was_switched_off else "case")


@post("/shops/{shop_id:int}/firings/{firing_no:int}", sync_to_thread=True)
def decide_firing(desk: AtDesk, shop_id: FromPath[int], firing_no: FromPath[int], data: URLEncodedBody[DecideForm]) -> Redirect:
    """Does what a rule suggested, or leaves it."""
    shop = shop_number(shop_id)
    if data.do == "do":
        do_suggested(desk.house, desk.by, shop, firing_no, desk.now)
    elif data.do == "leave":
        leave_suggested(desk.house, desk.by, shop, firing_no, desk.now)
    else:
        raise Refused(say("This form is out of date. Load the page again."))
    return back_to(own_path(data.back, f"{HERE}?view=waiting&shop={shop_id}"), done="did" if data.do == "do" else "left")
