"""Papers of stored orders: who may, for which orders, what stands on them, and the entry in the journal."""
