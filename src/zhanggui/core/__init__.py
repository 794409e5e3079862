"""DECIDES. Frozen facts and pure functions; the standard library and msgspec only; `now` is always an argument."""
