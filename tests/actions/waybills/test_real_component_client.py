"""The frames our page speaks, held against a real client of the print component: npm ec-print prints a batch of ours, and says what our page would say."""

from typing import Any

import msgspec
import pytest

from tests.actions.waybills.counter import WaybillCounter
from tests.emulator.clients import node_says
from zhanggui.actions.waybills import begin_print, end_print
from zhanggui.actions.waybills.shapes import PrintResult, PrintRun
from zhanggui.workbench.templating import STATIC

PRINTER = "掌柜热敏打印机"
SCRIPT = """
const facts = JSON.parse(process.argv[1]);
const ours = require(facts.ours);
const said = { theirs: [], ours: [] };
class Heard extends require('ws') {
  send(text, ...rest) { said[this.whose].push(JSON.parse(text)); return super.send(text, ...rest); }
}
class Theirs extends Heard { get whose() { return 'theirs'; } }
class Ours extends Heard { get whose() { return 'ours'; } }
const { Pinduoduo } = require('ec-print').Providers;
(async () => {
  const component = new Pinduoduo({ url: facts.print, options: { WebSocket: Theirs } });
  await component.connect();
  const [first, second, third] = ours.bundles(facts.labels);
  const printed = await component.print(ours.taskOf({ ...first, printer: facts.printer }));
  const flat = new ours.Component({ addresses: [facts.print], style: 'flat', WebSocket: Ours });
  const nested = new ours.Component({ addresses: [facts.print], style: 'nested', WebSocket: Ours });
  const byFlat = [...await flat.print({ ...second, printer: facts.printer })];
  const byNested = [...await nested.print({ ...third, printer: facts.printer })];
  const printers = await nested.printers();
  const preview = await nested.preview({ ...first, taskID: 'look', printer: facts.printer });
  console.log(JSON.stringify({ printed, byFlat, byNested, printers, preview, said }));
  process.exit(0);
})().catch((error) => { console.error(error); process.exit(1); });
"""


def labels_of(run: PrintRun) -> list[dict[str, Any]]:
    """The labels as the page's script is told them."""
    told: list[dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(run.labels))
    return told


def begun(counter: WaybillCounter, many: int) -> PrintRun:
    """Labels of so many orders that may be printed."""
    orders = counter.orders(many)
    counter.takes(orders, counter.opened())
    return begin_print(counter.house, counter.by, counter.shop_id, orders, PRINTER, counter.now, counter.wall)


@pytest.fixture
def run(counter: WaybillCounter) -> PrintRun:
    """Labels of three orders that may be printed."""
    return begun(counter, 3)


def test_ec_print_prints_a_batch_of_our_frames(counter: WaybillCounter) -> None:
    run = begun(counter, 50)
    facts = {"ours": str(STATIC / "printing.js"), "print": counter.platform.line.print, "printer": PRINTER, "labels": labels_of(run)}

    told = node_says(SCRIPT, facts)
    by_task: dict[str, list[str]] = {}
    for label in run.labels:
        by_task.setdefault(label.task_id, []).append(label.document_id)
    out = [effect.removeprefix("document.printed:") for entry in counter.platform.ledger(method="print.print") for effect in entry.get("effects", [])]
    theirs = next(frame for frame in told["said"]["theirs"] if frame["cmd"] == "print")
    flat, nested = frames(told)

    assert [len(documents) for documents in by_task.values()] == [20, 20, 10]
    assert sorted(out) == sorted(label.document_id for label in run.labels)
    assert told["printed"]["status"] == "success"
    assert {status["status"] for _, status in told["byFlat"] + told["byNested"]} == {"success"}
    # what a real client says for a batch of ours, field by field, is what our page says in its flat style
    assert set(theirs) == set(flat)
    assert {name: type(theirs[name]) for name in theirs} == {name: type(flat[name]) for name in flat}
    assert (theirs["cmd"], theirs["version"], set(theirs["documents"][0])) == ("print", flat["version"], set(flat["documents"][0]))
    assert set(nested) == {"cmd", "requestID", "version", "task"}
    assert set(nested["task"]) == set(flat) - {"cmd", "requestID", "version"}
    assert told["printers"] == {"names": [PRINTER, "Microsoft Print to PDF"], "usual": PRINTER}
    assert len(told["preview"]) == 1


def frames(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Our print frames: the flat one, then the nested one."""
    printing = [frame for frame in told["said"]["ours"] if frame["cmd"] == "print"]
    return [next(frame for frame in printing if "documents" in frame), next(frame for frame in printing if "task" in frame)]


def test_what_the_component_says_is_kept_once_and_reported_to_the_platform(counter: WaybillCounter, run: PrintRun) -> None:
    results = [PrintResult(label.document_id, "success") for label in run.labels[:2]] + [PrintResult(run.labels[2].document_id, "failed", "缺纸")]
    assert run.run_no is not None

    once = end_print(counter.house, counter.by, counter.shop_id, run.run_no, results, counter.now)
    twice = end_print(counter.house, counter.by, counter.shop_id, run.run_no, results, counter.now)

    assert [end.state for end in once] == ["printed", "printed", "failed"]
    assert twice == ()
    assert counter.reports() == 2
    assert sum(row.printed for row in counter.rows()) == 2


def test_nothing_of_a_buyer_is_stored_in_the_clear_or_as_ciphertext(counter: WaybillCounter, run: PrintRun) -> None:
    order = counter.platform.order(run.labels[0].order_nos[0])
    told = [order["receiver_name"], order["receiver_phone"], order["address"], order["receiver_address"]]

    everything = counter.whole_database()

    assert all(text and text not in everything for text in told)
    assert "encryptedData" not in everything
    assert run.labels[0].document_id in everything
