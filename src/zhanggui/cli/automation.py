"""`zhanggui automation`: the shop's own rules listed, checked, tried on the last month, kept from a file, written to one, and switched."""

import sys
from pathlib import Path

import click

from zhanggui import clock
from zhanggui.actions.automation.keeping import check_only, keep_rules, release_rule, remove_rule, set_level
from zhanggui.actions.automation.listing import firings_of, rule_of_id, rules_seen
from zhanggui.actions.automation.picking import Picked, add_case
from zhanggui.actions.automation.running import look_over
from zhanggui.actions.automation.settling import do_suggested, leave_suggested
from zhanggui.actions.automation.trying import try_rules
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.cli.automation_shapes import (
    ActShape,
    AutoRulesShape,
    ChecksShape,
    DecidedShape,
    FactShape,
    FactsShape,
    FiredShape,
    FiringsShape,
    KeptAllShape,
    KeptShape,
    LevelShape,
    checked_shape,
    dry_run_shape,
    firing_shape,
    rule_shape,
    seen_words,
)
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.core.automation.deeds import DEEDS
from zhanggui.core.automation.facts import FACTS
from zhanggui.core.automation.fired import FiringState
from zhanggui.core.automation.rules import AutoRule, RuleLevel
from zhanggui.core.automation.writing import MOST_BYTES, BadRules, read_rules, write_rules
from zhanggui.core.say import say
from zhanggui.people.permissions import ShopId

_RULES = click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True))
_RULE_ID = click.argument("rule_id", metavar="RULE")


@click.group("automation")
def automation() -> None:
    """Rules of the shop's own: if these facts hold, then these acts."""


@automation.command("list")
@shop_option
@with_desk
def list_rules(desk: Desk, shop_name: str) -> int:
    """List the shop's rules with their levels, and how often they fired."""
    with desk.house() as house:
        seen = rules_seen(house, desk.by, shop_of(house, desk.by, shop_name), clock.now())
    shown = tuple(rule_shape(desk, each) for each in seen)
    desk.document(AutoRulesShape(shown))
    if not shown:
        desk.line("The shop has no rule yet.")
    desk.lines(columns([(each.id, desk.catalog.word(f"level.{each.level}"), str(each.fired_lately), each.title) for each in shown]))
    return DONE


@automation.command("facts")
@with_desk
def facts(desk: Desk) -> int:
    """List the facts that a condition may ask, and what a rule may have done."""
    told = tuple(
        FactShape(
            name=fact.name,
            kind=fact.kind.value,
            about=tuple(sorted(each.value for each in fact.about)),
            words=fact.listed,
            source=fact.source,
            title=desk.said(fact.title),
        )
        for fact in FACTS.values()
    )
    acts = tuple(ActShape(each.kind.value, tuple(kind.value for kind in each.on), desk.said(each.title)) for each in DEEDS.values())
    desk.document(FactsShape(told, acts))
    desk.lines(columns([(each.name, desk.catalog.word(each.kind), each.title, " ".join(each.words)) for each in told]))
    desk.lines(columns([(each.name, each.title) for each in acts]))
    return DONE


@automation.command("check")
@_RULES
@shop_option
@with_desk
def check(desk: Desk, shop_name: str, file: Path) -> int:
    """Check the rules of FILE (TOML; - for stdin) by themselves, by their golden cases and beside those that are on; keep nothing."""
    rules = _read(file)
    with desk.house() as house:
        found = check_only(house, desk.by, shop_of(house, desk.by, shop_name), rules, clock.now())
    shown = tuple(checked_shape(desk, rule, each) for rule, each in zip(rules, found, strict=True))
    desk.document(ChecksShape(shown))
    for each in shown:
        desk.line("{rule}: nothing speaks against it." if each.may_be_on else "{rule}: it may not be switched on.", rule=each.id)
        desk.lines(f"  {trouble.where}  {trouble.says}" for trouble in (*each.wrong, *each.against))
    return DONE if all(each.may_be_on for each in shown) else REFUSED


