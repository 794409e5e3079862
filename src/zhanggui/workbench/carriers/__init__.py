"""The shop's carriers side by side."""
