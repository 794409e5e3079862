"""The part of Settings that names a tracking service."""
