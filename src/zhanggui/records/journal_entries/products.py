"""What people did about products."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class ProductChecked(Entry, frozen=True):
    """Somebody looked at a product that its reviews had raised. What was found stays with the product."""

    kind = "product_checked"
    goods_id: str

    def say(self) -> Say:
        return say("The product {goods_id} was looked at.", goods_id=self.goods_id)


class ProductPagePut(Entry, frozen=True):
    """What a product page says was pasted."""

    kind = "product_page_put"
    goods_id: str

    def say(self) -> Say:
        return say("What the page of the product {goods_id} says was noted.", goods_id=self.goods_id)


class ProductPageDropped(Entry, frozen=True):
    """A version of a product page was taken away again."""

    kind = "product_page_dropped"
    goods_id: str

    def say(self) -> Say:
        return say("A version of the page of the product {goods_id} was taken away.", goods_id=self.goods_id)
