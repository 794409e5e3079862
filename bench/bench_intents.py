"""What a buyer wants, read message by message as it comes in, each with six messages before it: processor time against the 20 ms a rep never notices."""

import random
import time

from bench.support import QUICK, report, say_progress
from zhanggui.core.intents.kinds import Said, Speaker
from zhanggui.estimates.intents import EXAMPLES, intents_of, vectors_are_there
from zhanggui.estimates.intents_examples import examples_in

LIMIT_MS = 20.0
MANY = 60 if QUICK else 600


def main() -> None:
    """Print the figures as JSON lines."""
    dice = random.Random(7)
    texts = [example.text for example in examples_in(EXAMPLES.read_text("utf-8"))]
    say_progress(f"{MANY} messages")
    ways = [("by words and pieces of characters", False)] + ([("by sentence vectors too", True)] if vectors_are_there() else [])
    for name, vectors in ways:
        intents_of("在吗", vectors=vectors)
        # no two are the same: what was read a moment ago would be remembered
        messages = [(f"{dice.choice(texts)}{number}", tuple(_before(dice, texts))) for number in range(MANY)]
        took = []
        for text, before in messages:
            began = time.process_time()
            intents_of(text, before, vectors=vectors)
            took.append((time.process_time() - began) * 1_000)
        middle, late = sorted(took)[MANY // 2], sorted(took)[MANY * 99 // 100]
        report(
            f"what a buyer wants, {name}",
            value=middle,
            unit="ms a message",
            against=f"{LIMIT_MS:.0f} ms",
            ratio=middle / LIMIT_MS,
            target="<= 1",
            ok=middle <= LIMIT_MS or QUICK,
            note=f"99 of 100 within {late:.1f} ms",
        )


def _before(dice: random.Random, texts: list[str]) -> list[Said]:
    return [Said(dice.choice(texts), Speaker.REP if place % 2 else Speaker.BUYER) for place in range(6)]


if __name__ == "__main__":
    main()
