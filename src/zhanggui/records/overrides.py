"""A shop's own rules, laid over the rulebook."""

from datetime import datetime

from zhanggui.records.db import Tx

OF_SHOP = "select rule::text from rule_overrides where shop_id = %(shop_id)s order by rule_id, version"
PUT = """
    insert into rule_overrides (shop_id, rule_id, version, rule, made_by, made_at)
    values (%(shop_id)s, %(rule_id)s, %(version)s, %(rule)s, %(made_by)s, %(made_at)s)
    on conflict (shop_id, rule_id, version) do update set rule = excluded.rule, made_by = excluded.made_by, made_at = excluded.made_at
"""
REMOVE = "delete from rule_overrides where shop_id = %(shop_id)s and rule_id = %(rule_id)s and version = %(version)s returning rule_id"


def of_shop(tx: Tx, shop_id: int) -> list[str]:
    """The shop's own rules, each as JSON of the same shape as a block of the rulebook."""
    return [rule for (rule,) in tx.execute(OF_SHOP, {"shop_id": shop_id})]


def put(tx: Tx, shop_id: int, rule_id: str, version: str, rule: str, made_by: int | None, made_at: datetime) -> None:
    """Keeps one rule of the shop's own."""
    tx.execute(PUT, {"shop_id": shop_id, "rule_id": rule_id, "version": version, "rule": rule, "made_by": made_by, "made_at": made_at})


def remove(tx: Tx, shop_id: int, rule_id: str, version: str) -> bool:
    """Whether there was such a rule; it is gone now."""
    return tx.execute(REMOVE, {"shop_id": shop_id, "rule_id": rule_id, "version": version}).fetchone() is not None
