"""What people wrote down of the shop's money."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class CostNoted(Entry, frozen=True):
    """Something given to a buyer was written down."""

    kind = "cost_noted"
    what: str
    cause: str
    fen: int

    def say(self) -> Say:
        return say("Given in after-sales: {what}, {amount_fen} ({cause}).", what=self.what, amount_fen=self.fen, cause=self.cause)


class CostTakenBack(Entry, frozen=True):
    """That was a mistake."""

    kind = "cost_taken_back"
    what: str
    fen: int

    def say(self) -> Say:
        return say("The entry {what}, {amount_fen} was taken back.", what=self.what, amount_fen=self.fen)


class CodeClassed(Entry, frozen=True):
    """The shop said what an unknown code of the bill is. `bill_class` None: it says so no more."""

    kind = "code_classed"
    code: str
    bill_class: str | None

    def say(self) -> Say:
        if self.bill_class is None:
            return say("What the code {code} of the bill is, the shop says no more.", code=self.code)
        return say("The code {code} of the bill counts as {bill_class}.", code=self.code, bill_class=self.bill_class)


class BalanceNoted(Entry, frozen=True):
    """The balance was read in the back office."""

    kind = "balance_noted"
    fen: int

    def say(self) -> Say:
        return say("The balance in the back office: {amount_fen}.", amount_fen=self.fen)


class WithdrawalMoved(Entry, frozen=True):
    """Money was asked to be paid out, or that ended."""

    kind = "withdrawal_moved"
    fen: int
    state: str

    def say(self) -> Say:
        return say("Withdrawal of {amount_fen}: {state}.", amount_fen=self.fen, state=self.state)


class HoldMoved(Entry, frozen=True):
    """Money was bound, or that ended."""

    kind = "hold_moved"
    what: str
    fen: int
    state: str

    def say(self) -> Say:
        return say("{what} of {amount_fen}: {state}.", what=self.what, amount_fen=self.fen, state=self.state)


class GoodsCostSet(Entry, frozen=True):
    """What goods cost the shop was typed or brought by a file."""

    kind = "goods_cost_set"
    skus: int

    def say(self) -> Say:
        return say("What {skus} SKUs cost was entered.", skus=self.skus)


class MoneySettingsSet(Entry, frozen=True):
    """The shop set its cap for one buyer, or how long money takes."""

    kind = "money_settings_set"

    def say(self) -> Say:
        return say("What the shop sets for its money was changed.")


OF_CASH = (BalanceNoted.kind, WithdrawalMoved.kind, HoldMoved.kind)
"""What tells sums of the Money page; only for whoever may see that."""
OF_COSTS = (CostNoted.kind, CostTakenBack.kind)
"""What tells what buyers were given; for whoever writes that down, too."""
