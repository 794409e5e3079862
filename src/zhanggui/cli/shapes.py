"""The JSON that commands write, one Struct for each shape; docs/commands.md shows them all."""

from datetime import datetime

import msgspec

from zhanggui.actions.views import BatchView, Examples, QuarantineRow, Refusal, TableSeen, TodoItem
from zhanggui.cli.moments import utc, utc_or_none
from zhanggui.core.deadlines import Deadline, Explanation
from zhanggui.core.facts import Place
from zhanggui.core.say import Say
from zhanggui.words import Catalog


class PlaceShape(msgspec.Struct, frozen=True):
    """Where in a file something stands; rows count from 1 at the top of the file."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None


class RefusalShape(msgspec.Struct, frozen=True):
    """A row that was not taken, and why."""

    place: PlaceShape
    reason: str


class ChangeShape(msgspec.Struct, frozen=True):
    """One field of one row that reads differently now."""

    key: str
    field: str
    before: str | None
    after: str | None


class KindShape(msgspec.Struct, frozen=True):
    """What an import did to the rows of one kind."""

    new: int
    changed: int
    unchanged: int
    refused: int
    older: int
    new_keys: tuple[str, ...]
    changes: tuple[ChangeShape, ...]


class TableShape(msgspec.Struct, frozen=True):
    """One table of a file, as it was recognised."""

    file: str
    sheet: str | None
    kind: str | None
    profile: str | None
    rows: int
    used: dict[str, str]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    note: str | None


class StateChangeShape(msgspec.Struct, frozen=True):
    """How many orders moved from one state to another."""

    before: str
    after: str
    orders: int


class BatchShape(msgspec.Struct, frozen=True, kw_only=True):
    """One import, before or after it was confirmed. The counts are sums over `kinds`."""

    shop: str
    batch: int
    state: str
    as_of: datetime | None
    as_of_source: str | None
    new: int
    changed: int
    unchanged: int
    refused: int
    older: int
    kinds: dict[str, KindShape]
    refusals: tuple[RefusalShape, ...]
    refusals_left_off: int
    state_changes: tuple[StateChangeShape, ...]
    already_imported: tuple[str, ...]
    tables: tuple[TableShape, ...]
    waiting_in_quarantine: int
    made_at: datetime | None
    made_by: str | None
    problem: str | None
    reasons: tuple[str, ...] = ()
    """Why the import as a whole was not taken."""
    doubts: tuple[str, ...] = ()
    """What should have made a person look twice before it was confirmed."""


class DeadlineShape(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation: until when, counted from what, by which rule, and what missing it costs."""

    subject: str
    no: str
    kind: str
    state: str
    counts_from: str
    started_at: datetime
    due_at: datetime
    due_source: str
    rule: str
    basis: str
    at_risk_fen: int
    risk_rule: str | None
    closed_at: datetime | None
    because: str | None


class StepShape(msgspec.Struct, frozen=True):
    """One step of an explanation."""

    said: str
    cites: str | None


class ExplainedShape(msgspec.Struct, frozen=True):
    """A deadline and how it came about."""

    deadline: DeadlineShape
    steps: tuple[StepShape, ...]


class MessageShape(msgspec.Struct, frozen=True):
    """A message drafted for the buyer."""

    script: str
    zh: str
    en: str


