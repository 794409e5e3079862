"""The month of after-sales as tables."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from proofs.aftersales_books_support import Matter, Outcome

CLAIM = (
    "A month of after-sales is played on the emulated platform in many worlds: under three simple policies, under the advice alone, by the house itself at the "
    "level “act” within the shop's limits, and by the house with a person for the rest. Money, indicators and missed deadlines are by the emulator's "
    "books; nothing of the worlds' parameters is read by the house. It holds if nothing happened that must not; who lost how much stands below."
)
METHOD = (
    (
        "**The policies.** *Agree all* pays or sends at once whatever is asked, and pays for a return the hour it arrives, unopened. *Refuse all* refuses "
        "once and hands in three pictures whenever the platform asks. *Agree under 10 yuan* pays up to ten yuan and what has not been shipped, lets goods "
        "come back, and refuses money without goods, with three pictures. *The advice, followed* does what `advise` says, hour by hour, knowing what a "
        "seller sees, with nothing of the house between. *The house by itself* is connector, worker's lanes and outbox, with refund.agree, return.agree "
        "and sending.goes_on at the level act, up to 100 yuan a case, 500 acts a day, 15 minutes announced; nobody opens a return or does anything by "
        "hand. *The house and a person* adds somebody from eight to ten at night, every two hours, who opens and counts what comes back and works off the "
        "page of after-sales by what each case's page advises: the door's button, or the guided step, done in the emulator's back office, and its outcome "
        "kept. Of what may have to be defended they bring a picture of the packing into the vault; what the platform looks at is handed in from the page of "
        "its dispute, three pictures, signed by a colleague; once a day refunds given at once, abnormal returns and malicious orders are complained about "
        "from the register, lost and broken parcels claimed from their carriers, lost rulings appealed against, and what came of it is kept."
    ),
    "",
    (
        "**The worlds.** The first is played whole, with all its cases in thirty days; of every other so many fewer, in fewer days, the same for every policy. "
        "Sums are therefore compared within a row."
    ),
    "",
    (
        "**What was cut.** House and platform speak as on the wire, signed and as bytes, but through no socket, in steps of two hours. The daily re-check "
        "rests: nothing is lost here that it could find; silent parcels are asked about, and the shop's own past is counted, once a day. "
        "Orders are shipped by the world's own seller. The person sends the pages' forms without drawing "
        "them, save with `--with hands=browser`."
    ),
    "",
    (
        "**Money lost** is what went to buyers, goods sent again and freights, less goods that are worth something again, fees given back, and what "
        "platform and carriers paid: against orders that were never questioned, so no policy can come to nothing. Indicators are priced by the world "
        "(`[price]` in `emulator/data/aftersales.toml`), assumed like nearly everything there."
    ),
    "",
)
Rows = Mapping[tuple[str, str], Outcome]
COLUMNS: Mapping[str, Callable[[Outcome], str]] = {
    "orders": lambda o: str(o.orders),
    "cases": lambda o: str(o.cases),
    "refunded, yuan": lambda o: yuan(o.refunded),
    "money lost, yuan": lambda o: yuan(o.lost),
    "paid by platform and carriers, yuan": lambda o: yuan(o.others_paid),
    "quality refunds, % of orders": lambda o: f"{o.rate('quality_refund'):.2f}",
    "disputes lost, %": lambda o: f"{o.rate('dispute_refund'):.2f}",
    "interventions, %": lambda o: f"{o.rate('intervention'):.2f}",
    "hours to refund under way": lambda o: f"{o.hours_in_transit:.1f}",
    "hours to refund after return": lambda o: f"{o.hours_after_return:.1f}",
    "bad ratings": lambda o: str(o.bad_ratings),
    "indicators priced, yuan": lambda o: yuan(o.priced),
    "money and indicators, yuan": lambda o: yuan(o.whole),
    "missed deadlines": lambda o: str(sum(o.missed.values())),
    "still open": lambda o: str(o.still_open),
}


def yuan(fen: int) -> str:
    """Whole yuan."""
    return f"{round(fen / 100):,}"


def base_table(setting: str, policies: Sequence[str], rows: Rows) -> Iterator[str]:
    """Everything of one world, a column a policy."""
    yield f"## The world “{setting}”"
    yield from ("", f"| | {' | '.join(policies)} |", f"|---|{'---|' * len(policies)}")
    for name, shown in COLUMNS.items():
        yield f"| {name} | {' | '.join(shown(rows[setting, policy]) for policy in policies)} |"
    yield ""


def settings_table(names: Sequence[str], policies: Sequence[str], rows: Rows) -> Iterator[str]:
    """Every world, a row each: the money lost, and the same with the indicators; what is least of all stands in bold."""
    for title, of in (("Money lost, yuan", _lost), ("Money and indicators, yuan", _whole), ("Missed deadlines", _missed)):
        yield from (f"## {title}", "", f"| world | {' | '.join(policies)} |", f"|---|{'---:|' * len(policies)}")
        for name in names:
            told = [of(rows[name, policy]) for policy in policies]
            yield f"| {name} | {' | '.join(_marked(one, told) for one in told)} |"
        yield ""


def _lost(outcome: Outcome) -> int:
    return round(outcome.lost / 100)


def _whole(outcome: Outcome) -> int:
    return round(outcome.whole / 100)


def _missed(outcome: Outcome) -> int:
    return sum(outcome.missed.values())


def _marked(one: int, of: Sequence[int]) -> str:
    return f"**{one:,}**" if one == min(of) else f"{one:,}"


def matters_table(title: str, names: Sequence[str], policies: Sequence[str], rows: Rows) -> Iterator[str]:
    """What a case cost on average by what was the matter with it, over these worlds; the least in bold."""
    yield from (f"## {title}", "", f"| what was the matter | who asked | cases | {' | '.join(policies)} |", f"|---|---|---:|{'---:|' * len(policies)}")
    cases, lost = _summed(names, policies, rows)
    for matter in sorted({matter for _, matter in cases}, key=lambda matter: -max(lost[policy, matter] for policy in policies)):
        means = [round(lost[policy, matter] / 100 / max(1, cases[policy, matter]), 1) for policy in policies]
        told = " | ".join(f"**{one:.1f}**" if one == min(means) else f"{one:.1f}" for one in means)
        yield f"| {matter[0].replace('_', ' ')} | {matter[1]} | {max(cases[policy, matter] for policy in policies)} | {told} |"
    yield ""


def _summed(names: Sequence[str], policies: Sequence[str], rows: Rows) -> tuple[Counter[tuple[str, Matter]], Counter[tuple[str, Matter]]]:
    cases, lost = Counter[tuple[str, Matter]](), Counter[tuple[str, Matter]]()
    for name in names:
        for policy in policies:
            cases.update({(policy, matter): many for matter, many in rows[name, policy].cases_by_matter.items()})
            lost.update({(policy, matter): fen for matter, fen in rows[name, policy].lost_by_matter.items()})
    return cases, lost


def dearer_table(names: Sequence[str], ours: str, simple: Sequence[str], rows: Rows) -> Iterator[str]:
    """The worlds in which a simple policy loses less bare money than one of ours, by how much, and what that is made of."""
    yield from (f"## Where “{ours}” loses more bare money than a simple policy", "")
    yield from ("| world | the cheapest simple policy | yuan less | most of it in |", "|---|---|---:|---|")
    for name in names:
        best = min(simple, key=lambda policy: rows[name, policy].lost)
        more = rows[name, ours].lost - rows[name, best].lost
        if more > 0:
            apart = {matter: rows[name, ours].lost_by_matter[matter] - fen for matter, fen in rows[name, best].lost_by_matter.items()}
            most = sorted(apart, key=lambda matter: -apart[matter])[:3]
            told = ", ".join(f"{matter[0].replace('_', ' ')} ({matter[1]}) {yuan(apart[matter])}" for matter in most)
            yield f"| {name} | {best} | {yuan(more)} | {told} |"
    yield ""


def endings_table(seen: Counter[tuple[str, str]]) -> Iterator[str]:
    """How often each kind of case ended how, over all months."""
    kinds, endings = sorted({kind for kind, _ in seen}), sorted({ending for _, ending in seen})
    yield from ("## Kinds and endings, all months together", "", f"| ending | {' | '.join(kinds)} |", f"|---|{'---:|' * len(kinds)}")
    for ending in endings:
        yield f"| {ending} | {' | '.join(str(seen[kind, ending]) for kind in kinds)} |"
