"""Which rights each scope of a token brings. A program has these and no others: what its token does not name, no action does for it."""

from collections.abc import Mapping

from zhanggui.core.bridge.scopes import Scope
from zhanggui.people.permissions import Permission

_TALK = frozenset({Permission.CONVERSATIONS_READ, Permission.CONVERSATIONS_WRITE})

RIGHTS: Mapping[Scope, frozenset[Permission]] = {
    Scope.MESSAGES_WRITE: _TALK,
    Scope.THREADS_READ: frozenset({Permission.CONVERSATIONS_READ}),
    Scope.DRAFTS_READ: frozenset({Permission.CONVERSATIONS_READ, Permission.ORDERS_READ}),
    Scope.ANSWERS_WRITE: _TALK,
    Scope.ANSWERS_SEND: _TALK,
    Scope.REVIEWS_WRITE: frozenset({Permission.REVIEWS_WRITE}),
    Scope.SHOP_READ: frozenset({Permission.TODO_READ}),
    Scope.TODO_READ: frozenset({Permission.TODO_READ}),
    Scope.ORDERS_READ: frozenset({Permission.ORDERS_READ}),
    Scope.PARCELS_READ: frozenset({Permission.ORDERS_READ}),
    Scope.CASES_READ: frozenset({Permission.AFTERSALES_READ}),
    Scope.REVIEWS_READ: frozenset({Permission.ORDERS_READ}),
    Scope.MEASURES_READ: frozenset({Permission.ORDERS_READ}),
    Scope.GOODS_READ: frozenset({Permission.GOODS_READ}),
    Scope.NOTICES_READ: frozenset({Permission.CONVERSATIONS_READ}),
    Scope.PROMISES_READ: frozenset({Permission.ORDERS_READ}),
    Scope.RULES_READ: frozenset({Permission.RULES_READ}),
    Scope.IMPORTS_READ: frozenset({Permission.IMPORTS_READ}),
    Scope.IMPORTS_WRITE: frozenset({Permission.IMPORTS_READ, Permission.IMPORTS_WRITE}),
    Scope.NOTES_WRITE: frozenset({Permission.NOTES_WRITE}),
    Scope.ACTS_READ: frozenset({Permission.ACTS_READ}),
    Scope.ACTS_PROPOSE: frozenset({Permission.ACTS_READ, Permission.TODO_READ}),
    Scope.ACTS_CONFIRM: frozenset({Permission.ACTS_READ, Permission.ACTS_STOP, Permission.ACTS_SEND, Permission.SHIPPING_UPLOAD}),
    Scope.ACTS_STOP: frozenset({Permission.ACTS_READ, Permission.ACTS_STOP}),
    Scope.AUTOMATION_READ: frozenset({Permission.ACTS_READ}),
    Scope.MONEY_READ: frozenset({Permission.MONEY_READ}),
    Scope.EVENTS_READ: frozenset({Permission.ORDERS_READ}),
}
"""The route asks for the scope, the action for the right: a token is stopped by whichever it lacks."""
