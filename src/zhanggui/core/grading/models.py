"""What would have been a good answer, and why: by what was wanted and how far the order is."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from zhanggui.core.intents.kinds import Intent
from zhanggui.core.speech.book import Bilingual


class Standing(StrEnum):
    """How far an order is, as an answer must know it."""

    ANY = "any"
    TO_SHIP = "to_ship"
    LATE = "late"
    SHIPPED = "shipped"


class ModelAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A good answer with its slots, and why it is one."""

    want: Intent
    when: Standing
    zh: str
    why: Bilingual

    def filled(self, slots: Mapping[str, str]) -> str:
        """The answer with what is true of the order."""
        text = self.zh
        for name, value in slots.items():
            text = text.replace(f"{{{name}}}", value)
        return text


def model_for(models: Sequence[ModelAnswer], want: Intent, standing: Standing) -> ModelAnswer | None:
    """The answer for this want at this standing, else the one that fits any."""
    fitting = [model for model in models if model.want is want]
    exact = [model for model in fitting if model.when is standing]
    return next(iter(exact or [model for model in fitting if model.when is Standing.ANY] or fitting), None)
