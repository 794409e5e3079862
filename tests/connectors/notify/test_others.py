"""What goes through Apprise: each service's plugin is where the table says, and without the extra a sentence tells what to install."""

import sys
from importlib import import_module

import pytest

from tests.connectors.notify.conftest import LETTER
from zhanggui.connectors.notify.errors import NotifyError
from zhanggui.connectors.notify.others import send_through_apprise
from zhanggui.connectors.notify.services import others
from zhanggui.connectors.notify.ways import OtherService
from zhanggui.connectors.pdd.errors import Trouble


def test_every_service_has_its_plugin_with_a_fixed_address() -> None:
    for scheme, other in others().items():
        plugin = getattr(import_module(other.module), other.plugin)
        schemes = plugin.secure_protocol if isinstance(plugin.secure_protocol, tuple) else (plugin.secure_protocol,)

        assert scheme in schemes
        assert "{host}" not in "".join(plugin.templates)


def test_it_tells_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise.plugins.serverchan", None)

    with pytest.raises(NotifyError) as problem:
        send_through_apprise(OtherService("schan://SCT0123456789"), LETTER)

    assert (problem.value.trouble, problem.value.do) == (Trouble.PERSON, "missing")


def test_it_refuses_an_address_that_apprise_cannot_read() -> None:
    with pytest.raises(NotifyError) as problem:
        send_through_apprise(OtherService("tgram://not-a-token"), LETTER)

    assert (problem.value.trouble, problem.value.do, "not-a-token" in str(problem.value.say)) == (Trouble.PERSON, "address", False)