class TodoShape(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do: how urgent, what it costs to leave it, the next step and its reasons."""

    rank: int
    band: str
    order_no: str | None
    title: str | None
    deadline: DeadlineShape
    seconds_left: int
    expected_loss_fen: int
    act: str
    confirm: bool
    """Whether a person has something to do; false where it only has to be watched."""
    next_step: str
    because: tuple[str, ...]
    check: tuple[str, ...]
    cites: tuple[str, ...]
    message: MessageShape | None
    runner_up: str | None
    data_as_of: datetime
    data_is_stale: bool
    mark: str | None
    assignee: str | None
    link: str | None


def place_shape(place: Place) -> PlaceShape:
    """The place as JSON."""
    return PlaceShape(file=place.file, sheet=place.sheet, row=place.row, column=place.column)


def refusal_shape(refusal: Refusal | QuarantineRow, catalog: Catalog) -> RefusalShape:
    """The refused row as JSON."""
    return RefusalShape(place=place_shape(refusal.place), reason=catalog.render(refusal.reason))


def batch_shape(
    batch: BatchView, refusals: tuple[Refusal | QuarantineRow, ...], catalog: Catalog, *, reasons: tuple[str, ...] = (), doubts: tuple[Say, ...] = ()
) -> BatchShape:
    """The import as JSON, with the refused rows at hand."""
    refused = sum(result.refused for result in batch.results)
    return BatchShape(
        shop=batch.shop_name,
        batch=batch.batch_id,
        state=batch.state,
        as_of=utc_or_none(batch.as_of),
        as_of_source=batch.as_of_source,
        new=sum(result.new for result in batch.results),
        changed=sum(result.changed for result in batch.results),
        unchanged=sum(result.unchanged for result in batch.results),
        refused=refused,
        older=sum(result.older for result in batch.results),
        kinds={result.kind.value: _kind_shape(result) for result in batch.results},
        refusals=tuple(refusal_shape(refusal, catalog) for refusal in refusals),
        refusals_left_off=max(0, refused - len(refusals)),
        state_changes=tuple(StateChangeShape(before=before, after=after, orders=orders) for before, after, orders in batch.state_changes),
        already_imported=batch.already_imported,
        tables=tuple(_table_shape(table, catalog) for table in batch.tables),
        waiting_in_quarantine=batch.waiting_in_quarantine,
        made_at=utc_or_none(batch.made_at),
        made_by=batch.made_by_name,
        problem=None if batch.problem is None else catalog.render(batch.problem),
        reasons=reasons,
        doubts=tuple(catalog.render(doubt) for doubt in doubts),
    )


def _kind_shape(result: Examples) -> KindShape:
    changes = tuple(ChangeShape(key=change.key, field=field, before=before, after=after) for change in result.changes for field, before, after in change.fields)
    return KindShape(
        new=result.new,
        changed=result.changed,
        unchanged=result.unchanged,
        refused=result.refused,
        older=result.older,
        new_keys=result.new_keys,
        changes=changes,
    )


def _table_shape(table: TableSeen, catalog: Catalog) -> TableShape:
    return TableShape(
        file=table.file,
        sheet=table.sheet,
        kind=None if table.kind is None else table.kind.value,
        profile=table.profile,
        rows=table.rows,
        used=dict(table.used),
        unknown=table.unknown,
        missing=table.missing,
        note=None if table.note is None else catalog.render(table.note),
    )


def deadline_shape(deadline: Deadline, catalog: Catalog) -> DeadlineShape:
    """The deadline as JSON."""
    return DeadlineShape(
        subject=deadline.subject.kind.value,
        no=deadline.subject.no,
        kind=deadline.kind.value,
        state=deadline.state.value,
        counts_from=deadline.counts_from,
        started_at=utc(deadline.started_at),
        due_at=utc(deadline.due_at),
        due_source=deadline.due_source.value,
        rule=deadline.rule,
        basis=deadline.basis.value,
        at_risk_fen=deadline.at_risk,
        risk_rule=deadline.risk_rule,
        closed_at=utc_or_none(deadline.closed_at),
        because=None if deadline.because is None else catalog.render(deadline.because),
    )


def explained_shape(explanation: Explanation, catalog: Catalog) -> ExplainedShape:
    """The explanation as JSON."""
    return ExplainedShape(
        deadline=deadline_shape(explanation.deadline, catalog),
        steps=tuple(StepShape(said=catalog.render(step.say), cites=step.cites) for step in explanation.steps),
    )


def todo_shape(item: TodoItem, rank: int, now: datetime, catalog: Catalog) -> TodoShape:
    """The to-do as JSON."""
    verdict, mark = item.verdict, item.mark
    return TodoShape(
        rank=rank,
        band=item.band.name.lower(),
        order_no=item.deadline.order_no,
        title=item.title,
        deadline=deadline_shape(item.deadline, catalog),
        seconds_left=int((item.deadline.due_at - now).total_seconds()),
        expected_loss_fen=item.expected_loss,
        act=verdict.act.value,
        confirm=verdict.confirm,
        next_step=catalog.render(verdict.headline),
        because=tuple(catalog.render(reason) for reason in verdict.because),
        check=tuple(catalog.render(reason) for reason in verdict.check),
        cites=verdict.cites,
        message=None if verdict.message is None else MessageShape(script=verdict.message.script, zh=verdict.message.zh, en=verdict.message.en),
        runner_up=None if verdict.runner_up is None else verdict.runner_up.value,
        data_as_of=utc(item.data_as_of),
        data_is_stale=item.data_is_stale,
        mark=None if mark is None else mark.mark,
        assignee=None if mark is None else mark.assignee_name,
        link=item.link,
    )
