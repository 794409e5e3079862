"""The timetable: what the worker does, when, and how it fares."""
