"""The tables of facts and acts as the docs show them, made from the tables that the rules are read by."""

from zhanggui.core.automation.deeds import DEEDS
from zhanggui.core.automation.facts import FACTS, TRIGGERS


def facts_table() -> str:
    """Every fact: name, how it is told, of what, what it means, where it comes from."""
    rows = ["| name | told as | of | what it means | from |", "|---|---|---|---|---|"]
    for fact in FACTS.values():
        about = "all" if len(fact.about) > 1 else next(iter(fact.about)).value.removeprefix("about_")
        told = f"one of {', '.join(f'`{each}`' for each in fact.listed)}" if 0 < len(fact.listed) <= 8 else fact.kind.value.removeprefix("value_")
        rows.append(f"| `{fact.name}` | {told} | {about} | {fact.title.text} | {fact.source} |")
    return "\n".join(rows)


def acts_table() -> str:
    """Every act: name, what it does, on which to-dos."""
    rows = ["| act | what it does | on |", "|---|---|---|"]
    for deed in DEEDS.values():
        on = "every to-do" if len(deed.on) == len(TRIGGERS) else ", ".join(f"`{kind.value}`" for kind in deed.on)
        rows.append(f"| `{deed.kind.value}` | {deed.title.text} | {on} |")
    return "\n".join(rows)
