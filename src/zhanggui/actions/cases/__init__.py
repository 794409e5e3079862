"""After-sales cases: their steps are written down, and what the doors do not take is made ready for a person."""
