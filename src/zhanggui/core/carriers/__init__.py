"""Which carrier an order goes with: who comes there, what it costs, and how it has done; with experiments. Pure."""
