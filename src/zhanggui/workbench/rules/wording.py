"""A rule in words: its term, its amounts, what it counts from and to, whom it is for."""

from collections.abc import Iterator

import msgspec

from zhanggui.core.money import Fen
from zhanggui.core.rules import Amount, Bracket, Rule, Term
from zhanggui.core.say import Say, say


class RuleWords(msgspec.Struct, frozen=True):
    """The sentences that tell what a rule asks."""

    term: tuple[Say, ...]
    amount: tuple[Say, ...]


def worded(rule: Rule) -> RuleWords:
    """What the rule asks, in sentences."""
    return RuleWords(tuple(_term(rule.term)) if rule.term else (), tuple(_amount(rule.amount)) if rule.amount else ())


def _term(term: Term) -> Iterator[Say]:
    if term.field is not None:
        yield say("until {fields}", fields=term.field)
    match (term.days, term.hours, term.minutes):
        case (0, 0, 0):
            pass
        case (days, 0, 0):
            yield say("{n} days", n=days)
        case (0, hours, 0):
            yield say("{n} hours", n=hours)
        case (0, 0, minutes):
            yield say("{n} minutes", n=minutes)
        case (days, hours, minutes):
            yield say("{days} days {hours} hours {minutes} minutes", days=days, hours=hours, minutes=minutes)
    if term.end_of_day:
        yield say("until the end of that day")


def _amount(amount: Amount) -> Iterator[Say]:
    floor = Fen(0)
    for bracket in amount.brackets:
        yield _bracket(bracket, floor)
        floor = bracket.below_fen or floor


def _bracket(bracket: Bracket, floor: Fen) -> Say:
    if bracket.fixed_fen is not None:
        return _fixed(bracket, floor, bracket.fixed_fen)
    percent, least, most = bracket.percent or 0, bracket.min_fen, bracket.max_fen
    if bracket.below_fen is not None:
        if most is None:
            return say("below {below_fen}: {percent}%, at least {least_fen}", below_fen=bracket.below_fen, percent=percent, least_fen=least)
        return say("below {below_fen}: {percent}%, {least_fen} to {most_fen}", below_fen=bracket.below_fen, percent=percent, least_fen=least, most_fen=most)
    if floor:
        if most is None:
            return say("from {floor_fen}: {percent}%, at least {least_fen}", floor_fen=floor, percent=percent, least_fen=least)
        return say("from {floor_fen}: {percent}%, {least_fen} to {most_fen}", floor_fen=floor, percent=percent, least_fen=least, most_fen=most)
    if most is None:
        return say("{percent}%, at least {least_fen}", percent=percent, least_fen=least)
    return say("{percent}%, {least_fen} to {most_fen}", percent=percent, least_fen=least, most_fen=most)


def _fixed(bracket: Bracket, floor: Fen, fixed: Fen) -> Say:
    if bracket.below_fen is not None:
        return say("below {below_fen}: {fixed_fen}", below_fen=bracket.below_fen, fixed_fen=fixed)
    if floor:
        return say("from {floor_fen}: {fixed_fen}", floor_fen=floor, fixed_fen=fixed)
    return say("{fixed_fen} each", fixed_fen=fixed)
