"""What to answer a buyer of one order, whatever is asked: for talks that reach the shop elsewhere."""
