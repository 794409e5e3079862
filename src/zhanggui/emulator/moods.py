"""Moods: how the platform misbehaves, by name, seeded, changeable while it runs."""

import re
from collections import Counter

import msgspec

from zhanggui.emulator.seeded import salt, share

TOTALS = re.compile(rb'"total_count":(\d+)')
WORDS = (re.compile(rb'"after_sales_status":(\d+)'), re.compile(rb'"order_status":(\d+)'), re.compile(rb'"refund_status":(\d+)'))
STRANGE_WORD = b"97"
CHANGED_AT = re.compile(rb'"updated_time":(\d{10})000\b')


class Mood(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The chance of each mishap a call or a push, and how long the slow ones take in wall seconds."""

    name: str = "fair"
    server_error: float = 0.0
    busy_inside: float = 0.0
    timeout_before: float = 0.0
    timeout_after: float = 0.0
    cut_before: float = 0.0
    cut_after: float = 0.0
    hold_seconds: float = 8.0
    delay_seconds: float = 0.0
    too_often: float = 0.0
    method_full: float = 0.0
    token_expires: float = 0.0
    clock_skew_seconds: int = 0
    push_doubled: float = 0.0
    push_late: float = 0.0
    push_lost: float = 0.0
    late_push_seconds: float = 20.0
    late_read_seconds: int = 0
    wrong_total: float = 0.0
    strange_word: float = 0.0
    broken_json: float = 0.0
    refused_method: str = ""
    """A method that is refused with `refused_code`, be it one that no table holds; where `refused_about` stands, only for what it names."""
    refused_code: int = 0
    refused_about: str = ""
    split_second: int = 0
    """So many milliseconds after its second a case changed, as its detail tells; lists tell whole seconds."""
    waybill_doubled: float = 0.0
    """A number asked for again by the same name is another one."""
    print_fails: float = 0.0
    """A document jams."""
    print_unanswered: float = 0.0
    """A task is printed, and the component hangs up without a word."""
    print_swallowed: float = 0.0
    """The component hangs up, and knows nothing of the task afterwards."""


MOODS = {
    mood.name: mood
    for mood in (
        Mood(),
        Mood("slow", delay_seconds=1.5),
        Mood("failing", server_error=0.2, busy_inside=0.1),
        Mood("silent_before", timeout_before=0.3),
        Mood("silent_after", timeout_after=0.3),
        Mood("cutting", cut_before=0.15, cut_after=0.15),
        Mood("limiting", too_often=0.25, method_full=0.15),
        Mood("forgetful", token_expires=0.05),
        Mood("skewed", clock_skew_seconds=900),
        Mood("doubled_pushes", push_doubled=0.5),
        Mood("shuffled_pushes", push_late=0.5),
        Mood("lost_pushes", push_lost=0.5),
        Mood("late_reads", late_read_seconds=300),
        Mood("wrong_totals", wrong_total=0.5),
        Mood("strange_words", strange_word=0.3),
        Mood("broken_json", broken_json=0.2),
        Mood("jamming", print_fails=0.3, print_unanswered=0.2, print_swallowed=0.1, waybill_doubled=0.3),
        Mood(
            "hostile",
            server_error=0.03, busy_inside=0.02, timeout_before=0.005, timeout_after=0.005, cut_before=0.02, cut_after=0.03, hold_seconds=2.0,
            too_often=0.03, method_full=0.02, token_expires=0.002, push_doubled=0.1, push_late=0.2, push_lost=0.2,
            late_read_seconds=120, wrong_total=0.05, strange_word=0.02, broken_json=0.02,
        ),
    )
}  # fmt: skip


class Temper:
    """The mood of the moment and its dice, one for each mishap; the same seed throws the same numbers."""

    def __init__(self, seed: int, mood: Mood) -> None:
        self._seed = seed
        self._thrown: Counter[str] = Counter()
        self.mood = mood

    def strikes(self, mishap: str) -> bool:
        """Whether this mishap strikes now."""
        chance = float(getattr(self.mood, mishap))
        if chance <= 0:
            return False
        self._thrown[mishap] += 1
        return share(self._seed, salt(mishap), self._thrown[mishap]) < chance

    def change(self, mood: Mood) -> None:
        """Be in another mood from now on."""
        self.mood = mood

    def distorted(self, answer: bytes) -> bytes:
        """The answer with whatever the mood does to it: a wrong total, a word nobody knows, a cut in the middle."""
        if self.mood.wrong_total and self.strikes("wrong_total"):
            answer = TOTALS.sub(lambda found: b'"total_count":%d' % max(0, int(found[1]) + self._thrown["wrong_total"] % 7 - 3), answer, count=1)
        if self.mood.strange_word and self.strikes("strange_word"):
            answer = WORDS[self._thrown["strange_word"] % len(WORDS)].sub(lambda found: found[0][: -len(found[1])] + STRANGE_WORD, answer, count=1)
        if self.mood.split_second:
            answer = CHANGED_AT.sub(lambda found: b'"updated_time":%s%03d' % (found[1], self.mood.split_second), answer)
        if self.mood.broken_json and self.strikes("broken_json"):
            answer = answer[: max(1, len(answer) * 2 // 3)]
        return answer


def mood_named(name: str) -> Mood:
    """The mood with this name."""
    if name not in MOODS:
        raise ValueError(f"no mood is called {name}; known: {', '.join(MOODS)}")
    return MOODS[name]


def changed_mood(mood: Mood, changes: bytes) -> Mood:
    """The mood after a change told as JSON: a name alone, or a name and single chances over it."""
    told = msgspec.json.decode(changes, type=dict[str, object])
    base = mood_named(str(told["name"])) if told.get("name") in MOODS else mood
    return msgspec.convert({**msgspec.structs.asdict(base), **told}, Mood)
