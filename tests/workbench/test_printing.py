"""The page's script trusts the print component with labels and with nothing else: whatever answers on its port may be another program."""

from tests.emulator.clients import node_says
from zhanggui.workbench.templating import STATIC

SCRIPT = "const facts = JSON.parse(process.argv[1]); console.log(JSON.stringify(require(facts.ours).ownAddresses(facts.shown)));"
OF_THIS_COMPUTER = ("http://127.0.0.1:5000/look.pdf", "https://localhost/look.png", "http://localhost:18653")
ELSEWHERE = (
    *("http://127.0.0.1:x@shop.example/look.pdf", "http://localhost:5000@shop.example/", "http://127.0.0.1.shop.example/", "https://shop.example/"),
    *("javascript://localhost/%0aalert(1)", "data:text/html,x", "//localhost/x", "", 7, None),
)


def test_a_preview_leads_nowhere_but_to_this_computer() -> None:
    kept = node_says(SCRIPT, {"ours": str(STATIC / "printing.js"), "shown": [*OF_THIS_COMPUTER, *ELSEWHERE]})

    assert kept == list(OF_THIS_COMPUTER)