@automation.command("dry-run")
@_RULES
@shop_option
@with_desk
def dry_run(desk: Desk, shop_name: str, file: Path) -> int:
    """Try the rules of FILE on the last month: on what they would have fired, the money, the measures; do and keep nothing."""
    rules = _read(file)
    with desk.house() as house:
        shop_id, now = shop_of(house, desk.by, shop_name), clock.now()
        for rule, checked in zip(rules, check_only(house, desk.by, shop_id, rules, now), strict=True):
            if not checked.may_be_kept:
                raise Refused(say("{rule} cannot be tried: {problem}", rule=rule.id, problem=desk.said(checked.wrong[0].say)))
        tried = try_rules(house, desk.by, shop_id, rules, now)
    desk.document(dry_run_shape(tried))
    for each in tried.rules:
        desk.line("{rule}: would have fired {n} times, on the busiest day {busiest}.", rule=each.rule, n=each.fires, busiest=each.busiest_day)
        if each.money:
            desk.line(
                "  It would have paid {money_fen}; of that {anyway_fen} was paid anyway, and {less_fen} was not.",
                money_fen=each.money,
                anyway_fen=each.paid_anyway,
                less_fen=each.not_paid,
            )
    return DONE


@automation.command("import")
@_RULES
@shop_option
@with_desk
def import_rules(desk: Desk, shop_name: str, file: Path) -> int:
    """Keep the rules of FILE, all of them or none: new ones are off, known ones get a version. A file switches nothing on."""
    rules = _read(file)
    with desk.house() as house:
        kept = keep_rules(house, desk.by, shop_of(house, desk.by, shop_name), rules, clock.now())
    shown = tuple(KeptShape(rule.id, each.version, each.is_new, each.was_switched_off) for rule, each in zip(rules, kept, strict=True))
    desk.document(KeptAllShape(shown))
    for each in shown:
        desk.line("{rule}: version {version}.", rule=each.id, version=each.version)
        if each.was_switched_off:
            desk.line("  It was switched off: something speaks against the new version.")
    return DONE


@automation.command("export")
@shop_option
@with_desk
def export_rules(desk: Desk, shop_name: str) -> int:
    """Write the shop's rules as a file to stdout."""
    with desk.house() as house:
        seen = rules_seen(house, desk.by, shop_of(house, desk.by, shop_name), clock.now())
    if desk.as_json:
        desk.document(AutoRulesShape(tuple(rule_shape(desk, each) for each in seen)))
    else:
        sys.stdout.write(write_rules(each.rule for each in seen))
    return DONE


@automation.command("level")
@_RULE_ID
@click.argument("level", type=click.Choice([level.value for level in RuleLevel]))
@shop_option
@with_desk
def level(desk: Desk, shop_name: str, rule_id: str, level: str) -> int:
    """Put a rule to off, suggest or act; on only where nothing speaks against it."""
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        set_level(house, desk.by, shop_id, _number(desk, house, shop_id, rule_id), RuleLevel(level), clock.now())
    desk.document(LevelShape(rule_id, level))
    desk.line("{rule} is now: {level}.", rule=rule_id, level=desk.catalog.word(f"level.{level}"))
    return DONE


@automation.command("release")
@_RULE_ID
@shop_option
@with_desk
def release(desk: Desk, shop_name: str, rule_id: str) -> int:
    """Let a rule go on that a brake or a check has held."""
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        release_rule(house, desk.by, shop_id, _number(desk, house, shop_id, rule_id), clock.now())
        seen = rule_of_id(house, desk.by, shop_id, rule_id, clock.now())
    desk.document(LevelShape(rule_id, "off" if seen is None else seen.level.value))
    desk.line("{rule} may go on.", rule=rule_id)
    return DONE


@automation.command("remove")
@_RULE_ID
@shop_option
@with_desk
def remove(desk: Desk, shop_name: str, rule_id: str) -> int:
    """Take a rule away; what it did stays."""
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        remove_rule(house, desk.by, shop_id, _number(desk, house, shop_id, rule_id), clock.now())
    desk.document(LevelShape(rule_id, "off"))
    desk.line("{rule} was removed.", rule=rule_id)
    return DONE


