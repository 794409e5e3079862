"""The owner's overview: a time at a glance, the rows behind its deadlines, the report of a week as a file, and where that is sent."""
