"""A rule as a form: rows of conditions, deeds and golden cases. What a form says and what a file says are the same rule; sums are typed in yuan."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import zip_longest
from typing import Any

import msgspec

from zhanggui.actions.refused import Refused
from zhanggui.core.automation.checking import MOST_ALTERNATIVES
from zhanggui.core.automation.conditions import words_of
from zhanggui.core.automation.facts import FACTS, TRIGGERS
from zhanggui.core.automation.rules import AutoRule, Clause, Deed, DeedKind, GoldenCase
from zhanggui.core.automation.values import COUNTED, Value, ValueKind
from zhanggui.core.cases.guided import StepKind
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.money import Fen, NotMoney, fen_from_yuan, yuan
from zhanggui.core.say import say
from zhanggui.workbench.automation.wording import PLAIN, Wording

_SHOWN = 60
_YES, _NO = frozenset({"yes", "true", "是", "1"}), frozenset({"no", "false", "否", "0"})
GROUPS = tuple(str(number) for number in range(1, MOST_ALTERNATIVES + 1))
"""The alternatives of a rule as the form names them."""
BLANK_ROWS = 2
"""So many empty rows stand below the filled ones."""


class Op(StrEnum):
    """How a condition compares."""

    IS = "op_is"
    NOT = "op_not"
    LEAST = "op_least"
    MOST = "op_most"
    BETWEEN = "op_between"
    HAS = "op_has"
    LACKS = "op_lacks"


class Row(msgspec.Struct, frozen=True):
    """A condition as it is typed."""

    fact: str = ""
    op: str = Op.IS
    value: str = ""
    group: str = ""
    """The alternative it is part of; empty: it must hold in any case."""


class DeedRow(msgspec.Struct, frozen=True):
    """A deed as it is typed."""

    act: str = ""
    text: str = ""
    step: str = ""
    to: str = ""


class CaseRow(msgspec.Struct, frozen=True):
    """A golden case as it is typed: a fact a line."""

    says: str = ""
    fires: str = "yes"
    on: str = ""
    facts: str = ""
    advise: str = ""
    """A case as `zhanggui advise` reads it, as JSON; it is written in a file, and kept here."""


Many = list[str] | str


class RuleForm(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is typed; the columns of a row come as lists of equal length."""

    id: str = ""
    version: str = ""
    """The version that is changed; blank where the rule is new."""
    title: str = ""
    on: Many = ""
    note: str = ""
    gives_way_to: Many = ""
    """Ids of rules: ticked ones, or typed and parted by commas."""
    a_day: str = "20"
    money_a_day: str = "200.00"
    fact: Many = ""
    op: Many = ""
    value: Many = ""
    group: Many = ""
    act: Many = ""
    text: Many = ""
    step: Many = ""
    to: Many = ""
    says: Many = ""
    fires: Many = ""
    case_on: Many = ""
    facts: Many = ""
    advise: Many = ""

    @property
    def todos(self) -> tuple[str, ...]:
        """The to-dos that were ticked."""
        return tuple(each for each in _listed(self.on) if each)

    @property
    def ways(self) -> tuple[str, ...]:
        """The rules to which it gives way."""
        return tuple(part.strip() for told in _listed(self.gives_way_to) for part in told.replace("，", ",").split(",") if part.strip())

    @property
    def conditions(self) -> tuple[Row, ...]:
        """The conditions, and empty ones to fill."""
        told = _together(self.fact, self.op, self.value, self.group)
        rows = [Row(fact, op or Op.IS, value, group) for fact, op, value, group in told if fact or value.strip()]
        return (*rows, *(Row() for _ in range(BLANK_ROWS)))

    @property
    def groups(self) -> frozenset[str]:
        """The alternatives that are used."""
        return frozenset(row.group for row in self.conditions if row.group)

    @property
    def deeds(self) -> tuple[DeedRow, ...]:
        """The deeds, and an empty one to fill."""
        rows = [DeedRow(act, text, step, to) for act, text, step, to in _together(self.act, self.text, self.step, self.to) if act]
        return (*rows, DeedRow())

    @property
    def cases(self) -> tuple[CaseRow, ...]:
        """The golden cases, and an empty one to fill."""
        told = _together(self.says, self.fires, self.case_on, self.facts, self.advise)
        rows = [CaseRow(says, fires or "yes", on, facts, advise) for says, fires, on, facts, advise in told if says.strip() or facts.strip() or advise.strip()]
        return (*rows, CaseRow(), CaseRow(fires="no"))


