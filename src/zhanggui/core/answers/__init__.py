"""What to answer a buyer: one tree from what is wanted through the facts to a leaf, with its words, its acts and its promise. docs/answers.md draws it."""

from zhanggui.core.answers.answering import Books, answer, answers
from zhanggui.core.answers.ground import GoodsSeen, Ground
from zhanggui.core.answers.shapes import Answer, Offer, OfferKind, PathStep, Promised

__all__ = ["Answer", "Books", "GoodsSeen", "Ground", "Offer", "OfferKind", "PathStep", "Promised", "answer", "answers"]
