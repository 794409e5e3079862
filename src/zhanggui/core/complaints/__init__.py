"""Complaints to the platform and appeals: how far one has come, what it is worth, how many are left, and which to file first."""