def form_of(rule: AutoRule, wording: Wording = PLAIN) -> RuleForm:
    """The rule as it stands in the form."""
    told = enumerate((rule.when, *rule.either))
    rows = [row for number, box in told for name, clause in box.items() for row in _rows(name, clause, str(number or ""), wording)]
    return RuleForm(
        id=rule.id,
        title=rule.title,
        on=[kind.value for kind in rule.on],
        note=rule.note,
        gives_way_to=list(rule.gives_way_to),
        a_day=str(rule.a_day),
        money_a_day=yuan(rule.money_a_day),
        fact=[row.fact for row in rows],
        op=[row.op for row in rows],
        value=[row.value for row in rows],
        group=[row.group for row in rows],
        act=[deed.act.value for deed in rule.do],
        text=[deed.text for deed in rule.do],
        step=["" if deed.step is None else deed.step.value for deed in rule.do],
        to=[deed.to for deed in rule.do],
        says=[case.says for case in rule.case],
        fires=["yes" if case.fires else "no" for case in rule.case],
        case_on=["" if case.on is None else case.on.value for case in rule.case],
        facts=[told_facts(case.facts, wording) for case in rule.case],
        advise=[msgspec.json.encode(case.advise).decode() if case.advise else "" for case in rule.case],
    )


def rule_of(form: RuleForm, wording: Wording = PLAIN) -> AutoRule:
    """The rule that the form says. Raises Refused for what cannot be read; whether the rule makes sense is asked elsewhere."""
    conditions = [row for row in form.conditions if row.fact]
    groups = sorted({row.group for row in conditions if row.group})
    if not set(groups) <= set(GROUPS):
        raise Refused(say("This form is out of date. Load the page again."))
    return AutoRule(
        id=form.id.strip(),
        title=form.title.strip(),
        on=tuple(_todo(each) for each in form.todos),
        when=_clauses([row for row in conditions if not row.group], wording),
        either=tuple(_clauses([row for row in conditions if row.group == group], wording) for group in groups),
        do=tuple(_deed(row) for row in form.deeds if row.act),
        gives_way_to=form.ways,
        a_day=_number(form.a_day),
        money_a_day=_fen(form.money_a_day),
        case=tuple(_case(row, wording) for row in form.cases if row.says.strip() or row.facts.strip() or row.advise.strip()),
        note=form.note.strip(),
    )


def told_facts(facts: Mapping[str, Value], wording: Wording) -> str:
    """Facts as they are typed, one a line."""
    return "\n".join(f"{wording.title(name)} = {shown_value(name, value, wording)}" for name, value in facts.items())


def shown_value(name: str, value: Value | None, wording: Wording = PLAIN) -> str:
    """A value as it is typed: sums in yuan, yes and no and the words of a list in the reader's language."""
    if isinstance(value, bool):
        return wording.yes if value else wording.no
    fact = FACTS.get(name)
    if fact is not None and fact.kind is ValueKind.MONEY and isinstance(value, int):
        return yuan(Fen(value))
    return "" if value is None else wording.word(name, str(value))


def _rows(name: str, clause: Clause, group: str, wording: Wording) -> Iterator[Row]:
    if isinstance(clause.is_, bool):
        yield Row(name, Op.IS, shown_value(name, clause.is_, wording), group)
    for op, words in ((Op.IS, clause.is_), (Op.NOT, clause.not_), (Op.HAS, clause.has), (Op.LACKS, clause.lacks)):
        if words is not None and not isinstance(words, bool):
            yield Row(name, op, " | ".join(wording.word(name, each) for each in words_of(words)), group)
    bounds = [shown_value(name, each) for each in (clause.least, clause.most) if each is not None]
    if bounds:
        op = Op.BETWEEN if len(bounds) > 1 else Op.MOST if clause.least is None else Op.LEAST
        yield Row(name, op, " … ".join(bounds), group)


def _clauses(rows: Sequence[Row], wording: Wording) -> dict[str, Clause]:
    """What each fact must be; words that a text shall hold and words that it shall not stand in two rows."""
    found: dict[str, Clause] = {}
    for row in rows:
        clause, before = _clause(row, wording), found.get(row.fact)
        if before is not None and not (_only(before, "has", "lacks") and _only(clause, "has", "lacks") and (before.has is None) is not (clause.has is None)):
            raise Refused(say("Each fact stands once among what must hold, and once in each alternative."))
        found[row.fact] = clause if before is None else Clause(has=before.has or clause.has, lacks=before.lacks or clause.lacks)
    return found


def _only(clause: Clause, *fields: str) -> bool:
    return all(getattr(clause, field) is None for field in clause.__struct_fields__ if field not in fields)


