"""The shop rating, replayed: which ratings count on which day, in full and kept along as events come."""
