"""The template of an account's labels is chosen among those the platform offers, and tried with a sample that names no order and takes no number."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.waybills.shapes import Label
from zhanggui.connectors.pdd.waybill import Template
from zhanggui.core.moments import in_shanghai
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import journal, shops, waybill_accounts
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.waybills import WaybillAccountSet


def sample_label(house: House, by: Person, shop_id: ShopId, account_no: int, now: datetime) -> Label:
    """A label for the component that holds nothing but the shop's name and the moment: of the shop's own area where the account has one, else of its template.

    It is no parcel's: nothing of it is kept, and nothing counts as printed. Raises Refused where no template is chosen.
    """
    by.need(Permission.WAYBILLS_TAKE, shop_id)
    with house.pool.connection() as tx:
        row = waybill_accounts.one(tx, shop_id, account_no)
        shop = shops.of_ids(tx, [shop_id])[0].name
    if row is None:
        raise NotAllowed(Permission.WAYBILLS_TAKE.value)
    template = row.custom_url or row.template_url
    if not template:
        raise Refused(say("No template is chosen for its labels. An owner can choose one on the Waybills page."))
    moment = f"{in_shanghai(now):%Y-%m-%d %H:%M}"
    contents = {"data": {"goods": f"{shop} 打印测试", "remark": moment}, "templateURL": template}
    return Label(document_id=f"zg-test-{account_no}-{int(now.timestamp())}", order_nos=(), contents=(msgspec.Raw(msgspec.json.encode(contents)),))


def choose_template(house: House, by: Person, shop_id: ShopId, account_no: int, template: Template, now: datetime) -> None:
    """Keeps the template of an account's labels; it is one of those the platform offers its carrier."""
    by.need(Permission.WAYBILLS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        row = waybill_accounts.locked(tx, shop_id, account_no)
        if row is None:
            raise NotAllowed(Permission.WAYBILLS_WRITE.value)
        waybill_accounts.save(tx, msgspec.structs.replace(row, template_url=template.url, template_name=template.name))
        journal.write(tx, shop_id, WaybillAccountSet(row.carrier, row.branch_name or "—"), at=now, by=by.person_id)

    transact(house.pool, work)