def _clause(row: Row, wording: Wording) -> Clause:
    fact = FACTS.get(row.fact)
    if fact is None:
        raise Refused(say("There is no fact {name}; `zhanggui automation facts` lists them.", name=row.fact[:_SHOWN]))
    text = row.value.strip().replace("｜", "|")
    if fact.kind is ValueKind.FLAG:
        return Clause(is_=bool(_value(row.fact, text, wording)))
    if fact.kind in COUNTED:
        return _bounds(row, text)
    told = tuple(wording.meaning(row.fact, part.strip()) for part in text.split("|") if part.strip())
    if not told:
        raise Refused(say("{name}: say what it shall be.", name=wording.title(row.fact)))
    words: str | tuple[str, ...] = told[0] if len(told) == 1 else told
    match row.op:
        case Op.NOT:
            return Clause(not_=words)
        case Op.HAS:
            return Clause(has=words)
        case Op.LACKS:
            return Clause(lacks=words)
        case _:
            return Clause(is_=words)


def _bounds(row: Row, text: str) -> Clause:
    parts = [part.strip() for part in text.replace("...", "…").split("…")]
    if row.op == Op.BETWEEN and len(parts) == 2:
        return Clause(least=_whole(row.fact, parts[0]), most=_whole(row.fact, parts[1]))
    if not text:
        raise Refused(say("{name}: say what it shall be.", name=row.fact))
    number = _whole(row.fact, text)
    if row.op == Op.LEAST:
        return Clause(least=number)
    if row.op == Op.MOST:
        return Clause(most=number)
    return Clause(least=number, most=number)


def _whole(name: str, text: str) -> int:
    found = _value(name, text)
    return found if isinstance(found, int) else 0


def _value(name: str, text: str, wording: Wording = PLAIN) -> Value:
    """What was typed as a value of the fact. Raises Refused."""
    fact = FACTS.get(name)
    if fact is None:
        raise Refused(say("There is no fact {name}; `zhanggui automation facts` lists them.", name=name[:_SHOWN]))
    if fact.kind is ValueKind.FLAG:
        yes, no = _YES | {wording.yes}, _NO | {wording.no}
        if text.lower() in yes | no:
            return text.lower() in yes
        raise Refused(say("{name} is yes or no: type yes or no.", name=wording.title(name)))
    if fact.kind is ValueKind.MONEY:
        return _fen(text)
    if fact.kind in COUNTED:
        return _number(text)
    return wording.meaning(name, text)


def _number(text: str) -> int:
    bare = text.strip()
    if not bare.removeprefix("-").isdecimal() or len(bare) > 9:
        raise Refused(say("{typed} is not a whole number.", typed=text[:_SHOWN]))
    return int(bare)


def _fen(text: str) -> Fen:
    try:
        return fen_from_yuan(text)
    except NotMoney:
        raise Refused(say("{typed} is not an amount of money.", typed=text[:_SHOWN])) from None


def _todo(text: str) -> DeadlineKind:
    found = next((kind for kind in TRIGGERS if kind.value == text), None)
    if found is None:
        raise Refused(say("This form is out of date. Load the page again."))
    return found


def _deed(row: DeedRow) -> Deed:
    kind = next((each for each in DeedKind if each.value == row.act), None)
    if kind is None or (row.step and row.step not in set(StepKind)):
        raise Refused(say("This form is out of date. Load the page again."))
    step = StepKind(row.step) if row.step and kind is DeedKind.STEP else None
    return Deed(act=kind, text=row.text.strip(), step=step, to=row.to.strip() if kind is DeedKind.ASSIGN else "")


def _case(row: CaseRow, wording: Wording) -> GoldenCase:
    facts: dict[str, Value] = {}
    for line in row.facts.splitlines():
        if line.strip():
            typed, equals, text = line.partition("=")
            name = wording.name(typed.strip())
            if not equals:
                raise Refused(say("A golden case tells a fact a line, such as amount = 9.00: {typed}", typed=line[:_SHOWN]))
            facts[name] = _value(name, text.strip(), wording)
    try:
        advise: dict[str, Any] = msgspec.json.decode(row.advise, type=dict[str, Any]) if row.advise.strip() else {}
    except msgspec.MsgspecError:
        raise Refused(say("This form is out of date. Load the page again.")) from None
    return GoldenCase(says=row.says.strip(), fires=row.fires != "no", on=_todo(row.on) if row.on else None, facts=facts, advise=advise)


def _listed(told: Many) -> Sequence[str]:
    return [told] if isinstance(told, str) else told


def _together(*columns: Many) -> Iterator[tuple[str, ...]]:
    yield from zip_longest(*(_listed(column) for column in columns), fillvalue="")
