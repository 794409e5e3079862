"""The answers to what a buyer wants, from everything the house knows of the order."""

from zhanggui.actions.answers.giving import answers_for, answers_in

__all__ = ["answers_for", "answers_in"]
