"""The log: plain or JSON, each line with its request, and never with what a buyer wrote."""

import json
import logging
from typing import NoReturn

import pytest
from litestar import get
from litestar.params import FromPath
from litestar.testing import TestClient

from tests.site_client import HERE
from zhanggui.actions.house import House
from zhanggui.site.app import create_app
from zhanggui.site.logs import REQUESTS, JsonFormatter, WordlessFormatter, write_log
from zhanggui.site.settings import Settings
from zhanggui.workbench.door.door import OPEN


@get("/broken/{name:str}", opt=OPEN, sync_to_thread=True)
def broken(name: FromPath[str]) -> str:
    """Fails with a buyer's name in its mouth."""
    try:
        _fail(ValueError(name))
    except ValueError as error:
        raise RuntimeError(name) from error


def _fail(error: Exception) -> NoReturn:
    raise error


def record(error: Exception | None = None) -> logging.LogRecord:
    """A record of a log, with an error if one is given."""
    info = (type(error), error, error.__traceback__) if error is not None else None
    return logging.LogRecord("zhanggui.site", logging.ERROR, __file__, 1, "it broke", (), info)


def raised() -> Exception:
    """An error that was raised while another was dealt with, both with a buyer's words."""
    name, phone = "张三", "13800138000"
    try:
        try:
            _fail(KeyError(phone))
        except KeyError as error:
            raise ValueError(name) from error
    except ValueError as error:
        return error


@pytest.mark.parametrize("formatter", [JsonFormatter(), WordlessFormatter("%(levelname)s %(name)s: %(message)s")])
def test_an_error_is_told_by_its_kind_and_place_and_never_by_its_words(formatter: logging.Formatter) -> None:
    line = formatter.format(record(raised()))

    assert "ValueError at" in line
    assert "KeyError at" in line
    assert "in raised" in line or "in _fail" in line
    assert "张三" not in line
    assert "13800138000" not in line


def test_a_line_of_json_can_be_read_by_machines() -> None:
    told = json.loads(JsonFormatter().format(record()))

    assert (told["level"], told["logger"], told["message"]) == ("error", "zhanggui.site", "it broke")
    assert told["time"].endswith("Z")


def test_every_request_has_a_number_and_a_line_without_what_was_asked(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:]
    app = create_app(house, Settings(home=house.home), secure=False, more_handlers=[broken])
    try:
        write_log("json")
        with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
            answer = client.get("/broken/13800138000?token=secret-word", headers={"accept": "text/html"})
            nothing = client.get("/13800138000")
    finally:
        logging.getLogger().handlers[:] = before
        logging.getLogger(REQUESTS).setLevel(logging.WARNING)
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]

    number = answer.headers["x-request-id"]
    (failed, answered), (missed,) = ([line for line in lines if line.get("request") == each.headers["x-request-id"]] for each in (answer, nothing))
    assert (answer.status_code, nothing.status_code, len(number)) == (500, 404, 16)
    assert failed["message"].startswith("RuntimeError while answering GET /broken/{name}")
    assert (answered["method"], answered["route"], answered["status"]) == ("GET", "/broken/{name}", 500)
    assert (missed["route"], missed["status"]) == ("(none)", 404)
    assert not [word for word in ("13800138000", "13800138000", "secret-word", "张三") if word in written]
