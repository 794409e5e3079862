"""The shapes that reads hand to pages, commands and the API. No decisions here."""

from datetime import date, datetime

import msgspec

from zhanggui.core.deadlines import Band, Deadline, Explanation, Subject
from zhanggui.core.facts import AftersaleFacts, BillLineFacts, FactKind, MessageFacts, OrderFacts, OrderLineFacts, PaymentFacts, Place, ReviewFacts, ScanFacts
from zhanggui.core.money import Fen
from zhanggui.core.say import Say
from zhanggui.core.verdicts import Verdict
from zhanggui.people.permissions import PersonId, ShopId


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What a person last said of a to-do."""

    mark_id: int
    mark: str
    reason: str
    until: datetime | None
    assignee: PersonId | None
    assignee_name: str | None
    made_by_name: str | None
    made_at: datetime
    outcome: str | None
    """None, `confirmed` or `contradicted` by a later import."""


class TodoItem(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the Today list."""

    shop_id: ShopId
    shop_name: str
    deadline: Deadline
    band: Band
    expected_loss: Fen
    """Money × chance × closeness, now."""
    verdict: Verdict
    title: str | None
    """The goods, for the eye."""
    buyer_masked: str | None
    pay_amount: Fen | None
    data_as_of: datetime
    data_is_stale: bool
    mark: Mark | None
    link: str | None = None
    """Deep link to the platform's own page, from configuration."""


class BandSum(msgspec.Struct, frozen=True):
    """How many to-dos stand in a band, and the money at risk in them."""

    band: Band
    deadlines: int
    at_risk: Fen


class TodayList(msgspec.Struct, frozen=True, kw_only=True):
    """The Today page: the sums of every band, the first items of each shown band, what an idle hour costs, and how old the data are."""

    now: datetime
    sums: tuple[BandSum, ...]
    lost_in_an_hour: Fen
    groups: tuple[tuple[Band, tuple[TodoItem, ...]], ...]
    more: tuple[tuple[Band, str], ...] = ()
    """The cursor that continues a band, for the bands that have more; pass it as `after` with that band alone."""
    ages: tuple["DataAge", ...]


class DataAge(msgspec.Struct, frozen=True):
    """How fresh one kind of fact is in one shop."""

    shop_id: ShopId
    shop_name: str
    kind: FactKind
    as_of: datetime
    is_stale: bool
    is_read: bool = False
    """Whether it is read from the platform, so that nobody need export it."""


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the Orders list."""

    shop_id: ShopId
    shop_name: str
    order: OrderFacts
    deadline: Deadline | None
    """The most urgent open one."""


class OrdersPage(msgspec.Struct, frozen=True):
    """A page of orders and the cursor of the next, None at the end."""

    rows: tuple[OrderRow, ...]
    next_cursor: str | None


class DayCount(msgspec.Struct, frozen=True):
    """Orders formed on one Shanghai day, and what buyers paid for them."""

    day: date
    orders: int
    paid: Fen


class StateCount(msgspec.Struct, frozen=True):
    """How many orders stand in a stage and refund state."""

    stage: str
    refund: str
    orders: int


class JournalEntry(msgspec.Struct, frozen=True):
    """One line of the journal, ready to be worded."""

    at: datetime
    kind: str
    by_name: str | None
    say: Say
    shop_id: ShopId | None = None
    subject: Subject | None = None
    """What it is about, where it is about one thing."""


class Note(msgspec.Struct, frozen=True):
    """A note a person left."""

    note_id: int
    text: str
    made_by_name: str | None
    made_at: datetime


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known of one order."""

    shop_id: ShopId
    shop_name: str
    order: OrderFacts
    as_of: datetime
    lines: tuple[OrderLineFacts, ...]
    payments: tuple[PaymentFacts, ...]
    cases: tuple[AftersaleFacts, ...]
    scans: tuple[ScanFacts, ...]
    reviews: tuple[ReviewFacts, ...]
    messages: tuple[MessageFacts, ...]
    """Empty for those without conversations:read."""
    bill: tuple[BillLineFacts, ...]
    """Empty for those without money:read."""
    todos: tuple[TodoItem, ...]
    """Open and unverified ones, most urgent first."""
    explanations: tuple[Explanation, ...]
    """Of every deadline, open or closed."""
    notes: tuple[Note, ...]
    journal: tuple[JournalEntry, ...]


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the After-sales list."""

    shop_id: ShopId
    shop_name: str
    case: AftersaleFacts
    deadline: Deadline | None


class CasesPage(msgspec.Struct, frozen=True):
    """A page of cases and the cursor of the next."""

    rows: tuple[CaseRow, ...]
    next_cursor: str | None


class Examples(msgspec.Struct, frozen=True, kw_only=True):
    """What confirming would do to the rows of one kind: counts, and a few rows of each sort."""

    kind: FactKind
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    older: int = 0
    """Rows that tell something older than what is known; kept, but they change nothing."""
    new_keys: tuple[str, ...] = ()
    changes: tuple["RowChange", ...] = ()
    refusals: tuple["Refusal", ...] = ()


class RowChange(msgspec.Struct, frozen=True):
    """What changes on one row: field, before, after, as text for the eye."""

    key: str
    fields: tuple[tuple[str, str | None, str | None], ...]


class Refusal(msgspec.Struct, frozen=True):
    """A row that was not taken, where it stands and why."""

    place: Place
    reason: Say


class TableSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One recognised table of a file: which columns are used, unknown, missing."""

    file: str
    sheet: str | None
    kind: FactKind | None
    """None when it is not recognised, or known and left aside."""
    profile: str | None
    used: tuple[tuple[str, str], ...] = ()
    """(header in the file, our field)."""
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    note: Say | None = None
    """The weightiest remark; `notes` holds all of them."""
    notes: tuple[Say, ...] = ()
    rows: int = 0


class BatchView(msgspec.Struct, frozen=True, kw_only=True):
    """One import: as a preview before it is confirmed, and as a record afterwards."""

    shop_id: ShopId
    shop_name: str
    batch_id: int
    state: str
    as_of: datetime | None
    as_of_source: str | None
    tables: tuple[TableSeen, ...]
    results: tuple[Examples, ...]
    state_changes: tuple[tuple[str, str, int], ...] = ()
    """(from, to, how many orders) of the status moves this import brings."""
    already_imported: tuple[str, ...] = ()
    """Names of files whose very bytes were imported before."""
    progress_done: int = 0
    progress_of: int | None = None
    problem: Say | None = None
    doubts: tuple[Say, ...] = ()
    """What should make a person look twice before they confirm it."""
    made_by_name: str | None = None
    made_at: datetime | None = None
    waiting_in_quarantine: int = 0


class QuarantineRow(msgspec.Struct, frozen=True, kw_only=True):
    """A refused row, as it stood, to be mended."""

    batch_id: int
    row_no: int
    place: Place
    kind: FactKind
    reason: Say
    cells: dict[str, str]


class Measure(msgspec.Struct, frozen=True):
    """A measure with what it was counted from. `value` is numerator / denominator, None without a denominator."""

    numerator: int
    denominator: int
    value: float | None
    rule: str
    unit: str = "rate"
    """What the value is: a rate, stars, a count, or mean_hours, whose numerator is in seconds."""
    since: date | None = None
    """The first Shanghai day that counts; None: all history."""
    until: date | None = None
    """The last one."""
    lag_days: int | None = None
    """How many days behind the platform shows it."""
