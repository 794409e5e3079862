"""What people settled about advice on cases."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class AdviceTermsSet(Entry, frozen=True):
    """The shop's own terms of advice were changed."""

    kind = "advice_terms_set"
    own: tuple[str, ...]

    def say(self) -> Say:
        if not self.own:
            return say("Advice on cases goes by the house's own terms again.")
        return say("The terms of advice on cases were changed; the shop's own are: {names}.", names=", ".join(self.own))


class CaseFoundOut(Entry, frozen=True):
    """Somebody wrote down what was found out about a case."""

    kind = "case_found_out"
    fields: tuple[str, ...]

    def say(self) -> Say:
        return say("It was written down what was found out about the case: {names}.", names=", ".join(self.fields) or "—")
