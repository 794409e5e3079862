"""The to-dos to top up accounts, kept in step with what is left in them."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.reckoning import Computed, Reckoning
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.waybills.accounts import forecasts
from zhanggui.core.clocks.topping_up import top_up_deadline
from zhanggui.core.deadlines import DeadlineKind, DeadlineState, Subject, SubjectKind
from zhanggui.people.permissions import ShopId
from zhanggui.records import deadlines, waybill_accounts
from zhanggui.records.db import Tx


def reckon_top_ups(tx: Tx, house: House, shop_id: ShopId, now: datetime) -> None:
    """Makes the to-dos of the shop what its accounts say; there is none for one that lasts."""
    every = {str(row.account_no) for row in waybill_accounts.of_shop(tx, shop_id)}
    if not every:
        return
    reckoning = Reckoning(tx, shop_id, rulebook_in(tx, house, shop_id), now)
    computed: Computed = []
    for row, forecast, told_at in forecasts(tx, shop_id, now):
        name = " ".join(part for part in (row.carrier, row.branch_name) if part)
        stands = deadlines.one(tx, shop_id, Subject(SubjectKind.WAYBILL_ACCOUNT, str(row.account_no)), DeadlineKind.TOP_UP)
        stands_due = None if stands is None or stands.state != DeadlineState.OPEN else stands.due_at
        deadline = top_up_deadline(row.account_no, name, forecast, told_at, now, reckoning.rulebook, stands_due=stands_due)
        if deadline is not None:
            computed.append((deadline, told_at))
    reckoning.store(computed, {SubjectKind.WAYBILL_ACCOUNT.value: every})
    reckoning.finish()
