"""Verdicts on what is filed with the platform: complaints, and appeals against its rulings."""

from zhanggui.core.decide.situation import Situation
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Act, Verdict


def file_complaint(situation: Situation) -> Verdict:
    """File it in the back office, with the evidence that is kept."""
    check = (
        say("Is the evidence complete? It lies with the order, in order, with the text to copy."),
        say("Note in the register that it was filed, and the platform's number."),
    )
    return situation.verdict(Act.COMPLAIN, say("File the complaint with the platform"), *_because(situation), check=check, runner_up=Act.LOOK)


def look_for_answer(situation: Situation) -> Verdict:
    """Look for the platform's answer and note it."""
    check = (say("Has the platform answered? Note it in the register: won, or lost."),)
    return situation.verdict(Act.LOOK, say("Look for the platform's answer"), *_because(situation), check=check, runner_up=Act.COMPLAIN)


def appeal(situation: Situation) -> Verdict:
    """Appeal against the ruling, or leave it."""
    check = (
        say("Read the platform's grounds: since 2026-02-01 it must state them."),
        say("Bring what the evidence lacked; the same once more convinces nobody."),
    )
    return situation.verdict(Act.APPEAL, say("Appeal against the ruling, or leave it"), *_because(situation), check=check, runner_up=Act.LOOK)


def _because(situation: Situation) -> tuple[Say, ...]:
    return () if situation.deadline.because is None else (situation.deadline.because,)
