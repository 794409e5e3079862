"""Tables of steps: from a state by an event to what follows. Claims, complaints, recalls and disputes each have one of their own."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)
After = TypeVar("After")


class NotThatStep(Exception):
    """No step of the table leads from this state by this event."""


def step_from(steps: Mapping[tuple[State, Event], After], state: State, event: Event) -> After:
    """What follows. Raises NotThatStep."""
    try:
        return steps[state, event]
    except KeyError:
        raise NotThatStep(f"{event} does not lead on from {state}") from None


def events_from(steps: Mapping[tuple[State, Event], After], events: Iterable[Event], state: State) -> tuple[Event, ...]:
    """What may happen next, of these events, in their order: that in which it usually does."""
    return tuple(event for event in events if (state, event) in steps)
