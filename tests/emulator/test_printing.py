"""The print component: both frame styles, results pushed, faults told."""

import json
from typing import Any

import pytest
from websockets.sync.client import connect

from tests.emulator.caller import Caller

DOCUMENTS = [{"documentID": "YT1", "contents": [{"encryptedData": "x", "signature": "y", "templateUrl": "z", "ver": "3"}]}]
PRINTER = "掌柜热敏打印机"


def told(shop: Caller, frame: dict[str, Any], answers: int = 1, path: str = "/print") -> list[dict[str, Any]]:
    """The answers to one frame."""
    with connect(shop.line.print.removesuffix("/print") + path, proxy=None) as socket:
        socket.send(json.dumps(frame))
        return [json.loads(socket.recv(timeout=5)) for _ in range(answers)]


NESTED = {"cmd": "print", "requestID": "1", "version": "1.0", "task": {"taskID": "t1", "preview": False, "printer": PRINTER, "documents": DOCUMENTS}}
FLAT = {"cmd": "print", "requestID": "1", "version": "1.0", "taskID": "t1", "printer": PRINTER, "documents": DOCUMENTS}


@pytest.mark.parametrize("frame", [NESTED, FLAT])
@pytest.mark.parametrize("path", ["/print", "/"])
def test_it_prints_in_both_styles_and_pushes_the_result(shop: Caller, frame: dict[str, Any], path: str) -> None:
    answer, notice = told(shop, frame, 2, path)
    status = told(shop, {"cmd": "getTaskStatus", "requestID": "2", "taskID": ["t1"]})[0]
    document = told(shop, {"cmd": "getDocumentStatus", "requestID": "3", "documentIDs": ["YT1", "YT2"]})[0]

    assert [entry["effects"] for entry in shop.ledger(method="print.print")] == [["document.printed:YT1"]]
    assert (answer["cmd"], answer["requestID"], answer["taskID"], answer["status"]) == ("print", "1", "t1", "success")
    assert (notice["cmd"], notice["taskStatus"], notice["printStatus"][0]["documentID"]) == ("PrintResultNotify", "printed", "YT1")
    assert status["printStatus"][0]["status"] == "printed"
    assert [each["status"] for each in document["printStatus"]] == ["success", "unknown"]


def test_it_previews_without_printing(shop: Caller) -> None:
    task = {"taskID": "t2", "preview": True, "previewType": "image", "printer": PRINTER, "documents": DOCUMENTS}

    answer = told(shop, {"cmd": "print", "requestID": "1", "task": task})[0]

    assert len(answer["previewImage"]) == 1
    assert told(shop, {"cmd": "getTaskStatus", "taskID": "t2"})[0]["printStatus"][0]["status"] == "unknown"


@pytest.mark.parametrize(
    "task",
    [{"taskID": "", "documents": DOCUMENTS}, {"taskID": "t", "printer": "no such", "documents": DOCUMENTS}, {"taskID": "t", "documents": []},
     {"taskID": "t", "documents": [{"documentID": "1"}]}],
)  # fmt: skip
def test_it_tells_what_is_wrong_with_a_task(shop: Caller, task: dict[str, Any]) -> None:
    assert told(shop, {"cmd": "print", "requestID": "1", "task": task})[0]["status"] == "failed"


def test_it_knows_its_printers_and_settings(shop: Caller) -> None:
    printers = told(shop, {"cmd": "getPrinters", "requestID": "1"})[0]
    told(shop, {"cmd": "setPrinterConfig", "requestID": "2", "printer": {"name": PRINTER, "horizontalOffset": 1}})
    config = told(shop, {"cmd": "getPrinterConfig", "requestID": "3", "printer": PRINTER})[0]

    assert printers["defaultPrinter"] == PRINTER
    assert config["printer"]["horizontalOffset"] == 1
    assert told(shop, {"cmd": "getAppInfo"})[0]["AppVersion"] >= "0.4.7.0"
    assert told(shop, {"cmd": "sing"})[0]["status"] == "failed"
