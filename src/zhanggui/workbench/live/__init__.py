"""Open pages kept in step with what happens: what changed is drawn once for all who see the same, and sent to them as it comes."""
