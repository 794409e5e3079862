"""The scopes a token may carry, each one thing that a program may do in one shop."""

from enum import StrEnum


class Scope(StrEnum):
    """What the holder of a token may do."""

    MESSAGES_WRITE = "messages:write"
    """Bring messages."""
    THREADS_READ = "threads:read"
    """Read who waits, and what was said, masked."""
    DRAFTS_READ = "drafts:read"
    """Read drafts of answers."""
    ANSWERS_WRITE = "answers:write"
    """Say that a buyer was answered."""
    ANSWERS_SEND = "answers:send"
    """Fetch the answers that reps gave out, and say what became of them."""
    REVIEWS_WRITE = "reviews:write"
    """Bring reviews."""
    SHOP_READ = "shop:read"
    """Read the shop's name and how old its data are."""
    TODO_READ = "todo:read"
    """Read what to do next, by when, what it costs not to, and why."""
    ORDERS_READ = "orders:read"
    """Read orders, their deadlines and how those came about."""
    PARCELS_READ = "parcels:read"
    """Read parcels and what is wrong with them."""
    CASES_READ = "cases:read"
    """Read after-sales cases and what is advised."""
    REVIEWS_READ = "reviews:read"
    """Read reviews, masked."""
    MEASURES_READ = "measures:read"
    """Read the shop's measures."""
    GOODS_READ = "goods:read"
    """Read goods and stock."""
    NOTICES_READ = "notices:read"
    """Read what buyers are to be told before they ask."""
    PROMISES_READ = "promises:read"
    """Read what was promised to buyers."""
    RULES_READ = "rules:read"
    """Read the rules that hold."""
    IMPORTS_READ = "imports:read"
    """Read imports and their reports."""
    IMPORTS_WRITE = "imports:write"
    """Bring export files, and confirm what they would store."""
    NOTES_WRITE = "notes:write"
    """Leave notes on orders."""
    ACTS_READ = "acts:read"
    """Read what is sent to the platform."""
    ACTS_PROPOSE = "acts:propose"
    """Propose an act, which a person confirms."""
    ACTS_CONFIRM = "acts:confirm"
    """Have an act that waits for a person sent."""
    ACTS_STOP = "acts:stop"
    """Stop an act."""
    AUTOMATION_READ = "automation:read"
    """Read the rules of automation."""
    MONEY_READ = "money:read"
    """Read the bill, refunds and cash."""
    EVENTS_READ = "events:read"
    """Read what happened, in order."""


DEEDS = (
    Scope.REVIEWS_WRITE,
    Scope.IMPORTS_WRITE,
    Scope.NOTES_WRITE,
    Scope.ACTS_PROPOSE,
    Scope.ACTS_CONFIRM,
    Scope.ACTS_STOP,
)
"""What changes something in the shop, or sends something to the platform."""
BRIDGE = (Scope.MESSAGES_WRITE, Scope.THREADS_READ, Scope.DRAFTS_READ, Scope.ANSWERS_WRITE, Scope.ANSWERS_SEND)
"""What a service tool needs."""
READS = tuple(scope for scope in Scope if scope not in BRIDGE and scope not in DEEDS)
"""What only reads."""
