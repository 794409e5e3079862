"""The to-ship desk: what waits to leave, batch by batch, step by step."""
