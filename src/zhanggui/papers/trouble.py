"""Why a paper is not made. Each carries a sentence for the person; none repeats what it refuses to print."""

from zhanggui.core.say import Say, say

INSTALL = "pip install '.[papers]'"


class PaperTrouble(Exception):
    """A paper cannot be made; `say` tells why and what to do. Nothing was made."""

    def __init__(self, reason: Say) -> None:
        super().__init__(reason.text.format(**reason.slots))
        self.say = reason


class ClearData(PaperTrouble):
    """The paper would show somebody's personal data in clear."""


class CannotEncode(PaperTrouble):
    """What should become a barcode cannot be one on this paper."""


class PapersMissing(PaperTrouble):
    """The typesetter or its fonts are not installed."""

    def __init__(self) -> None:
        super().__init__(say("Papers need the typesetter and its Chinese font, which are not installed here. Install them: {command}", command=INSTALL))
