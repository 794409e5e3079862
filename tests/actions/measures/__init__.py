"""The shop's measures, counted along and counted whole."""
