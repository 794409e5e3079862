"""Tryton's side: sales taken in, shipped and listed through its own client library, one after the other. Run by its own Python; the address of an
empty database server is in PEER_DATABASE, how many orders in PEER_COUNT. Prints one JSON object.
"""

import json
import os
import time
from decimal import Decimal

COUNT = int(os.environ["PEER_COUNT"])
SOCKET, _, USER = os.environ["PEER_DATABASE"].split("|")
NAME = "tryton"
os.environ.update(DB_NAME=NAME, TRYTOND_DATABASE_URI="postgresql://", PGHOST=SOCKET, PGUSER=USER)

from proteus import Model  # noqa: E402 - the address has to be known first
from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, get_accounts  # noqa: E402
from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences  # noqa: E402
from trytond.modules.company.tests.tools import create_company  # noqa: E402
from trytond.tests.tools import activate_modules  # noqa: E402


def main() -> None:
    """Takes sales in, ships them, and asks for the list of them."""
    activate_modules("sale", create_company, create_chart)
    fiscal_year = set_fiscalyear_invoice_sequences(create_fiscalyear())
    fiscal_year.click("create_period")
    accounts = get_accounts()
    category = Model.get("product.category")(name="nuts", accounting=True)
    category.account_expense, category.account_revenue = accounts["expense"], accounts["revenue"]
    category.save()
    (unit,) = Model.get("product.uom").find([("name", "=", "Unit")])
    products = [product(number, unit, category) for number in range(20)]
    buyer = Model.get("party.party")(name="W*")
    buyer.save()

    began = time.perf_counter()
    sales = [sold(number, products, buyer) for number in range(COUNT)]
    taken = COUNT / (time.perf_counter() - began)

    began = time.perf_counter()
    for number, sale in enumerate(sales):
        shipped(sale, number)
    sent = COUNT / (time.perf_counter() - began)

    listed = []
    for _ in range(12):
        began = time.perf_counter()
        page = Model.get("sale.sale").find([("state", "=", "processing")], limit=50, order=[("id", "DESC")])
        shown = [(sale.number, sale.party.name, sale.sale_date, sale.total_amount, sale.shipment_state) for sale in page]
        listed.append(time.perf_counter() - began)
        assert len(shown) == min(50, COUNT), len(shown)
    print(json.dumps({"taken": taken, "shipped": sent, "list_ms": sorted(listed)[len(listed) // 2] * 1000}))


def product(number: int, unit: object, category: object) -> object:
    """One thing to sell."""
    template = Model.get("product.template")(name=f"Nuts {number}", default_uom=unit, type="goods", salable=True, list_price=Decimal("19.90"))
    template.account_category = category
    template.save()
    (made,) = template.products
    return made


def sold(number: int, products: list, buyer: object) -> object:
    """One sale of two products, confirmed."""
    sale = Model.get("sale.sale")(party=buyer, invoice_method="manual", reference=f"26{number:09d}")
    for offset, quantity in ((0, 1), (7, 2)):
        line = sale.lines.new(product=products[(number + offset) % 20])
        line.quantity = float(quantity)
    sale.click("quote")
    sale.click("confirm")
    return sale


def shipped(sale: object, number: int) -> None:
    """Its parcel is picked without asking the stock, packed and sent with a tracking number."""
    (shipment,) = sale.shipments
    shipment.reference = f"YT{number:013d}"
    shipment.click("assign_force")
    shipment.click("pick")
    shipment.click("pack")
    shipment.click("do")


main()
