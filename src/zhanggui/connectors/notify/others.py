"""Messages through Apprise, for services that have an address of their own. It says only whether a message went well, not why it did not."""

import logging
from importlib import import_module

from zhanggui.connectors.notify.errors import NotifyError
from zhanggui.connectors.notify.letters import Letter, cut_to
from zhanggui.connectors.notify.services import Service, about, others
from zhanggui.connectors.notify.ways import OtherService
from zhanggui.connectors.pdd.errors import Trouble

# at their lowest levels they write down addresses with their keys
for _talkative in ("apprise", "urllib3"):
    logging.getLogger(_talkative).setLevel(logging.ERROR)


def send_through_apprise(way: OtherService, letter: Letter) -> None:
    """Hands the message to Apprise's own plugin for the service. Raises NotifyError."""
    known = others()[way.address.partition("://")[0]]
    try:
        # only the one plugin is loaded: all of them are 140 modules
        plugin = getattr(import_module(known.module), known.plugin)
    except ImportError:
        raise NotifyError(Trouble.PERSON, "missing", text=known.name) from None
    try:
        carrier = plugin(**(plugin.parse_url(way.address) or {}))
    except TypeError:
        # Apprise's word for an address that is not in order
        raise NotifyError(Trouble.PERSON, "address", text=known.name) from None
    if not carrier.notify(body=cut_to(letter.text, about(Service.OTHER).longest), title=letter.title):
        raise NotifyError(Trouble.RETRY, "not_taken", may_have_arrived=True)
