"""Orders on their way out of the house, and the lock that keeps a refund and a parcel from passing each other.

Every step (print, pack, hand over, destroy, call back) and every act that pays a buyer back or uploads a number is decided in one transaction that
shares the shop with its like, keeps out whoever stores facts of it, and holds the order's row. Whoever comes second sees what the first one did.
"""

from zhanggui.actions.dispatching.leaving import had_left, handed_over, packed, recalled, sent_on, taken_back, unpacked
from zhanggui.actions.dispatching.printing import may_print, not_printed, printed
from zhanggui.actions.dispatching.seeing import destroy_list, find_dispatch, named, parcels_to_recall
from zhanggui.actions.dispatching.stopping import destroyed, kept_after_all
from zhanggui.records.dispatches import of_orders as dispatches

__all__ = [
    "destroy_list",
    "destroyed",
    "dispatches",
    "find_dispatch",
    "had_left",
    "handed_over",
    "kept_after_all",
    "may_print",
    "named",
    "not_printed",
    "packed",
    "parcels_to_recall",
    "printed",
    "recalled",
    "sent_on",
    "taken_back",
    "unpacked",
]
