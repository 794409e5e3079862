"""Where the rows behind the numbers of the overview are."""

from datetime import date
from urllib.parse import urlencode

from zhanggui.core.advice.book import Grievance
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.periods import Period, days_name, days_up_to
from zhanggui.people.permissions import ShopId
from zhanggui.workbench.places import product_path

HERE = "/overview"
_REASON_DAYS = (30, 90, 180)


class Places:
    """The addresses for one shop and one period."""

    def __init__(self, shop_id: ShopId, period: Period, span: str) -> None:
        self._shop_id, self._period, self._span = shop_id, period, span

    def orders(self, day: date | None = None, **told: str) -> str:
        """The orders of the day, or of the period."""
        return self._address("/orders", **told, days=days_name(days_up_to(day, 1) if day else self._period))

    def clocks(self, kind: DeadlineKind, ended: str) -> str:
        """The deadlines of one kind that ended so."""
        return self._address("/overview/clocks", kind=kind.value, ended=ended, span=self._span)

    def reasons(self, kind: Grievance | None = None) -> str:
        """What buyers complained of, over at least as many days."""
        days = next((days for days in _REASON_DAYS if days >= self._period.days), _REASON_DAYS[-1])
        return self._address("/reasons", days=str(days), kind=kind.value if kind else "")

    def parcels(self, carrier: str) -> str:
        """The parcels of one carrier."""
        return self._address("/parcels", stand="all", carrier=carrier)

    def reps(self, rep: str) -> str:
        """How the talks of one person were graded."""
        return self._address("/quality", view="grades", days="30", rep=rep)

    def bill(self, bill_class: str) -> str:
        """The lines of one class of the bill."""
        return self._address("/money", view="bill", stand=bill_class, month=f"{self._period.last:%Y-%m}") + "#lines"

    def reviews(self, **told: str) -> str:
        """The ratings that buyers gave in the period."""
        return self._address("/reviews", view="all", days=days_name(self._period), **told)

    def product(self, goods_id: str) -> str:
        """One product with its reviews and cases."""
        return product_path(self._shop_id, goods_id)

    def standing(self, view: str = "") -> str:
        """Every measure."""
        return self._address("/standing", view=view)

    def measure(self, measure: str) -> str:
        """One measure with its way and its rows."""
        return f"/shops/{self._shop_id}/measures/{measure}"

    def _address(self, path: str, **told: str) -> str:
        return f"{path}?{urlencode({'shop': self._shop_id} | {name: value for name, value in told.items() if value})}"
