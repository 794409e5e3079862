"""The tree written down for people: a picture for each trunk, a table of every leaf. The page about answers holds exactly this."""

from collections.abc import Iterator, Mapping

from zhanggui.core.answers.leaves import LEAVES
from zhanggui.core.answers.questions import QUESTIONS
from zhanggui.core.answers.tree import ROOTS, TREE, question_of

TRUNKS: Mapping[str, str] = {
    "course/chase": "Shipping and parcels chased",
    "left/goods": "The goods are wanted",
    "left/money": "The money is wanted, before the goods are there",
    "course/money": "Refunds",
    "course/return": "Returns",
    "course/exchange": "Exchanges (missing, wrong, broken and repair go the same way)",
    "course/address": "Another address",
}
"""Where a picture begins, and what it is called."""


def drawn(trunk: str) -> str:
    """The part of the tree below this node, up to where the next picture begins, in the notation that code hosts draw (mermaid)."""
    return "\n".join(("```mermaid", "flowchart LR", *_lines(trunk), "```"))


def tabled() -> str:
    """Every leaf: what the answer does, what it promises, what is done beside it, and the scripts of its words."""
    heading = ("| leaf | the answer | promises | beside it | words |", "|---|---|---|---|---|")
    rows = (
        f"| `{name}` | {leaf.title.text} | {leaf.gives} | {', '.join(f'`{offer.value}`' for offer in leaf.offers)} "
        f"| {', '.join(f'`{script}`' for script in leaf.scripts)} |"
        for name, leaf in LEAVES.items()
    )
    return "\n".join((*heading, *rows))


def rooted() -> str:
    """Where the way to the answer to each want begins."""
    heading = ("| want | begins at |", "|---|---|")
    return "\n".join((*heading, *(f"| `{intent.value}` | {_named(root)} |" for intent, root in ROOTS.items())))


def _lines(trunk: str) -> Iterator[str]:
    seen: list[str] = [trunk]
    for node in seen:
        yield f'    {_id(node)}{{"{QUESTIONS[question_of(node)].words.text}"}}'
        joined: dict[str, list[str]] = {}
        for row in (row for row in TREE if row.node == node):
            joined.setdefault(row.to, []).append(QUESTIONS[row.question].answers[row.found].text)
        for to, found in joined.items():
            yield f'    {_id(node)} -->|"{" / ".join(found)}"| {_end(to)}'
        seen += [to for to in joined if not to.startswith("=") and to not in TRUNKS and to not in seen]


def _end(to: str) -> str:
    if to.startswith("="):
        return f'{_id(to)}("{to[1:]}")'
    return f'{_id(to)}[["{TRUNKS[to]}"]]' if to in TRUNKS else _id(to)


def _id(node: str) -> str:
    return node.replace("=", "to_").replace("/", "_")


def _named(root: str) -> str:
    return f"leaf `{root[1:]}`" if root.startswith("=") else QUESTIONS[question_of(root)].words.text
