"""What is known now of every thing: the fold of its sightings, one module per kind."""

from typing import Any

from zhanggui.core.facts import FactKind
from zhanggui.records.facts import aftersales, bill_lines, messages, order_lines, orders, payments, reviews, scans, skus
from zhanggui.records.facts.table import Table

TABLES: dict[FactKind, Table[Any]] = {
    module.TABLE.kind: module.TABLE for module in (skus, order_lines, payments, bill_lines, reviews, scans, messages, aftersales, orders)
}
"""The table of each kind, in the order in which a chunk of sightings is taken: orders last, so that their deadlines see what came with them."""
