"""What a page draws into a form that is to be done once, and what becomes of it when it is sent."""

import hashlib
import secrets
from typing import Protocol

import msgspec
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from zhanggui import clock
from zhanggui.actions.once import Once
from zhanggui.workbench.desk import Desk

_FIELD = Markup('<input type="hidden" name="once" value="{}" autocomplete="off" data-theirs>')
_LONGEST = 64


class Keyed(Protocol):
    """A form with such a key."""

    @property
    def once(self) -> str:
        """The key that it was drawn with."""


@pass_context
def once_input(context: Context) -> Markup:
    """The field with a new key, which stays while the page is kept in step.

    What is drawn for everybody bears none, as it bears nobody's form token: keys.js makes one when the form is sent.
    """
    is_for_everybody = 'value=""' in str(context.get("csrf_input", ""))
    return _FIELD.format("" if is_for_everybody else secrets.token_urlsafe(12))


def once_of(desk: Desk, form: Keyed) -> Once | None:
    """What tells a form that is sent twice from two that are alike: whose it is, its address, its key and all that was typed. None where it has no key."""
    if not form.once or len(form.once) > _LONGEST:
        return None
    sent = msgspec.json.encode((desk.by.person_id, desk.request.scope["path"], form))
    return Once(hashlib.sha256(sent).hexdigest(), clock.unwound())