@automation.command("firings")
@shop_option
@with_desk
def firings(desk: Desk, shop_name: str) -> int:
    """List what fired, the newest first, each with the facts that were seen."""
    with desk.house() as house:
        page = firings_of(house, desk.by, shop_of(house, desk.by, shop_name))
    shown = tuple(firing_shape(desk, row) for row in page.firings)
    desk.document(FiringsShape(shown))
    if not shown:
        desk.line("No rule has fired yet.")
    desk.lines(columns([(f"#{each.number}", each.rule, each.no, desk.catalog.word(each.state), seen_words(each.facts)) for each in shown]))
    return DONE


@automation.command("case")
@_RULE_ID
@click.argument("fires", type=click.Choice(["fires", "not"]))
@click.option("--number", "no", metavar="NUMBER", default="", help="An order or a case, by its number.")
@click.option("--firing", "firing_no", type=click.IntRange(1), metavar="FIRING", help="A time it fired, by the number that `firings` shows.")
@click.option("--then", is_flag=True, help="Take the thing as it stood in the last month, not as it stands now.")
@click.option("--says", metavar="WORDS", default="", help="What the case is called; without it the number.")
@shop_option
@with_desk
def add_golden_case(desk: Desk, shop_name: str, rule_id: str, fires: str, no: str, firing_no: int | None, then: bool, says: str) -> int:
    """Give RULE one golden case more, made of what really was: it should fire there, or it should not."""
    if bool(no.strip()) is (firing_no is not None):
        raise click.UsageError(desk.said(say("Give either --number or --firing.")))
    with desk.house() as house:
        shop_id, now = shop_of(house, desk.by, shop_name), clock.now()
        picked = Picked(no=no, firing_no=firing_no, then=then)
        kept = add_case(house, desk.by, shop_id, _number(desk, house, shop_id, rule_id), picked, fires=fires == "fires", says=says, now=now)
    desk.document(KeptShape(rule_id, kept.version, kept.is_new, kept.was_switched_off))
    desk.line("{rule}: version {version}.", rule=rule_id, version=kept.version)
    if kept.was_switched_off:
        desk.line("  It was switched off: something speaks against the new version.")
    return DONE


@automation.command("decide")
@click.argument("firing_no", metavar="FIRING", type=click.IntRange(1))
@click.argument("answer", type=click.Choice(["do", "leave"]))
@shop_option
@with_desk
def decide(desk: Desk, shop_name: str, firing_no: int, answer: str) -> int:
    """Do what a rule suggested, or leave it; FIRING is the number that `firings` shows."""
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        if answer == "do":
            do_suggested(house, desk.by, shop_id, firing_no, clock.now())
        else:
            leave_suggested(house, desk.by, shop_id, firing_no, clock.now())
    decided = FiringState.DONE if answer == "do" else FiringState.LEFT
    desk.document(DecidedShape(firing_no, decided.value))
    desk.line("Firing {n}: {state}.", n=firing_no, state=desk.catalog.word(decided.value))
    return DONE


@automation.command("run")
@shop_option
@with_desk
def run(desk: Desk, shop_name: str) -> int:
    """Let the shop's rules look over its open to-dos now, as the worker does every few seconds."""
    with desk.house() as house:
        fired = look_over(house, shop_of(house, desk.by, shop_name), clock.now(), clock.unwound())
    desk.document(FiredShape(fired))
    desk.line("Fired: {n}.", n=fired)
    return DONE


def _read(file: Path) -> tuple[AutoRule, ...]:
    """The rules in the file. Raises Refused."""
    try:
        text = sys.stdin.buffer.read(MOST_BYTES + 1) if str(file) == "-" else file.read_bytes()[: MOST_BYTES + 1]
        return read_rules(text)
    except OSError as problem:
        raise Refused(say("{file} cannot be read: {problem}", file=str(file), problem=problem.strerror or "")) from None
    except BadRules as problem:
        raise Refused(say("These are no rules: {problem}", problem=str(problem))) from None


def _number(desk: Desk, house: House, shop_id: ShopId, rule_id: str) -> int:
    seen = rule_of_id(house, desk.by, shop_id, rule_id, clock.now())
    if seen is None:
        raise Refused(say("There is no rule {rule} in this shop; `zhanggui automation list` shows them.", rule=rule_id[:80]))
    return seen.row.rule_no
