"""Carriers are asked about parcels that stand still: one message for each branch, and a look back when its time has come."""
