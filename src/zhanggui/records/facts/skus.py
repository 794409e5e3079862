"""Variants of products as they were told; the columns are those by which orders find them."""

from zhanggui.core.facts import FactKind, SkuFacts
from zhanggui.records.facts.table import Column, Table

FETCH = "select facts::text, as_of from skus where shop_id = %(shop_id)s and sku_id = any(%(a)s)"
COPY_NEW = "copy skus (shop_id, sku_id, goods_id, outer_sku, as_of, facts) from stdin"
REMOVE = "delete from skus where shop_id = %(shop_id)s and sku_id = any(%(a)s)"
REFRESH = "update skus set as_of = %(as_of)s where shop_id = %(shop_id)s and sku_id = any(%(a)s) and as_of < %(as_of)s"


def _columns(facts: SkuFacts) -> tuple[Column, ...]:
    return (facts.sku_id, facts.goods_id, facts.outer_sku)


TABLE = Table(
    kind=FactKind.SKU,
    facts=SkuFacts,
    fetch=FETCH,
    copy_new=COPY_NEW,
    remove=REMOVE,
    refresh=REFRESH,
    keys=lambda facts: (facts.sku_id,),
    columns=_columns,
)
