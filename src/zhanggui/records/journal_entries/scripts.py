"""What happened to the shop's library of messages, to the room to concede, and to the endpoint that may draft. No entry repeats the words themselves."""

from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class ScriptKept(Entry, frozen=True):
    """A new version of a script."""

    kind = "script_kept"
    script_id: str
    version: int

    def say(self) -> Say:
        return say("Script {script}: version {version} was kept.", script=self.script_id, version=self.version)


class ScriptWithdrawn(Entry, frozen=True):
    """A version of a script no longer holds."""

    kind = "script_withdrawn"
    script_id: str
    version: int

    def say(self) -> Say:
        return say("Script {script}: version {version} was withdrawn.", script=self.script_id, version=self.version)


class ScriptFactsSet(Entry, frozen=True):
    """What the shop tells of itself was changed."""

    kind = "script_facts_set"
    names: tuple[str, ...]

    def say(self) -> Say:
        return say("What the shop tells of itself in messages was changed: {names}.", names=", ".join(self.names))


class ConcessionLimitSet(Entry, frozen=True):
    """The room to concede was set, or taken away."""

    kind = "concession_limit_set"
    goods_id: str
    most_fen: int | None
    most_percent: int | None

    def say(self) -> Say:
        if self.most_fen is None:
            return say("The room to concede of {goods} was taken away.", goods=self.goods_id or "—")
        return say(
            "The room to concede of {goods} is {most_fen}, at most {percent} % of the price.",
            goods=self.goods_id or "—",
            most_fen=Fen(self.most_fen),
            percent=self.most_percent,
        )


class Conceded(Entry, frozen=True):
    """A rep conceded something."""

    kind = "conceded"
    concession: str
    fen: int

    def say(self) -> Say:
        return say("{concession}: {amount_fen} was conceded.", concession=self.concession, amount_fen=Fen(self.fen))


class ConcessionTakenBack(Entry, frozen=True):
    """A concession that was written down did not happen."""

    kind = "concession_taken_back"
    concession: str
    fen: int

    def say(self) -> Say:
        return say("{concession}: {amount_fen}, written down before, was taken back.", concession=self.concession, amount_fen=Fen(self.fen))


class DraftingSet(Entry, frozen=True):
    """The endpoint that may draft was named, switched or taken away."""

    kind = "drafting_set"
    host: str
    is_on: bool

    def say(self) -> Say:
        if not self.host:
            return say("The endpoint that drafts was taken away.")
        if self.is_on:
            return say("The endpoint at {host} may draft messages.", host=self.host)
        return say("The endpoint at {host} drafts nothing.", host=self.host)
