"""The scopes a token may carry, each one thing that a program may do in one shop."""

from enum import StrEnum


class Scope(StrEnum):
    """What the holder of a token may do."""

    MESSAGES_WRITE = "messages:write"
    """Bring messages."""
    THREADS_READ = "threads:read"
    """Read who waits, and what was said, masked."""
    DRAFTS_READ = "drafts:read"
    """Read drafts of answers."""
    ANSWERS_WRITE = "answers:write"
    """Say that a buyer was answered."""
    ANSWERS_SEND = "answers:send"
    """Fetch the answers that reps gave out, and say what became of them."""
    REVIEWS_WRITE = "reviews:write"
    """Bring reviews."""
